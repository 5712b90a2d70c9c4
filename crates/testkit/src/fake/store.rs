//! The store in memory: one unit of work at a time, on a copy that a commit makes the truth.

use std::sync::Arc;

use async_trait::async_trait;
use kernel::UserId;
use ports::{Store, StoreError, Tx};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::fake::activity::Activities;
use crate::fake::api_keys::ApiKeys;
use crate::fake::assets::Assets;
use crate::fake::billing::Billing;
use crate::fake::catalog::Catalog;
use crate::fake::events::Events;
use crate::fake::faults::{CommitFault, Faults, WriteFault};
use crate::fake::jobs::Jobs;
use crate::fake::ledger::Ledger;
use crate::fake::library::Library;
use crate::fake::profiles::Profiles;
use crate::fake::projects::Projects;
use crate::fake::users::Users;

/// An in-memory store.
#[derive(Debug, Clone, Default)]
pub struct FakeStore {
    /// What is committed. Reads see it while a unit of work is open, as they do in Postgres.
    pub(crate) state: Arc<Mutex<State>>,
    pub(crate) turn: Arc<Mutex<()>>,
    faults: Faults,
}

/// Everything that is committed.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) activities: Activities,
    pub(crate) api_keys: ApiKeys,
    pub(crate) billing: Billing,
    pub(crate) assets: Assets,
    pub(crate) catalog: Catalog,
    pub(crate) events: Events,
    pub(crate) jobs: Jobs,
    pub(crate) ledger: Ledger,
    pub(crate) library: Library,
    pub(crate) projects: Projects,
    pub(crate) profiles: Profiles,
    pub(crate) users: Users,
}

/// A unit of work on the fake. The others wait.
pub(crate) struct FakeTx {
    pub(crate) state: State,
    pub(crate) faults: Faults,
    committed: Arc<Mutex<State>>,
    /// Held until the end.
    _turn: OwnedMutexGuard<()>,
}

impl FakeStore {
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every unit of work fail as if the server were gone, or lets them work again.
    pub fn set_down(&self, down: bool) {
        self.faults.set_down(down);
    }

    /// Makes the next commits fail, each in its way.
    pub fn fail_commits(&self, faults: impl IntoIterator<Item = CommitFault>) {
        self.faults.add_commits(faults);
    }

    /// Makes one commit fail, after so many that do not.
    pub fn cut_commit(&self, after: usize, fault: CommitFault) {
        self.faults.cut_commit(after, fault);
    }

    /// Makes every write to the user's account fail, or lets it work again.
    pub fn fail_writes_of(&self, user: UserId, fault: Option<WriteFault>) {
        self.faults.set_write(user, fault);
    }

    /// How many units of work have begun so far.
    pub fn begun(&self) -> u64 {
        self.faults.begun()
    }

    pub(crate) fn check_up(&self) -> Result<(), StoreError> {
        self.faults.check_up()
    }
}

#[async_trait]
impl Store for FakeStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.check_up()?;
        let turn = self.turn.clone().lock_owned().await;
        self.faults.count_begin();
        let state = self.state.lock().await.clone();
        let (faults, committed) = (self.faults.clone(), self.state.clone());
        Ok(Box::new(FakeTx { state, faults, committed, _turn: turn }))
    }
}

#[async_trait]
impl Tx for FakeTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        let fault = self.faults.next_commit();
        match fault {
            Some(CommitFault::Contention) => {
                return Err(StoreError::Contention("the fake was asked to".into()));
            }
            Some(CommitFault::LostCommit) => {}
            Some(CommitFault::LostAnswer) | None => *self.committed.lock().await = self.state,
        }
        match fault {
            None => Ok(()),
            Some(_) => Err(StoreError::CommitUnknown("the fake was asked to".into())),
        }
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fixture() -> Box<FakeStore> {
        Box::default()
    }

    crate::billing_contract!(fixture);
    crate::assets_contract!(fixture);
    crate::catalog_contract!(fixture);
    crate::ledger_contract!(fixture);
    crate::profiles_contract!(fixture);
    crate::references_contract!(fixture);
    crate::users_contract!(fixture);
}
