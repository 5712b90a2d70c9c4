//! The accept loop: connections in, bodies read, answers out, an end at the stop.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::front;
use crate::reply::{Cut, Reply, Sent};
use crate::world::World;

/// Above what any vendor takes.
const BODY_MAX: usize = 100 << 20;
/// A failing accept (out of file descriptors) must not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` comes true, and then cuts what is left: calls may hang for ever.
pub(crate) async fn serve(
    listener: TcpListener,
    world: Arc<World>,
    stop: impl Future<Output = ()> + Send,
) {
    tokio::pin!(stop);
    // Dropped with this future, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = &mut stop => break,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "could not accept a connection to the mock");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        // Without this, small answers wait 40 ms for the client's delayed acknowledgement.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection to the mock ended at once");
            continue;
        }
        let world = Arc::clone(&world);
        let service = service_fn(move |request| answer(Arc::clone(&world), request));
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to the mock broke");
            }
        });
    }
}

async fn answer(world: Arc<World>, request: Request<Incoming>) -> Result<Response<Sent>, Cut> {
    let (parts, body) = request.into_parts();
    let reply = match Limited::new(body, BODY_MAX).collect().await {
        Ok(body) => front::answer(&world, parts, body.to_bytes()).await?,
        Err(error) => Reply::text(413, &format!("mock-vendors: {error}")),
    };
    Ok(reply.into_response())
}
