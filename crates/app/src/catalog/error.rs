//! How the use cases on the catalogue fail.

use catalog::Rejection;
use kernel::{AssetId, CharacterId};
use ports::{AsStoreError, SCENE_IMAGES_PKEY, StoreError, THEMES_NAME_UNIQUE};

use crate::standing::from_standing;
use crate::unit::from_store;

/// Why nothing was done or found.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no character {id} of this user")]
    CharacterNotFound { id: CharacterId },
    #[error("there is no asset {id} of this user")]
    AssetNotFound { id: AssetId },
    #[error("there is no such theme of this user")]
    ThemeNotFound,
    #[error("there is no such variant of this user")]
    VariantNotFound,
    #[error("there is no such collection of this user")]
    CollectionNotFound,
    #[error("the collection has no such character")]
    EntryNotFound,
    #[error("there is no such scene of this user")]
    SceneNotFound,
    #[error("the scene has no such image")]
    SceneImageNotFound,
    #[error("the character has a theme of this name")]
    ThemeNameTaken,
    #[error("the scene has the image already")]
    SceneImageTaken,
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the catalogue could not be used")]
    Store(#[source] StoreError),
}

from_store! {
    CatalogError,
    THEMES_NAME_UNIQUE => ThemeNameTaken,
    SCENE_IMAGES_PKEY => SceneImageTaken,
}

from_standing!(CatalogError);

impl AsStoreError for CatalogError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound
            | Self::CharacterNotFound { .. }
            | Self::AssetNotFound { .. }
            | Self::ThemeNotFound
            | Self::VariantNotFound
            | Self::CollectionNotFound
            | Self::EntryNotFound
            | Self::SceneNotFound
            | Self::SceneImageNotFound
            | Self::ThemeNameTaken
            | Self::SceneImageTaken
            | Self::Barred(_)
            | Self::Rejected(_) => None,
        }
    }
}
