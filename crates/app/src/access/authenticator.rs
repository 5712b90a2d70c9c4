//! Who sends an API key, answered at every call.
//!
//! One hash and one look at a map where the key is remembered; a look-up in the store where it is
//! not, one at a time for each key.

use std::sync::Arc;
use std::time::Duration;

use access::{ApiKeySecret, Denial, Pepper, Principal, decide};
use async_trait::async_trait;
use kernel::ApiKeyId;
use ports::{ApiKeyReads, Authenticator, Clock, StoreError};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::remembered::{Found, Remembered};

// 4: whoever sends made-up keys occupies at most so many connections of the pool.
const LOOKUPS_MAX: usize = 4;

/// Checks API keys. A revocation is seen after `remember_for` at the latest.
pub struct KeyAuthenticator {
    reads: Arc<dyn ApiKeyReads>,
    clock: Arc<dyn Clock>,
    pepper: Pepper,
    remembered: Remembered,
    /// Held while a key is looked up; which one depends on the key.
    lookups: [Mutex<()>; LOOKUPS_MAX],
}

impl KeyAuthenticator {
    /// Remembers what it finds for `remember_for`, counted from the question; zero asks every time.
    pub fn new(
        reads: Arc<dyn ApiKeyReads>,
        clock: Arc<dyn Clock>,
        pepper: Pepper,
        remember_for: Duration,
    ) -> Self {
        let remembered = Remembered::new(remember_for);
        Self { reads, clock, pepper, remembered, lookups: Default::default() }
    }

    async fn find(&self, id: ApiKeyId) -> Result<Found, StoreError> {
        if let Some(found) = self.remembered.get(id, Instant::now()) {
            return Ok(found);
        }
        let _turn = self.lookup_of(id).lock().await;
        let asked_at = Instant::now();
        // Whoever had the turn before may have asked for the same key.
        if let Some(found) = self.remembered.get(id, asked_at) {
            return Ok(found);
        }
        let found = self.reads.find_api_key(id).await?.map(Arc::new);
        self.remembered.put(id, found.clone(), asked_at);
        Ok(found)
    }

    // The last byte of a UUIDv7 is random.
    fn lookup_of(&self, id: ApiKeyId) -> &Mutex<()> {
        let [.., last] = *id.as_uuid().as_bytes();
        &self.lookups[usize::from(last) % LOOKUPS_MAX]
    }
}

#[async_trait]
impl Authenticator for KeyAuthenticator {
    async fn authenticate(
        &self,
        credential: &str,
    ) -> Result<Result<Principal, Denial>, StoreError> {
        let Ok(secret) = credential.parse::<ApiKeySecret>() else {
            return Ok(Err(Denial::Invalid));
        };
        let Some(key) = self.find(secret.id()).await? else {
            return Ok(Err(Denial::Invalid));
        };
        Ok(decide::check(&key, &self.pepper.hash(&secret), self.clock.now()))
    }
}

#[cfg(test)]
mod tests;
