//! Telemetry of the process: the log, traces to a collector, metrics for Prometheus. What is told
//! of each call is in [`crate::layers::observe`].

mod otlp;

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{EnvFilter, Layer, fmt};

use crate::layers;

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Where traces go.
#[derive(Debug, Clone)]
pub struct OtlpOptions {
    /// The collector's traces address for OTLP over HTTP, as `http://collector:4318/v1/traces`.
    pub endpoint: String,
    /// Sent with every export, as for the collector's own credential.
    pub headers: HashMap<String, String>,
    pub service_name: String,
    pub timeout: Duration,
}

impl OtlpOptions {
    pub fn new(endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            headers: HashMap::new(),
            service_name: "atelier".to_owned(),
            timeout: Duration::from_secs(10),
        }
    }
}

/// What is told, and to whom.
#[derive(Debug, Clone)]
pub struct TelemetryOptions {
    pub format: LogFormat,
    /// Directives such as `info,atelier::rpc=warn,postgres=debug`.
    pub filter: String,
    /// No traces leave the process without it.
    pub otlp: Option<OtlpOptions>,
}

impl Default for TelemetryOptions {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned(), otlp: None }
    }
}

/// Telemetry cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("the log filter {filter:?} cannot be read")]
    Filter { filter: String, source: ParseError },
    #[error("the exporter of traces cannot be set up")]
    Otlp(#[source] ExporterBuildError),
    #[error("the metrics cannot be set up")]
    Metrics(#[source] BuildError),
    #[error("telemetry is set up already")]
    Twice(#[source] tracing::subscriber::SetGlobalDefaultError),
}

/// The process's telemetry. [`Telemetry::end`] sends what has not been sent.
#[derive(Debug)]
pub struct Telemetry {
    metrics: PrometheusHandle,
    traces: Traces,
}

impl Telemetry {
    /// Sets up the log on standard error, the exporter if there is one, the metrics and the hook
    /// that logs panics. Once a process; inside a runtime.
    pub fn init(options: &TelemetryOptions) -> Result<Self, TelemetryError> {
        let (subscriber, traces) = subscriber(options, BoxMakeWriter::new(io::stderr))?;
        tracing::subscriber::set_global_default(subscriber).map_err(TelemetryError::Twice)?;
        log_panics();
        Ok(Self { metrics: metrics()?, traces })
    }

    pub fn metrics(&self) -> PrometheusHandle {
        self.metrics.clone()
    }

    /// Sends the spans that have ended and stops sending.
    pub async fn end(self) {
        self.traces.end().await;
    }
}

/// The exporter of traces, if there is one.
#[derive(Debug, Default)]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Sends the spans that have ended and stops sending.
    pub async fn end(self) {
        let Some(provider) = self.0 else { return };
        // It waits for the exporter's thread, which no worker of the runtime may do.
        match tokio::task::spawn_blocking(move || provider.shutdown()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the last traces were not sent"),
            Err(error) => tracing::warn!(%error, "the last traces were not sent"),
        }
    }
}

/// The log and the exporter as a subscriber, for whoever installs it otherwise than
/// [`Telemetry::init`] does.
pub fn subscriber(
    options: &TelemetryOptions,
    writer: BoxMakeWriter,
) -> Result<(impl Subscriber + Send + Sync + use<>, Traces), TelemetryError> {
    let filter = EnvFilter::try_new(&options.filter)
        .map_err(|source| TelemetryError::Filter { filter: options.filter.clone(), source })?;
    let provider = options.otlp.as_ref().map(otlp::provider).transpose()?;
    let traces = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("atelier"))
            .with_location(false)
            .with_threads(false)
    });
    let subscriber =
        tracing_subscriber::registry().with(filter).with(log(options.format, writer)).with(traces);
    Ok((subscriber, Traces(provider)))
}

type BoxedLayer<S> = Box<dyn Layer<S> + Send + Sync>;

fn log<S>(format: LogFormat, writer: BoxMakeWriter) -> BoxedLayer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let log = fmt::layer().with_writer(writer);
    match format {
        LogFormat::Text => log.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).boxed(),
        LogFormat::Json => log.json().flatten_event(true).with_span_list(false).boxed(),
    }
}

// In seconds: from a cached answer to the longest deadline.
const BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 10.0, 60.0];

// Histograms keep every sample until they are folded into buckets.
const UPKEEP: Duration = Duration::from_secs(5);

/// Installs the recorder of metrics. Once a process; inside a runtime.
pub fn metrics() -> Result<PrometheusHandle, TelemetryError> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)
        .and_then(PrometheusBuilder::install_recorder)
        .map_err(TelemetryError::Metrics)?;
    layers::metrics::describe();
    let upkeep = handle.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    Ok(handle)
}

/// Lets panics be lines of the log, with the span they happened in, instead of text on standard
/// error.
pub fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.payload_as_str().unwrap_or("no text");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(target: "atelier::panic", place, text, "a panic");
    }));
}
