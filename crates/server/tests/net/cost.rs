//! What the layers cost: calls a second through all of them, and through tonic's routes alone.
//!
//! Not a test that can fail, so it runs only when asked for:
//! `cargo test --release -p server --test main -- --ignored --nocapture cost`.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use server::telemetry::{self, TelemetryOptions};
use tokio::net::TcpListener;
use tonic::Code;
use tonic::service::Routes;
use tower::Service;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::client::{GOOD, Wire, framed};
use super::probe::{Gate, Probe};
use super::stand::Stand;

const CONNECTIONS: usize = 8;
const CALLS_EACH: usize = 8;
const ROUND: Duration = Duration::from_secs(3);

async fn bare() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = Routes::new(Probe(Gate::new())).prepare().into_axum_router();
    tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            tcp.set_nodelay(true).unwrap();
            let router = router.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| {
                    let mut router = router.clone();
                    async move { Ok::<_, Infallible>(router.call(request).await.unwrap()) }
                });
                auto::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(tcp), service)
                    .await
            });
        }
    });
    address
}

async fn calls_per_second(address: SocketAddr, path: &'static str) -> f64 {
    let count = Arc::new(AtomicU64::new(0));
    let until = Instant::now() + ROUND;
    let mut tasks = Vec::new();
    for _ in 0..CONNECTIONS {
        let wire = Wire::connect(address).await;
        for _ in 0..CALLS_EACH {
            let (mut wire, count) = (wire.another(), Arc::clone(&count));
            tasks.push(tokio::spawn(async move {
                while Instant::now() < until {
                    let answer = wire.call(path, &GOOD, framed("")).await;
                    assert_eq!(answer.code(), Code::Ok);
                    count.fetch_add(1, Ordering::Relaxed);
                }
            }));
        }
    }
    for task in tasks {
        task.await.unwrap();
    }
    count.load(Ordering::Relaxed) as f64 / ROUND.as_secs_f64()
}

#[ignore = "a measurement"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cost_of_the_layers() {
    let filter = std::option_env!("FILTER").unwrap_or("info").to_owned();
    let options = TelemetryOptions { filter, ..TelemetryOptions::default() };
    let writer = BoxMakeWriter::new(std::io::sink);
    let (subscriber, _traces) = telemetry::subscriber(&options, writer).unwrap();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let _metrics = telemetry::metrics().unwrap();
    let stand = Stand::start().await;
    let bare = bare().await;
    for _ in 0..4 {
        let without = calls_per_second(bare, "/test.v1.Probe/Echo").await;
        let with = calls_per_second(stand.running.local_addr(), "/test.v1.Probe/Echo").await;
        let health =
            calls_per_second(stand.running.local_addr(), "/grpc.health.v1.Health/Check").await;
        println!(
            "routes alone {without:.0}/s, all layers {with:.0}/s ({:.2}), health {health:.0}/s",
            with / without
        );
    }
}
