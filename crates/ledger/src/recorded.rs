//! What is remembered of a request, so that repeating it gives the first answer again.

use kernel::{Credits, Delta, Digest, RequestId, Timestamp, TransactionId, UserId};

use crate::account::Balance;
use crate::transaction::{Transaction, TransactionStatus};

/// A request that was carried out. Refusals are not recorded: the same request may succeed later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    pub user: UserId,
    pub request: RequestId,
    pub digest: Digest,
    pub transaction: TransactionId,
    /// The transaction's status in the answer.
    pub status: TransactionStatus,
    /// The hold's lease in the answer.
    pub lease_until: Option<Timestamp>,
    pub balance: Balance,
    pub at: Timestamp,
}

/// The answer to a command. It leaves out which lots paid: that is read with the transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub transaction: Transaction,
    pub balance: Balance,
    /// Whether this is the answer of an earlier call again.
    pub replayed: bool,
}

impl Recorded {
    /// The first answer, from what the transaction has become since.
    pub(crate) fn answer(&self, mut now: Transaction) -> Outcome {
        if let (Some(hold), Some(lease_until)) = (&mut now.hold, self.lease_until) {
            hold.lease_until = lease_until;
        }
        now.status = self.status;
        now.balance_after = self.balance.available;
        now.refunded = Credits::ZERO;
        now.allocations.clear();
        if self.status == TransactionStatus::Pending {
            now.captured = Credits::ZERO;
            now.processed_at = None;
            if let Some(hold) = &mut now.hold {
                hold.end = None;
                now.amount = Delta::minus(hold.amount);
            }
        }
        Outcome { transaction: now, balance: self.balance, replayed: true }
    }
}
