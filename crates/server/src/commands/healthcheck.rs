//! `atelier healthcheck`: one call to the gRPC health service, for containers and scripts.

use std::error::Error;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tower::service_fn;

use super::{Failure, print};
use crate::config::{Loaded, Server, Tls};

mod pinned;

#[derive(Debug, Args)]
pub struct Healthcheck {
    /// Where to ask; server.listen if not given
    #[arg(long, value_name = "IP:PORT")]
    address: Option<SocketAddr>,
    /// Which service to ask about; all of them if not given
    #[arg(long, value_name = "NAME", default_value = "")]
    service: String,
    /// How long to wait for the answer
    #[arg(long, value_name = "MS", default_value_t = 3_000)]
    timeout_ms: u64,
    /// A PEM file with a client certificate, where the server asks for one
    #[arg(long, value_name = "FILE", requires = "client_key")]
    client_cert: Option<PathBuf>,
    /// A PEM file with the client certificate's key
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    client_key: Option<PathBuf>,
}

/// Succeeds if the answer is SERVING.
pub async fn run(command: Healthcheck, loaded: Loaded) -> Result<(), Failure> {
    let (Server { listen, .. }, tls) = loaded.server()?;
    let address = dialled(command.address.unwrap_or(listen));
    let tls = match tls {
        Some(tls) => Some(connector(&tls, &command)?),
        None => None,
    };
    let patience = Duration::from_millis(command.timeout_ms);
    let asked = tokio::time::timeout(patience, ask(address, tls, command.service)).await;
    match asked {
        Ok(Ok(ServingStatus::Serving)) => print("ready\n"),
        Ok(Ok(status)) => Err(Failure::new(format!("{address} answers {}", status.as_str_name()))),
        Ok(Err(error)) => Err(Failure::because(&format!("{address} does not answer"), &*error)),
        Err(_) => Err(Failure::new(format!("{address} does not answer within {patience:?}"))),
    }
}

async fn ask(
    address: SocketAddr,
    tls: Option<TlsConnector>,
    service: String,
) -> Result<ServingStatus, Box<dyn Error + Send + Sync>> {
    let channel = connect(address, tls).await?;
    let request = HealthCheckRequest { service };
    let answer = HealthClient::new(channel).check(request).await?.into_inner();
    Ok(answer.status())
}

async fn connect(
    address: SocketAddr,
    tls: Option<TlsConnector>,
) -> Result<Channel, tonic::transport::Error> {
    // The scheme is for tonic only, which would bring a TLS stack of its own for https.
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let dial = service_fn(move |_| {
        let tls = tls.clone();
        async move {
            let tcp = TcpStream::connect(address).await?;
            let io: Box<dyn Stream> = match tls {
                Some(tls) => Box::new(tls.connect(address.ip().into(), tcp).await?),
                None => Box::new(tcp),
            };
            io::Result::Ok(TokioIo::new(io))
        }
    });
    endpoint.connect_with_connector(dial).await
}

// What a connection is, encrypted or not.
trait Stream: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin {}

impl<T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Send + Unpin> Stream for T {}

fn connector(tls: &Tls, command: &Healthcheck) -> Result<TlsConnector, Failure> {
    let client = command.client_cert.as_deref().zip(command.client_key.as_deref());
    let config = pinned::client_config(&tls.cert, client)
        .map_err(|error| Failure::because("the certificates cannot be used", &*error))?;
    Ok(TlsConnector::from(Arc::new(config)))
}

// A server that listens on every address is asked on loopback.
fn dialled(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, listen.port())
}

#[cfg(test)]
mod tests;
