//! What every part of the ledger's use cases works with, and the units of work that they share:
//! each tells the watchers of what it has committed.

use std::sync::Arc;

use kernel::UserId;
use ledger::{Command, Outcome, Rules};
use ports::{Clock, LedgerReads, Store, StoreError, finish, retry};

use crate::ledger::hub::Hub;
use crate::ledger::post::{Refusal, post_and_tell_in, settle_in};

/// The store, the clock, the rules and the watchers.
pub(super) struct Office {
    pub(super) store: Arc<dyn Store>,
    pub(super) reads: Arc<dyn LedgerReads>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) rules: Rules,
    pub(super) hub: Hub,
}

impl Office {
    /// Posts commands in a unit of work of their own, tried once.
    pub(super) async fn post(
        &self,
        commands: &[&Command],
    ) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
        let mut tx = self.store.begin().await?;
        let outcome = post_and_tell_in(&mut *tx, &*self.clock, &self.rules, commands).await;
        let posted = finish(tx, outcome).await?;
        self.hub.publish(posted.accounts);
        Ok(posted.results)
    }

    /// Posts what the clock has brought about for these users, and returns how many entries that
    /// made.
    pub(super) async fn settle(&self, users: &[UserId]) -> Result<usize, StoreError> {
        let settled = retry(|| async {
            let mut tx = self.store.begin().await?;
            let outcome = settle_in(&mut *tx, &*self.clock, &self.rules, users).await;
            finish(tx, outcome).await
        })
        .await?;
        self.hub.publish(settled.accounts);
        Ok(settled.entries)
    }
}
