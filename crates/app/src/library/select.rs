//! Selecting the segmentation that a project goes by.

use kernel::{OutputId, ProjectId};
use library::{Output, select};
use ports::{StoreError, Tx, finish, retry};
use tracing::instrument;
use users::{Ability, action};

use super::{Charged, Library, LibraryError, find};
use crate::projects::Named;
use crate::standing::may;

impl Library {
    /// Makes the segmentation the one that its project goes by, in place of any other.
    #[instrument(skip_all, fields(user.id = %named.user, output.id = %named.id))]
    pub async fn select(&self, named: Named<OutputId>) -> Result<Charged, LibraryError> {
        let output = retry(|| self.try_select(named)).await?;
        self.charged(output).await
    }

    // The project is locked before the output, so that two selections in it come one after the
    // other; which project that is must be looked up before and checked under the locks.
    async fn try_select(&self, named: Named<OutputId>) -> Result<Output, LibraryError> {
        let seen = self.reads.find_outputs(named.user, &[named.id]).await?;
        let seen = seen.into_iter().next().ok_or(LibraryError::OutputNotFound)?;
        let mut tx = self.store.begin().await?;
        let outcome = self.select_in(&mut *tx, named, seen.fields.project).await;
        finish(tx, outcome).await
    }

    async fn select_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<OutputId>,
        project: Option<ProjectId>,
    ) -> Result<Output, LibraryError> {
        may(tx, named.user, Ability::Change).await?;
        if let Some(project) = project {
            tx.lock_project(named.user, project).await?.ok_or(LibraryError::ProjectNotFound)?;
        }
        let output = find(tx, named).await?;
        if output.fields.project != project {
            let moved = "the output moved to another project";
            return Err(LibraryError::Store(StoreError::Contention(moved.into())));
        }
        let now = self.clock.now();
        output.life.edit(named.expected, false, now)?;
        let Some(selected) = select(&output, now)? else { return Ok(output) };
        if let Some(project) = project {
            tx.deselect_output(named.user, project, now).await?;
        }
        tx.update_output(&selected).await?;
        self.log(tx, &selected, action!("output.selected")).await?;
        Ok(selected)
    }
}
