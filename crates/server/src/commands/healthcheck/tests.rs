//! The check against a real health service, over plain text, and against nothing.

use tokio::net::TcpListener;
use tonic::transport::Server as GrpcServer;
use tonic_health::ServingStatus as Reported;

use super::*;
use crate::config::{Flag, Sources, load};

fn at(address: SocketAddr) -> (Healthcheck, Loaded) {
    let flag = Flag {
        name: "--listen".to_owned(),
        key: "server.listen".to_owned(),
        value: address.to_string(),
    };
    let command = Healthcheck {
        address: None,
        service: String::new(),
        timeout_ms: 3_000,
        client_cert: None,
        client_key: None,
    };
    (command, load(&Sources { flags: vec![flag], ..Sources::default() }))
}

#[tokio::test]
async fn a_server_is_ready_when_it_says_so_and_not_before() {
    let (reporter, service) = tonic_health::server::health_reporter();
    reporter.set_service_status("", Reported::NotServing).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tokio_stream::wrappers::TcpListenerStream::new(listener);
    let server =
        tokio::spawn(GrpcServer::builder().add_service(service).serve_with_incoming(incoming));

    let (command, loaded) = at(address);
    let failure = run(command, loaded).await.unwrap_err();
    assert_eq!(failure.to_string(), format!("{address} answers NOT_SERVING"));
    reporter.set_service_status("", Reported::Serving).await;
    let (command, loaded) = at(address);
    assert!(run(command, loaded).await.is_ok());
    server.abort();
}

#[tokio::test]
async fn nobody_there_is_not_ready() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (command, loaded) = at(address);
    let failure = run(command, loaded).await.unwrap_err().to_string();
    assert!(failure.starts_with(&format!("{address} does not answer: ")), "{failure}");
    assert!(failure.contains("refused"), "{failure}");
}

#[tokio::test]
async fn silence_ends_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (mut command, loaded) = at(listener.local_addr().unwrap());
    command.timeout_ms = 50;
    let failure = run(command, loaded).await.unwrap_err().to_string();
    assert!(failure.ends_with("does not answer within 50ms"), "{failure}");
}

#[test]
fn a_server_on_every_address_is_asked_on_loopback() {
    for (listen, dial) in [
        ("0.0.0.0:7443", "127.0.0.1:7443"),
        ("[::]:7443", "[::1]:7443"),
        ("10.1.2.3:7443", "10.1.2.3:7443"),
    ] {
        assert_eq!(dialled(listen.parse().unwrap()).to_string(), dial);
    }
}
