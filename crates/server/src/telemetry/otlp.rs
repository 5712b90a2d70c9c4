//! Traces to a collector, by OTLP over HTTP with protobuf.

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;

use super::{OtlpOptions, TelemetryError};

// What a collector answers is a few bytes; more is not a collector's.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// A provider that sends spans in batches, from a thread of its own.
pub(super) fn provider(options: &OtlpOptions) -> Result<SdkTracerProvider, TelemetryError> {
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(options.timeout))
        .http_status_as_error(false)
        .build()
        .new_agent();
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client(agent))
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(&options.endpoint)
        .with_headers(options.headers.clone())
        .with_timeout(options.timeout)
        .build()
        .map_err(TelemetryError::Otlp)?;
    let resource = Resource::builder().with_service_name(options.service_name.clone()).build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

/// A blocking client: exports run on the batch processor's own thread, outside any runtime.
#[derive(Debug)]
struct Client(ureq::Agent);

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let (parts, body) = request.into_parts();
        let answer = self.0.run(Request::from_parts(parts, &body[..]))?;
        let (parts, mut body) = answer.into_parts();
        let body = body.with_config().limit(ANSWER_BYTES_MAX).read_to_vec()?;
        Ok(Response::from_parts(parts, body.into()))
    }
}
