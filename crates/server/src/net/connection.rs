//! One connection: TLS, HTTP/1.1 or HTTP/2 by its first bytes, its age, its end.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;

use super::ConnectionOptions;
use super::tls::Tls;
use crate::layers::call::scattered;
use crate::layers::{Stack, web};
use crate::net::drain::Drain;

// The HTTP/2 preface; every HTTP/1.1 request with a host is longer. Who has sent this much speaks
// HTTP, and the time-outs of HTTP take over.
const FIRST_BYTES: usize = 24;

/// What all connections share.
pub(crate) struct Shared {
    pub(crate) options: ConnectionOptions,
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) stack: Stack,
    pub(crate) http: auto::Builder<TokioExecutor>,
    pub(crate) drain: Drain,
    /// Ends connections that have not ended by themselves.
    pub(crate) cut: CancellationToken,
    /// How many were ended so.
    pub(crate) cut_off: AtomicUsize,
}

/// The settings of HTTP.
pub(crate) fn http(options: &ConnectionOptions) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    let header_bytes_max = options.header_bytes_max.max(8 * 1024);
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(options.ping_interval)
        .max_buf_size(usize::try_from(header_bytes_max).unwrap_or(usize::MAX));
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(options.ping_interval)
        .keep_alive_timeout(options.ping_timeout)
        .max_concurrent_streams(options.streams_max)
        .max_header_list_size(header_bytes_max);
    http
}

/// Serves one connection to its end.
pub(crate) async fn serve(tcp: TcpStream, peer: SocketAddr, shared: Arc<Shared>) {
    let Some(tls) = &shared.tls else {
        return converse(tcp, peer, &shared).await;
    };
    let handshake = tls.acceptor().accept(tcp);
    let handshake = tokio::time::timeout(shared.options.handshake_timeout, handshake);
    let outcome = tokio::select! {
        outcome = handshake => outcome,
        () = shared.drain.begun() => return,
    };
    match outcome {
        Ok(Ok(stream)) => converse(stream, peer, &shared).await,
        Ok(Err(error)) => tracing::debug!(%peer, %error, "the TLS handshake failed"),
        Err(_elapsed) => tracing::debug!(%peer, "the TLS handshake took too long"),
    }
}

async fn converse<I>(io: I, peer: SocketAddr, shared: &Shared)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let read = Arc::new(AtomicUsize::new(0));
    let io = TokioIo::new(Counted { inner: io, read: Arc::clone(&read) });
    let stack = shared.stack.clone();
    let service = service_fn(move |request| web::answer(stack.clone(), peer, request));
    let mut connection = pin!(shared.http.serve_connection(io, service));

    let options = &shared.options;
    let mut first_bytes = pin!(tokio::time::sleep(options.handshake_timeout));
    let mut waiting = true;
    let mut age = pin!(tokio::time::sleep(jittered(options.age_max)));
    let mut leaving = false;
    loop {
        tokio::select! {
            outcome = connection.as_mut() => {
                if let Err(error) = outcome {
                    tracing::debug!(%peer, %error, "the connection broke");
                }
                return;
            }
            () = shared.cut.cancelled() => {
                shared.cut_off.fetch_add(1, Ordering::Relaxed);
                return;
            }
            () = first_bytes.as_mut(), if waiting => {
                if read.load(Ordering::Relaxed) < FIRST_BYTES {
                    tracing::debug!(%peer, "the connection said nothing");
                    return;
                }
                waiting = false;
            }
            () = age.as_mut() => {
                if leaving {
                    tracing::debug!(%peer, "the connection outlived its grace");
                    return;
                }
                leaving = true;
                connection.as_mut().graceful_shutdown();
                age.as_mut().reset(tokio::time::Instant::now() + options.age_grace);
            }
            () = shared.drain.begun(), if !leaving => {
                leaving = true;
                connection.as_mut().graceful_shutdown();
                age.as_mut().reset(tokio::time::Instant::now() + options.age_grace);
            }
        }
    }
}

/// `age`, give or take a tenth: connections that came together shall not all go together.
fn jittered(age: Duration) -> Duration {
    let thousandths = 900 + u32::try_from(scattered() % 201).unwrap_or(100);
    age / 1000 * thousandths
}

/// Counts what was read, up to what matters.
struct Counted<I> {
    inner: I,
    read: Arc<AtomicUsize>,
}

impl<I: AsyncRead + Unpin> AsyncRead for Counted<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buffer);
        if self.read.load(Ordering::Relaxed) < FIRST_BYTES {
            self.read.fetch_add(buffer.filled().len() - before, Ordering::Relaxed);
        }
        polled
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Counted<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_differ_by_up_to_a_tenth() {
        let ages: Vec<_> =
            (0..1000).map(|_| jittered(Duration::from_secs(1000)).as_secs()).collect();
        assert!(ages.iter().all(|age| (900..=1100).contains(age)));
        assert!(ages.iter().any(|age| *age < 950) && ages.iter().any(|age| *age > 1050));
    }
}
