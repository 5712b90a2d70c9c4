//! A service written by hand whose methods misbehave in every way that the layers must stand.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use server::layers::{RECEIVE_BYTES_MAX, SEND_BYTES_MAX};
use server::methods::{Access, Kind, Method, Methods};
use server::status::{ErrorReason, IntoStatus, Refusal};
use tokio::sync::{Notify, Semaphore};
use tonic::body::Body;
use tonic::server::{Grpc, NamedService};
use tonic::{Request, Response, Status};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

/// Lets a test hold calls at work and let them go.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) entered: Arc<Notify>,
    pub(crate) pass: Arc<Semaphore>,
}

impl Gate {
    pub(crate) fn new() -> Self {
        Self { entered: Arc::default(), pass: Arc::new(Semaphore::new(0)) }
    }
}

/// Messages are strings: the first field of the message.
#[derive(Clone)]
pub(crate) struct Probe(pub(crate) Gate);

impl NamedService for Probe {
    const NAME: &'static str = "test.v1.Probe";
}

const UNARY: [&str; 7] = ["Echo", "Panic", "Hang", "Wait", "Bare", "Internal", "Remaining"];
const STREAMS: [&str; 3] = ["Endless", "PanicLater", "Large"];

/// The real table with the probe's methods in it, all of the scope `users.read`.
pub(crate) fn methods() -> Methods {
    let mut methods = Methods::load().unwrap();
    let scope = Access::Scope(access::Scope::UsersRead);
    for (names, kind) in [(&UNARY[..], Kind::Unary), (&STREAMS, Kind::Stream)] {
        for name in names {
            methods.insert(Method::new(format!("/test.v1.Probe/{name}"), scope, kind));
        }
    }
    methods
}

impl Service<http::Request<Body>> for Probe {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let gate = self.0.clone();
        Box::pin(async move {
            let mut grpc = Grpc::new(ProstCodec::<String, String>::default())
                .apply_max_message_size_config(Some(RECEIVE_BYTES_MAX), Some(SEND_BYTES_MAX));
            let name = request.uri().path().rsplit('/').next().unwrap_or_default().to_owned();
            if STREAMS.contains(&name.as_str()) {
                let method = service_fn(|_: Request<String>| async { streamed(&name) });
                Ok(grpc.server_streaming(method, request).await)
            } else {
                let method = service_fn(|request: Request<String>| async {
                    answer(&name, request, &gate).await.map(Response::new)
                });
                Ok(grpc.unary(method, request).await)
            }
        })
    }
}

async fn answer(name: &str, request: Request<String>, gate: &Gate) -> Result<String, Status> {
    assert!(name == "Echo" || request.metadata().get("authorization").is_none(), "a leak");
    match name {
        "Echo" => Ok(request.into_inner()),
        "Panic" => panic!("a handler's bug"),
        "Hang" => std::future::pending().await,
        "Wait" => {
            gate.entered.notify_one();
            gate.pass.acquire().await.unwrap().forget();
            Ok("waited".into())
        }
        "Bare" => Err(Status::internal("SELECT secret FROM keys")),
        "Internal" => Err(Refusal::new(ErrorReason::Internal, "SELECT secret").into_status()),
        "Remaining" => {
            Ok(ports::deadline::remaining().unwrap_or(Duration::MAX).as_millis().to_string())
        }
        other => panic!("no method {other}"),
    }
}

type Messages = Pin<Box<dyn futures_util::Stream<Item = Result<String, Status>> + Send>>;

fn streamed(name: &str) -> Result<Response<Messages>, Status> {
    let name = name.to_owned();
    let first = stream::once(async { Ok("first".to_owned()) });
    let second = stream::once(async move {
        // Messages that are ready at once leave together: the first is to leave alone.
        tokio::task::yield_now().await;
        match name.as_str() {
            "Endless" => std::future::pending().await,
            "PanicLater" => panic!("a stream's bug"),
            "Large" => Ok("x".repeat(SEND_BYTES_MAX + 1)),
            other => panic!("no stream {other}"),
        }
    });
    let messages: Messages = Box::pin(first.chain(second));
    Ok(Response::new(messages))
}
