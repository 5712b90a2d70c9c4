//! What is told of every call: its id in the response, its span, its series of metrics, and one
//! line in the log when it ends.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{Status as SpanStatus, TraceContextExt, TraceId};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use super::Stage;
use super::call::{Call, REQUEST_ID};
use super::metrics::code_name;
use super::normalise::GRPC_STATUS;
use crate::methods::{Access, Kind};
use crate::status::spec;

/// The target of the lines, for filters.
pub const TARGET: &str = "atelier::rpc";

#[derive(Debug)]
pub(crate) struct Observe<S> {
    next: S,
}

impl<S> Observe<S> {
    pub(crate) fn new(next: S) -> Self {
        Self { next }
    }
}

impl<S: Stage<Error = Infallible>> Stage for Observe<S> {
    type Body = Observed<S::Body>;
    type Error = Infallible;

    async fn call(
        &self,
        call: &Arc<Call>,
        request: Request<Body>,
    ) -> Result<Response<Self::Body>, Infallible> {
        // At the error level, so that a filter of `error` keeps the request id on error lines.
        let span = tracing::error_span!(
            "rpc",
            otel.name = call.method.path,
            otel.kind = "server",
            request_id = call.request_id(),
        );
        let caller = continue_trace(&span, request.headers());
        call.method.series.started();
        let mut ending = Ending { call: Arc::clone(call), span, caller, ended: false };
        let mut response = self.next.call(call, request).instrument(ending.span.clone()).await?;
        response.headers_mut().insert(&REQUEST_ID, call.request_id_header());
        if let Some(code) = code_of(response.headers()) {
            ending.end(code);
        }
        Ok(response.map(|inner| Observed { inner, ending }))
    }
}

fn continue_trace(span: &Span, headers: &HeaderMap) -> Option<TraceId> {
    if !headers.contains_key("traceparent") {
        return None;
    }
    let context = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
    let caller = context.span().span_context().trace_id();
    if caller == TraceId::INVALID {
        return None;
    }
    // Fails only where traces are not exported, and then there is nothing to continue.
    let _ = span.set_parent(context);
    Some(caller)
}

fn code_of(headers: &HeaderMap) -> Option<Code> {
    headers.get(&GRPC_STATUS).map(|code| Code::from_bytes(code.as_bytes()))
}

/// Tells how the call ended, once. A call that is dropped before it ended was cancelled.
#[derive(Debug)]
struct Ending {
    call: Arc<Call>,
    span: Span,
    caller: Option<TraceId>,
    ended: bool,
}

macro_rules! line {
    ($level:ident, $call:expr, $code:expr, $took:expr, $trace:expr) => {
        tracing::$level!(
            target: TARGET,
            parent: None,
            method = $call.method.path,
            code = code_name($code),
            reason = $call.reason.get().map(|reason| spec(*reason).name),
            duration_ms = $took,
            request_id = $call.request_id(),
            key = $call.key.get().map(tracing::field::display),
            peer = %$call.peer,
            trace_id = $trace.map(tracing::field::display),
            "call"
        )
    };
}

impl Ending {
    fn end(&mut self, code: Code) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let call = &*self.call;
        let took = call.started.elapsed();
        let timed = (call.method.kind == Kind::Unary).then_some(took);
        call.method.series.ended(code, timed);
        if code != Code::Ok {
            self.span.set_status(SpanStatus::error(code_name(code)));
        }
        let trace = self.caller;
        // Whole microseconds: more digits would only be noise.
        let took = took.as_micros() as f64 / 1000.0;
        match code {
            Code::Internal | Code::Unknown | Code::DataLoss => {
                line!(error, call, code, took, trace);
            }
            Code::Unavailable => line!(warn, call, code, took, trace),
            // Health is asked about every second; its refusals are still told.
            Code::Ok if call.method.access == Access::Public => {
                line!(debug, call, code, took, trace);
            }
            Code::Ok
            | Code::Cancelled
            | Code::InvalidArgument
            | Code::DeadlineExceeded
            | Code::NotFound
            | Code::AlreadyExists
            | Code::PermissionDenied
            | Code::ResourceExhausted
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::OutOfRange
            | Code::Unimplemented
            | Code::Unauthenticated => line!(info, call, code, took, trace),
        }
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        self.end(Code::Cancelled);
    }
}

/// A response's body that tells of the call's end.
#[derive(Debug)]
pub(crate) struct Observed<B> {
    inner: B,
    ending: Ending,
}

impl<B> http_body::Body for Observed<B>
where
    B: http_body::Body<Data = Bytes, Error = Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        let frame = {
            let _entered = this.ending.span.enter();
            Pin::new(&mut this.inner).poll_frame(cx)
        };
        match &frame {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(code) = frame.trailers_ref().and_then(code_of) {
                    this.ending.end(code);
                }
            }
            // The caller sees a stream without a status, which its library calls UNKNOWN.
            Poll::Ready(Some(Err(_)) | None) => this.ending.end(Code::Unknown),
            Poll::Pending => {}
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
