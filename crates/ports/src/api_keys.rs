//! Where API keys are kept.

use access::ApiKey;
use async_trait::async_trait;
use kernel::{ApiKeyId, Page, PageSize, Position};

use crate::StoreError;

/// API keys, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiKeyTx: Send {
    /// Stores a new key.
    ///
    /// MUST fail with [`StoreError::Conflict`] where a key has the id, which is then a bug: ids are
    /// made here.
    async fn insert_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError>;

    /// Locks the key until the unit of work ends. `None` if there is no such key.
    async fn lock_api_key(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Stores `expires_at` and `revoked_at` of a key that is locked. Nothing else of a key changes.
    async fn end_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError>;
}

/// API keys, as committed.
///
/// Scopes that this version does not know, given by a newer one, are left out: a key is then good
/// for less and never for more.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ApiKeyReads: Send + Sync {
    /// Finds a key. A revocation that was committed before the call MUST be seen.
    async fn find_api_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError>;

    /// Lists keys in descending order of position, those after `after` only, also those that are
    /// over.
    async fn list_api_keys(
        &self,
        size: PageSize,
        after: Option<Position<ApiKeyId>>,
    ) -> Result<Page<ApiKey, Position<ApiKeyId>>, StoreError>;
}
