//! Fetches files of the web over HTTPS for people who are not to be trusted with this machine's
//! place in the network: the port `Fetcher` on hyper and rustls.
//!
//! Names are resolved here and connections made to the very addresses that were looked at, so that
//! a name cannot mean something else a moment later.

mod answer;
mod guard;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ports::{FetchError, Fetched, Fetcher};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::answer::{Answer, ask};

/// What may be reached, and how long it may take.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Addresses that may be reached although they are not public, and in plain text too: a store
    /// of one's own, or the server of a test. None by default.
    pub reachable: Vec<SocketAddr>,
    /// From the first look-up to the last byte.
    pub patience: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        // 8 s: two seconds less than a call without a deadline of its own may take.
        Self { reachable: Vec::new(), patience: Duration::from_secs(8) }
    }
}

/// How often a server may send us on. Shorteners of addresses need one or two.
const REDIRECTS_MAX: usize = 5;

/// How long one address may take to accept a connection.
const CONNECT_PATIENCE: Duration = Duration::from_secs(3);

/// How many addresses of a name are tried.
const ADDRESSES_MAX: usize = 4;

/// Fetches files of the web.
#[derive(Clone)]
pub struct WebFetcher {
    tls: TlsConnector,
    rules: Rules,
}

impl WebFetcher {
    /// Trusts the authorities that browsers trust.
    pub fn new(rules: Rules) -> Self {
        let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("the provider knows the versions that are its own default")
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: TlsConnector::from(Arc::new(tls)), rules }
    }

    async fn follow(&self, url: &str, limit: u64) -> Result<Fetched, FetchError> {
        let mut at = Url::parse(url).map_err(|_| FetchError::Forbidden("it is none"))?;
        for _ in 0..=REDIRECTS_MAX {
            match self.visit(&at, limit).await? {
                Answer::File(bytes) => return Ok(Fetched { bytes, url: at.into() }),
                Answer::Elsewhere(place) => {
                    let next = at.join(&place);
                    at = next.map_err(|_| FetchError::Forbidden("a redirect leads nowhere"))?;
                }
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    async fn visit(&self, url: &Url, limit: u64) -> Result<Answer, FetchError> {
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(FetchError::Forbidden("it is not https")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::Forbidden("it has credentials in it"));
        }
        let address = self.resolve(url, secure).await?;
        let stream = connect(&address).await?;
        if !secure {
            return ask(stream, url, limit).await;
        }
        let name = url.host_str().unwrap_or_default();
        let name = ServerName::try_from(name.trim_matches(['[', ']']).to_owned());
        let name = name.map_err(|error| FetchError::Unreachable(Box::new(error)))?;
        let stream = self.tls.connect(name, stream).await.map_err(unreachable)?;
        ask(stream, url, limit).await
    }

    /// The addresses of the host, each of which may be reached. One that may not forbids them all:
    /// an honest name has no such address.
    async fn resolve(&self, url: &Url, secure: bool) -> Result<Vec<SocketAddr>, FetchError> {
        let host = url.host().ok_or(FetchError::Forbidden("it has no host"))?;
        let port = url.port_or_known_default().ok_or(FetchError::Forbidden("it has no port"))?;
        let found: Vec<SocketAddr> = match host {
            Host::Ipv4(address) => vec![(address, port).into()],
            Host::Ipv6(address) => vec![(address, port).into()],
            Host::Domain(name) => {
                tokio::net::lookup_host((name, port)).await.map_err(unreachable)?.collect()
            }
        };
        for address in &found {
            if self.rules.reachable.contains(address) {
                continue;
            }
            if !guard::is_public(address.ip()) {
                return Err(FetchError::Forbidden("it leads into a closed network"));
            }
            // Other services than the web's are none of a picture's business.
            if !secure || port != 443 {
                return Err(FetchError::Forbidden("it is not https at its own port"));
            }
        }
        if found.is_empty() {
            return Err(FetchError::Unreachable("the name has no address".into()));
        }
        Ok(found)
    }
}

#[async_trait]
impl Fetcher for WebFetcher {
    async fn fetch(&self, url: &str, limit: u64) -> Result<Fetched, FetchError> {
        let fetched = tokio::time::timeout(self.rules.patience, self.follow(url, limit)).await;
        fetched.unwrap_or(Err(FetchError::TimedOut))
    }
}

/// Connects to the first that accepts.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, FetchError> {
    let mut last = FetchError::TimedOut;
    for address in addresses.iter().take(ADDRESSES_MAX) {
        match tokio::time::timeout(CONNECT_PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => last = unreachable(error),
            Err(_elapsed) => last = FetchError::TimedOut,
        }
    }
    Err(last)
}

fn unreachable(error: std::io::Error) -> FetchError {
    FetchError::Unreachable(Box::new(error))
}
