//! gRPC-Web over HTTP/1.1, on the same port.

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::client::framed;
use super::stand::Stand;

async fn post(stand: &Stand, kind: &str, key: &str, body: Bytes) -> (http::HeaderMap, Bytes) {
    let tcp = TcpStream::connect(stand.running.local_addr()).await.unwrap();
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post("/test.v1.Probe/Echo")
        .header("host", "atelier")
        .header("content-type", kind)
        .header("accept", kind)
        .header("authorization", key);
    let response = send.send_request(request.body(Full::new(body)).unwrap()).await.unwrap();
    assert_eq!(response.status(), 200);
    let (head, body) = response.into_parts();
    (head.headers, body.collect().await.unwrap().to_bytes())
}

#[tokio::test]
async fn a_web_call_gets_its_answer_and_its_status() {
    let stand = Stand::start().await;
    let kind = "application/grpc-web+proto";
    let (headers, body) = post(&stand, kind, "Bearer good", framed("hello")).await;
    assert_eq!(headers["content-type"], kind);
    assert!(headers.contains_key("x-request-id"));
    let answer = framed("hello");
    assert_eq!(body[..answer.len()], answer);
    let trailers = String::from_utf8(body[answer.len() + 5..].to_vec()).unwrap();
    assert_eq!(body[answer.len()], 0x80, "a frame of trailers");
    assert!(trailers.contains("grpc-status:0"), "{trailers}");
}

#[tokio::test]
async fn a_web_call_is_refused_like_any_other() {
    let stand = Stand::start().await;
    let kind = "application/grpc-web+proto";
    let (headers, _) = post(&stand, kind, "Bearer nonsense", framed("hello")).await;
    assert_eq!(headers["grpc-status"], "16");
    assert!(headers.contains_key("grpc-status-details-bin"));
}
