//! Statements: what an account did between two moments.

use kernel::{Credits, Span, Timestamp, UserId};
use ledger::{Balance, Entry};
use ports::EntrySum;
use tracing::instrument;

use crate::ledger::{Ledger, LedgerError};

/// The smallest step that tells two moments apart.
const TICK: Span = match Span::from_micros(1) {
    Some(tick) => tick,
    None => Span::ZERO,
};

/// What an account did between two moments. The opening balance and the lines come to the closing
/// balance, always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub opening: Balance,
    pub closing: Balance,
    /// By kind of entry; kinds that did not occur are left out.
    pub lines: Vec<EntrySum>,
}

impl Ledger {
    /// Sums what happened from `from` on and before `until`, or to this day.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn statement(
        &self,
        user: UserId,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<Statement, LedgerError> {
        self.post_due(user).await?;
        let last = until.map_or(Timestamp::MAX, |until| until.saturating_sub(TICK));
        let closing = self.posted_at(user, last).await?;
        let opening = self.posted_at(user, from.saturating_sub(TICK).min(last)).await?;
        // By version and not by time: an entry that takes effect before another is read may be
        // committed after it.
        let lines = if opening.version < closing.version {
            self.office.reads.sum_entries(user, opening.version, closing.version).await?
        } else {
            Vec::new()
        };
        Ok(Statement { opening, closing, lines })
    }

    /// What the user had at `at` by what is posted.
    pub(super) async fn posted_at(
        &self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Balance, LedgerError> {
        let entry = self.office.reads.last_entry(user, at).await?;
        let none = Balance { available: Credits::ZERO, held: Credits::ZERO, version: 0 };
        Ok(entry.map_or(none, |Entry { available_after, held_after, version, .. }| Balance {
            available: available_after,
            held: held_after,
            version,
        }))
    }
}
