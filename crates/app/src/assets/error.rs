//! How use cases on assets fail, and what a caller can do about it.

use ::assets::{Rejection, Unreadable};
use kernel::AssetId;
use ports::{ASSETS_USER_FKEY, AsStoreError, FetchError, MediaError, StoreError};

use crate::standing::from_standing;
use crate::unit::from_store;

/// Why something was not done to an asset.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no asset {id} of this user")]
    NotFound { id: AssetId },
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the file is of no type that is taken")]
    Unsupported,
    #[error("the file has more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("this server has no store for bytes")]
    NoMediaStore,
    #[error("the file could not be fetched")]
    Fetch(#[source] FetchError),
    #[error("the bytes could not be moved")]
    Media(#[from] MediaError),
    #[error("the assets could not be read or changed")]
    Store(#[source] StoreError),
}

from_standing!(AssetError);

from_store! {
    AssetError,
    ASSETS_USER_FKEY => UserNotFound,
}

impl From<Unreadable> for AssetError {
    fn from(problem: Unreadable) -> Self {
        Self::Rejected(Rejection::Unreadable(problem))
    }
}

impl AsStoreError for AssetError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound
            | Self::NotFound { .. }
            | Self::Barred(_)
            | Self::Rejected(_)
            | Self::Unsupported
            | Self::TooLarge { .. }
            | Self::NoMediaStore
            | Self::Fetch(_)
            | Self::Media(_) => None,
        }
    }
}
