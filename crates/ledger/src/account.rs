//! The account of one user: what there is, what is held, and the totals of its life.

use kernel::{Credits, Delta, Digest, Timestamp, UserId};

use crate::entry::{Entry, EntryKind};

/// One user's account. Always `available + held + spent + forfeited = earned`, also CHECK
/// `ledger_accounts_books_close`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub user: UserId,
    /// What can be spent now.
    pub available: Credits,
    /// What open holds have set aside.
    pub held: Credits,
    /// How many entries the account has: grows by one with each change of the balance.
    pub version: u64,
    /// Everything that ever came in.
    pub earned: Credits,
    /// Everything that was charged, less what was refunded.
    pub spent: Credits,
    /// Everything that expired or was adjusted away.
    pub forfeited: Credits,
    /// When the last entry was posted, or the account opened.
    pub updated_at: Timestamp,
    /// The hash of the last entry: the head of the chain.
    pub head: Digest,
}

/// What a caller sees of an account after a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub available: Credits,
    pub held: Credits,
    pub version: u64,
}

impl Account {
    /// An empty account.
    pub const fn open(user: UserId, at: Timestamp) -> Self {
        Self {
            user,
            available: Credits::ZERO,
            held: Credits::ZERO,
            version: 0,
            earned: Credits::ZERO,
            spent: Credits::ZERO,
            forfeited: Credits::ZERO,
            updated_at: at,
            head: Digest::ZERO,
        }
    }

    pub const fn balance(&self) -> Balance {
        Balance { available: self.available, held: self.held, version: self.version }
    }

    /// The account after `entry`, whatever the entry says of balances and hashes. `None` if a
    /// balance or a total would be negative or pass [`Credits::MAX`].
    pub(crate) fn after(&self, entry: &Entry) -> Option<Self> {
        self.moved(entry)?.counted(entry)
    }

    /// The balances after `entry`, with the totals of before. `None` also if a hold would make
    /// credits or lose them.
    pub(crate) fn moved(&self, entry: &Entry) -> Option<Self> {
        let total = entry.available.checked_add(entry.held)?;
        let of_a_hold =
            matches!(entry.kind, EntryKind::Held | EntryKind::Released | EntryKind::Lapsed);
        if of_a_hold && !total.is_zero() {
            return None;
        }
        Some(Self {
            available: self.available.checked_apply(entry.available)?,
            held: self.held.checked_apply(entry.held)?,
            version: self.version.checked_add(1)?,
            updated_at: entry.at,
            head: entry.hash,
            ..self.clone()
        })
    }

    /// With `entry` in the totals.
    pub(crate) fn counted(self, entry: &Entry) -> Option<Self> {
        let total = entry.available.checked_add(entry.held)?;
        let mut next = self;
        match entry.kind {
            EntryKind::Purchased | EntryKind::Granted | EntryKind::AdjustedUp => {
                next.earned = next.earned.checked_apply(total)?;
            }
            EntryKind::Expired | EntryKind::AdjustedDown => {
                next.forfeited = next.forfeited.checked_apply(opposite(total))?;
            }
            EntryKind::Deducted
            | EntryKind::Captured
            | EntryKind::CapturedLate
            | EntryKind::Refunded => {
                next.spent = next.spent.checked_apply(opposite(total))?;
            }
            EntryKind::Held | EntryKind::Released | EntryKind::Lapsed => {}
        }
        Some(next)
    }

    /// Whether the totals add up.
    pub fn books_close(&self) -> bool {
        [self.held, self.spent, self.forfeited]
            .into_iter()
            .try_fold(self.available, Credits::checked_add)
            .is_some_and(|sum| sum == self.earned)
    }
}

fn opposite(change: Delta) -> Delta {
    if change.is_negative() {
        Delta::plus(change.magnitude())
    } else {
        Delta::minus(change.magnitude())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;

    #[test]
    fn the_books_of_an_account_close_when_everything_earned_is_somewhere() {
        let mut account = Account::open(user(), at(0));
        assert!(account.books_close());
        account.earned = credits("10");
        assert!(!account.books_close());
        account.available = credits("4");
        account.held = credits("3");
        account.spent = credits("2");
        assert!(!account.books_close());
        account.forfeited = credits("1");
        assert!(account.books_close());
        account.available = Credits::MAX;
        assert!(!account.books_close());
    }
}
