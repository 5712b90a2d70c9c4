//! Use cases on API keys, a file each, and the check of a key at every call.

mod authenticator;
mod issue;
mod list;
mod remembered;
mod revoke;
mod rotate;

use std::sync::Arc;

use access::{ApiKeySecret, Pepper};
use kernel::ApiKeyId;
use ports::{ApiKeyReads, Clock, Ids, Store};

pub use authenticator::KeyAuthenticator;
pub use issue::{IssueApiKeyError, Issued};
pub use revoke::RevokeApiKeyError;
pub use rotate::{RotateApiKeyError, RotatedApiKey};

/// The use cases on API keys. Whose scopes bound a new key's is a parameter, not a caller: the
/// operator at the command line has all of them and no key.
pub struct ApiKeys {
    store: Arc<dyn Store>,
    reads: Arc<dyn ApiKeyReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    pepper: Pepper,
}

impl ApiKeys {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn ApiKeyReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        pepper: Pepper,
    ) -> Self {
        Self { store, reads, clock, ids, pepper }
    }

    fn fresh_secret(&self) -> ApiKeySecret {
        ApiKeySecret::new(ApiKeyId::from_uuid(self.ids.uuid()), self.ids.secret())
    }
}

#[cfg(test)]
mod tests;
