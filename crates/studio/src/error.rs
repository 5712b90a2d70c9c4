//! Why the studio did not make what it was asked.

use std::error::Error;

/// A boxed cause, for causes that come from decoders and encoders.
type Cause = Box<dyn Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub enum StudioError {
    #[error("{what} must be at most {max}")]
    TooLarge { what: &'static str, max: u64 },
    #[error("{what} must not be empty")]
    Empty { what: &'static str },
    #[error("input cannot be read")]
    Unreadable(#[source] Cause),
    #[error("output cannot be written")]
    Encode(#[source] Cause),
    #[error("work was cancelled")]
    Cancelled,
}

impl StudioError {
    pub(crate) fn unreadable(cause: impl Into<Cause>) -> Self {
        Self::Unreadable(cause.into())
    }

    pub(crate) fn encode(cause: impl Into<Cause>) -> Self {
        Self::Encode(cause.into())
    }
}
