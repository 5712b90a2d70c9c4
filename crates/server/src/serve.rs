//! The server as a whole: from options and services to sockets, and to its end.
//!
//! The end: readiness off, a while for balancers to notice, then no more connections, GOAWAY,
//! streams told to come again, calls finished; what is left after the time for that is cut.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use ports::Authenticator;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use crate::health::{self, Readiness};
use crate::layers::{CallOptions, Stack};
use crate::methods::Methods;
use crate::net::connection::{self, Shared};
use crate::net::drain::{Drain, Signals};
use crate::net::tls::{Tls, TlsError, TlsOptions};
use crate::net::{ConnectionOptions, accept, files, plaintext_allowed};
use crate::{admin, reflection};

/// How the server listens, and what bounds it.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    pub tls: Option<TlsOptions>,
    /// Allows plain text off loopback.
    pub insist_plaintext: bool,
    /// Where `/livez`, `/readyz` and `/metrics` are. Nowhere if absent.
    pub admin: Option<SocketAddr>,
    pub connections: ConnectionOptions,
    pub calls: CallOptions,
    pub drain: DrainOptions,
}

impl Default for ServeOptions {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 50051)),
            tls: None,
            insist_plaintext: false,
            admin: None,
            connections: ConnectionOptions::default(),
            calls: CallOptions::default(),
            drain: DrainOptions::default(),
        }
    }
}

/// How long the parts of a shutdown take.
#[derive(Debug, Clone)]
pub struct DrainOptions {
    /// From readiness off to the first connection turned away: balancers need a look or two.
    pub lame_duck: Duration,
    /// For calls under way.
    pub finish: Duration,
}

impl Default for DrainOptions {
    fn default() -> Self {
        Self { lame_duck: Duration::from_secs(5), finish: Duration::from_secs(20) }
    }
}

/// What is served.
pub struct Parts {
    /// Our services. Health and reflection are added.
    pub routes: Routes,
    pub methods: Methods,
    pub authenticator: Arc<dyn Authenticator>,
    pub readiness: Readiness,
    /// The one that handlers and workers hold.
    pub drain: Drain,
    /// What `/metrics` shows.
    pub metrics: Option<PrometheusHandle>,
}

/// The server does not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("{0} is not loopback: plain text there must be insisted on")]
    Plaintext(SocketAddr),
    #[error("{address} cannot be listened on")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("TLS cannot be set up")]
    Tls(#[source] TlsError),
    #[error("reflection cannot be set up")]
    Reflection(#[source] tonic_reflection::server::Error),
}

/// How the server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Every call was finished.
    Drained,
    /// So many connections took too long and were cut.
    Cut { connections: usize },
    /// The second order came, and so many connections were cut.
    Hastened { connections: usize },
    /// A bug ended the server.
    Broken,
}

/// A server that runs. Dropping it does not end it.
#[derive(Debug)]
pub struct Running {
    local_addr: SocketAddr,
    admin_addr: Option<SocketAddr>,
    stop: CancellationToken,
    cut: CancellationToken,
    task: JoinHandle<Ended>,
}

impl Running {
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    pub fn admin_addr(&self) -> Option<SocketAddr> {
        self.admin_addr
    }

    /// Begins the shutdown. Asked a second time, ends at once.
    pub fn shutdown(&self) {
        if self.stop.is_cancelled() {
            self.cut.cancel();
        }
        self.stop.cancel();
    }

    /// Waits for the end.
    pub async fn join(mut self) -> Ended {
        self.ended().await
    }

    /// Waits for the end, which the first signal begins and the second hastens.
    pub async fn until_signalled(mut self, mut signals: Signals) -> Ended {
        loop {
            let signal = tokio::select! {
                ended = self.ended() => return ended,
                signal = signals.next() => signal,
            };
            tracing::info!(signal, "shutting down");
            self.shutdown();
        }
    }

    async fn ended(&mut self) -> Ended {
        match (&mut self.task).await {
            Ok(ended) => ended,
            Err(error) => {
                tracing::error!(%error, "the accept loop broke");
                Ended::Broken
            }
        }
    }
}

/// Listens and serves. Once this returns, connections are accepted.
pub async fn serve(options: ServeOptions, parts: Parts) -> Result<Running, ServeError> {
    if options.tls.is_none() && !plaintext_allowed(options.listen, options.insist_plaintext) {
        return Err(ServeError::Plaintext(options.listen));
    }
    let tls = match options.tls {
        Some(tls) => Some(Tls::load(tls).await.map_err(ServeError::Tls)?),
        None => None,
    };
    let Parts { routes, methods, authenticator, readiness, drain, metrics } = parts;
    let services = methods.services();
    let routes = routes.add_service(health::service(&readiness, services).await);
    let routes = reflection::add_to(routes, services).map_err(ServeError::Reflection)?;
    let stack = Stack::new(&options.calls, methods, routes, authenticator, drain.clone());

    let (listener, local_addr) = listen(options.listen).await?;
    let tasks = TaskTracker::new();
    let over = CancellationToken::new();
    let admin_addr = match options.admin {
        Some(address) => Some(serve_admin(address, &readiness, metrics, over.clone()).await?),
        None => None,
    };

    let mut connections = options.connections;
    connections.connections_max = connections.connections_max.min(files::raise_limit());
    let shared = Arc::new(Shared {
        http: connection::http(&connections),
        options: connections,
        tls,
        stack,
        drain,
        cut: CancellationToken::new(),
        cut_off: AtomicUsize::new(0),
    });
    let cut = shared.cut.clone();
    let stop = CancellationToken::new();
    let accepting = tokio::spawn(accept::run(listener, Arc::clone(&shared), tasks.clone()));
    let end = End { stop: stop.clone(), shared, readiness, options: options.drain };
    let task = tokio::spawn(async move {
        let ended = end.when_told(accepting, tasks).await;
        over.cancel();
        ended
    });
    tracing::info!(address = %local_addr, "serving");
    Ok(Running { local_addr, admin_addr, stop, cut, task })
}

/// Listens for operators until `end`. Answers where.
pub async fn serve_admin(
    address: SocketAddr,
    readiness: &Readiness,
    metrics: Option<PrometheusHandle>,
    end: CancellationToken,
) -> Result<SocketAddr, ServeError> {
    let (listener, address) = listen(address).await?;
    tokio::spawn(admin::serve(listener, readiness.clone(), metrics, end));
    Ok(address)
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

struct End {
    stop: CancellationToken,
    shared: Arc<Shared>,
    readiness: Readiness,
    options: DrainOptions,
}

impl End {
    async fn when_told(self, accepting: JoinHandle<()>, tasks: TaskTracker) -> Ended {
        self.stop.cancelled().await;
        self.readiness.begin_drain();
        tokio::select! {
            () = tokio::time::sleep(self.options.lame_duck) => {}
            () = self.shared.cut.cancelled() => {}
        }
        self.shared.drain.begin();
        if let Err(error) = accepting.await {
            tracing::error!(%error, "the accept loop broke");
        }
        tasks.close();
        let late = tokio::select! {
            biased;
            () = self.shared.cut.cancelled() => false,
            () = tasks.wait() => {
                tracing::info!("every call is finished");
                return Ended::Drained;
            }
            () = tokio::time::sleep(self.options.finish) => true,
        };
        self.shared.cut.cancel();
        tasks.wait().await;
        let connections = self.shared.cut_off.load(Ordering::Relaxed);
        tracing::warn!(connections, "connections were cut");
        if late { Ended::Cut { connections } } else { Ended::Hastened { connections } }
    }
}
