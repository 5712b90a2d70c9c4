//! The table of methods: what each may be called with, how it streams, and its series of metrics.
//!
//! Built once from the descriptors. A path that is not in it reaches no handler.

use std::collections::HashMap;
use std::sync::Arc;

use access::Scope;
use prost_reflect::{DescriptorPool, MethodDescriptor};
use proto::atelier::common::v1::Scope as WireScope;

use crate::layers::metrics::Series;
use crate::scopes::scope_from_proto;

/// The services that anyone may call. They are not ours, so their protos name no scope.
const PUBLIC: [&str; 3] = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
];

/// Who may call a method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone, without a credential.
    Public,
    /// Callers that hold the scope.
    Scope(Scope),
    /// Nobody: there is no such method. Callers without a credential are not told so.
    Nobody,
}

/// How a method answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// With one message, within a deadline.
    Unary,
    /// The same, and mostly by waiting for something, as the name says: `WaitJob`.
    Wait,
    /// With a stream, which may outlive every deadline but the caller's own.
    Stream,
}

/// One method.
#[derive(Debug)]
pub struct Method {
    /// As in the request: `/package.Service/Method`.
    pub path: String,
    pub access: Access,
    pub kind: Kind,
    pub(crate) series: Series,
}

impl Method {
    pub fn new(path: impl Into<String>, access: Access, kind: Kind) -> Self {
        let path = path.into();
        let series = Series::of(&path);
        Self { path, access, kind, series }
    }
}

/// The descriptors cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum MethodsError {
    #[error("the descriptors cannot be read")]
    Descriptors(#[source] prost_reflect::DescriptorError),
    #[error("{0} names no scope that a caller can hold")]
    Scope(String),
}

/// Every method that is served.
#[derive(Debug)]
pub struct Methods {
    by_path: HashMap<String, Arc<Method>>,
    services: Vec<String>,
    unknown: Arc<Method>,
}

impl Methods {
    /// The methods of this build's descriptors, and the public ones.
    pub fn load() -> Result<Self, MethodsError> {
        let mut methods = Self {
            by_path: HashMap::new(),
            services: Vec::new(),
            // One name for all of them: a caller must not be able to make up series of metrics.
            unknown: Arc::new(Method::new("/unknown", Access::Nobody, Kind::Unary)),
        };
        let sets: [&[u8]; 4] = [
            proto::DESCRIPTORS,
            tonic_health::pb::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET,
            tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET,
        ];
        for set in sets {
            let pool = DescriptorPool::decode(set).map_err(MethodsError::Descriptors)?;
            for service in pool.services() {
                let name = service.full_name();
                if !PUBLIC.contains(&name) {
                    methods.services.push(name.to_owned());
                }
                for method in service.methods() {
                    let access = access_of(&pool, &method)?;
                    let kind = kind_of(&method);
                    methods.insert(Method::new(format!("/{name}/{}", method.name()), access, kind));
                }
            }
        }
        Ok(methods)
    }

    pub fn insert(&mut self, method: Method) {
        self.by_path.insert(method.path.clone(), Arc::new(method));
    }

    /// Our own services by full name, in no order; not the public ones.
    pub fn services(&self) -> &[String] {
        &self.services
    }

    pub fn iter(&self) -> impl Iterator<Item = &Method> {
        self.by_path.values().map(Arc::as_ref)
    }

    pub(crate) fn find(&self, path: &str) -> &Arc<Method> {
        self.by_path.get(path).unwrap_or(&self.unknown)
    }
}

fn kind_of(method: &MethodDescriptor) -> Kind {
    if method.is_server_streaming() {
        Kind::Stream
    } else if method.name().starts_with("Wait") {
        Kind::Wait
    } else {
        Kind::Unary
    }
}

fn access_of(pool: &DescriptorPool, method: &MethodDescriptor) -> Result<Access, MethodsError> {
    if PUBLIC.contains(&method.parent_service().full_name()) {
        return Ok(Access::Public);
    }
    // A method of ours that calls itself public is refused too: public is decided above.
    let scope = pool
        .get_extension_by_name("atelier.common.v1.scope")
        .and_then(|option| method.options().get_extension(&option).as_enum_number())
        .and_then(|number| WireScope::try_from(number).ok())
        .and_then(scope_from_proto);
    scope.map(Access::Scope).ok_or_else(|| MethodsError::Scope(method.full_name().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_health_and_reflection_are_public() {
        let methods = Methods::load().unwrap();
        let public: Vec<_> =
            methods.iter().filter(|method| method.access == Access::Public).collect();
        assert_eq!(public.len(), 4);
        for method in public {
            assert!(method.path.starts_with("/grpc."), "{}", method.path);
        }
        assert!(methods.iter().count() > 10);
    }

    #[test]
    fn methods_are_found_by_their_whole_path_only() {
        let methods = Methods::load().unwrap();
        let issue = methods.find("/atelier.access.v1.ApiKeyService/IssueApiKey");
        assert_eq!(issue.access, Access::Scope(Scope::KeysAdmin));
        assert_eq!(methods.find("/grpc.health.v1.Health/Watch").kind, Kind::Stream);
        assert_eq!(methods.find("/atelier.generation.v1.JobService/WaitJob").kind, Kind::Wait);
        for path in ["", "/", "/grpc.health.v1.Health/", "/grpc.health.v1.Health/Other"] {
            assert_eq!(methods.find(path).access, Access::Nobody, "{path}");
        }
    }
}
