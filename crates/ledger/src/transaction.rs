//! Transactions: the unit that a caller sees.

use kernel::{Credits, Delta, LotId, Position, Timestamp, TransactionId, UserId};

use crate::operation::Operation;

/// Something that happened, or is about to happen, to an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    pub id: TransactionId,
    pub user: UserId,
    pub kind: TransactionKind,
    pub status: TransactionStatus,
    /// What it comes to: negative where credits leave. Of an open hold, what is set aside.
    pub amount: Delta,
    /// What was available after it last changed.
    pub balance_after: Credits,
    pub operation: Operation,
    /// Of a refund: the deduction that it refunds.
    pub parent: Option<TransactionId>,
    /// Of a deduction in two steps: the hold it began as.
    pub hold: Option<Hold>,
    /// Of a deduction: what was charged in the end.
    pub captured: Credits,
    /// Of a deduction: what has been refunded of it.
    pub refunded: Credits,
    /// Which lots paid, in burn order; of an inflow, which lots took the credits.
    pub allocations: Vec<Allocation>,
    pub created_at: Timestamp,
    /// When it left PENDING.
    pub processed_at: Option<Timestamp>,
}

/// A lot's part in a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allocation {
    pub lot: LotId,
    pub amount: Credits,
    /// What refunds have put back of it.
    pub returned: Credits,
}

/// Credits set aside under a lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    pub amount: Credits,
    /// When the hold lapses by itself.
    pub lease_until: Timestamp,
    pub over_capture: OverCapture,
    pub late_capture: LateCapture,
    /// How it ended. `None` while it is open.
    pub end: Option<HoldEnd>,
}

/// What to do when more is captured than is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverCapture {
    Reject,
    /// Capture what is held.
    Cap,
    /// Take the rest from what is available, if it covers that.
    TakeFromBalance,
}

/// What to do when a hold is captured after it has lapsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateCapture {
    Reject,
    /// Charge what is available, if it covers that, and mark the transaction as late.
    AcceptIfCovered,
}

/// How a hold ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldEnd {
    Captured,
    /// It had lapsed, and was charged all the same.
    CapturedLate,
    Released,
    Lapsed,
}

/// Why a hold is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReleaseOutcome {
    /// The operation was called off: the transaction ends CANCELLED.
    Cancelled,
    /// The operation failed: the transaction ends FAILED.
    Failed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransactionKind {
    Deduction,
    Refund,
    Purchase,
    Grant,
    Expiration,
    Adjustment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TransactionStatus {
    /// An open hold, or a grant whose time has not come.
    Pending,
    Completed,
    Failed,
    Cancelled,
    /// A deduction of which everything was refunded.
    Refunded,
}

macro_rules! names {
    ($($type:ident { $($variant:ident = $name:literal),+ $(,)? })*) => {$(
        impl $type {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in storage.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    )*};
}

names! {
    TransactionKind {
        Deduction = "deduction",
        Refund = "refund",
        Purchase = "purchase",
        Grant = "grant",
        Expiration = "expiration",
        Adjustment = "adjustment",
    }
    TransactionStatus {
        Pending = "pending",
        Completed = "completed",
        Failed = "failed",
        Cancelled = "cancelled",
        Refunded = "refunded",
    }
    OverCapture { Reject = "reject", Cap = "cap", TakeFromBalance = "take_from_balance" }
    LateCapture { Reject = "reject", AcceptIfCovered = "accept_if_covered" }
    HoldEnd {
        Captured = "captured",
        CapturedLate = "captured_late",
        Released = "released",
        Lapsed = "lapsed",
    }
}

impl Transaction {
    /// Where the transaction stands in lists.
    pub fn position(&self) -> Position<TransactionId> {
        Position { created_at: self.created_at, id: self.id }
    }

    /// When the clock will end the transaction's hold. `None` if it holds nothing.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.hold.filter(|hold| hold.end.is_none()).map(|hold| hold.lease_until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;

    #[test]
    fn each_value_has_its_own_stored_name() {
        let names = |names: &[&'static str]| names.join(" ");
        let all = TransactionKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&all), "deduction refund purchase grant expiration adjustment");
        let all = TransactionStatus::ALL.iter().map(|status| status.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&all), "pending completed failed cancelled refunded");
        let all = OverCapture::ALL.iter().map(|policy| policy.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&all), "reject cap take_from_balance");
        let all = LateCapture::ALL.iter().map(|policy| policy.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&all), "reject accept_if_covered");
        let all = HoldEnd::ALL.iter().map(|end| end.as_str()).collect::<Vec<_>>();
        assert_eq!(names(&all), "captured captured_late released lapsed");
    }

    #[test]
    fn a_transaction_stands_in_lists_where_it_was_created() {
        let mut desk = Desk::with("10");
        let id = desk.done(deduct("1"));
        assert_eq!(desk.transaction(id).position(), Position { created_at: at(0), id });
    }
}
