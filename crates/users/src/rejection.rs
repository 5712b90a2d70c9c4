//! Why a command on a user is refused.

use kernel::Etag;

use crate::AccountStatus;

/// A refusal that is no failure: the caller can tell what to do from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the user is at revision {current}, not {expected}")]
    EtagMismatch { expected: Etag, current: Etag },
    #[error("the user's account is {status}")]
    Barred { status: AccountStatus },
    #[error("the user has no such identity")]
    NoSuchIdentity,
    #[error("the identity is the last one: without it nobody could sign in")]
    LastIdentity,
    #[error("the user has as many identities as a user may have")]
    TooManyIdentities,
    #[error("the user has as many badges as a user may have")]
    TooManyBadges,
}
