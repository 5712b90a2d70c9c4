//! Why a command is refused. Refusals change nothing.

use kernel::{Etag, Timestamp};

use crate::{Terms, Unit};

/// An expected answer, with the numbers that a caller needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the etag {expected} is not the present one, {current}")]
    EtagMismatch { expected: Etag, current: Etag },
    #[error("the operation type is retired")]
    OperationTypeRetired,
    #[error("the operation has no price")]
    Unpriced,
    #[error("a {} cannot be divided", unit.as_str())]
    NotDivisible { unit: Unit },
    #[error("the total would pass {}", kernel::Credits::MAX)]
    TotalTooLarge,
    #[error("only a normal price can cover edits")]
    EditCoversItself,
    #[error("a price cannot begin in the past")]
    PriceInThePast,
    #[error("from {old} to {new} is a change by more than ten times: confirm it if it is meant")]
    PriceChangeTooLarge { old: Terms, new: Terms },
    #[error("an event of kind {kind} must name a plan")]
    PlanRequired { kind: &'static str },
    #[error("the event is of the future")]
    EventInTheFuture,
    #[error("the daily quota of {limit} is used up until {resets_at}")]
    QuotaExhausted { limit: u32, used: u32, resets_at: Timestamp },
}

impl Rejection {
    pub(crate) fn check_etag(current: Etag, expected: Option<Etag>) -> Result<(), Self> {
        match expected {
            Some(expected) if expected != current => Err(Self::EtagMismatch { expected, current }),
            Some(_) | None => Ok(()),
        }
    }
}
