//! Posting what the clock has brought about. Only tidying: no read and no decision waits for it.

use std::time::Duration;

use kernel::UserId;
use ports::{StoreError, finish, retry};
use tracing::instrument;

use crate::ledger::post::settle_in;
use crate::ledger::{Ledger, LedgerError};

/// How many accounts one unit of work tidies.
// 200: locked together for a few milliseconds, which no caller notices.
const ACCOUNTS_MAX: usize = 200;

impl Ledger {
    /// Posts what is due everywhere, and returns how many entries that made. Safe to run in any
    /// number of processes at once.
    #[instrument(skip_all)]
    pub async fn tidy(&self) -> Result<usize, StoreError> {
        let mut posted = 0;
        loop {
            let due = self.reads.list_due(self.clock.now(), ACCOUNTS_MAX).await?;
            if due.is_empty() {
                return Ok(posted);
            }
            let made = self.settle(&due).await?;
            posted += made;
            // Accounts that cannot be posted stay due: without this they would be tried for ever.
            if made == 0 {
                return Ok(posted);
            }
        }
    }

    /// Tidies every so often, until the task that runs this is ended.
    pub async fn keep_tidy(&self, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.tidy().await {
                tracing::warn!(%error, "the ledger could not be tidied");
            }
        }
    }

    /// Posts what is due of one user, if anything is.
    pub(super) async fn post_due(&self, user: UserId) -> Result<(), LedgerError> {
        let now = self.clock.now();
        let book = self.reads.find_book(user, &[], now).await?.ok_or(LedgerError::UserNotFound)?;
        if book.is_due(now) {
            self.settle(&[user]).await?;
        }
        Ok(())
    }

    async fn settle(&self, users: &[UserId]) -> Result<usize, StoreError> {
        retry(|| self.try_settle(users)).await
    }

    async fn try_settle(&self, users: &[UserId]) -> Result<usize, StoreError> {
        let mut tx = self.store.begin().await?;
        let outcome = settle_in(&mut *tx, &*self.clock, &self.rules, users).await;
        finish(tx, outcome).await
    }
}
