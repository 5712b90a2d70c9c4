//! Projects and their links. Conversations are in `conversations`, features in `features`, what a
//! project contains in `contents`.

mod contents;
mod conversations;
mod features;

use async_trait::async_trait;
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl,
    SelectableHelper,
};
use diesel::sql_types::Bool;
use diesel_async::RunQueryDsl;
use kernel::{Digest, Page, PageSize, Position, ProjectId, ShareLinkId, UserId};
use ports::{ProjectFilter, ProjectReads, ProjectTx, StoreError};
use projects::{Content, ContentCount, Project, ShareLink};
use uuid::Uuid;

use super::{after, only_one};
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::projects::{ProjectRow, ShareLinkRow};
use crate::schema::{projects as project_table, share_links};
use crate::tx::PgTx;
use crate::types::{one_more, to_pg};

/// Whether the owner's account lets others see what is the owner's: `users::Ability::Appear`.
fn owner_appears() -> SqlLiteral<Bool> {
    sql("EXISTS (SELECT FROM users WHERE users.id = projects.user_id AND users.status = 'active')")
}

#[async_trait]
impl ProjectTx for PgTx {
    async fn insert_project(&mut self, project: &Project) -> Result<(), StoreError> {
        let insert = diesel::insert_into(project_table::table).values(ProjectRow::from(project));
        insert.execute(self.conn()).await.map(drop).map_err(store_error)
    }

    async fn lock_project(
        &mut self,
        user: UserId,
        id: ProjectId,
    ) -> Result<Option<Project>, StoreError> {
        let row: Option<ProjectRow> = project_table::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(ProjectRow::as_select())
            .for_update()
            .get_result(self.conn())
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Project::try_from).transpose()
    }

    async fn update_project(&mut self, project: &Project) -> Result<(), StoreError> {
        let key = (*project.user.as_uuid(), *project.id.as_uuid());
        let update = diesel::update(project_table::table.find(key)).set(ProjectRow::from(project));
        only_one(update.execute(self.conn()).await)
    }

    async fn purge_project(&mut self, user: UserId, id: ProjectId) -> Result<(), StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid());
        only_one(diesel::delete(project_table::table.find(key)).execute(self.conn()).await)
    }

    async fn insert_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError> {
        let insert = diesel::insert_into(share_links::table).values(ShareLinkRow::from(link));
        insert.execute(self.conn()).await.map(drop).map_err(store_error)
    }

    async fn lock_share_link(
        &mut self,
        user: UserId,
        id: ShareLinkId,
    ) -> Result<Option<ShareLink>, StoreError> {
        let row: Option<ShareLinkRow> = share_links::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(ShareLinkRow::as_select())
            .for_update()
            .get_result(self.conn())
            .await
            .optional()
            .map_err(store_error)?;
        row.map(ShareLink::try_from).transpose()
    }

    async fn end_share_link(&mut self, link: &ShareLink) -> Result<(), StoreError> {
        let key = (*link.user.as_uuid(), *link.id.as_uuid());
        let revoked_at = share_links::revoked_at.eq(link.revoked_at.map(to_pg));
        let update = diesel::update(share_links::table.find(key)).set(revoked_at);
        only_one(update.execute(self.conn()).await)
    }
}

#[async_trait]
impl ProjectReads for Postgres {
    async fn find_projects(
        &self,
        user: UserId,
        ids: &[ProjectId],
    ) -> Result<Vec<Project>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let mut conn = self.keyed().await?;
        let rows: Vec<ProjectRow> = project_table::table
            .filter(project_table::user_id.eq(*user.as_uuid()))
            .filter(project_table::id.eq_any(ids))
            .select(ProjectRow::as_select())
            .load(&mut conn)
            .await
            .map_err(store_error)?;
        rows.into_iter().map(Project::try_from).collect()
    }

    async fn list_projects(
        &self,
        user: UserId,
        filter: &ProjectFilter,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError> {
        use project_table::dsl as t;
        let ProjectFilter { show_deleted, public } = filter;
        let mut query = t::projects
            .filter(t::user_id.eq(*user.as_uuid()))
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(ProjectRow::as_select())
            .into_boxed::<Pg>();
        if !show_deleted {
            query = query.filter(t::deleted_at.is_null());
        }
        if let Some(public) = public {
            query = query.filter(t::public.eq(*public));
        }
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<ProjectRow> = query.load(&mut conn).await.map_err(store_error)?;
        page(rows, size)
    }

    async fn list_public_projects(
        &self,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, StoreError> {
        use project_table::dsl as t;
        let mut query = t::projects
            .filter(t::public)
            .filter(t::deleted_at.is_null())
            .filter(owner_appears())
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(ProjectRow::as_select())
            .into_boxed::<Pg>();
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<ProjectRow> = query.load(&mut conn).await.map_err(store_error)?;
        page(rows, size)
    }

    async fn find_public_project(&self, id: ProjectId) -> Result<Option<Project>, StoreError> {
        let mut conn = self.keyed().await?;
        let row: Option<ProjectRow> = project_table::table
            .filter(project_table::id.eq(*id.as_uuid()))
            .filter(project_table::public)
            .filter(project_table::deleted_at.is_null())
            .filter(owner_appears())
            .select(ProjectRow::as_select())
            .first(&mut conn)
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Project::try_from).transpose()
    }

    async fn find_shared_project(
        &self,
        hash: &Digest,
    ) -> Result<Option<(ShareLink, Project)>, StoreError> {
        let of_link = (project_table::user_id.eq(share_links::user_id))
            .and(project_table::id.eq(share_links::project_id));
        let mut conn = self.keyed().await?;
        let row: Option<(ShareLinkRow, ProjectRow)> = share_links::table
            .inner_join(project_table::table.on(of_link))
            .filter(share_links::hash.eq(hash.as_bytes().to_vec()))
            .filter(owner_appears())
            .select((ShareLinkRow::as_select(), ProjectRow::as_select()))
            .first(&mut conn)
            .await
            .optional()
            .map_err(store_error)?;
        row.map(|(link, project)| Ok((link.try_into()?, project.try_into()?))).transpose()
    }

    async fn list_share_links(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<ShareLinkId>>,
    ) -> Result<Page<ShareLink, Position<ShareLinkId>>, StoreError> {
        use share_links::dsl as t;
        let mut query = t::share_links
            .filter(t::user_id.eq(*user.as_uuid()))
            .filter(t::project_id.eq(*project.as_uuid()))
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(ShareLinkRow::as_select())
            .into_boxed::<Pg>();
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<ShareLinkRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(ShareLink::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, ShareLink::position))
    }

    async fn count_contents(
        &self,
        user: UserId,
        project: ProjectId,
    ) -> Result<Vec<ContentCount>, StoreError> {
        let mut conn = self.connection().await?;
        contents::count(&mut conn, user, project).await
    }

    async fn list_contents(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<Uuid>>,
    ) -> Result<Page<Content<Uuid>, Position<Uuid>>, StoreError> {
        let mut conn = self.connection().await?;
        contents::list(&mut conn, user, project, size, after).await
    }
}

fn page(
    rows: Vec<ProjectRow>,
    size: PageSize,
) -> Result<Page<Project, Position<ProjectId>>, StoreError> {
    let items = rows.into_iter().map(Project::try_from).collect::<Result<_, _>>()?;
    Ok(Page::from_one_more(items, size, Project::position))
}
