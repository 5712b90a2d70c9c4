//! Fetching files of the web that somebody else has named.

use async_trait::async_trait;

use crate::Cause;

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// Where it was in the end, after redirects.
    pub url: String,
}

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address, or one that it leads to, is not one to fetch from.
    #[error("the address is forbidden: {0}")]
    Forbidden(&'static str),
    /// The server answered, and not with a file.
    #[error("the server answers {0}")]
    Status(u16),
    #[error("the file has more than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("there are too many redirects")]
    TooManyRedirects,
    #[error("it takes too long")]
    TimedOut,
    /// There is no such host, no connection, or no answer that can be understood.
    #[error("the server cannot be reached")]
    Unreachable(#[source] Cause),
}

/// Fetches files for callers who are not to be trusted with this machine's place in the network.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Fetcher: Send + Sync {
    /// Fetches a file of at most `limit` bytes.
    ///
    /// MUST refuse every address of a network that is not public, whatever name it is reached by,
    /// and each one that it is redirected to afresh. Sends no credential. Ends in bounded time.
    async fn fetch(&self, url: &str, limit: u64) -> Result<Fetched, FetchError>;
}
