//! The stage that nothing gets past unrendered: refusals become statuses, panics become INTERNAL,
//! statuses of libraries become ours. In the head of the response and in its trailers.

use std::convert::Infallible;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use http_body::{Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::Stage;
use super::call::Call;
use super::metrics::PANICS;
use super::normalise::{internal, normalise, note, write};
use crate::status::{ErrorReason, Refusal};

#[derive(Debug)]
pub(crate) struct Guard<S> {
    next: S,
    receive_bytes_max: usize,
}

impl<S> Guard<S> {
    pub(crate) fn new(next: S, receive_bytes_max: usize) -> Self {
        Self { next, receive_bytes_max }
    }
}

impl<S: Stage<Error = Refusal>> Stage for Guard<S> {
    type Body = Guarded<S::Body>;
    type Error = Infallible;

    async fn call(
        &self,
        call: &Arc<Call>,
        request: Request<Body>,
    ) -> Result<Response<Self::Body>, Infallible> {
        // Unwind safety: a half-done call is dropped whole, and what outlives it is behind locks
        // that do not poison silently.
        let refusal = match AssertUnwindSafe(self.next.call(call, request)).catch_unwind().await {
            Ok(Ok(mut response)) => {
                normalise(call, self.receive_bytes_max, response.headers_mut());
                return Ok(response.map(|inner| Guarded {
                    inner: Some(inner),
                    call: Arc::clone(call),
                    receive_bytes_max: self.receive_bytes_max,
                }));
            }
            Ok(Err(refusal)) if refusal.reason == ErrorReason::Internal => internal(call),
            Ok(Err(refusal)) => refusal,
            Err(_panic) => panicked(call),
        };
        note(call, refusal.reason);
        let mut response = Response::new(Guarded {
            inner: None,
            call: Arc::clone(call),
            receive_bytes_max: self.receive_bytes_max,
        });
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        write(refusal, headers);
        Ok(response)
    }
}

// The panic itself is logged by the process's panic hook, inside the call's span.
fn panicked(call: &Call) -> Refusal {
    metrics::counter!(PANICS).increment(1);
    internal(call)
}

/// A response's body whose frames cannot panic and whose status is ours. Empty without `inner`.
#[derive(Debug)]
pub(crate) struct Guarded<B> {
    inner: Option<B>,
    call: Arc<Call>,
    receive_bytes_max: usize,
}

impl<B> http_body::Body for Guarded<B>
where
    B: http_body::Body<Data = Bytes, Error = Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(inner) = self.inner.as_mut() else { return Poll::Ready(None) };
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(inner).poll_frame(cx)));
        let mut trailers = match polled {
            Ok(Poll::Ready(Some(Ok(mut frame)))) => {
                if let Some(trailers) = frame.trailers_mut() {
                    normalise(&self.call, self.receive_bytes_max, trailers);
                }
                return Poll::Ready(Some(Ok(frame)));
            }
            Ok(Poll::Ready(None)) => return Poll::Ready(None),
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Some(Err(status)))) => {
                let mut trailers = HeaderMap::new();
                if status.add_header(&mut trailers).is_err() {
                    write(internal(&self.call), &mut trailers);
                }
                trailers
            }
            Err(_panic) => {
                let mut trailers = HeaderMap::new();
                write(panicked(&self.call), &mut trailers);
                trailers
            }
        };
        self.inner = None;
        normalise(&self.call, self.receive_bytes_max, &mut trailers);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(B::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), B::size_hint)
    }
}
