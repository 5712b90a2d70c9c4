//! What every call passes through between the socket and its handler, outermost first:
//!
//! [`web`] (gRPC-Web), [`observe`] (request id, span, log line, metrics), [`guard`] (panics,
//! statuses), [`deadline`], [`admission`] (overload), [`authority`] (credential, scope), router.
//!
//! A stage is an `async fn` over the next one, so that a call is one future, boxed once.

pub mod admission;
pub mod authority;
pub mod call;
pub mod caller;
pub mod deadline;
pub mod guard;
pub mod metrics;
pub mod normalise;
pub mod observe;
pub mod web;

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use ports::Authenticator;
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tower::Service;

use crate::methods::Methods;
use crate::net::drain::Drain;
use crate::status::Refusal;
use admission::Admission;
use authority::Authority;
use call::Call;
use deadline::Deadline;
use guard::Guard;
use observe::Observe;

/// What bounds calls. The defaults are the starting constants of the service.
#[derive(Debug, Clone)]
pub struct CallOptions {
    /// The largest message that is taken. Services are to be built with the same limit.
    pub receive_bytes_max: usize,
    /// The deadline of a call whose caller names none.
    pub deadline_default: Duration,
    /// The longest deadline; what a caller asks beyond it is cut.
    pub deadline_max: Duration,
    /// How long a server stream may last before it is told to come again.
    pub stream_life: Duration,
    /// How many calls may be at work at once.
    pub calls_max: usize,
    /// How many server streams may be open at once.
    pub streams_max: usize,
    /// How many proxies before the server may be believed about addresses.
    pub trusted_proxies: usize,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            receive_bytes_max: RECEIVE_BYTES_MAX,
            deadline_default: Duration::from_secs(10),
            deadline_max: Duration::from_secs(60),
            stream_life: Duration::from_secs(30 * 60),
            // 2,048: some forty batches' worth of waiting commands; beyond, waiting only grows.
            calls_max: 2048,
            // 16,384: a stream costs some tens of kilobytes, and holds no connection to the store
            // while it waits.
            streams_max: 16_384,
            trusted_proxies: 0,
        }
    }
}

/// The largest message that the server takes, unless told otherwise.
pub const RECEIVE_BYTES_MAX: usize = 1024 * 1024;

/// The largest message that the server sends: below the 4 MiB that clients take by default.
pub const SEND_BYTES_MAX: usize = 3584 * 1024;

/// One stage of the way in.
pub(crate) trait Stage: Send + Sync + 'static {
    /// The response's body; a stage that watches the answer wraps the next one's.
    type Body: http_body::Body<Data = Bytes, Error = Status> + Send + Unpin + 'static;
    /// A [`Refusal`], up to the stage that renders them.
    type Error: Send;

    fn call(
        &self,
        call: &Arc<Call>,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Self::Body>, Self::Error>> + Send;
}

/// The last stage: the generated services.
#[derive(Debug)]
pub(crate) struct Router(axum::Router);

impl Stage for Router {
    type Body = Body;
    type Error = Refusal;

    async fn call(
        &self,
        _call: &Arc<Call>,
        request: Request<Body>,
    ) -> Result<Response<Body>, Refusal> {
        match self.0.clone().call(request).await {
            Ok(response) => Ok(response.map(Body::new)),
            Err(never) => match never {},
        }
    }
}

type Stages = Observe<Guard<Deadline<Admission<Authority<Router>>>>>;

pub(crate) type StackBody = <Stages as Stage>::Body;

/// Every stage in order: what the accept loop hands requests to.
#[derive(Clone)]
pub struct Stack {
    stages: Arc<Stages>,
    methods: Arc<Methods>,
}

impl Stack {
    pub fn new(
        options: &CallOptions,
        methods: Methods,
        routes: Routes,
        authenticator: Arc<dyn Authenticator>,
        drain: Drain,
    ) -> Self {
        let router = Router(routes.prepare().into_axum_router());
        let authority = Authority::new(router, authenticator, options.trusted_proxies);
        let admission = Admission::new(authority, options.calls_max, options.streams_max);
        let deadline = Deadline::new(admission, options, drain);
        let guard = Guard::new(deadline, options.receive_bytes_max);
        Self { stages: Arc::new(Observe::new(guard)), methods: Arc::new(methods) }
    }

    /// Answers one gRPC request.
    pub(crate) async fn answer(
        &self,
        peer: SocketAddr,
        request: Request<Body>,
    ) -> Response<StackBody> {
        let method = Arc::clone(self.methods.find(request.uri().path()));
        let call = Arc::new(Call::new(method, peer, request.headers()));
        // One box per call: the future of all stages is some kilobytes, which hyper and the runtime
        // would move several times.
        match Box::pin(self.stages.call(&call, request)).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}
