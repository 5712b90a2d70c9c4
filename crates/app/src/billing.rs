//! Use cases on money around the ledger, a file each: prices, plans, subscriptions, allowances,
//! quotas, and the defaults of a product. What they come to is decided in the `billing` crate.

mod allowances;
mod defaults;
mod plans;
mod prices;
mod quotas;
mod subscriptions;

use ::billing::Rejection;
use ports::{AsStoreError, OPERATION_TYPES_PKEY, PLAN_EXTERNAL_IDS_UNIQUE, StoreError};

use crate::unit::from_store;

pub use allowances::Allowances;
pub use defaults::install;
pub use plans::Plans;
pub use prices::Prices;
pub(crate) use quotas::rezone_in;
pub use quotas::{Quotas, Taken};
pub use subscriptions::{Owner, PlanRef, Record, Recorded, Standing, Subscriptions};

/// Why a call on billing got no answer.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    #[error("there is no such user")]
    UserNotFound,
    #[error("there is no such operation type")]
    OperationTypeNotFound,
    #[error("there is an operation type of this id")]
    OperationTypeTaken,
    #[error("there is no such plan")]
    PlanNotFound,
    #[error("another plan has one of the external ids")]
    PlanExternalIdTaken,
    #[error("nothing was taken with this request id")]
    TakeNotFound,
    #[error("the id {0} was used with another payload")]
    IdReused(String),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the store could not be reached or did not answer")]
    Store(#[source] StoreError),
}

from_store! {
    BillingError,
    OPERATION_TYPES_PKEY => OperationTypeTaken,
    PLAN_EXTERNAL_IDS_UNIQUE => PlanExternalIdTaken,
}

impl AsStoreError for BillingError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound
            | Self::OperationTypeNotFound
            | Self::OperationTypeTaken
            | Self::PlanNotFound
            | Self::PlanExternalIdTaken
            | Self::TakeNotFound
            | Self::IdReused(_)
            | Self::Rejected(_) => None,
        }
    }
}
