//! Refusals of the use cases on outputs.

use app::LibraryError;
use library::Rejection;
use tonic::Status;

use super::{ErrorReason, IntoStatus, Refusal};

impl IntoStatus for LibraryError {
    fn into_status(self) -> Status {
        let reason = match self {
            Self::UserNotFound => ErrorReason::UserNotFound,
            Self::ProjectNotFound => ErrorReason::ProjectNotFound,
            Self::ProjectDeleted => ErrorReason::ProjectDeleted,
            Self::OutputNotFound | Self::SourceNotFound => ErrorReason::OutputNotFound,
            Self::AssetNotFound { id } => {
                let refusal = Refusal::new(ErrorReason::AssetNotFound, self.to_string());
                return refusal.with("asset_id", id).into_status();
            }
            Self::CharacterNotFound { id } => {
                let refusal = Refusal::new(ErrorReason::CharacterNotFound, self.to_string());
                return refusal.with("character_id", id).into_status();
            }
            Self::TransactionNotFound => ErrorReason::TransactionNotFound,
            Self::Barred(rejection) => return rejection.into_status(),
            Self::Rejected(rejection) => return rejection.into_status(),
            Self::Life(error) => return error.into_status(),
            Self::Store(error) => return error.into_status(),
        };
        Refusal::new(reason, self.to_string()).into_status()
    }
}

impl IntoStatus for Rejection {
    fn into_status(self) -> Status {
        match self {
            Self::NotASegmentation | Self::NotInAProject => {
                Refusal::new(ErrorReason::OutputNotSelectable, self.to_string()).into_status()
            }
            Self::Life(error) => error.into_status(),
        }
    }
}
