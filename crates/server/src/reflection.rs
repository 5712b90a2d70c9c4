//! Reflection, v1 and v1alpha: what `grpcurl` reads. It lists our services and health, and
//! resolves every symbol, those of the details of a status among them.

use tonic::service::Routes;
use tonic_reflection::server::{Builder, Error};

use crate::layers::RECEIVE_BYTES_MAX;

const HEALTH: &str = "grpc.health.v1.Health";

/// Adds both services to `routes`.
pub(crate) fn add_to(routes: Routes, services: &[String]) -> Result<Routes, Error> {
    // Older clients speak v1alpha only.
    let v1 = builder(services).build_v1()?.max_decoding_message_size(RECEIVE_BYTES_MAX);
    let v1alpha = builder(services).build_v1alpha()?.max_decoding_message_size(RECEIVE_BYTES_MAX);
    Ok(routes.add_service(v1).add_service(v1alpha))
}

fn builder(services: &[String]) -> Builder<'static> {
    let builder = Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
        .with_service_name(HEALTH);
    services.iter().fold(builder, |builder, name| builder.with_service_name(name))
}
