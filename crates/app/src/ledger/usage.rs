//! Usage: what a user's charges and refunds come to, by what they were for.

use kernel::{Span, Timestamp, UserId};
use ports::{Usage, UsageBy};
use tracing::instrument;

use crate::ledger::{Ledger, LedgerError};

/// How long the time may be that is summed.
// 400 days: a year and the month to compare it with, in a few hundredths of a second.
const SPAN_MAX: Span = Span::from_secs(400 * 24 * 60 * 60);

/// How far ahead of this one other servers' clocks may be, by far.
const AHEAD: Span = Span::from_secs(60 * 60);

/// How many groups an answer has at most.
// 4,000: a year by day and ten models. With the longest names there are, it still fits a message.
const GROUPS_MAX: usize = 4_000;

/// Why usage is not summed.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    #[error("must be at most 400 days before the end")]
    TooLong,
    #[error("makes more than {GROUPS_MAX} groups: ask for a shorter time or fewer dimensions")]
    TooManyGroups,
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Ledger {
    /// Sums and counts the charges and refunds that began from `from` on and before `until`, or to
    /// this day. Without a dimension there is one group, also if nothing was used.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn usage(
        &self,
        user: UserId,
        from: Timestamp,
        until: Option<Timestamp>,
        by: UsageBy,
    ) -> Result<Vec<Usage>, UsageError> {
        let now = self.office.clock.now();
        if until.unwrap_or(now).since(from) > SPAN_MAX {
            return Err(UsageError::TooLong);
        }
        self.standing(user).await?;
        let until = until.unwrap_or_else(|| now.saturating_add(AHEAD));
        let limit = GROUPS_MAX.saturating_add(1);
        let reads = &self.office.reads;
        let mut groups =
            reads.sum_usage(user, from, until, by, limit).await.map_err(LedgerError::from)?;
        if groups.len() > GROUPS_MAX {
            return Err(UsageError::TooManyGroups);
        }
        if groups.is_empty() && by == UsageBy::default() {
            groups.push(Usage::default());
        }
        Ok(groups)
    }
}
