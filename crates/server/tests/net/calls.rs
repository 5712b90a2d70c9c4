//! One call at a time: credentials, scopes, unknown methods, messages, panics, deadlines, ids.

use std::time::{Duration, Instant};

use bytes::Bytes;
use tonic::Code;

use super::client::{Answer, GOOD, frame, framed, gather};
use super::stand::Stand;

async fn with_key(authorization: &[(&str, &str)]) -> Answer {
    let stand = Stand::start().await;
    stand.wire().await.call("/test.v1.Probe/Echo", authorization, framed("hello")).await
}

#[tokio::test]
async fn a_good_key_is_let_in() {
    let answer = with_key(&GOOD).await;
    assert_eq!((answer.code(), answer.text().as_str()), (Code::Ok, "hello"));
    assert_eq!(answer.headers["content-type"], "application/grpc");
}

#[tokio::test]
async fn bad_credentials_are_refused_each_with_its_reason() {
    for (key, reason) in [
        (None, "CREDENTIAL_MISSING"),
        (Some("Bearer nonsense"), "CREDENTIAL_INVALID"),
        (Some("Basic good"), "CREDENTIAL_INVALID"),
        (Some("Bearer expired"), "CREDENTIAL_EXPIRED"),
        (Some("Bearer revoked"), "CREDENTIAL_REVOKED"),
    ] {
        let headers: Vec<_> = key.map(|key| ("authorization", key)).into_iter().collect();
        let answer = with_key(&headers).await;
        assert_eq!((answer.code(), answer.reason().as_str()), (Code::Unauthenticated, reason));
    }
}

#[tokio::test]
async fn a_key_without_the_scope_is_told_which() {
    let answer = with_key(&[("authorization", "Bearer keys-only")]).await;
    assert_eq!(answer.code(), Code::PermissionDenied);
    assert_eq!(answer.reason(), "SCOPE_MISSING");
    assert_eq!(answer.metadata("scope"), "users.read");
}

#[tokio::test]
async fn a_store_that_cannot_check_keys_is_unavailable_and_not_a_denial() {
    let answer = with_key(&[("authorization", "Bearer broken")]).await;
    assert_eq!(
        (answer.code(), answer.reason().as_str()),
        (Code::Unavailable, "DEPENDENCY_UNAVAILABLE")
    );
    assert!(answer.details().retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    assert!(!answer.status.message().contains("10.0.0.1"));
}

#[tokio::test]
async fn an_unknown_method_is_told_to_those_with_a_key_only() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for path in ["/test.v1.Probe/Other", "/a.B/C", "/", "/grpc.health.v1.Health/Other"] {
        let without = wire.call(path, &[], framed("")).await;
        assert_eq!(without.reason(), "CREDENTIAL_MISSING", "{path}");
        let with = wire.call(path, &GOOD, framed("")).await;
        assert_eq!(with.code(), Code::Unimplemented, "{path}");
        assert_eq!(with.reason(), "UNKNOWN_METHOD", "{path}");
    }
}

#[tokio::test]
async fn a_method_of_the_table_without_a_service_is_unknown() {
    let stand = Stand::start().await;
    let path = "/atelier.access.v1.ApiKeyService/ListApiKeys";
    let answer = stand.wire().await.call(path, &GOOD, framed("")).await;
    assert_eq!(answer.reason(), "UNKNOWN_METHOD");
}

#[tokio::test]
async fn a_large_message_is_refused_with_the_limit() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    let answer = wire.probe("Echo", &"x".repeat(2 << 20)).await;
    assert_eq!(answer.code(), Code::ResourceExhausted);
    assert_eq!(answer.reason(), "MESSAGE_TOO_LARGE");
    assert_eq!(answer.metadata("limit_bytes"), "1048576");
    assert_eq!(wire.probe("Echo", "after").await.code(), Code::Ok);
}

#[tokio::test]
async fn malformed_messages_are_the_callers_fault() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for (what, body) in [
        ("no protobuf", frame(b"\xff\xff\xff")),
        ("no UTF-8", frame(b"\x0a\x01\xff")),
        ("no message", Bytes::new()),
        ("half a frame", Bytes::from_static(b"\0\0\0\0\x09abc")),
        ("a flag that is none", Bytes::from_static(b"\x07\0\0\0\0")),
        ("compressed by nothing", Bytes::from_static(b"\x01\0\0\0\0")),
    ] {
        let answer = wire.call("/test.v1.Probe/Echo", &GOOD, body).await;
        assert_eq!(answer.code(), Code::InvalidArgument, "{what}: {answer:?}");
        assert_eq!(answer.reason(), "MALFORMED_MESSAGE", "{what}");
    }
}

#[tokio::test]
async fn internal_errors_tell_the_request_id_and_nothing_else() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for method in ["Panic", "Bare", "Internal"] {
        let path = format!("/test.v1.Probe/{method}");
        let headers = [GOOD[0], ("x-request-id", "call-7")];
        let answer = wire.call(&path, &headers, framed("")).await;
        assert_eq!((answer.code(), answer.reason().as_str()), (Code::Internal, "INTERNAL"));
        assert_eq!(answer.status.message(), "internal error", "{method}");
        assert_eq!(answer.metadata("request_id"), "call-7");
        assert_eq!(answer.details().error_info().unwrap().metadata.len(), 1);
        assert_eq!(wire.probe("Echo", "after").await.code(), Code::Ok);
    }
    let authenticator = [("authorization", "Bearer panics")];
    let answer = wire.call("/test.v1.Probe/Echo", &authenticator, framed("")).await;
    assert_eq!(answer.reason(), "INTERNAL");
}

#[tokio::test]
async fn a_panic_in_a_stream_ends_it_with_internal() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for method in ["PanicLater", "Large"] {
        let answer = wire.probe(method, "").await;
        assert_eq!((answer.code(), answer.reason().as_str()), (Code::Internal, "INTERNAL"));
        assert_eq!(answer.text(), "first", "what was sent before arrives");
        assert!(!answer.metadata("request_id").is_empty());
    }
}

#[tokio::test]
async fn a_deadline_of_a_millisecond_ends_as_deadline_exceeded() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for method in ["Hang", "Endless"] {
        let path = format!("/test.v1.Probe/{method}");
        let started = Instant::now();
        let answer = wire.call(&path, &[GOOD[0], ("grpc-timeout", "1m")], framed("")).await;
        assert_eq!(answer.code(), Code::DeadlineExceeded, "{method}");
        assert_eq!(answer.reason(), "DEADLINE_EXCEEDED", "{method}");
        assert!(started.elapsed() < Duration::from_secs(1));
    }
}

#[tokio::test]
async fn a_deadline_reaches_the_handler_within_default_and_cap() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    for (timeout, at_most) in [(None, 10_000), (Some("5S"), 5_000), (Some("2H"), 60_000)] {
        let mut headers = GOOD.to_vec();
        headers.extend(timeout.map(|timeout| ("grpc-timeout", timeout)));
        let answer = wire.call("/test.v1.Probe/Remaining", &headers, framed("")).await;
        let remaining: u64 = answer.text().parse().unwrap();
        assert!((at_most - 1000..=at_most).contains(&remaining), "{timeout:?}: {remaining}");
    }
}

#[tokio::test]
async fn a_stream_ends_when_it_has_lasted_its_time() {
    let mut options = super::stand::options();
    options.calls.stream_life = Duration::from_millis(50);
    let stand = Stand::with(options).await;
    let answer = stand.wire().await.probe("Endless", "").await;
    assert_eq!((answer.code(), answer.reason().as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    assert_eq!(answer.text(), "first");
}

#[tokio::test]
async fn the_request_id_comes_back() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    let given = [GOOD[0], ("x-request-id", "abc-123")];
    let answer = wire.call("/test.v1.Probe/Echo", &given, framed("")).await;
    assert_eq!(answer.headers["x-request-id"], "abc-123");
    let made = wire.probe("Echo", "").await;
    assert_eq!(made.headers["x-request-id"].len(), 16);
    let bad = [GOOD[0], ("x-request-id", "two words")];
    let answer = wire.call("/test.v1.Probe/Echo", &bad, framed("")).await;
    assert_eq!(answer.headers["x-request-id"].len(), 16);
    let refused = wire.call("/test.v1.Probe/Echo", &given[1..], framed("")).await;
    assert_eq!(refused.headers["x-request-id"], "abc-123");
}

#[tokio::test]
async fn what_is_not_grpc_is_turned_away() {
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    let json = [GOOD[0], ("content-type", "application/json")];
    let response = wire.open("/test.v1.Probe/Echo", &json[..1], framed("")).await.unwrap();
    assert_eq!(gather(response).await.http, 200);
    let connect = tokio::net::TcpStream::connect(stand.running.local_addr()).await.unwrap();
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(hyper_util::rt::TokioIo::new(connect)).await.unwrap();
    tokio::spawn(connection);
    let request = http::Request::get("/").header("host", "atelier");
    let body = http_body_util::Empty::<Bytes>::new();
    let response = send.send_request(request.body(body).unwrap()).await.unwrap();
    assert_eq!(response.status(), 415);
}
