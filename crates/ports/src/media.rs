//! Where bytes are kept: images, videos, voices.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;

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

    /// Stores an object, over any of the same key. Once this returns, every reader finds it.
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

    /// Deletes an object. Deleting what is not there is no failure.
    async fn delete(&self, key: &MediaKey) -> Result<(), MediaError>;

    /// An address at which anyone can read the object, for so long.
    async fn presign_get(&self, key: &MediaKey, valid: Duration) -> Result<String, MediaError>;
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
