//! What the layers cost: calls a second through all of them, and through tonic's routes alone.
//!
//! Not a test that can fail, so it runs only when asked for:
//! `cargo test --release -p server --test main -- --ignored --nocapture cost`.

use std::convert::Infallible;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
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

/// What a path bears, and what a call takes of the processors: both ends, for they share the
/// process. The second holds on a busy machine too.
struct Cost {
    calls_per_second: f64,
    cpu_us_per_call: f64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.0}/s, {:.1} us of CPU", self.calls_per_second, self.cpu_us_per_call)
    }
}

fn cpu_us() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).unwrap();
    let us = |time: TimeVal| time.tv_sec() as f64 * 1e6 + time.tv_usec() as f64;
    us(usage.user_time()) + us(usage.system_time())
}

async fn measure(address: SocketAddr, path: &'static str) -> Cost {
    let cpu = cpu_us();
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
    let calls = count.load(Ordering::Relaxed) as f64;
    Cost {
        calls_per_second: calls / ROUND.as_secs_f64(),
        cpu_us_per_call: (cpu_us() - cpu) / calls,
    }
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
    let layered = stand.running.local_addr();
    for _ in 0..4 {
        println!("routes alone: {}", measure(bare, "/test.v1.Probe/Echo").await);
        println!("all layers:   {}", measure(layered, "/test.v1.Probe/Echo").await);
        println!("health:       {}", measure(layered, "/grpc.health.v1.Health/Check").await);
    }
}
