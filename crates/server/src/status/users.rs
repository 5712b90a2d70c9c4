//! Refusals of the use cases on users.

use std::fmt::Display;

use app::{CreateUserError, DeleteUserError, FindUserError, UpdateUserError};
use tonic::Status;
use users::Rejection;

use super::{ErrorReason, IntoStatus, Refusal};

impl IntoStatus for CreateUserError {
    fn into_status(self) -> Status {
        match self {
            Self::EmailTaken => refused(ErrorReason::EmailTaken, &self),
            Self::UsernameTaken => refused(ErrorReason::UsernameTaken, &self),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for FindUserError {
    fn into_status(self) -> Status {
        match self {
            Self::NotFound => refused(ErrorReason::UserNotFound, &self),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for UpdateUserError {
    fn into_status(self) -> Status {
        match self {
            Self::NotFound => refused(ErrorReason::UserNotFound, &self),
            Self::EmailTaken => refused(ErrorReason::EmailTaken, &self),
            Self::UsernameTaken => refused(ErrorReason::UsernameTaken, &self),
            Self::Rejected(rejection) => rejection.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for DeleteUserError {
    fn into_status(self) -> Status {
        match self {
            Self::NotFound => refused(ErrorReason::UserNotFound, &self),
            Self::Rejected(rejection) => rejection.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for Rejection {
    fn into_status(self) -> Status {
        match self {
            Self::EtagMismatch { current, .. } => {
                Refusal::new(ErrorReason::EtagMismatch, self.to_string())
                    .with("current", current)
                    .into_status()
            }
        }
    }
}

fn refused(reason: ErrorReason, error: &impl Display) -> Status {
    Refusal::new(reason, error.to_string()).into_status()
}
