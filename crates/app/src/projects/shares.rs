//! Links to projects, and what whoever has one sees. The same view serves public projects.

use kernel::{OutputId, Page, PageSize, Position, ProjectId, ShareLinkId, Timestamp, UserId};
use library::Output;
use ports::{OutputFilter, Tx};
use projects::{ContentCount, Project, ShareLink, ShareToken};
use tracing::instrument;
use users::{Ability, action};

use super::{Projects, ProjectsError, lock_open};
use crate::activity::{self, Deed, UNREVISED};
use crate::standing::may;
use crate::unit::unit;

/// A new link, with the token that is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedShareLink {
    pub link: ShareLink,
    pub token: ShareToken,
}

/// By what right somebody sees a project of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedBy {
    Token(ShareToken),
    /// The project is public.
    Public(ProjectId),
}

/// A project as others see it. Whose it is must go no further than this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedProject {
    pub project: Project,
    pub counts: Vec<ContentCount>,
    pub outputs: Page<Output, Position<OutputId>>,
}

impl Projects {
    /// Makes a link to a project. The token cannot be had again.
    #[instrument(skip_all, fields(user.id = %user, project.id = %project))]
    pub async fn create_share_link(
        &self,
        user: UserId,
        project: ProjectId,
        expires_at: Option<Timestamp>,
    ) -> Result<CreatedShareLink, ProjectsError> {
        let token = ShareToken::new(self.ids.secret());
        let link = ShareLink {
            id: ShareLinkId::from_uuid(self.ids.uuid()),
            user,
            project,
            hash: token.hash(),
            created_at: self.clock.now(),
            expires_at,
            revoked_at: None,
        };
        unit!(self.store, |tx| self.create_link_in(tx, &link))?;
        Ok(CreatedShareLink { link, token })
    }

    async fn create_link_in(&self, tx: &mut dyn Tx, link: &ShareLink) -> Result<(), ProjectsError> {
        lock_open(tx, link.user, link.project).await?;
        tx.insert_share_link(link).await?;
        let deed = Deed::on(link.user, action!("share_link.created"), link.id.as_uuid(), UNREVISED)
            .telling(&[("project_id", &link.project.to_string())]);
        Ok(activity::record(tx, &*self.ids, link.created_at, deed).await?)
    }

    /// Revokes a link. One that is revoked already stays as it is.
    #[instrument(skip_all, fields(user.id = %user, share_link.id = %id))]
    pub async fn revoke_share_link(
        &self,
        user: UserId,
        id: ShareLinkId,
    ) -> Result<ShareLink, ProjectsError> {
        unit!(self.store, |tx| self.revoke_in(tx, user, id))
    }

    async fn revoke_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        id: ShareLinkId,
    ) -> Result<ShareLink, ProjectsError> {
        may(tx, user, Ability::Change).await?;
        let link = tx.lock_share_link(user, id).await?.ok_or(ProjectsError::ShareLinkNotFound)?;
        let now = self.clock.now();
        let Some(revoked) = link.revoke(now) else { return Ok(link) };
        tx.end_share_link(&revoked).await?;
        let deed = Deed::on(user, action!("share_link.revoked"), id.as_uuid(), UNREVISED)
            .telling(&[("project_id", &link.project.to_string())]);
        activity::record(tx, &*self.ids, now, deed).await?;
        Ok(revoked)
    }

    /// A page of the links to a project, newest first, open or not.
    #[instrument(skip_all, fields(user.id = %user, project.id = %project))]
    pub async fn list_share_links(
        &self,
        user: UserId,
        project: ProjectId,
        size: PageSize,
        after: Option<Position<ShareLinkId>>,
    ) -> Result<Page<ShareLink, Position<ShareLinkId>>, ProjectsError> {
        self.find(user, project).await?;
        Ok(self.reads.list_share_links(user, project, size, after).await?)
    }

    /// A page of the public projects of everybody, newest first.
    #[instrument(skip_all)]
    pub async fn list_public(
        &self,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, ProjectsError> {
        Ok(self.reads.list_public_projects(size, after).await?)
    }

    /// A project as others see it, with a page of what was made in it.
    ///
    /// A link that is over, one that never was and a project that is not public are the same.
    #[instrument(skip_all)]
    pub async fn shared(
        &self,
        by: &SharedBy,
        size: PageSize,
        after: Option<Position<OutputId>>,
    ) -> Result<SharedProject, ProjectsError> {
        let project = match by {
            SharedBy::Token(token) => self.find_shared(token).await?,
            SharedBy::Public(id) => self.reads.find_public_project(*id).await?,
        };
        let project = project.ok_or(ProjectsError::ShareLinkNotFound)?;
        let counts = self.reads.count_contents(project.user, project.id).await?;
        let filter = OutputFilter {
            project: Some(project.id),
            success: Some(true),
            ..OutputFilter::default()
        };
        let size = size.at_most(PageSize::OF_LARGE);
        let outputs = self.outputs.list_outputs(project.user, &filter, size, after).await?;
        Ok(SharedProject { project, counts, outputs })
    }

    async fn find_shared(&self, token: &ShareToken) -> Result<Option<Project>, ProjectsError> {
        let found = self.reads.find_shared_project(&token.hash()).await?;
        let now = self.clock.now();
        let open = |(link, project): &(ShareLink, Project)| {
            link.is_open(now) && !project.life.is_deleted()
        };
        Ok(found.filter(open).map(|(_link, project)| project))
    }
}
