//! The outermost stage: gRPC as it is, gRPC-Web translated, anything else turned away.

use std::convert::Infallible;
use std::net::SocketAddr;

use http::{HeaderValue, Method, Request, Response, StatusCode, Version, header};
use http_body_util::Either;
use hyper::body::Incoming;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt, service_fn};

use super::{Stack, StackBody};

/// The body of whatever leaves the server.
pub(crate) type AnswerBody = Either<StackBody, Body>;

enum Protocol {
    Grpc,
    GrpcWeb,
    Other,
}

/// Answers one HTTP request.
pub(crate) async fn answer(
    stack: Stack,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response<AnswerBody>, Infallible> {
    match protocol(&request) {
        Protocol::Grpc => {
            let response = stack.answer(peer, request.map(Body::new)).await;
            Ok(response.map(Either::Left))
        }
        Protocol::GrpcWeb => {
            let inner = service_fn(|request: Request<Body>| async {
                Ok::<_, Infallible>(stack.answer(peer, request).await)
            });
            let response = GrpcWebLayer::new().layer(inner).oneshot(request).await?;
            Ok(response.map(Either::Right))
        }
        Protocol::Other => {
            tracing::debug!(%peer, method = %request.method(), "a request that is not gRPC");
            let mut response = Response::new(Either::Right(Body::empty()));
            *response.status_mut() = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            let accept = HeaderValue::from_static("application/grpc, application/grpc-web+proto");
            response.headers_mut().insert(header::ACCEPT, accept);
            Ok(response)
        }
    }
}

fn protocol<B>(request: &Request<B>) -> Protocol {
    let kind = request.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let Some(rest) = kind.strip_prefix(b"application/grpc") else { return Protocol::Other };
    match rest.first() {
        Some(b'-') => Protocol::GrpcWeb,
        None | Some(b'+' | b';')
            if request.method() == Method::POST && request.version() == Version::HTTP_2 =>
        {
            Protocol::Grpc
        }
        None | Some(_) => Protocol::Other,
    }
}
