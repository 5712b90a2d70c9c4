//! The accept loop: takes connections in, one task each, up to a limit.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::connection::{self, Shared};
use crate::layers::metrics::CONNECTIONS;

// Failing to accept for want of files or memory is not cured by trying again at once.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Accepts until the drain begins. The connections go on in `tasks`.
pub(crate) async fn run(listener: TcpListener, shared: Arc<Shared>, tasks: TaskTracker) {
    let places = Arc::new(Semaphore::new(shared.options.connections_max));
    let open = metrics::gauge!(CONNECTIONS);
    loop {
        // A place first: beyond the limit connections wait in the kernel, not here.
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = shared.drain.begun() => return,
            () = shared.cut.cancelled() => return,
        };
        match accepted {
            Ok((tcp, peer)) => {
                prepare(&tcp, peer);
                let shared = Arc::clone(&shared);
                let open = open.clone();
                open.increment(1.0);
                tasks.spawn(async move {
                    // Dropped on every way out, a panic of the connection's task among them.
                    let _held = (place, Open(open));
                    connection::serve(tcp, peer, shared).await;
                });
            }
            Err(error) if is_of_one_connection(&error) => {
                tracing::debug!(%error, "a connection was gone before it was accepted");
            }
            Err(error) => {
                tracing::warn!(%error, "connections cannot be accepted");
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

struct Open(metrics::Gauge);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

fn prepare(tcp: &TcpStream, peer: SocketAddr) {
    // Without this, small answers wait some 40 ms for an acknowledgement.
    if let Err(error) = tcp.set_nodelay(true) {
        tracing::debug!(%peer, %error, "TCP_NODELAY cannot be set");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    [ConnectionAborted, ConnectionRefused, ConnectionReset].contains(&error.kind())
}
