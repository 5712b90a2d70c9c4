//! How the use cases on outputs fail.

use kernel::{AssetId, CharacterId, LifeError};
use library::Rejection;
use ports::{AsStoreError, OUTPUTS_USER_FKEY, StoreError};

use crate::standing::from_standing;
use crate::unit::from_store;

/// Why a use case on outputs came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no such project of this user")]
    ProjectNotFound,
    #[error("the project is deleted: restore it first")]
    ProjectDeleted,
    #[error("there is no such output of this user")]
    OutputNotFound,
    #[error("there is no such picture of this user among the outputs")]
    SourceNotFound,
    #[error("there is no asset {id} of this user")]
    AssetNotFound { id: AssetId },
    #[error("there is no character {id} of this user")]
    CharacterNotFound { id: CharacterId },
    #[error("there is no such transaction of this user")]
    TransactionNotFound,
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Life(#[from] LifeError),
    #[error("the store failed")]
    Store(#[source] StoreError),
}

from_standing!(LibraryError);

from_store! {
    LibraryError,
    OUTPUTS_USER_FKEY => UserNotFound,
}

impl AsStoreError for LibraryError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound
            | Self::ProjectNotFound
            | Self::ProjectDeleted
            | Self::OutputNotFound
            | Self::SourceNotFound
            | Self::TransactionNotFound
            | Self::AssetNotFound { .. }
            | Self::CharacterNotFound { .. }
            | Self::Barred(_)
            | Self::Rejected(_)
            | Self::Life(_) => None,
        }
    }
}
