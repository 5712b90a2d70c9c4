//! A clock that stands still, a fetcher that remembers, and accounts of the test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use generation::{Ask, Call, ChatAsk, ImageAsk, Role, Turn};
use kernel::Timestamp;
use ports::{Clock, FetchError, Fetched, Fetcher, Provider};
use providers::{Config, Vendor, World, build};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub(crate) const KEY: &str = "the-secret-key";

pub(crate) struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        // 2026-11-21 10:00:00 UTC.
        Timestamp::from_micros(1_795_255_200_000_000).unwrap()
    }
}

/// Answers what it is told to, and remembers what it was asked for.
#[derive(Default)]
pub(crate) struct Strangers {
    pub(crate) asked: Mutex<Vec<String>>,
    pub(crate) answers: Mutex<Vec<Result<Vec<u8>, FetchError>>>,
}

#[async_trait]
impl Fetcher for Strangers {
    async fn fetch(&self, url: &str, _limit: u64) -> Result<Fetched, FetchError> {
        self.asked.lock().unwrap().push(url.to_owned());
        let answer = self.answers.lock().unwrap().pop().unwrap_or(Err(FetchError::TimedOut));
        answer.map(|bytes| Fetched { bytes, url: url.to_owned() })
    }
}

/// Fetches over plain text from this machine, without a guard and without a key.
pub(crate) struct Web;

#[async_trait]
impl Fetcher for Web {
    async fn fetch(&self, url: &str, limit: u64) -> Result<Fetched, FetchError> {
        let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let mut stream = TcpStream::connect(host).await.unwrap();
        let request = format!("GET /{path} HTTP/1.0\r\nhost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        stream.take(limit + 1_000).read_to_end(&mut bytes).await.unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let body = bytes.split_off(end + 4);
        match status {
            200 => Ok(Fetched { bytes: body, url: url.to_owned() }),
            other => Err(FetchError::Status(other)),
        }
    }
}

pub(crate) fn account(vendor: Vendor, base_url: &str) -> Arc<dyn Provider> {
    account_of(vendor, base_url, Arc::new(Strangers::default()))
}

pub(crate) fn account_of(
    vendor: Vendor,
    base_url: &str,
    fetcher: Arc<Strangers>,
) -> Arc<dyn Provider> {
    let base_url = Some(base_url.to_owned());
    let config = Config { base_url, ..Config::of(vendor, Some(KEY.parse().unwrap())) };
    build(config, World { clock: Arc::new(Still), fetcher }).unwrap()
}

pub(crate) fn call(ask: Ask, patience: Duration) -> Call {
    let marker = "marker-1".parse().unwrap();
    Call { model: "m".to_owned(), ask, marker, patience, metadata: None }
}

pub(crate) fn chat() -> Ask {
    let turns = vec![Turn { role: Role::User, text: "Hi".to_owned() }];
    Ask::Chat(ChatAsk { instructions: None, turns })
}

pub(crate) fn images(count: u32) -> Ask {
    Ask::Image(ImageAsk { count, ..ImageAsk::of("a cat") })
}
