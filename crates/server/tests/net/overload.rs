//! A full server refuses at once, and health goes on.

use tonic::Code;

use super::client::framed;
use super::stand::{Stand, options};

#[tokio::test]
async fn beyond_the_limit_calls_are_refused_and_health_answers() {
    let mut full = options();
    full.calls.calls_max = 2;
    full.calls.streams_max = 1;
    let stand = Stand::with(full).await;

    let mut waiting = Vec::new();
    for _ in 0..2 {
        let mut wire = stand.wire().await;
        waiting.push(tokio::spawn(async move { wire.probe("Wait", "").await }));
        stand.gate.entered.notified().await;
    }
    let mut wire = stand.wire().await;
    let refused = wire.probe("Echo", "").await;
    assert_eq!((refused.code(), refused.reason().as_str()), (Code::Unavailable, "OVERLOADED"));
    assert!(refused.details().retry_info().is_some());
    let health = wire.call("/grpc.health.v1.Health/Check", &[], framed("")).await;
    assert_eq!(health.code(), Code::Ok);

    // Streams have places of their own.
    let path = "/test.v1.Probe/Endless";
    let open = wire.open(path, &super::client::GOOD, framed("")).await.unwrap();
    assert_eq!(wire.probe("Endless", "").await.reason(), "OVERLOADED");
    drop(open);
    super::stand::eventually("a dropped stream gives its place back", async || {
        let again = wire.open(path, &super::client::GOOD, framed("")).await.unwrap();
        again.headers().get("grpc-status").is_none()
    })
    .await;

    stand.gate.pass.add_permits(2);
    for call in waiting {
        assert_eq!(call.await.unwrap().code(), Code::Ok);
    }
    assert_eq!(wire.probe("Echo", "").await.code(), Code::Ok);
}
