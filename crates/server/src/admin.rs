//! The operators' listener: `/livez`, `/readyz`, `/metrics`. Plain HTTP on its own address, with
//! nothing on it that a caller of the service should reach.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::health::Readiness;

#[derive(Clone)]
struct Admin {
    readiness: Readiness,
    metrics: Option<PrometheusHandle>,
}

/// Serves until `end`.
pub(crate) async fn serve(
    listener: TcpListener,
    readiness: Readiness,
    metrics: Option<PrometheusHandle>,
    end: CancellationToken,
) {
    let router = Router::new()
        .route("/livez", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(exposition))
        .with_state(Admin { readiness, metrics });
    // Not waited for: a scraper's idle connection is no reason to stay.
    tokio::select! {
        outcome = axum::serve(listener, router) => {
            if let Err(error) = outcome {
                tracing::error!(%error, "the admin listener ended");
            }
        }
        () = end.cancelled() => {}
    }
}

async fn ready(State(admin): State<Admin>) -> Response {
    let problems = admin.readiness.problems();
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let body = serde_json::json!({ "ready": problems.is_empty(), "problems": problems });
    (status, [(header::CONTENT_TYPE, "application/json")], format!("{body}\n")).into_response()
}

async fn exposition(State(admin): State<Admin>) -> Response {
    match admin.metrics {
        Some(metrics) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], metrics.render()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "metrics are off\n").into_response(),
    }
}
