//! An answer before it is bytes on a socket, and the ways in which its bytes go wrong.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::Response;
use http::header::{CONTENT_LENGTH, HeaderName, HeaderValue};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use serde_json::{Value, json};

use crate::check::{Fault, Problem};
use crate::media::Media;
use crate::plan::Plan;
use crate::scenario::Plain;

/// Closes the connection where an answer, or the rest of one, was to come.
#[derive(Debug, thiserror::Error)]
#[error("a cut that was asked for")]
pub(crate) struct Cut;

pub(crate) type Sent = UnsyncBoxBody<Bytes, Cut>;

/// How the bytes of an answer end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    /// Half of them, and then the connection is closed.
    Truncated,
    /// Half of them, told as if they were all.
    Short,
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) ending: Ending,
}

impl Reply {
    pub(crate) fn json(status: u16, value: &Value) -> Self {
        Self::bytes(status, "application/json", Bytes::from(value.to_string()))
    }

    pub(crate) fn text(status: u16, text: &str) -> Self {
        Self::bytes(status, "text/plain; charset=utf-8", Bytes::from(text.to_owned()))
    }

    pub(crate) fn bytes(status: u16, content_type: &str, body: Bytes) -> Self {
        let headers = vec![("content-type", content_type.to_owned())];
        Self { status, headers, body, ending: Ending::Whole }
    }

    /// Server-sent events, one line of data each.
    pub(crate) fn events(events: &[String]) -> Self {
        let text: String = events.iter().map(|data| format!("data: {data}\n\n")).collect();
        Self::bytes(200, "text/event-stream", Bytes::from(text))
    }

    /// An output, with what the plan does to its bytes.
    pub(crate) fn media(media: &Media, plan: &Plan) -> Self {
        Self::bytes(200, &media.content_type, media.bytes.clone()).ended(plan)
    }

    /// The answer carries an output, to whose bytes the plan applies.
    pub(crate) fn ended(mut self, plan: &Plan) -> Self {
        if plan.has(Plain::Truncate) {
            self.ending = Ending::Truncated;
        } else if plan.has(Plain::WrongLength) {
            self.ending = Ending::Short;
        }
        self
    }

    /// The same where `inline`: an answer that names its outputs comes whole, and they do not.
    pub(crate) fn ended_if(self, inline: bool, plan: &Plan) -> Self {
        if inline { self.ended(plan) } else { self }
    }

    pub(crate) fn truncated(mut self) -> Self {
        self.ending = Ending::Truncated;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::bytes(status, "text/plain", Bytes::new()).header("location", to)
    }

    pub(crate) fn into_response(self) -> Response<Sent> {
        let Self { status, headers, body, ending } = self;
        let half = body.slice(..body.len() / 2);
        let (told, sent) = match ending {
            Ending::Whole => (body.len(), whole(body)),
            Ending::Truncated => {
                let first = stream::iter([Ok(Frame::data(half))]);
                let cut = stream::once(async {
                    // What came before is flushed when there is nothing more to write yet.
                    tokio::task::yield_now().await;
                    Err(Cut)
                });
                (body.len(), BodyExt::boxed_unsync(StreamBody::new(first.chain(cut))))
            }
            Ending::Short => (half.len(), whole(half)),
        };
        let mut response = Response::new(sent);
        // Statuses and headers are written in this crate, so a wrong one is a bug that tests see.
        *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(told));
        response
    }
}

fn whole(bytes: Bytes) -> Sent {
    Full::new(bytes).map_err(|never: Infallible| match never {}).boxed_unsync()
}

/// How servers in the manner of FastAPI tell what is wrong with a request.
pub(crate) fn fastapi(problems: &[Problem]) -> Reply {
    let detail = problems.iter().map(|problem| {
        let mut location = vec!["body".to_owned()];
        location.extend(problem.location());
        let kind = match problem.fault {
            Fault::Missing => "missing",
            Fault::Type => "type_error",
            Fault::Value => "value_error",
            Fault::TooLong => "string_too_long",
            Fault::Unknown => "extra_forbidden",
        };
        json!({ "loc": location, "msg": problem.what, "type": kind })
    });
    Reply::json(422, &json!({ "detail": detail.collect::<Vec<_>>() }))
}
