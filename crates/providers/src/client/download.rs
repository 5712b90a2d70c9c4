//! Files that a vendor keeps. Its own hosts are told the key; every other file is fetched like a
//! stranger's, through the port that guards this machine's network and sends no credential.

use std::time::Duration;

use bytes::Bytes;
use generation::{Class, Failure, RemoteFile};
use http::header::LOCATION;
use http::{Method, Request as HttpRequest, StatusCode};
use http_body_util::Full;
use ports::FetchError;
use tokio::task::JoinSet;
use tokio::time::timeout;
use url::Url;

use super::{CONNECT_PATIENCE, Client, Lost, Unread, read};
use crate::media;

/// How often a vendor may send us on. Stores of files need one or two.
const REDIRECTS_MAX: usize = 5;

/// A long film over a slow line.
const PATIENCE: Duration = Duration::from_secs(300);

/// What one of the vendor's hosts answers.
enum Found {
    File(Vec<u8>),
    Elsewhere(Url),
}

impl Client {
    pub(crate) async fn download(&self, file: &RemoteFile, limit: u64) -> Result<Vec<u8>, Failure> {
        if let Some(bytes) = media::data_url(&file.url) {
            return small_enough(bytes, limit);
        }
        let url = Url::parse(&file.url).map_err(|_| lost("the file's address is none"))?;
        let followed = timeout(PATIENCE, self.follow(url, limit)).await;
        followed.unwrap_or_else(|_elapsed| Err(again("the file takes too long")))
    }

    async fn follow(&self, mut at: Url, limit: u64) -> Result<Vec<u8>, Failure> {
        for _ in 0..=REDIRECTS_MAX {
            if !self.owns(&at) {
                return self
                    .fetcher
                    .fetch(at.as_str(), limit)
                    .await
                    .map_or_else(|error| Err(of_fetching(&error)), |fetched| Ok(fetched.bytes));
            }
            match self.visit(&at, limit).await? {
                Found::File(bytes) => return Ok(bytes),
                Found::Elsewhere(next) => at = next,
            }
        }
        Err(lost("the file's address leads round and round"))
    }

    async fn visit(&self, url: &Url, limit: u64) -> Result<Found, Failure> {
        let connected = timeout(CONNECT_PATIENCE, self.connect(url)).await;
        let stream = connected.unwrap_or(Err("the provider does not accept a connection"));
        let stream = stream.map_err(again)?;
        let mut request = HttpRequest::new(Full::new(Bytes::new()));
        *request.method_mut() = Method::GET;
        let mut connections = JoinSet::new();
        let answer = self.exchange(stream, url, request, &mut connections).await;
        let answer = answer.map_err(|gone| match gone {
            Lost::Unsent(why) | Lost::Sent(why) => again(why),
        })?;
        let (head, body) = answer.into_parts();
        match head.status {
            StatusCode::OK => {
                let bytes = read(&head.headers, body, limit).await.map_err(|why| match why {
                    Unread::TooLarge => lost("the file is larger than it may be"),
                    Unread::Cut => again("the file broke off"),
                })?;
                Ok(Found::File(bytes))
            }
            status if status.is_redirection() => {
                let place = head.headers.get(LOCATION).and_then(|place| place.to_str().ok());
                let next = place.and_then(|place| url.join(place).ok());
                next.map(Found::Elsewhere).ok_or_else(|| lost("the file is nowhere"))
            }
            status => Err(of_status(status.as_u16())),
        }
    }
}

// A key that is refused may be put right; what is gone stays gone.
fn of_status(status: u16) -> Failure {
    let failure = match status {
        401 | 408 | 425 | 429 | 500.. => again("the file cannot be had at present"),
        _ => lost("the file is gone"),
    };
    failure.with_code(status.to_string())
}

fn of_fetching(error: &FetchError) -> Failure {
    tracing::debug!(%error, "a provider's file is not fetched");
    match error {
        FetchError::Status(status) => of_status(*status),
        FetchError::Forbidden(_) => lost("the file's address is not one to fetch from"),
        FetchError::TooLarge { .. } => lost("the file is larger than it may be"),
        FetchError::TooManyRedirects => lost("the file's address leads round and round"),
        FetchError::TimedOut => again("the file takes too long"),
        FetchError::Unreachable(_) => again("the file's server cannot be reached"),
    }
}

fn small_enough(bytes: Vec<u8>, limit: u64) -> Result<Vec<u8>, Failure> {
    let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= limit);
    if fits { Ok(bytes) } else { Err(lost("the file is larger than it may be")) }
}

fn again(why: &'static str) -> Failure {
    Failure::new(Class::Transient, why)
}

fn lost(why: &'static str) -> Failure {
    Failure::new(Class::OutputLost, why)
}
