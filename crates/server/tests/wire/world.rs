//! The world of a row: two users, what the row's steps made, and calls in JSON.
//!
//! Always there: `$user` and `$other`, `$picture` that is an asset of `$user`, `$nobody` whom nobody
//! is, `$salt` that no other world has, and the moments `$an_hour_ago` and `$in_an_hour`.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use kernel::Span;
use ports::Clock;
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, SerializeOptions};
use serde::de::DeserializeSeed;
use serde_json::Value;
use server::clock::SystemClock;
use server::status::{reason_from_name, spec};
use server::wire::time::render_timestamp;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::{Code, Request, Status};

use super::dynamic::Dynamic;
use super::json;
use super::row::{NOBODY, Step};
use crate::whole::calls::reason;
use crate::whole::wire::served::Served;

/// How long the first message of a stream may take.
const STREAM_PATIENCE: Duration = Duration::from_secs(10);

const HOUR: Span = Span::from_secs(60 * 60);

const PICTURE: Step = Step::Call(
    "assets.v1.AssetService/RegisterExternal",
    r#"{"user_id": "$user", "provider": "elsewhere", "url": "https://example.com/$salt.png",
        "name": "a.png", "content_type": "image/png"}"#,
    &[("picture", "asset.id")],
);

pub(crate) static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(proto::DESCRIPTORS).unwrap());

pub(crate) struct World<'a> {
    pub(crate) served: &'a Served,
    pub(crate) names: BTreeMap<String, String>,
    /// With every scope.
    key: &'a str,
}

/// The method of a path without `atelier.`.
pub(crate) fn method(path: &str) -> MethodDescriptor {
    let (service, name) = path.split_once('/').expect("a path has a service and a method");
    let service = POOL.get_service_by_name(&format!("atelier.{service}"));
    let mut methods =
        service.as_ref().unwrap_or_else(|| panic!("{path}: no such service")).methods();
    methods.find(|method| method.name() == name).unwrap_or_else(|| panic!("{path}: no such method"))
}

impl<'a> World<'a> {
    pub(crate) async fn new(served: &'a Served, key: &'a str, steps: &[Step]) -> Self {
        static SALT: AtomicU32 = AtomicU32::new(0);
        let salt = format!("salt{}", SALT.fetch_add(1, Ordering::Relaxed));
        let user = served.api.user(&format!("{salt}-user")).await;
        let other = served.api.user(&format!("{salt}-other")).await;
        let now = SystemClock.now();
        let names = [
            ("user", user),
            ("other", other),
            ("nobody", NOBODY.to_owned()),
            ("salt", salt),
            ("an_hour_ago", render_timestamp(now.saturating_sub(HOUR)).to_string()),
            ("in_an_hour", render_timestamp(now.saturating_add(HOUR)).to_string()),
        ];
        let names = names.map(|(name, value)| (name.to_owned(), value)).into();
        let mut world = Self { served, names, key };
        world.take(PICTURE).await;
        for step in steps {
            world.take(*step).await;
        }
        world
    }

    pub(crate) async fn take(&mut self, step: Step) {
        match step {
            Step::Call(path, request, keep) => {
                let request = self.fill(&serde_json::from_str(request).expect("a step is JSON"));
                let answer = self.call(path, &request).await;
                let answer = answer.unwrap_or_else(|status| panic!("step {path}: {status:?}"));
                for (name, place) in keep {
                    let value = json::get(&answer, place).and_then(Value::as_str);
                    let value = value.unwrap_or_else(|| panic!("{path}: no {place} in {answer}"));
                    self.names.insert((*name).to_owned(), value.to_owned());
                }
            }
            Step::Do(work) => work(self).await,
        }
    }

    /// The request with the names of this world.
    pub(crate) fn fill(&self, request: &Value) -> Value {
        let mut request = request.clone();
        json::texts(&mut request, &|text| {
            // The longest name first: `$user_etag` is not `$user` with something behind it.
            let mut names: Vec<_> = self.names.iter().collect();
            names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            names.into_iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("${name}"), value)
            })
        });
        request
    }

    /// Calls with every scope.
    pub(crate) async fn call(&self, path: &str, request: &Value) -> Result<Value, Status> {
        self.call_as(Some(self.key), path, request).await
    }

    /// Calls, and answers with the message, or with the first of a stream. Whatever the refusal is,
    /// it is one of the catalogue and no bug.
    pub(crate) async fn call_as(
        &self,
        key: Option<&str>,
        path: &str,
        request: &Value,
    ) -> Result<Value, Status> {
        let method = method(path);
        let message = method.input().deserialize(request);
        let message = message.unwrap_or_else(|error| panic!("{path}: {error}: {request}"));
        let mut message = Request::new(message);
        if let Some(key) = key {
            let value: MetadataValue<Ascii> = format!("Bearer {key}").parse().unwrap();
            message.metadata_mut().insert("authorization", value);
        }
        let answer = self.send(&method, path, message).await;
        if let Err(status) = &answer {
            let said = reason(status);
            let known = reason_from_name(&said).map(spec);
            let known = known.unwrap_or_else(|| panic!("{path}: {status:?}"));
            assert_eq!(status.code(), known.code, "{path}: {said}");
            let bug = matches!(status.code(), Code::Internal | Code::Unknown | Code::Unimplemented);
            assert!(!bug, "{path} {}: {status:?}", brief(request));
        }
        answer
    }

    async fn send(
        &self,
        method: &MethodDescriptor,
        path: &str,
        message: Request<DynamicMessage>,
    ) -> Result<Value, Status> {
        let mut client = tonic::client::Grpc::new(self.served.api.channel.clone());
        client.ready().await.unwrap();
        let uri = format!("/atelier.{path}").parse().unwrap();
        let codec = Dynamic(method.output());
        let answer = if method.is_server_streaming() {
            let mut stream = client.server_streaming(message, uri, codec).await?.into_inner();
            let first = tokio::time::timeout(STREAM_PATIENCE, stream.message()).await;
            match first.unwrap_or_else(|_| panic!("{path}: no message"))? {
                Some(first) => first,
                None => return Ok(Value::Null),
            }
        } else {
            client.unary(message, uri, codec).await?.into_inner()
        };
        let options = SerializeOptions::new().use_proto_field_name(true).skip_default_fields(false);
        Ok(answer.serialize_with_options(serde_json::value::Serializer, &options).unwrap())
    }
}

/// The beginning of a request, for messages.
pub(crate) fn brief(request: &Value) -> String {
    request.to_string().chars().take(400).collect()
}
