//! The way to one vendor: a request goes out at most once, and what is not known to have stayed
//! here counts as sent.
//!
//! Every request has a connection of its own. One that is kept may be closed by the vendor in the
//! moment in which it is written to, and then nobody knows whether the request arrived.

mod connect;
mod download;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use generation::{Class, Failure};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, USER_AGENT};
use http::{HeaderMap, HeaderValue, Request as HttpRequest, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use ports::{Clock, Fetcher};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use url::{Position, Url};

use self::connect::{Stream, connector};
use crate::http::{Answer, Request, Target};

/// Four pictures of 4096 pixels a side in base64, and as much again.
const ANSWER_BYTES_MAX: u64 = 128 * 1024 * 1024;

/// Heads of answers.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Names, connections and TLS together. Nothing is sent before they are done.
const CONNECT_PATIENCE: Duration = Duration::from_secs(10);

/// How long a question that makes nothing may take, such as how far an operation is.
const QUESTION_PATIENCE: Duration = Duration::from_secs(30);

/// The way to one vendor, with the key of one account.
pub(crate) struct Client {
    base: Url,
    /// Further hosts of the vendor's, which get the key over HTTPS.
    own_hosts: &'static [&'static str],
    credential: Option<(HeaderName, HeaderValue)>,
    tls: TlsConnector,
    clock: Arc<dyn Clock>,
    fetcher: Arc<dyn Fetcher>,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    /// The request stayed here.
    Unsent(&'static str),
    /// It was sent, or a part of it, or nobody knows.
    Sent(&'static str),
}

impl Client {
    pub(crate) fn new(
        base: Url,
        own_hosts: &'static [&'static str],
        credential: Option<(HeaderName, HeaderValue)>,
        clock: Arc<dyn Clock>,
        fetcher: Arc<dyn Fetcher>,
    ) -> Self {
        Self { base, own_hosts, credential, tls: connector(), clock, fetcher }
    }

    /// Sends a request that makes something.
    pub(crate) async fn create(
        &self,
        request: &Request,
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let answer = self.send(request, patience).await.map_err(|lost| match lost {
            Lost::Unsent(why) => Failure::new(Class::Transient, why),
            Lost::Sent(why) => Failure::new(Class::Ambiguous, why),
        })?;
        if (300..400).contains(&answer.status) {
            // Nothing is made by a redirect, and to follow one is to ask twice.
            let why = "the provider's address leads elsewhere: it must be configured as it is";
            let class = Class::ProviderFailed { retryable: false };
            return Err(Failure::new(class, why).with_code(answer.status.to_string()));
        }
        Ok(answer)
    }

    /// Sends a request that makes nothing, so that a lost answer is no harm.
    pub(crate) async fn question(&self, request: &Request) -> Result<Answer, Failure> {
        self.send(request, QUESTION_PATIENCE).await.map_err(|lost| match lost {
            Lost::Unsent(why) | Lost::Sent(why) => Failure::new(Class::Transient, why),
        })
    }

    /// Whether an address is the vendor's own, which may be told the key.
    pub(crate) fn owns(&self, url: &Url) -> bool {
        let listed = url.host_str().is_some_and(|host| self.own_hosts.contains(&host));
        url.origin() == self.base.origin()
            || (listed && url.scheme() == "https" && url.port().is_none())
    }

    /// The address of a path below the configured one.
    pub(crate) fn address(&self, path: &str) -> Option<Url> {
        Url::parse(&format!("{}{path}", self.base.as_str().trim_end_matches('/'))).ok()
    }

    async fn send(&self, request: &Request, patience: Duration) -> Result<Answer, Lost> {
        let url = match &request.target {
            Target::Path(path) => self.address(path),
            Target::Url(url) => Some(url.clone()).filter(|url| self.owns(url)),
        };
        let url = url.ok_or(Lost::Unsent("the address is not the provider's"))?;
        let encoded = request.body.encode();
        let mut headers = HeaderMap::new();
        let mut body = Bytes::new();
        if let Some((media_type, bytes)) = encoded {
            let media_type = HeaderValue::try_from(media_type);
            let media_type = media_type.map_err(|_| Lost::Unsent("the request has no type"))?;
            headers.insert(CONTENT_TYPE, media_type);
            body = Bytes::from(bytes);
        }
        for (name, value) in &request.headers {
            let value = HeaderValue::try_from(value);
            let value = value.map_err(|_| Lost::Unsent("a header cannot be sent"))?;
            headers.insert(HeaderName::from_static(name), value);
        }
        let mut outgoing = HttpRequest::new(Full::new(body));
        *outgoing.method_mut() = request.method.clone();
        *outgoing.headers_mut() = headers;
        let deadline = Instant::now() + patience;
        let connected = timeout(CONNECT_PATIENCE.min(patience), self.connect(&url)).await;
        let stream = connected.unwrap_or(Err("the provider does not accept a connection"));
        let stream = stream.map_err(Lost::Unsent)?;
        let exchanged = timeout_at(deadline, async {
            let mut connections = JoinSet::new();
            let answer = self.exchange(stream, &url, outgoing, &mut connections).await?;
            let (head, body) = answer.into_parts();
            let body =
                read(&head.headers, body, ANSWER_BYTES_MAX).await.map_err(|why| match why {
                    Unread::TooLarge => Lost::Sent("the provider's answer is too large"),
                    Unread::Cut => Lost::Sent("the provider's answer broke off"),
                })?;
            let (status, at) = (head.status.as_u16(), self.clock.now());
            Ok(Answer { status, headers: head.headers, body, at })
        });
        exchanged.await.unwrap_or(Err(Lost::Sent("the provider took too long to answer")))
    }

    /// Sends a request on a connection that is open, to a host that may know the key.
    async fn exchange(
        &self,
        stream: Stream,
        url: &Url,
        mut request: HttpRequest<Full<Bytes>>,
        connections: &mut JoinSet<()>,
    ) -> Result<Response<Incoming>, Lost> {
        let target = &url[Position::BeforePath..Position::AfterQuery];
        let uri = target.parse().map_err(|_| Lost::Unsent("the address cannot be asked for"))?;
        *request.uri_mut() = uri;
        let host = HeaderValue::try_from(&url[Position::BeforeHost..Position::AfterPort]);
        let host = host.map_err(|_| Lost::Unsent("the host cannot be asked"))?;
        let headers = request.headers_mut();
        headers.insert(HOST, host);
        headers.insert(USER_AGENT, HeaderValue::from_static("atelier"));
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        if let Some((name, value)) = &self.credential {
            headers.insert(name, value.clone());
        }
        let handshake =
            http1::Builder::new().max_buf_size(HEAD_BYTES_MAX).handshake(TokioIo::new(stream));
        let (mut sender, connection) =
            handshake.await.map_err(|_| Lost::Unsent("the connection cannot be used"))?;
        // Ends with the caller's set, whatever state it is in.
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to a provider ended early");
            }
        });
        sender.send_request(request).await.map_err(|error| {
            tracing::debug!(%error, "a provider did not answer");
            Lost::Sent("the provider closed the connection without an answer")
        })
    }
}

/// Why a body was not read to its end.
enum Unread {
    TooLarge,
    Cut,
}

/// Counted while it arrives: what a server says of the length is not what it sends.
async fn read(headers: &HeaderMap, mut body: Incoming, limit: u64) -> Result<Vec<u8>, Unread> {
    let told = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|length: u64| length > limit) {
        return Err(Unread::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Cut)?.into_data() else { continue };
        let length = u64::try_from(bytes.len() + data.len()).unwrap_or(u64::MAX);
        if length > limit {
            return Err(Unread::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
