//! What the server tells: lines of the log, traces, metrics, readiness for machines.

use std::io;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use metrics_exporter_prometheus::PrometheusHandle;
use serde_json::Value;
use server::health::Readiness;
use server::serve::serve;
use server::telemetry::{self, LogFormat, OtlpOptions, TelemetryOptions, Traces};
use tokio::net::{TcpListener, TcpStream};
use tonic::Code;
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::client::{GOOD, Wire, framed};
use super::stand::{KEY_ID, Stand, eventually, options, parts};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    fn writer(&self) -> BoxMakeWriter {
        let lines = self.clone();
        BoxMakeWriter::new(move || lines.clone())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// The lines about calls.
    fn calls(&self) -> Vec<Value> {
        let text = self.text();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        lines.filter(|line| line["target"] == "atelier::rpc").collect()
    }
}

/// Makes `told` be told of what this test's thread does, and of nothing else.
fn listen(told: &TelemetryOptions, lines: &Lines) -> (DefaultGuard, Traces) {
    // With a single subscriber tracing asks the thread that comes by a place first, which may be
    // another test's: then this test's lines would be off. A second subscriber prevents that.
    let _ = tracing::subscriber::set_global_default(tracing_subscriber::registry());
    let (subscriber, traces) = telemetry::subscriber(told, lines.writer()).unwrap();
    (tracing::subscriber::set_default(subscriber), traces)
}

fn json(filter: &str) -> TelemetryOptions {
    TelemetryOptions { format: LogFormat::Json, filter: filter.into(), otlp: None }
}

#[tokio::test]
async fn every_call_is_one_line_when_it_ends() {
    let lines = Lines::default();
    let _installed = listen(&json("info"), &lines);
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;

    wire.call("/test.v1.Probe/Echo", &[GOOD[0], ("x-request-id", "one")], framed("")).await;
    wire.call("/test.v1.Probe/Echo", &[("x-request-id", "two")], framed("")).await;
    wire.call("/test.v1.Probe/Bare", &[GOOD[0], ("x-request-id", "three")], framed("")).await;
    let secret = [("authorization", "Bearer hunter2"), ("x-request-id", "four")];
    wire.call("/test.v1.Probe/Echo", &secret, framed("")).await;
    wire.call("/grpc.health.v1.Health/Check", &[], framed("")).await;
    let open = wire.open("/test.v1.Probe/Endless", &GOOD, framed("")).await.unwrap();
    assert_eq!(lines.calls().len(), 4, "streams are told of when they end: {}", lines.text());
    drop(open);
    eventually("the cancelled stream is a line", async || lines.calls().len() == 5).await;

    let calls = lines.calls();
    let told = |index: usize, key: &str| calls[index][key].clone();
    assert_eq!(told(0, "method"), "/test.v1.Probe/Echo");
    assert_eq!((told(0, "code"), told(0, "level")), ("OK".into(), "INFO".into()));
    assert_eq!((told(0, "request_id"), told(0, "key")), ("one".into(), KEY_ID.into()));
    assert!(told(0, "duration_ms").as_f64().unwrap() > 0.0);
    assert!(told(0, "peer").as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(told(1, "reason"), "CREDENTIAL_MISSING");
    assert_eq!((told(1, "level"), told(1, "key")), ("INFO".into(), Value::Null));
    assert_eq!((told(2, "code"), told(2, "level")), ("INTERNAL".into(), "ERROR".into()));
    assert_eq!(told(4, "code"), "CANCELLED");
    assert!(!lines.text().contains("hunter2") && !lines.text().contains("Bearer"));
    // The line that tells of the bug has the id that its caller was given.
    let text = lines.text();
    let bug = text.lines().find(|line| line.contains("a status without a reason")).unwrap();
    let bug: Value = serde_json::from_str(bug).unwrap();
    assert_eq!(bug["span"]["request_id"], "three");
}

#[tokio::test]
async fn lines_can_be_filtered_by_level() {
    let lines = Lines::default();
    let _installed = listen(&json("warn"), &lines);
    let stand = Stand::start().await;
    let mut wire = stand.wire().await;
    wire.probe("Echo", "").await;
    assert_eq!(wire.probe("Panic", "").await.code(), Code::Internal);
    let codes: Vec<_> = lines.calls().into_iter().map(|line| line["code"].clone()).collect();
    assert_eq!(codes, ["INTERNAL"]);
}

#[tokio::test]
async fn spans_reach_the_collector_in_the_callers_trace() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
    let received = Arc::new(Mutex::new(Vec::new()));
    let router = Router::new().route(
        "/v1/traces",
        post({
            let received = Arc::clone(&received);
            async move |body: Bytes| received.lock().unwrap().push(body)
        }),
    );
    tokio::spawn(async move { axum::serve(listener, router).await });

    let mut told = json("info");
    told.otlp = Some(OtlpOptions::new(endpoint));
    let lines = Lines::default();
    let (installed, traces) = listen(&told, &lines);
    let stand = Stand::start().await;
    let trace = "0af7651916cd43dd8448eb211c80319c";
    let parent = format!("00-{trace}-b7ad6b7169203331-01");
    let headers = [GOOD[0], ("traceparent", parent.as_str())];
    let answer = stand.wire().await.call("/test.v1.Probe/Echo", &headers, framed("")).await;
    assert_eq!(answer.code(), Code::Ok);
    eventually("the call's span ends", async || !lines.calls().is_empty()).await;
    assert_eq!(lines.calls()[0]["trace_id"], trace);
    drop(installed);
    traces.end().await;

    let bodies = received.lock().unwrap().clone();
    let holds = |wanted: &[u8]| {
        bodies.iter().any(|body| body.windows(wanted.len()).any(|window| window == wanted))
    };
    assert!(holds(b"/test.v1.Probe/Echo"), "{} bodies", bodies.len());
    assert!(holds(&hex::decode(trace).unwrap()));
    assert!(holds(&hex::decode("b7ad6b7169203331").unwrap()), "the parent is the caller's span");
}

async fn get(address: std::net::SocketAddr, path: &str) -> (u16, String) {
    let tcp = TcpStream::connect(address).await.unwrap();
    let (mut send, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(tcp)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::get(path).header("host", "admin").body(Empty::<Bytes>::new()).unwrap();
    let response = send.send_request(request).await.unwrap();
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(|| telemetry::metrics().unwrap()).clone()
}

#[tokio::test]
async fn operators_see_readiness_and_metrics() {
    let (mut parts, _) = parts();
    parts.metrics = Some(recorder());
    let readiness = Readiness::new(["database"]);
    parts.readiness = readiness.clone();
    let mut options = options();
    options.admin = Some("127.0.0.1:0".parse().unwrap());
    let running = serve(options, parts).await.unwrap();
    let admin = running.admin_addr().unwrap();

    assert_eq!(get(admin, "/livez").await.0, 200);
    let (status, body) = get(admin, "/readyz").await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["problems"]["database"]), (503, &"starting".into()));
    readiness.set("database", Ok(()));
    assert_eq!(get(admin, "/readyz").await.0, 200);

    let mut wire = Wire::connect(running.local_addr()).await;
    wire.probe("Echo", "").await;
    wire.probe("Panic", "").await;
    wire.call("/made.up.Service/Name", &GOOD, framed("")).await;
    let (status, page) = get(admin, "/metrics").await;
    assert_eq!(status, 200);
    let holds =
        |parts: &[&str]| page.lines().any(|line| parts.iter().all(|part| line.contains(part)));
    assert!(holds(&["grpc_server_handled_total{", r#"method="Echo""#, r#"code="OK""#]), "{page}");
    assert!(holds(&["grpc_server_handling_seconds_bucket{", r#"method="Echo""#, r#"le="0.01""#]));
    assert!(holds(&["grpc_server_handled_total{", r#"method="unknown""#, "UNIMPLEMENTED"]));
    assert!(!page.contains("made.up"), "callers cannot make up series");
    assert!(holds(&["grpc_server_in_flight"]) && holds(&["server_connections"]));
    assert!(page.lines().any(|line| {
        line.strip_prefix("server_panics_total ").is_some_and(|count| count != "0")
    }));
    running.shutdown();
}
