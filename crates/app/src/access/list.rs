//! Listing keys. A read only: no unit of work.

use access::ApiKey;
use kernel::{ApiKeyId, Page, PageSize, Position};
use ports::StoreError;
use tracing::instrument;

use super::ApiKeys;

impl ApiKeys {
    /// Lists keys newest first, those after a position only, also those that are over.
    #[instrument(skip_all)]
    pub async fn list(
        &self,
        size: PageSize,
        after: Option<Position<ApiKeyId>>,
    ) -> Result<Page<ApiKey, Position<ApiKeyId>>, StoreError> {
        self.reads.list_api_keys(size, after).await
    }
}
