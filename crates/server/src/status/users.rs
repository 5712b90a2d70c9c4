//! Refusals of the use cases on users.

use std::fmt::Display;

use app::{CreateUserError, DeleteUserError, FindUserError, UpdateUserError, UpsertUserError};
use tonic::Status;
use users::{AccountStatus, Rejection};

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
            Self::IdentityTaken => refused(ErrorReason::IdentityTaken, &self),
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

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let text = rejection.to_string();
        match rejection {
            Rejection::EtagMismatch { current, .. } => {
                Self::new(ErrorReason::EtagMismatch, text).with("current", current)
            }
            Rejection::Barred { status } => Self::new(barred(status), text),
            Rejection::NoSuchIdentity => Self::new(ErrorReason::IdentityNotFound, text),
            Rejection::LastIdentity => Self::new(ErrorReason::IdentityLast, text),
            Rejection::TooManyIdentities => Self::new(ErrorReason::IdentityLimit, text),
            Rejection::TooManyBadges => Self::new(ErrorReason::BadgeLimit, text),
        }
    }
}

impl IntoStatus for Rejection {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

impl IntoStatus for UpsertUserError {
    fn into_status(self) -> Status {
        match self {
            Self::Create(error) => error.into_status(),
            Self::Update(error) => error.into_status(),
        }
    }
}

/// Why an account may not do something. An active one may do everything.
fn barred(status: AccountStatus) -> ErrorReason {
    match status {
        AccountStatus::Active => ErrorReason::Internal,
        AccountStatus::Suspended => ErrorReason::AccountSuspended,
        AccountStatus::Banned => ErrorReason::AccountBanned,
        AccountStatus::Deleted => ErrorReason::AccountDeleted,
    }
}

fn refused(reason: ErrorReason, error: &impl Display) -> Status {
    Refusal::new(reason, error.to_string()).into_status()
}
