//! Issuing a key.

use access::decide::{self, Fresh, Issue};
use access::{ApiKey, ApiKeySecret, Rejection, Scopes};
use ports::{ApiKeyTx, AsStoreError, StoreError};
use tracing::{info, instrument};

use super::ApiKeys;
use crate::unit::unit;

/// A new key, and the only copy of its secret.
#[derive(Debug, Clone)]
pub struct Issued {
    pub key: ApiKey,
    pub secret: ApiKeySecret,
}

/// Why no key was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueApiKeyError {
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the key could not be issued")]
    Store(#[from] StoreError),
}

impl ApiKeys {
    /// Issues a key within the scopes of `issuer`.
    ///
    /// Not idempotent: after [`StoreError::CommitUnknown`] there may be a key whose secret nobody
    /// has. It is harmless, shows in the list, and can be revoked.
    #[instrument(skip_all)]
    pub async fn issue(&self, issuer: Scopes, command: &Issue) -> Result<Issued, IssueApiKeyError> {
        let issued = unit!(self.store, |tx| self.issue_in(tx, issuer, command))?;
        info!(api_key.id = %issued.key.id, api_key.name = %issued.key.name, "API key issued");
        Ok(issued)
    }

    async fn issue_in(
        &self,
        tx: &mut dyn ApiKeyTx,
        issuer: Scopes,
        command: &Issue,
    ) -> Result<Issued, IssueApiKeyError> {
        let secret = self.fresh_secret();
        let fresh = Fresh { secret: &secret, pepper: &self.pepper };
        let key = decide::issue(issuer, command.clone(), fresh, self.clock.now())?;
        tx.insert_api_key(&key).await?;
        Ok(Issued { key, secret })
    }
}

impl AsStoreError for IssueApiKeyError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Rejected(_) => None,
        }
    }
}
