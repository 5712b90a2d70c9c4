//! The series of metrics that calls and connections feed. Handles are made once, not per call.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{Counter, Gauge, Histogram};
use tonic::Code;

/// Calls that ended, by method and code.
pub const HANDLED: &str = "grpc_server_handled_total";
/// How long calls took, by method. Streams are counted and not timed.
pub const HANDLING_SECONDS: &str = "grpc_server_handling_seconds";
/// Calls and streams under way.
pub const IN_FLIGHT: &str = "grpc_server_in_flight";
/// Panics that were caught.
pub const PANICS: &str = "server_panics_total";
/// Open connections.
pub const CONNECTIONS: &str = "server_connections";

const CODES: usize = 17;

/// One method's series.
pub struct Series {
    service: String,
    method: String,
    handled: [OnceLock<Counter>; CODES],
    seconds: OnceLock<Histogram>,
    in_flight: OnceLock<Gauge>,
}

// Handles are made at first use: before that the recorder may not be there, and a series of
// zeros for every pair of method and code would only swell the page.
impl Series {
    pub fn of(path: &str) -> Self {
        let (service, method) = path.trim_start_matches('/').split_once('/').unwrap_or(("", path));
        Self {
            service: service.to_owned(),
            method: method.trim_start_matches('/').to_owned(),
            handled: Default::default(),
            seconds: OnceLock::new(),
            in_flight: OnceLock::new(),
        }
    }

    pub fn started(&self) {
        self.in_flight().increment(1.0);
    }

    pub fn ended(&self, code: Code, took: Option<Duration>) {
        self.in_flight().decrement(1.0);
        if let Some(handled) = self.handled.get(code as usize) {
            handled.get_or_init(|| self.handled(code)).increment(1);
        }
        if let Some(took) = took {
            self.seconds.get_or_init(|| self.seconds()).record(took.as_secs_f64());
        }
    }

    fn in_flight(&self) -> &Gauge {
        self.in_flight.get_or_init(|| metrics::gauge!(IN_FLIGHT))
    }

    fn handled(&self, code: Code) -> Counter {
        metrics::counter!(
            HANDLED,
            "grpc_service" => self.service.clone(),
            "grpc_method" => self.method.clone(),
            "grpc_code" => code_name(code),
        )
    }

    fn seconds(&self) -> Histogram {
        metrics::histogram!(
            HANDLING_SECONDS,
            "grpc_service" => self.service.clone(),
            "grpc_method" => self.method.clone(),
        )
    }
}

impl std::fmt::Debug for Series {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Series").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Tells the recorder what the series mean.
pub fn describe() {
    metrics::describe_counter!(HANDLED, "Calls that ended, by method and code.");
    metrics::describe_histogram!(HANDLING_SECONDS, "How long calls took, by method.");
    metrics::describe_gauge!(IN_FLIGHT, "Calls and streams under way.");
    metrics::describe_counter!(PANICS, "Panics that were caught.");
    metrics::describe_gauge!(CONNECTIONS, "Open connections.");
}

/// The name of a code in logs and metrics.
pub fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
