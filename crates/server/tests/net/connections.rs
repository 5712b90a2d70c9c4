//! Connections: many idle ones, silent ones, old ones, and where plain text may be.

use std::time::Duration;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use server::serve::{ServeError, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tonic::Code;

use super::stand::{Stand, options, parts};

// Both ends are in this process: two files each.
fn as_many_as_files_allow(wanted: u64) -> u64 {
    let needed = 2 * wanted + 1000;
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    // Only root may raise the hard limit; anyone may raise the soft one up to it.
    if setrlimit(Resource::RLIMIT_NOFILE, needed.max(hard), needed.max(hard)).is_err() {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard).unwrap();
    }
    let (soft, _) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
    let possible = wanted.min(soft.saturating_sub(1000) / 2);
    if possible < wanted {
        eprintln!("only {possible} idle connections: the limit of open files is {soft}");
    }
    possible
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_leave_the_server_healthy() {
    let stand = Stand::start().await;
    let address = stand.running.local_addr();
    let mut idle = Vec::new();
    for _ in 0..as_many_as_files_allow(10_000) {
        idle.push(TcpStream::connect(address).await.unwrap());
    }
    let mut wire = tokio::time::timeout(Duration::from_secs(5), stand.wire()).await.unwrap();
    assert_eq!(wire.probe("Echo", "alive").await.text(), "alive");
    drop(idle);
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    let mut hasty = options();
    hasty.connections.handshake_timeout = Duration::from_millis(50);
    let stand = Stand::with(hasty).await;
    let mut busy = stand.wire().await;
    for said in [&b""[..], b"PRI * HTTP/2.0\r\n"] {
        let mut silent = TcpStream::connect(stand.running.local_addr()).await.unwrap();
        silent.write_all(said).await.unwrap();
        let end = tokio::time::timeout(Duration::from_secs(5), silent.read(&mut [0; 64])).await;
        assert!(matches!(end.unwrap(), Ok(0) | Err(_)), "{said:?}");
    }
    assert_eq!(busy.probe("Echo", "here").await.text(), "here");
}

#[tokio::test]
async fn beyond_the_limit_connections_wait_for_a_place() {
    let mut narrow = options();
    narrow.connections.connections_max = 2;
    let stand = Stand::with(narrow).await;
    let (mut first, second) = (stand.wire().await, stand.wire().await);
    // One call each, so that both have been accepted.
    assert_eq!(first.probe("Echo", "").await.code(), Code::Ok);
    let third = tokio::spawn({
        let address = stand.running.local_addr();
        async move { super::client::Wire::connect(address).await.probe("Echo", "third").await }
    });
    assert_eq!(first.probe("Echo", "").await.code(), Code::Ok);
    assert!(!third.is_finished());
    drop(second);
    drop(first);
    assert_eq!(third.await.unwrap().text(), "third");
}

#[tokio::test]
async fn an_old_connection_is_told_to_go_and_finishes_its_calls() {
    let mut short = options();
    short.connections.age_max = Duration::from_millis(50);
    let stand = Stand::with(short).await;
    let mut wire = stand.wire().await;
    let waiting = tokio::spawn(async move {
        let answer = wire.probe("Wait", "").await;
        (answer, wire)
    });
    stand.gate.entered.notified().await;
    let idle = stand.wire().await;
    idle.closed().await;
    stand.gate.pass.add_permits(1);
    let (answer, wire) = waiting.await.unwrap();
    assert_eq!(answer.text(), "waited");
    wire.closed().await;
}

#[tokio::test]
async fn a_connection_that_outlives_its_grace_is_cut() {
    let mut short = options();
    short.connections.age_max = Duration::from_millis(20);
    short.connections.age_grace = Duration::from_millis(20);
    let stand = Stand::with(short).await;
    let mut wire = stand.wire().await;
    let path = "/test.v1.Probe/Wait";
    let cut = wire.open(path, &super::client::GOOD, super::client::framed("")).await;
    assert!(cut.is_err());
    wire.closed().await;
}

#[tokio::test]
async fn plain_text_off_loopback_must_be_insisted_on() {
    let mut open = options();
    open.listen = "0.0.0.0:0".parse().unwrap();
    let refused = serve(open.clone(), parts().0).await;
    assert!(matches!(refused, Err(ServeError::Plaintext(_))));
    open.insist_plaintext = true;
    assert!(serve(open, parts().0).await.is_ok());
}
