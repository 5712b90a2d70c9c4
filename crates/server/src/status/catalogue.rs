//! The catalogue of reasons, read once from the descriptors of `error.proto`.

use std::collections::HashMap;
use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, DynamicMessage, Value};
use tonic::Code;

use super::ErrorReason;

const PREFIX: &str = "ERROR_REASON_";

/// What a reason always comes with: the option `(atelier.common.v1.error)` of its enum value.
#[derive(Debug)]
pub struct Spec {
    /// The reason as callers see it, without the prefix.
    pub name: &'static str,
    pub code: Code,
    /// Whether a `RetryInfo` comes along.
    pub retryable: bool,
    /// The keys of the `ErrorInfo`'s metadata, all present.
    pub metadata: Vec<&'static str>,
}

impl Spec {
    /// Whether `metadata` has the declared keys, all of them and no other.
    pub fn declares(&self, metadata: &[(&'static str, String)]) -> bool {
        metadata.len() == self.metadata.len()
            && self.metadata.iter().all(|key| metadata.iter().any(|(name, _)| name == key))
    }
}

static SPECS: LazyLock<HashMap<ErrorReason, Spec>> = LazyLock::new(read);

/// What `reason` comes with. `UNSPECIFIED` is never sent and stands for `INTERNAL`.
pub fn spec(reason: ErrorReason) -> &'static Spec {
    SPECS.get(&reason).or_else(|| SPECS.get(&ErrorReason::Internal)).unwrap_or(&FALLBACK)
}

/// The reason whose name without the prefix is `name`.
pub fn reason_from_name(name: &str) -> Option<ErrorReason> {
    ErrorReason::from_str_name(&format!("{PREFIX}{name}"))
}

// Only reachable with descriptors that are not ours; a test walks every reason.
static FALLBACK: Spec =
    Spec { name: "INTERNAL", code: Code::Internal, retryable: false, metadata: Vec::new() };

fn read() -> HashMap<ErrorReason, Spec> {
    let mut specs = HashMap::new();
    let Ok(pool) = DescriptorPool::decode(proto::DESCRIPTORS) else { return specs };
    let (Some(reasons), Some(option)) = (
        pool.get_enum_by_name("atelier.common.v1.ErrorReason"),
        pool.get_extension_by_name("atelier.common.v1.error"),
    ) else {
        return specs;
    };
    for value in reasons.values() {
        let options = value.options();
        let Ok(reason) = ErrorReason::try_from(value.number()) else { continue };
        if !options.has_extension(&option) {
            continue;
        }
        let spec = options.get_extension(&option);
        if let Some(message) = spec.as_message() {
            let name = reason.as_str_name();
            specs.insert(reason, spec_of(name.strip_prefix(PREFIX).unwrap_or(name), message));
        }
    }
    specs
}

fn spec_of(name: &'static str, message: &DynamicMessage) -> Spec {
    let number = |field: &str| {
        message.get_field_by_name(field).and_then(|value| value.as_enum_number()).unwrap_or(0)
    };
    let metadata = message.get_field_by_name("metadata").and_then(|keys| {
        Some(keys.as_list()?.iter().filter_map(Value::as_str).map(kept).collect())
    });
    Spec {
        name,
        code: Code::from_i32(number("code")),
        retryable: number("retry") != 0,
        metadata: metadata.unwrap_or_default(),
    }
}

// Read once and kept for as long as the process: as good as a literal.
fn kept(key: &str) -> &'static str {
    Box::leak(key.to_owned().into_boxed_str())
}
