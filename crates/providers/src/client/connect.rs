//! Connections: names, sockets and TLS. Nothing of a request passes here.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use url::{Host, Url};

use super::Client;

/// How many addresses of a name are tried.
const ADDRESSES_MAX: usize = 4;

/// How long one address may take to accept, so that another of the same name has its turn.
const ADDRESS_PATIENCE: Duration = Duration::from_secs(4);

/// A connection, in plain text only where the configured address says so.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// Trusts the authorities that browsers trust.
pub(super) fn connector() -> TlsConnector {
    let roots: RootCertStore = webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider knows the versions that are its own default")
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(tls))
}

impl Client {
    /// A connection to the address's host, or why there is none.
    pub(super) async fn connect(&self, url: &Url) -> Result<Stream, &'static str> {
        let host = url.host().ok_or("the provider's address has no host")?;
        let port = url.port_or_known_default().ok_or("the provider's address has no port")?;
        let name = match &host {
            Host::Domain(name) => (*name).to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let found = tokio::net::lookup_host((name.as_str(), port)).await;
        let found = found.map_err(|_| "the provider's name cannot be resolved")?;
        let stream = first(found.take(ADDRESSES_MAX)).await?;
        // Small requests go out at once.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a socket keeps its delay");
        }
        match url.scheme() {
            "http" => Ok(Stream::Plain(stream)),
            "https" => {
                let name = ServerName::try_from(name);
                let name = name.map_err(|_| "the provider's name can have no certificate")?;
                let stream = self.tls.connect(name, stream).await.map_err(|error| {
                    tracing::debug!(%error, "a provider's certificate is not accepted");
                    "no trusted connection to the provider can be made"
                })?;
                Ok(Stream::Tls(Box::new(stream)))
            }
            _ => Err("the provider's address is not of the web"),
        }
    }
}

async fn first(
    addresses: impl Iterator<Item = std::net::SocketAddr>,
) -> Result<TcpStream, &'static str> {
    let mut last = "the provider's name has no address";
    for address in addresses {
        match timeout(ADDRESS_PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(_refused)) => last = "the provider refuses connections",
            Err(_elapsed) => last = "the provider does not accept a connection",
        }
    }
    Err(last)
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
