//! How `atelier dev` ends, and how it goes on when its Postgres ends: signals and kills.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use proto::atelier::ledger::v1::WatchBalanceRequest;
use tonic::Code;
use tonic_health::pb::health_check_response::ServingStatus;

use super::calls::reason;
use super::life::{SERVICES, available, purchase};
use super::stand::{END_PATIENCE, Facts, Place, poll};

/// For readiness to follow what happened: it is looked at once a second.
const NOTICE_PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_signal_drains_and_tells_streams_to_come_again() {
    let place = Place::new();
    let mut dev = place.start().await;
    let api = dev.api();
    let user = api.user("watching").await;
    let watch = WatchBalanceRequest { user_id: user };
    let mut balances = api.ledger.clone().watch_balance(watch).await.unwrap().into_inner();
    assert!(balances.message().await.unwrap().is_some());

    dev.process.signal(Signal::SIGINT);
    let told = balances.message().await.unwrap_err();
    assert_eq!((told.code(), reason(&told).as_str()), (Code::Unavailable, "SHUTTING_DOWN"));
    let status = dev.process.ended(END_PATIENCE).await;
    assert!(status.success(), "{status}:\n{}", dev.process.told());
    assert!(!dev.process.ready_file.exists());
    place.assert_nothing_remains();
    assert!(place.postmaster().is_none(), "Postgres was stopped in order");
}

#[tokio::test]
async fn a_second_signal_ends_at_once() {
    let place = Place::new();
    let mut dev = place.start().await;
    let call = tokio::spawn(endless_call(dev.facts.clone()));
    let entered = poll(NOTICE_PATIENCE, async || {
        let (_, metrics) = dev.admin("/metrics").await;
        metrics.lines().any(|line| line.contains("in_flight") && line.ends_with(" 1"))
    });
    assert!(entered.await, "{}", dev.admin("/metrics").await.1);

    dev.process.signal(Signal::SIGTERM);
    let draining = poll(NOTICE_PATIENCE, async || dev.process.told().contains("shutting down"));
    assert!(draining.await);
    let began = Instant::now();
    dev.process.signal(Signal::SIGTERM);
    let status = dev.process.ended(END_PATIENCE).await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
    assert_eq!(status.code(), Some(1), "somebody was cut off:\n{}", dev.process.told());
    assert!(!dev.process.ready_file.exists());
    call.await.unwrap();
    place.assert_nothing_remains();
}

#[tokio::test]
async fn a_kill_leaves_no_process_and_a_folder_that_starts_again() {
    let place = Place::new();
    let mut dev = place.start().await;
    let user = dev.api().user("survivor").await;
    purchase(&dev.api(), &user, "order-1", "7.00").await;
    let key = dev.facts.api_key.clone();
    dev.process.kill();
    place.assert_nothing_remains();

    let again = place.start().await;
    assert_eq!(again.facts.api_key, key);
    assert_eq!(available(&again.api(), &user).await, "7.00");
    again.stop().await;
}

#[tokio::test]
async fn readiness_follows_a_killed_postgres_down_and_up() {
    let place = Place::new();
    let dev = place.start().await;
    let api = dev.api();
    let user = api.user("patient").await;
    purchase(&api, &user, "order-1", "5.00").await;
    let killed = place.postmaster().unwrap();

    // Stopped first: so it is away for long enough to be noticed, however quickly it would heal.
    let pid = Pid::from_raw(killed);
    let processes = || super::remains::of(&place.data.join("postgres"));
    for (process, line) in processes() {
        if !line.contains("atelier-guardian") {
            kill(Pid::from_raw(process), Signal::SIGSTOP).unwrap();
        }
    }
    let off = poll(NOTICE_PATIENCE, async || dev.admin("/readyz").await.0 == 503);
    assert!(off.await, "{:?}", dev.admin("/readyz").await);
    for service in SERVICES {
        let noticed = poll(NOTICE_PATIENCE, async || {
            api.health(service).await.unwrap() == ServingStatus::NotServing
        });
        assert!(noticed.await, "{service:?}");
    }
    assert_eq!(dev.admin("/livez").await.0, 200);

    kill(pid, Signal::SIGKILL).unwrap();
    let on = poll(NOTICE_PATIENCE, async || dev.admin("/readyz").await.0 == 200);
    assert!(on.await, "{:?}\n{}", dev.admin("/readyz").await, dev.process.told());
    assert_ne!(place.postmaster().unwrap(), killed);
    assert_eq!(available(&api, &user).await, "5.00");
    purchase(&api, &user, "order-2", "5.00").await;
    assert_eq!(available(&api, &user).await, "10.00");
    dev.stop().await;
}

/// A call whose request does not end: it lasts until its connection is cut.
async fn endless_call(facts: Facts) {
    let io = TokioIo::new(tokio::net::TcpStream::connect(facts.grpc).await.unwrap());
    let (mut send, connection) = http2::handshake(TokioExecutor::new(), io).await.unwrap();
    let connection = tokio::spawn(connection);
    let body = StreamBody::new(stream::pending::<Result<Frame<Bytes>, Infallible>>());
    let request = http::Request::post("http://atelier/atelier.users.v1.UserService/GetUser")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .header("authorization", format!("Bearer {}", facts.api_key))
        // Longer than the drain waits, so that it is the second signal that ends it.
        .header("grpc-timeout", "60S")
        .body(body)
        .unwrap();
    assert!(send.send_request(request).await.is_err(), "it was answered");
    // In order or not: it is over.
    let _ = connection.await.unwrap();
}
