//! Revoking a key.

use access::{ApiKey, decide};
use kernel::ApiKeyId;
use ports::{ApiKeyTx, AsStoreError, StoreError};
use tracing::{info, instrument};

use super::ApiKeys;
use crate::unit::unit;

/// Why a key was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApiKeyError {
    #[error("there is no such API key")]
    NotFound,
    #[error("the key could not be revoked")]
    Store(#[from] StoreError),
}

impl ApiKeys {
    /// Ends a key at once, as far as servers do not remember it. Revoking again changes nothing.
    #[instrument(skip_all, fields(api_key.id = %id))]
    pub async fn revoke(&self, id: ApiKeyId) -> Result<ApiKey, RevokeApiKeyError> {
        let key = unit!(self.store, |tx| self.revoke_in(tx, id))?;
        info!("API key revoked");
        Ok(key)
    }

    async fn revoke_in(
        &self,
        tx: &mut dyn ApiKeyTx,
        id: ApiKeyId,
    ) -> Result<ApiKey, RevokeApiKeyError> {
        let key = tx.lock_api_key(id).await?.ok_or(RevokeApiKeyError::NotFound)?;
        match decide::revoke(&key, self.clock.now()) {
            Some(revoked) => {
                tx.end_api_key(&revoked).await?;
                Ok(revoked)
            }
            None => Ok(key),
        }
    }
}

impl AsStoreError for RevokeApiKeyError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound => None,
        }
    }
}
