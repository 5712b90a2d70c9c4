//! Exporting a journal, a page whenever the receiver has taken the one before.

use std::sync::Arc;

use kernel::UserId;
use ledger::Entry;
use tracing::instrument;

use crate::ledger::office::Office;
use crate::ledger::{Ledger, LedgerError};

/// How many entries come at once.
// 500: about 100 KiB on the wire, and a statement of a few milliseconds.
const PAGE_MAX: u64 = 500;

/// A journal on its way out. Holds no connection between two pages.
pub struct Export {
    office: Arc<Office>,
    user: UserId,
    after: u64,
    through: u64,
}

impl Ledger {
    /// Begins with the entry after version `after`, and ends with the last one that there is now.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn export(&self, user: UserId, after: u64) -> Result<Export, LedgerError> {
        self.post_due(user).await?;
        let through = self.standing(user).await?.account.version;
        Ok(Export { office: self.office.clone(), user, after, through })
    }
}

impl Export {
    /// The next entries in order. `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Entry>>, LedgerError> {
        let left = self.through.saturating_sub(self.after).min(PAGE_MAX);
        if left == 0 {
            return Ok(None);
        }
        let limit = usize::try_from(left).unwrap_or(usize::MAX);
        let entries = self.office.reads.list_entries(self.user, self.after, limit).await?;
        // Entries never go but with their user: an export that is cut short must not look whole.
        let last = entries.last().ok_or(LedgerError::UserNotFound)?;
        self.after = last.version;
        Ok(Some(entries))
    }
}
