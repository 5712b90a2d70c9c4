//! Why a command on the catalogue is refused.

use kernel::{CharacterId, Etag};

/// A refusal that is no failure: the caller can tell what to do from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("it is at revision {current}, not {expected}")]
    EtagMismatch { expected: Etag, current: Etag },
    #[error("the character is deleted: restore it first")]
    CharacterDeleted,
    #[error("the character is not deleted")]
    CharacterNotDeleted,
    #[error("the character {0} is in it already")]
    AlreadyThere(CharacterId),
    #[error("it is full: there are {max} at most")]
    Full { max: usize },
}
