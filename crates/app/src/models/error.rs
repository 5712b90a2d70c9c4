//! Why a call on the catalogue of models got no answer.

use generation::{ModelName, ModelRejection, ProviderName};
use ports::{AsStoreError, StoreError};

use crate::unit::from_store;

#[derive(Debug, thiserror::Error)]
pub enum ModelsError {
    #[error("there is no model {0}")]
    NotFound(ModelName),
    #[error("no provider {0} is set up here")]
    ProviderNotFound(ProviderName),
    #[error(transparent)]
    Rejected(#[from] ModelRejection),
    #[error("the store could not be reached or did not answer")]
    Store(#[source] StoreError),
}

from_store! { ModelsError, }

impl AsStoreError for ModelsError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound(_) | Self::ProviderNotFound(_) | Self::Rejected(_) => None,
        }
    }
}
