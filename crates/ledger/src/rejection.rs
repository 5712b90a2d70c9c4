//! Why a command is refused. Refusals change nothing and are not recorded.

use kernel::{Credits, RequestId, Timestamp, TransactionId};

use crate::transaction::{TransactionKind, TransactionStatus};

/// An expected answer, with the numbers that a caller needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the request id {0} was used with another payload")]
    RequestIdReused(RequestId),
    #[error("the account is at version {current}, not {expected}")]
    StaleVersion { expected: u64, current: u64 },
    #[error("{required} credits are needed, {available} are available")]
    InsufficientCredits { required: Credits, available: Credits },
    #[error("there is no transaction {0}")]
    TransactionNotFound(TransactionId),
    #[error("the transaction is not a hold")]
    NotAHold,
    #[error("the hold was captured: {captured} credits were charged")]
    HoldCaptured { captured: Credits },
    #[error("the hold was released")]
    HoldReleased,
    #[error("the hold lapsed at {at}")]
    HoldLapsed { at: Timestamp },
    #[error("{requested} credits cannot be captured of {held} that are held")]
    CaptureExceedsHold { held: Credits, requested: Credits },
    #[error("a {} that is {} cannot be refunded", kind.as_str(), status.as_str())]
    NotRefundable { kind: TransactionKind, status: TransactionStatus },
    #[error("{requested} more credits cannot be refunded: {refunded} of {charged} are already")]
    RefundExceedsCharge { charged: Credits, refunded: Credits, requested: Credits },
    #[error("the credits would expire at {expires_at}, before they could be spent")]
    ExpiresTooSoon { expires_at: Timestamp },
    #[error("a balance or a total would pass {}", Credits::MAX)]
    BalanceLimit,
}

/// Why there is no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The book contradicts itself: tampering, or a bug. Nothing may be written on top of it.
    #[error("the book is unsound: {0}")]
    Unsound(&'static str),
}
