//! Where bytes are kept: images, videos, voices.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use kernel::{Digest, Timestamp};

use crate::Cause;

/// The key of an object: 1 to 512 of letters, digits, `-`, `_`, `.` and `/`, no empty part and no
/// part of dots alone. Rows hold keys, never addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MediaKey(String);

/// The text cannot be a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 512 of letters, digits, -, _, . and /, without empty or dotted parts")]
pub struct MediaKeyError;

/// An object as the store knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaObject {
    pub bytes: u64,
    pub content_type: String,
    /// SHA-256, if the store compared it when it took the bytes.
    pub digest: Option<Digest>,
}

/// What an upload to a presigned address must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadTerms<'a> {
    pub bytes: u64,
    pub content_type: &'a str,
    /// SHA-256.
    pub digest: Digest,
}

/// A request that anyone may send to upload an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresignedPut {
    pub url: String,
    /// Must be sent exactly so, beside the length.
    pub headers: Vec<(String, String)>,
}

/// An object in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedObject {
    pub key: MediaKey,
    pub bytes: u64,
    pub modified_at: Timestamp,
}

/// Some objects, by key, and where the next ones start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    pub objects: Vec<ListedObject>,
    /// The last key, ours or not, if there are objects after it.
    pub next: Option<String>,
}

/// How the store fails.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// It cannot be reached, or is overloaded: try again.
    #[error("the media store is unavailable")]
    Unavailable(#[source] Cause),
    /// It refuses: credentials, a missing bucket, a request that it does not take.
    #[error("the media store refuses")]
    Refused(#[source] Cause),
    /// The object is larger than the reader takes.
    #[error("the object has more than {limit} bytes")]
    TooLarge { limit: u64 },
}

/// Keeps objects by key.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait MediaStore: Send + Sync {
    /// Whether the store answers and the bucket is there.
    async fn check(&self) -> Result<(), MediaError>;

    /// Stores an object, over any of the same key. Once this returns, every reader finds it, and
    /// its digest.
    async fn put(
        &self,
        key: &MediaKey,
        bytes: Vec<u8>,
        content_type: &str,
    ) -> Result<(), MediaError>;

    /// Describes an object. `None` if there is none.
    async fn head(&self, key: &MediaKey) -> Result<Option<MediaObject>, MediaError>;

    /// Reads an object of at most `limit` bytes. `None` if there is none.
    async fn get(&self, key: &MediaKey, limit: u64) -> Result<Option<Vec<u8>>, MediaError>;

    /// Reads some bytes of an object; fewer where it ends. `None` if there is none.
    async fn get_range(
        &self,
        key: &MediaKey,
        offset: u64,
        length: u64,
    ) -> Result<Option<Vec<u8>>, MediaError>;

    /// Copies an object within the store, with its type, over any of the same key. False if there
    /// is none.
    async fn copy(&self, from: &MediaKey, to: &MediaKey) -> Result<bool, MediaError>;

    /// Deletes an object. Deleting what is not there is no failure.
    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError>;

    /// Deletes up to 1,000 objects. After a failure some may be gone: repeat it.
    async fn delete_all(&self, keys: &[MediaKey]) -> Result<(), MediaError>;

    /// Lists up to `limit` objects whose keys begin with `prefix`, by key, after `after` only.
    /// Objects whose keys are none of ours are left out.
    async fn list(
        &self,
        prefix: &str,
        after: Option<String>,
        limit: u16,
    ) -> Result<Listing, MediaError>;

    /// An address at which anyone can read the object, for so long; under `file_name` to save it,
    /// if one is given.
    async fn presign_get(
        &self,
        key: &MediaKey,
        valid: Duration,
        file_name: Option<String>,
    ) -> Result<String, MediaError>;

    /// A request with which anyone can store exactly these bytes, for so long.
    async fn presign_put<'a>(
        &self,
        key: &MediaKey,
        terms: UploadTerms<'a>,
        valid: Duration,
    ) -> Result<PresignedPut, MediaError>;
}

impl MediaKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for MediaKey {
    type Err = MediaKeyError;

    fn from_str(text: &str) -> Result<Self, MediaKeyError> {
        let fits = (1..=512).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b))
            && text.split('/').all(|part| part.bytes().any(|b| b != b'.'));
        if fits { Ok(Self(text.to_owned())) } else { Err(MediaKeyError) }
    }
}

impl fmt::Display for MediaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_stay_within_their_bucket_and_folder() {
        for text in ["a", "users/01/images/x.png", "a..b/c"] {
            assert_eq!(text.parse::<MediaKey>().map(|key| key.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "/a", "a/", "a//b", "../a", "a/./b", "a b", "é", "a\\b", &"a".repeat(513)]
        {
            assert_eq!(text.parse::<MediaKey>(), Err(MediaKeyError), "{text:?}");
        }
    }
}
