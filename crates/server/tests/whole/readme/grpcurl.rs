//! What `grpcurl` does, on tonic: every message and every method is known by reflection alone.

use prost::Message;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, SerializeOptions};
use serde::de::DeserializeSeed;
use tokio_stream::StreamExt;
use tonic::metadata::{AsciiMetadataKey, AsciiMetadataValue};
use tonic::transport::Channel;
use tonic::{Request, Status};
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tonic_reflection::pb::v1::server_reflection_response::MessageResponse;

use crate::wire::dynamic::Dynamic;

/// A command line of `grpcurl`.
#[derive(Debug)]
pub(crate) struct Call {
    headers: Vec<(String, String)>,
    data: Option<String>,
    pub(crate) address: String,
    /// `list`, `describe`, or a method.
    pub(crate) verb: String,
    about: Option<String>,
}

/// What comes of it.
pub(crate) enum Said {
    Text(String),
    Answer(serde_json::Value),
    Refusal(Status),
}

impl Call {
    /// Panics at a flag that it does not know.
    pub(crate) fn parse(arguments: &[&str]) -> Self {
        let (mut headers, mut data, mut plain, mut places) = (Vec::new(), None, false, Vec::new());
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match *argument {
                "-plaintext" => plain = true,
                "-d" => data = rest.next().map(|data| (*data).to_owned()),
                "-H" => {
                    let (name, value) = rest.next().unwrap().split_once(": ").unwrap();
                    headers.push((name.to_owned(), value.to_owned()));
                }
                flag if flag.starts_with('-') => panic!("grpcurl {flag} is not known here"),
                place => places.push(place.to_owned()),
            }
        }
        assert!(plain, "without -plaintext grpcurl expects TLS: {arguments:?}");
        let mut places = places.into_iter();
        let (address, verb) = (places.next().unwrap(), places.next().unwrap());
        let about = places.next();
        assert_eq!(places.next(), None, "{arguments:?}");
        Self { headers, data, address, verb, about }
    }
}

pub(crate) struct Grpcurl {
    channel: Channel,
}

impl Grpcurl {
    pub(crate) fn new(channel: Channel) -> Self {
        Self { channel }
    }

    pub(crate) async fn run(&self, call: &Call) -> Said {
        match (call.verb.as_str(), &call.about) {
            ("list", None) => Said::Text(self.services().await.join("\n")),
            ("describe", Some(symbol)) => {
                let pool = self.pool(symbol).await;
                let service = pool.get_service_by_name(symbol).unwrap();
                let methods = service.methods().map(|method| method.full_name().to_owned());
                Said::Text(methods.collect::<Vec<_>>().join("\n"))
            }
            (method, None) => self.call(method, call).await,
            _ => panic!("grpcurl {call:?} is not known here"),
        }
    }

    async fn call(&self, path: &str, call: &Call) -> Said {
        let (service, method) = path.split_once('/').unwrap();
        let pool = self.pool(service).await;
        let service = pool.get_service_by_name(service).unwrap();
        let method = service.methods().find(|known| known.name() == method).unwrap();
        let mut json = serde_json::Deserializer::from_str(call.data.as_deref().unwrap_or("{}"));
        let message = method.input().deserialize(&mut json).unwrap();
        json.end().unwrap();
        let mut request = Request::new(message);
        for (name, value) in &call.headers {
            let name: AsciiMetadataKey = name.parse().unwrap();
            request.metadata_mut().insert(name, value.parse::<AsciiMetadataValue>().unwrap());
        }
        match self.send(path, &method, request).await {
            Ok(answer) => {
                let options = SerializeOptions::new();
                let json = answer.serialize_with_options(serde_json::value::Serializer, &options);
                Said::Answer(json.unwrap())
            }
            Err(status) => Said::Refusal(status),
        }
    }

    async fn send(
        &self,
        path: &str,
        method: &MethodDescriptor,
        request: Request<DynamicMessage>,
    ) -> Result<DynamicMessage, Status> {
        assert!(!method.is_client_streaming(), "{path}");
        let mut client = tonic::client::Grpc::new(self.channel.clone());
        client.ready().await.unwrap();
        let path = format!("/{path}").parse().unwrap();
        let codec = Dynamic(method.output());
        if method.is_server_streaming() {
            // What a stream ends with, for those that end.
            let messages = client.server_streaming(request, path, codec).await?.into_inner();
            let all: Vec<_> = messages.collect::<Result<_, _>>().await?;
            return Ok(all.into_iter().next_back().expect("a stream says something"));
        }
        client.unary(request, path, codec).await.map(tonic::Response::into_inner)
    }

    async fn services(&self) -> Vec<String> {
        let answer = self.ask(MessageRequest::ListServices(String::new())).await;
        let MessageResponse::ListServicesResponse(list) = answer else { panic!("{answer:?}") };
        list.service.into_iter().map(|service| service.name).collect()
    }

    /// The file that declares `symbol`, with all that it imports.
    async fn pool(&self, symbol: &str) -> DescriptorPool {
        let question = MessageRequest::FileContainingSymbol(symbol.to_owned());
        let MessageResponse::FileDescriptorResponse(found) = self.ask(question).await else {
            panic!("reflection does not know {symbol}");
        };
        let decode = |bytes: Vec<u8>| prost_types::FileDescriptorProto::decode(&*bytes).unwrap();
        let mut files: Vec<_> = found.file_descriptor_proto.into_iter().map(decode).collect();
        let mut next = 0;
        while next < files.len() {
            for import in files[next].dependency.clone() {
                if files.iter().any(|file| file.name() == import) {
                    continue;
                }
                let question = MessageRequest::FileByFilename(import.clone());
                let MessageResponse::FileDescriptorResponse(found) = self.ask(question).await
                else {
                    panic!("reflection does not know {import}");
                };
                files.extend(found.file_descriptor_proto.into_iter().map(decode));
            }
            next += 1;
        }
        let mut pool = DescriptorPool::new();
        pool.add_file_descriptor_protos(files).unwrap();
        pool
    }

    async fn ask(&self, question: MessageRequest) -> MessageResponse {
        let request =
            ServerReflectionRequest { host: String::new(), message_request: Some(question) };
        let mut client = ServerReflectionClient::new(self.channel.clone());
        let answers = client.server_reflection_info(tokio_stream::once(request)).await.unwrap();
        let answer = answers.into_inner().next().await.unwrap().unwrap();
        answer.message_response.unwrap()
    }
}
