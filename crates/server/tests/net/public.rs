//! What anyone may call: health and reflection.

use http_body_util::BodyExt;
use prost::Message;
use server::health::Readiness;
use server::serve::serve;
use tonic::Code;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use super::client::{Wire, frame, gather};
use super::stand::{Stand, eventually, options, parts};

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

fn about(service: &str) -> bytes::Bytes {
    frame(&HealthCheckRequest { service: service.to_owned() }.encode_to_vec())
}

fn serving(data: &[u8]) -> ServingStatus {
    HealthCheckResponse::decode(&data[5..]).unwrap().status()
}

#[tokio::test]
async fn health_follows_readiness_for_every_service() {
    let (mut parts, _) = parts();
    let readiness = Readiness::new(["database"]);
    parts.readiness = readiness.clone();
    let services = parts.methods.services().to_vec();
    assert!(services.contains(&"atelier.access.v1.ApiKeyService".to_owned()));
    let running = serve(options(), parts).await.unwrap();
    let mut wire = Wire::connect(running.local_addr()).await;

    let answer = wire.call(CHECK, &[], about("")).await;
    assert_eq!(serving(&answer.data), ServingStatus::NotServing);
    let mut watch = wire.open(WATCH, &[], about("")).await.unwrap();
    let first = watch.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(serving(&first), ServingStatus::NotServing);

    readiness.set("database", Ok(()));
    let next = watch.body_mut().frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(serving(&next), ServingStatus::Serving);
    for service in services.iter().map(String::as_str).chain([""]) {
        eventually(service, async || {
            let answer = wire.call(CHECK, &[], about(service)).await;
            serving(&answer.data) == ServingStatus::Serving
        })
        .await;
    }
    let unknown = wire.call(CHECK, &[], about("a.B")).await;
    assert_eq!((unknown.code(), unknown.reason().as_str()), (Code::NotFound, "SERVICE_NOT_FOUND"));
    running.shutdown();
    let told = gather(watch).await;
    assert_eq!(told.reason(), "SHUTTING_DOWN");
}

macro_rules! reflection {
    ($name:ident, $version:ident) => {
        #[tokio::test]
        async fn $name() {
            use tonic_reflection::pb::$version::server_reflection_request::MessageRequest;
            use tonic_reflection::pb::$version::server_reflection_response::MessageResponse;
            use tonic_reflection::pb::$version::{
                ServerReflectionRequest, ServerReflectionResponse,
            };

            let stand = Stand::start().await;
            let mut wire = stand.wire().await;
            let path = concat!(
                "/grpc.reflection.",
                stringify!($version),
                ".ServerReflection/ServerReflectionInfo"
            );
            let mut ask = async |request| {
                let request =
                    ServerReflectionRequest { host: String::new(), message_request: Some(request) };
                let answer = wire.call(path, &[], frame(&request.encode_to_vec())).await;
                assert_eq!(answer.code(), Code::Ok);
                let response = ServerReflectionResponse::decode(&answer.data[5..]).unwrap();
                response.message_response.unwrap()
            };
            let MessageResponse::ListServicesResponse(list) =
                ask(MessageRequest::ListServices(String::new())).await
            else {
                panic!("no list")
            };
            let names: Vec<_> = list.service.into_iter().map(|service| service.name).collect();
            assert!(names.contains(&"grpc.health.v1.Health".to_owned()));
            assert!(names.contains(&"atelier.users.v1.UserService".to_owned()));
            assert!(names.iter().all(|name| !name.contains("eflection")), "{names:?}");
            for symbol in [
                "google.rpc.ErrorInfo",
                "google.rpc.BadRequest",
                "google.rpc.RetryInfo",
                "atelier.common.v1.ErrorReason",
                "atelier.access.v1.ApiKeyService.IssueApiKey",
                "grpc.health.v1.Health",
            ] {
                let found = ask(MessageRequest::FileContainingSymbol(symbol.into())).await;
                assert!(matches!(found, MessageResponse::FileDescriptorResponse(_)), "{symbol}");
            }
        }
    };
}

reflection!(reflection_v1_lists_our_services_and_resolves_symbols, v1);
reflection!(reflection_v1alpha_lists_our_services_and_resolves_symbols, v1alpha);
