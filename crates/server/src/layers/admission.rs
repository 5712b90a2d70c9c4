//! Overload: beyond so many calls at work the next is refused at once, with nothing done for it.
//!
//! Nothing queues here: a queue in front of a full server only makes its answers late.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tonic::Status;
use tonic::body::Body;

use super::Stage;
use super::call::Call;
use crate::methods::{Access, Kind};
use crate::status::{ErrorReason, Refusal};

// 512: watchers of health and people with reflection, who need no credential and so must not be
// able to take the places of those who have one.
const PUBLIC_STREAMS_MAX: usize = 512;

#[derive(Debug)]
pub(crate) struct Admission<S> {
    next: S,
    calls: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    public_streams: Arc<Semaphore>,
}

impl<S> Admission<S> {
    pub(crate) fn new(next: S, calls_max: usize, streams_max: usize) -> Self {
        Self {
            next,
            calls: Arc::new(Semaphore::new(calls_max)),
            streams: Arc::new(Semaphore::new(streams_max)),
            public_streams: Arc::new(Semaphore::new(PUBLIC_STREAMS_MAX)),
        }
    }

    fn places(&self, call: &Call) -> Option<&Arc<Semaphore>> {
        match (call.method.access, call.method.kind) {
            // A server that is busy is not ill.
            (Access::Public, Kind::Unary | Kind::Wait) => None,
            (Access::Public, Kind::Stream) => Some(&self.public_streams),
            (Access::Scope(_) | Access::Nobody, Kind::Unary) => Some(&self.calls),
            // Who waits costs as little as a stream, and must not keep others from working.
            (Access::Scope(_) | Access::Nobody, Kind::Wait | Kind::Stream) => Some(&self.streams),
        }
    }
}

impl<S: Stage<Error = Refusal>> Stage for Admission<S> {
    type Body = Held<S::Body>;
    type Error = Refusal;

    async fn call(
        &self,
        call: &Arc<Call>,
        request: Request<Body>,
    ) -> Result<Response<Self::Body>, Refusal> {
        let place = match self.places(call) {
            None => None,
            Some(places) => Some(Arc::clone(places).try_acquire_owned().map_err(|_full| {
                Refusal::new(ErrorReason::Overloaded, "the server has as much work as it takes")
            })?),
        };
        let response = self.next.call(call, request).await?;
        let place = match call.method.kind {
            // The work is done; how fast the caller reads the answer is its own affair.
            Kind::Unary | Kind::Wait => None,
            Kind::Stream => place,
        };
        Ok(response.map(|inner| Held { inner, _place: place }))
    }
}

/// A response's body that keeps its place until it is dropped.
#[derive(Debug)]
pub(crate) struct Held<B> {
    inner: B,
    _place: Option<OwnedSemaphorePermit>,
}

impl<B> http_body::Body for Held<B>
where
    B: http_body::Body<Data = Bytes, Error = Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
