//! Why a command on a user is refused.

use kernel::Etag;

/// A refusal that is no failure: the caller can tell what to do from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the user is at revision {current}, not {expected}")]
    EtagMismatch { expected: Etag, current: Etag },
}
