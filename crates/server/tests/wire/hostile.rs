//! What can be wrong with any request of a kind, derived from its descriptor: texts that are too
//! long or hold U+0000, values that an enum lacks, pages that cannot be.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Value, json};

use super::json::get;

/// No field takes as much, and yet a message does.
const LONG: usize = 250_000;

/// No enum has it.
const NO_VALUE: i32 = 9_999;

/// Messages of other packages have forms of their own in JSON.
const OURS: &str = "atelier.";

/// A hostile value, and where it is put.
pub(crate) struct Hostile {
    pub(crate) at: String,
    pub(crate) value: Value,
}

/// Every hostile value for a message like `good`, one at a time.
pub(crate) fn of(message: &MessageDescriptor, good: &Value) -> Vec<Hostile> {
    let mut found = Vec::new();
    walk(message, good, "", &mut found);
    found
}

fn walk(message: &MessageDescriptor, good: &Value, path: &str, found: &mut Vec<Hostile>) {
    for field in message.fields() {
        let at = format!("{path}{}", field.name());
        let present = get(good, &at);
        if present.is_none() && !may_be_added(message, &field) {
            continue;
        }
        let mut add = |at: String, value: Value| found.push(Hostile { at, value });
        let kind = field.kind();
        if field.is_map() {
            // No map has rules that are not those of its own area.
        } else if kind == Kind::String {
            let list = if field.is_list() { "[0]" } else { "" };
            add(format!("{at}{list}"), json!("x".repeat(LONG)));
            add(format!("{at}{list}"), json!("nul\0"));
        } else if kind.as_enum().is_some() {
            let list = if field.is_list() { "[0]" } else { "" };
            add(format!("{at}{list}"), json!(NO_VALUE));
        } else if field.name() == "page_size" {
            add(at, json!(-1));
        } else if let Some(inner) = kind.as_message() {
            match present {
                _ if !inner.package_name().starts_with(OURS) => {}
                Some(Value::Array(_)) => walk(inner, good, &format!("{at}[0]."), found),
                Some(_) => walk(inner, good, &format!("{at}."), found),
                None => {}
            }
        }
    }
}

/// Whether a request may have the field although the good one lacks it. A change may name fields
/// outside its mask, which nobody reads, and of a choice there is one.
fn may_be_added(message: &MessageDescriptor, field: &FieldDescriptor) -> bool {
    let chosen = field.containing_oneof().is_some_and(|oneof| !oneof.is_synthetic());
    !chosen && !message.name().ends_with("Patch")
}
