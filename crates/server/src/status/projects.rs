//! Refusals of the use cases on projects, conversations and features, and those of every record.

use app::ProjectsError;
use kernel::LifeError;
use tonic::Status;

use super::{ErrorReason, IntoStatus, Refusal};

impl IntoStatus for ProjectsError {
    fn into_status(self) -> Status {
        let reason = match self {
            Self::UserNotFound => ErrorReason::UserNotFound,
            Self::ProjectNotFound => ErrorReason::ProjectNotFound,
            Self::ProjectDeleted => ErrorReason::ProjectDeleted,
            Self::ShareLinkNotFound => ErrorReason::ShareLinkNotFound,
            Self::ConversationNotFound => ErrorReason::ConversationNotFound,
            Self::FeatureNotFound => ErrorReason::FeatureNotFound,
            Self::FeatureNameTaken => ErrorReason::FeatureNameTaken,
            Self::Barred(rejection) => return rejection.into_status(),
            Self::Life(error) => return error.into_status(),
            Self::Store(error) => return error.into_status(),
        };
        Refusal::new(reason, self.to_string()).into_status()
    }
}

impl IntoStatus for LifeError {
    fn into_status(self) -> Status {
        let message = self.to_string();
        match self {
            Self::EtagMismatch { current, .. } => {
                Refusal::new(ErrorReason::EtagMismatch, message).with("current", current)
            }
            Self::Deleted => Refusal::new(ErrorReason::RecordDeleted, message),
            Self::NotDeleted => Refusal::new(ErrorReason::RecordNotDeleted, message),
        }
        .into_status()
    }
}
