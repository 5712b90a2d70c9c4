//! A media store in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Digest, Timestamp};
use ports::{
    ListedObject, Listing, MediaError, MediaKey, MediaObject, MediaStore, PresignedPut, UploadTerms,
};
use sha2::{Digest as _, Sha256};

/// Objects in memory.
#[derive(Debug, Default)]
pub struct FakeMediaStore(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    objects: BTreeMap<MediaKey, Object>,
    down: bool,
    vouches_not: bool,
}

#[derive(Debug, Clone)]
struct Object {
    bytes: Vec<u8>,
    content_type: String,
    modified_at: Timestamp,
}

impl FakeMediaStore {
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes every call fail as if the store were gone, or lets them work again.
    pub fn set_down(&self, down: bool) {
        self.lock().down = down;
    }

    /// Whether it notes the digest of what it takes, as it does by default.
    pub fn vouch(&self, vouches: bool) {
        self.lock().vouches_not = !vouches;
    }

    /// Makes an object as old as that. What was put is of 1970.
    pub fn set_modified(&self, key: &MediaKey, at: Timestamp) {
        if let Some(object) = self.lock().objects.get_mut(key) {
            object.modified_at = at;
        }
    }

    /// The keys of everything that is there.
    pub fn keys(&self) -> Vec<MediaKey> {
        self.lock().objects.keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no test panics in here")
    }

    fn up(&self) -> Result<MutexGuard<'_, State>, MediaError> {
        let state = self.lock();
        if state.down {
            return Err(MediaError::Unavailable("the fake was told to be down".into()));
        }
        Ok(state)
    }

    fn find(&self, key: &MediaKey) -> Result<Option<Object>, MediaError> {
        Ok(self.up()?.objects.get(key).cloned())
    }
}

#[async_trait]
impl MediaStore for FakeMediaStore {
    async fn check(&self) -> Result<(), MediaError> {
        self.up().map(drop)
    }

    async fn put(
        &self,
        key: &MediaKey,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), MediaError> {
        let modified_at = Timestamp::from_micros(0).expect("is in range");
        let object = Object { bytes, content_type: content_type.to_owned(), modified_at };
        self.up()?.objects.insert(key.clone(), object);
        Ok(())
    }

    async fn head(&self, key: &MediaKey) -> Result<Option<MediaObject>, MediaError> {
        let vouches = !self.up()?.vouches_not;
        Ok(self.find(key)?.map(|Object { bytes, content_type, .. }| MediaObject {
            digest: vouches.then(|| Digest::from_bytes(Sha256::digest(&bytes).into())),
            bytes: bytes.len() as u64,
            content_type,
        }))
    }

    async fn get(&self, key: &MediaKey, limit: u64) -> Result<Option<Vec<u8>>, MediaError> {
        match self.find(key)? {
            Some(object) if object.bytes.len() as u64 > limit => {
                Err(MediaError::TooLarge { limit })
            }
            found => Ok(found.map(|object| object.bytes)),
        }
    }

    async fn get_range(
        &self,
        key: &MediaKey,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, MediaError> {
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        Ok(self.find(key)?.map(|object| {
            let rest = object.bytes.into_iter().skip(place(offset));
            rest.take(place(length)).collect()
        }))
    }

    async fn copy(&self, from: &MediaKey, to: &MediaKey) -> Result<bool, MediaError> {
        let Some(object) = self.find(from)? else { return Ok(false) };
        self.up()?.objects.insert(to.clone(), object);
        Ok(true)
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError> {
        self.up()?.objects.remove(key);
        Ok(())
    }

    async fn delete_all(&self, keys: &[MediaKey]) -> Result<(), MediaError> {
        let mut state = self.up()?;
        state.objects.retain(|key, _| !keys.contains(key));
        Ok(())
    }

    async fn list(
        &self,
        prefix: &str,
        after: Option<String>,
        limit: u16,
    ) -> Result<Listing, MediaError> {
        let state = self.up()?;
        let after = after.unwrap_or_default();
        let mut behind = state
            .objects
            .iter()
            .filter(|(key, _)| key.as_str().starts_with(prefix) && key.as_str() > after.as_str());
        let listed = |(key, object): (&MediaKey, &Object)| ListedObject {
            key: key.clone(),
            bytes: object.bytes.len() as u64,
            modified_at: object.modified_at,
        };
        let objects: Vec<_> = behind.by_ref().take(limit.into()).map(listed).collect();
        let last = objects.last().map(|object| object.key.to_string());
        Ok(Listing { next: last.filter(|_| behind.next().is_some()), objects })
    }

    async fn presign_get(
        &self,
        key: &MediaKey,
        valid: Duration,
        file_name: Option<String>,
    ) -> Result<String, MediaError> {
        let name = file_name.map(|name| format!("&name={name}")).unwrap_or_default();
        Ok(format!("https://media.invalid/{key}?seconds={}{name}", valid.as_secs()))
    }

    async fn presign_put<'a>(
        &self,
        key: &MediaKey,
        terms: UploadTerms<'a>,
        valid: Duration,
    ) -> Result<PresignedPut, MediaError> {
        let url = format!("https://media.invalid/{key}?seconds={}", valid.as_secs());
        let headers = vec![("content-type".to_owned(), terms.content_type.to_owned())];
        Ok(PresignedPut { url, headers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_keeps_the_contract_of_media_stores() {
        crate::contract::media::holds(&FakeMediaStore::new()).await;
    }
}
