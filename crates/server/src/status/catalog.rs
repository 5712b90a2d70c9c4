//! Refusals of the use cases on the catalogue.

use app::CatalogError;
use catalog::Rejection;
use tonic::Status;

use super::{ErrorReason, IntoStatus, Refusal};

impl IntoStatus for CatalogError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        let refused = |reason| Refusal::new(reason, message);
        match self {
            Self::UserNotFound => refused(ErrorReason::UserNotFound).into_status(),
            Self::CharacterNotFound { id } => {
                refused(ErrorReason::CharacterNotFound).with("character_id", id).into_status()
            }
            Self::AssetNotFound { id } => {
                refused(ErrorReason::AssetNotFound).with("asset_id", id).into_status()
            }
            Self::ThemeNotFound => refused(ErrorReason::ThemeNotFound).into_status(),
            Self::VariantNotFound => refused(ErrorReason::VariantNotFound).into_status(),
            Self::CollectionNotFound => refused(ErrorReason::CollectionNotFound).into_status(),
            Self::EntryNotFound => refused(ErrorReason::CollectionEntryNotFound).into_status(),
            Self::SceneNotFound => refused(ErrorReason::SceneNotFound).into_status(),
            Self::SceneImageNotFound => refused(ErrorReason::SceneImageNotFound).into_status(),
            Self::ThemeNameTaken => refused(ErrorReason::ThemeNameTaken).into_status(),
            Self::SceneImageTaken => refused(ErrorReason::SceneImageTaken).into_status(),
            Self::Barred(rejection) => rejection.into_status(),
            Self::Rejected(rejection) => rejection.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for Rejection {
    fn into_status(self) -> Status {
        let refused = |reason| Refusal::new(reason, self.to_string());
        let refusal = match self {
            Self::EtagMismatch { current, .. } => {
                refused(ErrorReason::EtagMismatch).with("current", current)
            }
            Self::CharacterDeleted => refused(ErrorReason::CharacterDeleted),
            Self::CharacterNotDeleted => refused(ErrorReason::CharacterNotDeleted),
            Self::AlreadyThere(id) => {
                refused(ErrorReason::CollectionEntryTaken).with("character_id", id)
            }
            Self::Full { max } => refused(ErrorReason::CatalogLimit).with("limit", max),
        };
        refusal.into_status()
    }
}
