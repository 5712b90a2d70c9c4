//! How use cases on jobs fail, and what a caller can do about it.

use generation::Rejection;
use kernel::AssetId;
use ports::{AsStoreError, JOBS_CONVERSATION_FKEY, JOBS_PROJECT_FKEY, StoreError};
use users::Rejection as Barred;

use crate::assets::AssetError;
use crate::billing::BillingError;
use crate::ledger::Refusal;
use crate::standing::from_standing;
use crate::unit::from_store;

/// Why something was not done to a job.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no such job of this user")]
    JobNotFound,
    #[error("there is no such project of this user")]
    ProjectNotFound,
    #[error("there is no such conversation of this user")]
    ConversationNotFound,
    #[error("there is no asset {0} of this user that can be read")]
    SourceNotFound(AssetId),
    #[error("there is no such character, theme or scene of this user")]
    SubjectNotFound,
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error(transparent)]
    Barred(#[from] Barred),
    #[error(transparent)]
    Billing(BillingError),
    #[error(transparent)]
    Ledger(ledger::Rejection),
    #[error("bytes could not be moved")]
    Asset(#[source] AssetError),
    #[error("the store could not be reached or did not answer")]
    Store(#[source] StoreError),
}

from_store! {
    JobError,
    JOBS_PROJECT_FKEY => ProjectNotFound,
    JOBS_CONVERSATION_FKEY => ConversationNotFound,
}

from_standing!(JobError);

impl From<BillingError> for JobError {
    fn from(error: BillingError) -> Self {
        match error {
            BillingError::UserNotFound => Self::UserNotFound,
            BillingError::Store(error) => error.into(),
            BillingError::OperationTypeNotFound
            | BillingError::OperationTypeTaken
            | BillingError::PlanNotFound
            | BillingError::PlanExternalIdTaken
            | BillingError::TakeNotFound
            | BillingError::IdReused(_)
            | BillingError::Rejected(_) => Self::Billing(error),
        }
    }
}

impl From<Refusal> for JobError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UserNotFound => Self::UserNotFound,
            Refusal::Rejected(rejection) => Self::Ledger(rejection),
            Refusal::Barred(barred) => Self::Barred(barred),
            Refusal::Unsound(what) => {
                Self::Store(StoreError::Corrupt { what: format!("the book ({what})"), cause: None })
            }
        }
    }
}

impl From<AssetError> for JobError {
    fn from(error: AssetError) -> Self {
        match error {
            AssetError::Store(error) => error.into(),
            AssetError::UserNotFound
            | AssetError::NotFound { .. }
            | AssetError::Barred(_)
            | AssetError::Rejected(_)
            | AssetError::Unsupported
            | AssetError::TooLarge { .. }
            | AssetError::NoMediaStore
            | AssetError::Fetch(_)
            | AssetError::Media(_) => Self::Asset(error),
        }
    }
}

impl AsStoreError for JobError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Billing(error) => error.as_store_error(),
            Self::Asset(error) => error.as_store_error(),
            Self::UserNotFound
            | Self::JobNotFound
            | Self::ProjectNotFound
            | Self::ConversationNotFound
            | Self::SourceNotFound(_)
            | Self::SubjectNotFound
            | Self::Rejected(_)
            | Self::Barred(_)
            | Self::Ledger(_) => None,
        }
    }
}
