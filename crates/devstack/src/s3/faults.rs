//! Faults on request: the next calls of a kind fail before or after they took effect.
//!
//! They act on HTTP requests, so that a client sees what it would see of a real service.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::Service;
use s3s::{Body, HttpError};

/// What goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Answers 500 `InternalError` and does nothing.
    FailBefore,
    /// Does what was asked, then answers 500 `InternalError`.
    FailAfter,
    /// Does what was asked, then closes the connection instead of answering.
    CutAfter,
    /// Does what was asked, this much later.
    Delay(Duration),
}

/// Which requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Writes of objects and of parts of them, copies included.
    Put,
    /// Reads of objects and listings.
    Get,
    Delete,
}

impl On {
    fn of(method: &Method) -> Option<Self> {
        // Methods are an open set, in which these are the ones that matter.
        if *method == Method::PUT {
            Some(Self::Put)
        } else if *method == Method::GET {
            Some(Self::Get)
        } else if *method == Method::DELETE {
            Some(Self::Delete)
        } else {
            None
        }
    }
}

/// The faults to come, in the order in which they were asked for. Each is used up by one request,
/// and clients retry: three faults make one call of a client with three attempts fail.
#[derive(Debug, Default)]
pub struct Faults {
    queue: Mutex<VecDeque<(On, Fault)>>,
}

impl Faults {
    /// Appends `count` times the same fault.
    pub fn next(&self, count: usize, on: On, fault: Fault) {
        self.queue().extend(std::iter::repeat_n((on, fault), count));
    }

    /// How many are still to come.
    pub fn left(&self) -> usize {
        self.queue().len()
    }

    pub fn clear(&self) {
        self.queue().clear();
    }

    fn take(&self, method: &Method) -> Option<Fault> {
        let on = On::of(method)?;
        let mut queue = self.queue();
        let position = queue.iter().position(|(wanted, _)| *wanted == on)?;
        queue.remove(position).map(|(_, fault)| fault)
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<(On, Fault)>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A service with faults before it.
#[derive(Clone)]
pub(super) struct Faulty {
    inner: s3s::service::S3Service,
    faults: Arc<Faults>,
}

/// The answer that was cut off.
#[derive(Debug, thiserror::Error)]
#[error("a fault that was asked for")]
struct Cut;

type Answer = Result<Response<Body>, HttpError>;

impl Faulty {
    pub(super) fn new(inner: s3s::service::S3Service, faults: Arc<Faults>) -> Self {
        Self { inner, faults }
    }
}

impl Service<Request<Incoming>> for Faulty {
    type Response = Response<Body>;
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let Some(fault) = self.faults.take(request.method()) else {
            return Box::pin(Service::call(&self.inner, request));
        };
        let inner = self.inner.clone();
        Box::pin(async move {
            match fault {
                Fault::FailBefore => {
                    // A client that still sends when we close would see that instead of the answer.
                    drain(request.into_body()).await;
                    Ok(internal_error())
                }
                Fault::FailAfter => {
                    inner.call(request.map(Body::from)).await?;
                    Ok(internal_error())
                }
                Fault::CutAfter => {
                    inner.call(request.map(Body::from)).await?;
                    Err(HttpError::new(Box::new(Cut)))
                }
                Fault::Delay(delay) => {
                    tokio::time::sleep(delay).await;
                    inner.call(request.map(Body::from)).await
                }
            }
        })
    }
}

async fn drain(mut body: Incoming) {
    while let Some(Ok(_)) = body.frame().await {}
}

fn internal_error() -> Response<Body> {
    const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
        <Error><Code>InternalError</Code><Message>A fault that was asked for</Message></Error>";
    let mut response = Response::new(Body::from(Bytes::from_static(XML.as_bytes())));
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    let xml = http::HeaderValue::from_static("application/xml");
    response.headers_mut().insert(http::header::CONTENT_TYPE, xml);
    response
}
