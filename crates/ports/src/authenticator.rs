//! Turning a credential into a caller.

use access::{Denial, Principal};
use async_trait::async_trait;

use crate::StoreError;

/// Checks credentials.
#[async_trait]
pub trait Authenticator: Send + Sync {
    /// Who sends `credential`, the text after `Bearer `.
    ///
    /// A key that is revoked MUST be refused within seconds, in every process.
    async fn authenticate(&self, credential: &str)
    -> Result<Result<Principal, Denial>, StoreError>;
}
