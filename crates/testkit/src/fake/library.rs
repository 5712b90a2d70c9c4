//! Outputs in memory. Which assets they refer to is in `pictures`.

mod pictures;

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::{OutputId, Page, PageSize, Position, ProjectId, Timestamp, TransactionId, UserId};
use library::{Body, Charge, Output};
use ports::{OUTPUTS_USER_FKEY, OutputFilter, OutputReads, OutputTx, StoreError};

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx};

/// The tables of outputs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Library(BTreeMap<(UserId, OutputId), Output>);

impl Library {
    pub(crate) fn forget(&mut self, user: UserId) {
        self.0.retain(|key, _| key.0 != user);
    }

    pub(crate) fn purge_project(&mut self, user: UserId, project: ProjectId) {
        let gone = |output: &Output| output.fields.project == Some(project);
        let ids: Vec<OutputId> =
            self.0.values().filter(|o| o.user == user && gone(o)).map(|o| o.id).collect();
        ids.into_iter().for_each(|id| self.purge(user, id));
    }

    /// What is in a project and not deleted.
    pub(crate) fn in_project(
        &self,
        user: UserId,
        project: ProjectId,
    ) -> impl Iterator<Item = &Output> {
        self.0.values().filter(move |output| {
            output.user == user
                && output.fields.project == Some(project)
                && !output.life.is_deleted()
        })
    }

    fn purge(&mut self, user: UserId, id: OutputId) {
        self.0.remove(&(user, id));
        // Videos outlive the pictures that they were made of.
        for output in self.0.values_mut().filter(|output| output.user == user) {
            if let Body::Video(video) = &mut output.fields.body {
                let mut sources = std::mem::take(&mut video.sources).into_vec();
                for source in &mut sources {
                    source.image = source.image.filter(|image| *image != id);
                }
                video.sources = library::Several::new(sources).expect("there are no more");
            }
        }
    }
}

#[async_trait]
impl OutputTx for FakeTx {
    async fn insert_output(&mut self, output: &Output) -> Result<(), StoreError> {
        if !self.state.users.exists(output.user) {
            return Err(StoreError::Conflict { constraint: OUTPUTS_USER_FKEY });
        }
        self.state.library.0.insert((output.user, output.id), output.clone());
        Ok(())
    }

    async fn lock_output(
        &mut self,
        user: UserId,
        id: OutputId,
    ) -> Result<Option<Output>, StoreError> {
        Ok(self.state.library.0.get(&(user, id)).cloned())
    }

    async fn update_output(&mut self, output: &Output) -> Result<(), StoreError> {
        self.state.library.0.insert((output.user, output.id), output.clone());
        Ok(())
    }

    async fn deselect_output(
        &mut self,
        user: UserId,
        project: ProjectId,
        now: Timestamp,
    ) -> Result<Option<OutputId>, StoreError> {
        let mut outputs = self.state.library.0.values_mut();
        let selected =
            outputs.find(|o| o.user == user && o.fields.project == Some(project) && o.selected);
        Ok(selected.map(|output| {
            output.selected = false;
            output.life.etag = output.life.etag.next();
            output.life.updated_at = output.life.updated_at.max(now);
            output.id
        }))
    }

    async fn purge_output(&mut self, user: UserId, id: OutputId) -> Result<(), StoreError> {
        self.state.library.purge(user, id);
        Ok(())
    }
}

#[async_trait]
impl OutputReads for FakeStore {
    async fn find_outputs(
        &self,
        user: UserId,
        ids: &[OutputId],
    ) -> Result<Vec<Output>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(ids.iter().filter_map(|id| state.library.0.get(&(user, *id)).cloned()).collect())
    }

    async fn list_outputs(
        &self,
        user: UserId,
        filter: &OutputFilter,
        size: PageSize,
        after: Option<Position<OutputId>>,
    ) -> Result<Page<Output, Position<OutputId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let wanted = state.library.0.values();
        let wanted = wanted.filter(|output| output.user == user && fits(output, filter));
        Ok(newest_first(wanted, size, after, Output::position))
    }

    async fn list_charges(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Vec<Charge>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.ledger.charges(user, transactions, now))
    }
}

fn fits(output: &Output, filter: &OutputFilter) -> bool {
    let OutputFilter {
        kinds,
        project,
        job,
        model,
        art_style,
        success,
        selected,
        from,
        until,
        show_deleted,
    } = filter;
    let fields = &output.fields;
    let same = |mine: Option<&str>, asked: &Option<String>| {
        asked.as_deref().is_none_or(|asked| mine == Some(asked))
    };
    (kinds.is_empty() || kinds.contains(&fields.body.kind()))
        && project.is_none_or(|project| fields.project == Some(project))
        && job.is_none_or(|job| fields.job == Some(job))
        && same(fields.model.as_ref().map(|model| model.as_str()), model)
        && same(fields.art_style.as_ref().map(|style| style.as_str()), art_style)
        && success.is_none_or(|success| fields.success == success)
        && selected.is_none_or(|selected| output.selected == selected)
        && from.is_none_or(|from| output.life.created_at >= from)
        && until.is_none_or(|until| output.life.created_at < until)
        && (*show_deleted || !output.life.is_deleted())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::library_contract!(fresh);
}
