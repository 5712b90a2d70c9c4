//! Replacing a key by a successor.

use access::decide::{self, Fresh, Rotate, Rotated};
use access::{ApiKey, ApiKeySecret, Rejection, Scopes};
use kernel::ApiKeyId;
use ports::{ApiKeyTx, AsStoreError, StoreError};
use tracing::{info, instrument};

use super::ApiKeys;
use crate::unit::unit;

/// The successor with the only copy of its secret, and the key it replaces.
#[derive(Debug, Clone)]
pub struct RotatedApiKey {
    pub key: ApiKey,
    pub secret: ApiKeySecret,
    pub replaced: ApiKey,
}

/// Why a key was not rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotateApiKeyError {
    #[error("there is no such API key")]
    NotFound,
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the key could not be rotated")]
    Store(#[from] StoreError),
}

impl ApiKeys {
    /// Issues a successor within the scopes of `issuer` and brings the old key's end forward.
    ///
    /// Not idempotent, in the way of [`ApiKeys::issue`].
    #[instrument(skip_all, fields(api_key.id = %id))]
    pub async fn rotate(
        &self,
        issuer: Scopes,
        id: ApiKeyId,
        command: Rotate,
    ) -> Result<RotatedApiKey, RotateApiKeyError> {
        let rotated = unit!(self.store, |tx| self.rotate_in(tx, issuer, id, command))?;
        info!(api_key.successor = %rotated.key.id, "API key rotated");
        Ok(rotated)
    }

    async fn rotate_in(
        &self,
        tx: &mut dyn ApiKeyTx,
        issuer: Scopes,
        id: ApiKeyId,
        command: Rotate,
    ) -> Result<RotatedApiKey, RotateApiKeyError> {
        let old = tx.lock_api_key(id).await?.ok_or(RotateApiKeyError::NotFound)?;
        let secret = self.fresh_secret();
        let fresh = Fresh { secret: &secret, pepper: &self.pepper };
        let Rotated { successor, replaced } =
            decide::rotate(issuer, &old, command, fresh, self.clock.now())?;
        tx.insert_api_key(&successor).await?;
        tx.end_api_key(&replaced).await?;
        Ok(RotatedApiKey { key: successor, secret, replaced })
    }
}

impl AsStoreError for RotateApiKeyError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound | Self::Rejected(_) => None,
        }
    }
}
