//! The end: calls finish, streams are told, connections go, a second order cuts.

use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use nix::sys::signal::{Signal, raise};
use server::net::drain::Signals;
use server::serve::Ended;
use tokio::net::TcpStream;
use tonic::Code;

use super::client::{GOOD, framed, gather};
use super::stand::{Stand, eventually, options};

#[tokio::test]
async fn a_drain_finishes_calls_and_tells_streams() {
    let stand = Stand::start().await;
    let address = stand.running.local_addr();
    let mut wire = stand.wire().await;
    let mut stream = wire.open("/test.v1.Probe/Endless", &GOOD, framed("")).await.unwrap();
    assert!(stream.body_mut().frame().await.unwrap().unwrap().is_data());
    let mut other = stand.wire().await;
    let waiting = tokio::spawn(async move {
        let answer = other.probe("Wait", "").await;
        (answer, other)
    });
    stand.gate.entered.notified().await;
    let idle = stand.wire().await;

    stand.running.shutdown();
    let told = gather(stream).await;
    assert_eq!((told.code(), told.reason().as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    assert!(told.details().retry_info().is_some());
    idle.closed().await;
    assert!(stand.drain.is_begun());
    eventually("new connections are turned away", async || {
        TcpStream::connect(address).await.is_err()
    })
    .await;

    stand.gate.pass.add_permits(1);
    let (answer, other) = waiting.await.unwrap();
    assert_eq!((answer.code(), answer.text().as_str()), (Code::Ok, "waited"));
    other.closed().await;
    assert_eq!(stand.running.join().await, Ended::Drained);
}

#[tokio::test]
async fn what_does_not_finish_in_time_is_cut() {
    let mut hasty = options();
    hasty.drain.finish = Duration::from_millis(50);
    let stand = Stand::with(hasty).await;
    let mut wire = stand.wire().await;
    let waiting =
        tokio::spawn(
            async move { wire.open("/test.v1.Probe/Wait", &GOOD, framed("")).await.is_err() },
        );
    stand.gate.entered.notified().await;
    stand.running.shutdown();
    assert_eq!(stand.running.join().await, Ended::Cut { connections: 1 });
    assert!(waiting.await.unwrap());
}

#[tokio::test]
async fn a_second_order_ends_at_once() {
    let mut patient = options();
    patient.drain.lame_duck = Duration::from_secs(60);
    let stand = Stand::with(patient).await;
    let mut wire = stand.wire().await;
    tokio::spawn(async move { wire.open("/test.v1.Probe/Wait", &GOOD, framed("")).await.is_ok() });
    stand.gate.entered.notified().await;
    let started = Instant::now();
    stand.running.shutdown();
    stand.running.shutdown();
    assert_eq!(stand.running.join().await, Ended::Hastened { connections: 1 });
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_lame_duck_says_so_and_still_answers() {
    let mut slow = options();
    slow.drain.lame_duck = Duration::from_secs(60);
    let stand = Stand::with(slow).await;
    stand.running.shutdown();
    let mut wire = stand.wire().await;
    eventually("health says NOT_SERVING", async || {
        let health = wire.call("/grpc.health.v1.Health/Check", &[], framed("")).await;
        health.code() == Code::Ok && health.data[6] == 2
    })
    .await;
    assert_eq!(wire.probe("Echo", "still").await.text(), "still");
    stand.running.shutdown();
    assert!(matches!(stand.running.join().await, Ended::Hastened { .. }));
}

#[tokio::test]
async fn signals_order_the_end() {
    let signals = Signals::listen().unwrap();
    let mut patient = options();
    patient.drain.lame_duck = Duration::from_secs(60);
    let stand = Stand::with(patient).await;
    let ended = tokio::spawn(stand.running.until_signalled(signals));
    raise(Signal::SIGTERM).unwrap();
    // One after the other: signals that come together may arrive as one.
    eventually("the first begins the end", async || !stand.readiness.is_ready()).await;
    raise(Signal::SIGTERM).unwrap();
    assert_eq!(ended.await.unwrap(), Ended::Hastened { connections: 0 });
}
