//! A media store in memory.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use ports::{MediaError, MediaKey, MediaObject, MediaStore};

/// Objects in memory.
#[derive(Debug, Default)]
pub struct FakeMediaStore(Mutex<BTreeMap<MediaKey, (Vec<u8>, String)>>);

impl FakeMediaStore {
    pub fn new() -> Self {
        Self::default()
    }

    fn find(&self, key: &MediaKey) -> Option<(Vec<u8>, String)> {
        self.0.lock().expect("no test panics in here").get(key).cloned()
    }
}

#[async_trait]
impl MediaStore for FakeMediaStore {
    async fn check(&self) -> Result<(), MediaError> {
        Ok(())
    }

    async fn put(
        &self,
        key: &MediaKey,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), MediaError> {
        let object = (bytes, content_type.to_owned());
        self.0.lock().expect("no test panics in here").insert(key.clone(), object);
        Ok(())
    }

    async fn head(&self, key: &MediaKey) -> Result<Option<MediaObject>, MediaError> {
        Ok(self
            .find(key)
            .map(|(bytes, content_type)| MediaObject { bytes: bytes.len() as u64, content_type }))
    }

    async fn get(&self, key: &MediaKey, limit: u64) -> Result<Option<Vec<u8>>, MediaError> {
        match self.find(key) {
            Some((bytes, _)) if bytes.len() as u64 > limit => Err(MediaError::TooLarge { limit }),
            found => Ok(found.map(|(bytes, _)| bytes)),
        }
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError> {
        self.0.lock().expect("no test panics in here").remove(key);
        Ok(())
    }

    async fn presign_get(&self, key: &MediaKey, valid: Duration) -> Result<String, MediaError> {
        Ok(format!("https://media.invalid/{key}?seconds={}", valid.as_secs()))
    }
}
