//! Posting what the clock has brought about. Only tidying: no read and no decision waits for it.

use std::time::Duration;

use kernel::UserId;
use ports::StoreError;
use tracing::instrument;

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
            let due = self.office.reads.list_due(self.office.clock.now(), ACCOUNTS_MAX).await?;
            if due.is_empty() {
                return Ok(posted);
            }
            let made = self.office.settle(&due).await?;
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
        if self.standing(user).await?.due {
            self.office.settle(&[user]).await?;
        }
        Ok(())
    }
}
