//! Refusals of the use cases on the activity log.

use app::RecordActivityError;
use tonic::Status;

use super::{ErrorReason, IntoStatus, Refusal};

impl IntoStatus for RecordActivityError {
    fn into_status(self) -> Status {
        match self {
            Self::UserNotFound => {
                Refusal::new(ErrorReason::UserNotFound, self.to_string()).into_status()
            }
            Self::Store(error) => error.into_status(),
        }
    }
}
