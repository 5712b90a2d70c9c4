//! API keys in memory.

use std::collections::BTreeMap;

use access::ApiKey;
use async_trait::async_trait;
use kernel::{ApiKeyId, Page, PageSize, Position};
use ports::{ApiKeyReads, ApiKeyTx, StoreError};

use crate::fake::store::{FakeStore, FakeTx};

/// The table of API keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct ApiKeys(BTreeMap<ApiKeyId, ApiKey>);

#[async_trait]
impl ApiKeyTx for FakeTx {
    async fn insert_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        let keys = &mut self.state.api_keys.0;
        if keys.contains_key(&key.id) {
            return Err(StoreError::Conflict { constraint: "api_keys_pkey" });
        }
        keys.insert(key.id, key.clone());
        Ok(())
    }

    async fn lock_api_key(&mut self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        Ok(self.state.api_keys.0.get(&id).cloned())
    }

    async fn end_api_key(&mut self, key: &ApiKey) -> Result<(), StoreError> {
        if let Some(stored) = self.state.api_keys.0.get_mut(&key.id) {
            stored.expires_at = key.expires_at;
            stored.revoked_at = key.revoked_at;
        }
        Ok(())
    }
}

#[async_trait]
impl ApiKeyReads for FakeStore {
    async fn find_api_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.api_keys.0.get(&id).cloned())
    }

    async fn list_api_keys(
        &self,
        size: PageSize,
        after: Option<Position<ApiKeyId>>,
    ) -> Result<Page<ApiKey, Position<ApiKeyId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let keys = state.api_keys.0.values();
        let mut items: Vec<ApiKey> =
            keys.filter(|key| after.is_none_or(|after| key.position() < after)).cloned().collect();
        items.sort_by_key(|key| std::cmp::Reverse(key.position()));
        Ok(Page::from_one_more(items, size, ApiKey::position))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::api_keys_contract!(fresh);
}
