//! Use cases on projects. Links are in `shares`, conversations in `conversations`, the registry of
//! features in `features`.

mod conversations;
mod error;
mod features;
mod shares;

use std::sync::Arc;

use kernel::{Etag, Life, Page, PageSize, Position, ProjectId, UserId};
use ports::{Clock, Ids, MadeFor, OutputReads, ProjectFilter, ProjectReads, Store, Tx};
use projects::{Content, ContentCount, Project, ProjectFields, ProjectPatch};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, action};
use uuid::Uuid;

use crate::activity::{self, Deed};
use crate::purge::purge;
use crate::standing::{may, may_purge};
use crate::unit::{Batch, unit};

pub use conversations::{AppendTurn, Conversations, NewConversation};
pub use error::ProjectsError;
pub use features::{Features, NewFeature};
pub use shares::{CreatedShareLink, SharedBy, SharedProject};

/// The use cases on projects and their links.
pub struct Projects {
    store: Arc<dyn Store>,
    reads: Arc<dyn ProjectReads>,
    outputs: Arc<dyn OutputReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// A record of a user, and which revision of it the caller decided on, if that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<I> {
    pub user: UserId,
    pub id: I,
    pub expected: Option<Etag>,
}

/// A project with what it contains by kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub project: Project,
    pub counts: Vec<ContentCount>,
}

impl Projects {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn ProjectReads>,
        outputs: Arc<dyn OutputReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, outputs, clock, ids }
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn create(
        &self,
        user: UserId,
        fields: &ProjectFields,
    ) -> Result<Project, ProjectsError> {
        let id = ProjectId::from_uuid(self.ids.uuid());
        let project =
            Project { id, user, fields: fields.clone(), life: Life::begin(self.clock.now()) };
        unit!(self.store, |tx| self.create_in(tx, &project))?;
        Ok(project)
    }

    async fn create_in(&self, tx: &mut dyn Tx, project: &Project) -> Result<(), ProjectsError> {
        may(tx, project.user, Ability::Change).await?;
        tx.insert_project(project).await?;
        self.log(tx, project, action!("project.created")).await
    }

    /// One project, deleted or not, with what it contains.
    #[instrument(skip_all, fields(user.id = %user, project.id = %id))]
    pub async fn get(&self, user: UserId, id: ProjectId) -> Result<Counted, ProjectsError> {
        let project = self.find(user, id).await?;
        let counts = self.reads.count_contents(user, id).await?;
        Ok(Counted { project, counts })
    }

    /// Several projects, deleted or not.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get_several(
        &self,
        user: UserId,
        ids: &[ProjectId],
    ) -> Result<Batch<Project, ProjectId>, ProjectsError> {
        let found = self.reads.find_projects(user, ids).await?;
        Ok(Batch::of(ids, found, |project| project.id))
    }

    /// A page of a user's projects, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &ProjectFilter,
        size: PageSize,
        after: Option<Position<ProjectId>>,
    ) -> Result<Page<Project, Position<ProjectId>>, ProjectsError> {
        Ok(self.reads.list_projects(user, filter, size, after).await?)
    }

    /// A page of what a project contains, newest first.
    #[instrument(skip_all, fields(user.id = %user, project.id = %id))]
    pub async fn contents(
        &self,
        user: UserId,
        id: ProjectId,
        size: PageSize,
        after: Option<Position<Uuid>>,
    ) -> Result<Page<Content<Uuid>, Position<Uuid>>, ProjectsError> {
        self.find(user, id).await?;
        Ok(self.reads.list_contents(user, id, size, after).await?)
    }

    /// Changes the fields that the patch names.
    #[instrument(skip_all, fields(user.id = %named.user, project.id = %named.id))]
    pub async fn update(
        &self,
        named: Named<ProjectId>,
        patch: &ProjectPatch,
    ) -> Result<Project, ProjectsError> {
        unit!(self.store, |tx| self.update_in(tx, named, patch))
    }

    async fn update_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ProjectId>,
        patch: &ProjectPatch,
    ) -> Result<Project, ProjectsError> {
        let project = lock(tx, named).await?;
        let fields = patch.apply(&project.fields);
        let changes = fields != project.fields;
        let life = project.life.edit(named.expected, changes, self.clock.now())?;
        let project = Project { fields, ..project };
        self.write(tx, project, life, action!("project.updated")).await
    }

    /// Deletes the project softly: it can be restored, and what is in it stays.
    #[instrument(skip_all, fields(user.id = %named.user, project.id = %named.id))]
    pub async fn delete(&self, named: Named<ProjectId>) -> Result<Project, ProjectsError> {
        unit!(self.store, |tx| self.delete_in(tx, named))
    }

    async fn delete_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ProjectId>,
    ) -> Result<Project, ProjectsError> {
        let project = lock(tx, named).await?;
        let life = project.life.delete(named.expected, self.clock.now())?;
        self.write(tx, project, life, action!("project.deleted")).await
    }

    /// Takes a deletion back.
    #[instrument(skip_all, fields(user.id = %named.user, project.id = %named.id))]
    pub async fn restore(&self, named: Named<ProjectId>) -> Result<Project, ProjectsError> {
        unit!(self.store, |tx| self.restore_in(tx, named))
    }

    async fn restore_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ProjectId>,
    ) -> Result<Project, ProjectsError> {
        let project = lock(tx, named).await?;
        let life = project.life.restore(named.expected, self.clock.now())?;
        self.write(tx, project, life, action!("project.restored")).await
    }

    /// Deletes a deleted project for good, with everything in it and what was made for that.
    #[instrument(skip_all, fields(user.id = %named.user, project.id = %named.id))]
    pub async fn purge(&self, named: Named<ProjectId>) -> Result<(), ProjectsError> {
        unit!(self.store, |tx| self.purge_in(tx, named))
    }

    async fn purge_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<ProjectId>,
    ) -> Result<(), ProjectsError> {
        may_purge(tx, named.user).await?;
        let project = tx.lock_project(named.user, named.id).await?;
        let project = project.ok_or(ProjectsError::ProjectNotFound)?;
        project.life.purge(named.expected)?;
        purge(tx, named.user, MadeFor::Project(named.id)).await?;
        self.log(tx, &project, action!("project.purged")).await
    }

    async fn find(&self, user: UserId, id: ProjectId) -> Result<Project, ProjectsError> {
        let found = self.reads.find_projects(user, &[id]).await?;
        found.into_iter().next().ok_or(ProjectsError::ProjectNotFound)
    }

    /// Stores what becomes of the project, if anything does, and logs it.
    async fn write(
        &self,
        tx: &mut dyn Tx,
        project: Project,
        life: Option<Life>,
        action: Action,
    ) -> Result<Project, ProjectsError> {
        let Some(life) = life else { return Ok(project) };
        let project = Project { life, ..project };
        tx.update_project(&project).await?;
        self.log(tx, &project, action).await?;
        Ok(project)
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        project: &Project,
        action: Action,
    ) -> Result<(), ProjectsError> {
        let deed =
            Deed::on(project.user, action, project.id.as_uuid(), project.life.etag.revision())
                .telling(&[("name", project.fields.name.as_str())]);
        Ok(activity::record(tx, &*self.ids, self.clock.now(), deed).await?)
    }
}

async fn lock(tx: &mut dyn Tx, named: Named<ProjectId>) -> Result<Project, ProjectsError> {
    may(tx, named.user, Ability::Change).await?;
    tx.lock_project(named.user, named.id).await?.ok_or(ProjectsError::ProjectNotFound)
}

/// Locks a project that something is about to be added to.
async fn lock_open(tx: &mut dyn Tx, user: UserId, id: ProjectId) -> Result<Project, ProjectsError> {
    let project = lock(tx, Named { user, id, expected: None }).await?;
    if project.life.is_deleted() { Err(ProjectsError::ProjectDeleted) } else { Ok(project) }
}
