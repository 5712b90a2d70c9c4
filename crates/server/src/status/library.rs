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
            Self::TransactionNotFound => ErrorReason::TransactionNotFound,
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
