//! The store in memory: one unit of work at a time, on a copy that a commit makes the truth.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use ports::{Store, StoreError, Tx};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::fake::api_keys::ApiKeys;
use crate::fake::ledger::Ledger;
use crate::fake::users::Users;

/// An in-memory store.
#[derive(Debug, Clone, Default)]
pub struct FakeStore {
    /// What is committed. Reads see it while a unit of work is open, as they do in Postgres.
    pub(crate) state: Arc<Mutex<State>>,
    turn: Arc<Mutex<()>>,
    down: Arc<AtomicBool>,
}

/// Everything that is committed.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) api_keys: ApiKeys,
    pub(crate) ledger: Ledger,
    pub(crate) users: Users,
}

/// A unit of work on the fake. The others wait.
pub(crate) struct FakeTx {
    pub(crate) state: State,
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
        self.down.store(down, Ordering::SeqCst);
    }

    pub(crate) fn check_up(&self) -> Result<(), StoreError> {
        if self.down.load(Ordering::SeqCst) {
            Err(StoreError::Unavailable("the fake is down".into()))
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Store for FakeStore {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        self.check_up()?;
        let turn = self.turn.clone().lock_owned().await;
        let state = self.state.lock().await.clone();
        Ok(Box::new(FakeTx { state, committed: self.state.clone(), _turn: turn }))
    }
}

#[async_trait]
impl Tx for FakeTx {
    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        *self.committed.lock().await = self.state;
        Ok(())
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

    crate::users_contract!(fixture);
}
