//! Deadlines: a call is over by the caller's deadline or the server's, whichever comes first.
//!
//! A server stream must open within that time. Then only the caller's own deadline, the life of
//! streams and the server's shutdown end it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::call::Call;
use super::normalise::write;
use super::{CallOptions, Stage};
use crate::methods::Kind;
use crate::net::drain::Drain;
use crate::status::{ErrorReason, Refusal};

#[derive(Debug)]
pub(crate) struct Deadline<S> {
    next: S,
    default: Duration,
    max: Duration,
    stream_life: Duration,
    drain: Drain,
}

impl<S> Deadline<S> {
    pub(crate) fn new(next: S, options: &CallOptions, drain: Drain) -> Self {
        Self {
            next,
            default: options.deadline_default,
            max: options.deadline_max,
            stream_life: options.stream_life,
            drain,
        }
    }
}

impl<S: Stage<Error = Refusal>> Stage for Deadline<S> {
    type Body = Timed<S::Body>;
    type Error = Refusal;

    async fn call(
        &self,
        call: &Arc<Call>,
        request: Request<Body>,
    ) -> Result<Response<Self::Body>, Refusal> {
        let asked = timeout_of(request.headers());
        let deadline = call.started + asked.unwrap_or(self.default).min(self.max);
        let work = ports::deadline::scope(deadline, self.next.call(call, request));
        let Ok(answer) = tokio::time::timeout_at(deadline.into(), work).await else {
            return Err(Refusal::deadline_exceeded());
        };
        let response = answer?;
        let ends = match call.method.kind {
            Kind::Unary | Kind::Wait => None,
            Kind::Stream => Some(self.ends(call.started, asked)),
        };
        Ok(response.map(|inner| Timed { inner: Some(inner), ends }))
    }
}

type End = Pin<Box<dyn Future<Output = Refusal> + Send>>;

impl<S> Deadline<S> {
    fn ends(&self, started: Instant, asked: Option<Duration>) -> End {
        let (after, refusal) = match asked {
            Some(asked) if asked < self.stream_life => (asked, Refusal::deadline_exceeded()),
            Some(_) | None => (self.stream_life, come_again("the stream has lasted its time")),
        };
        let drain = self.drain.clone();
        Box::pin(async move {
            tokio::select! {
                () = tokio::time::sleep_until((started + after).into()) => refusal,
                () = drain.begun() => come_again("the server is shutting down"),
            }
        })
    }
}

fn come_again(text: &'static str) -> Refusal {
    Refusal::new(ErrorReason::ShuttingDown, text)
}

/// The caller's `grpc-timeout`. One that cannot be read counts as none, as in other servers.
fn timeout_of(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let unit = text.len().checked_sub(1)?;
    // At most eight digits, says the protocol: hence no overflow below.
    let number: u64 = match text.get(..unit)? {
        digits if digits.len() <= 8 && digits.bytes().all(|digit| digit.is_ascii_digit()) => {
            digits.parse().ok()?
        }
        _ => return None,
    };
    match text.get(unit..)? {
        "H" => Some(Duration::from_secs(number * 3600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

/// A response's body that ends with a status of ours when its time is up.
pub(crate) struct Timed<B> {
    inner: Option<B>,
    ends: Option<End>,
}

impl<B> http_body::Body for Timed<B>
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
        let Some(inner) = this.inner.as_mut() else { return Poll::Ready(None) };
        // Before the next frame, or a stream that is always ready would never end.
        if let Some(ends) = this.ends.as_mut()
            && let Poll::Ready(refusal) = ends.as_mut().poll(cx)
        {
            this.inner = None;
            let mut trailers = HeaderMap::new();
            write(refusal, &mut trailers);
            return Poll::Ready(Some(Ok(Frame::trailers(trailers))));
        }
        Pin::new(inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(B::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map_or_else(|| SizeHint::with_exact(0), B::size_hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeout(text: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert("grpc-timeout", text.parse().unwrap());
        timeout_of(&headers)
    }

    #[test]
    fn every_unit_is_read() {
        assert_eq!(timeout("2H"), Some(Duration::from_secs(7200)));
        assert_eq!(timeout("3M"), Some(Duration::from_secs(180)));
        assert_eq!(timeout("4S"), Some(Duration::from_secs(4)));
        assert_eq!(timeout("5m"), Some(Duration::from_millis(5)));
        assert_eq!(timeout("6u"), Some(Duration::from_micros(6)));
        assert_eq!(timeout("99999999n"), Some(Duration::from_nanos(99_999_999)));
        assert_eq!(timeout("99999999H").map(|long| long.as_secs()), Some(359_999_996_400));
    }

    #[test]
    fn what_is_no_timeout_counts_as_none() {
        for text in ["", "S", "1", "1s", "-1S", "+1S", "1.5S", "999999999S", "1 S"] {
            assert_eq!(timeout(text), None, "{text:?}");
        }
    }
}
