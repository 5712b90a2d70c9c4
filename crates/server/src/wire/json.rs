//! JSON objects: a `Struct` of the wire as JSON in a normal form, and back.
//!
//! The form: keys sorted, no spaces, whole numbers without a fraction. Equal structs have equal
//! texts, so that a repeated request is known as one.

use kernel::Json as Object;
use prost_types::value::Kind;
use prost_types::{ListValue, Struct, Value};
use serde_json::{Map, Number, Value as Json};

use super::fields::Fields;

/// How deeply lists and structs may be nested. Enough for any label; JSON tools give up later.
const DEPTH_MAX: usize = 16;

/// The struct cannot be an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("must not have a value without a kind")]
    NoKind,
    #[error("must not have numbers that are not finite")]
    NotFinite,
    #[error("must not have the character U+0000")]
    Nul,
    #[error("must be nested at most {DEPTH_MAX} deep")]
    TooDeep,
    #[error("must be at most {max} bytes as JSON")]
    TooLong { max: usize },
}

/// The normal form. `None` for a struct without fields, which says as much as none at all.
pub fn parse(message: Struct, bytes_max: usize) -> Result<Option<String>, JsonError> {
    if message.fields.is_empty() {
        return Ok(None);
    }
    let text = object(message, 1)?.to_string();
    if text.len() > bytes_max { Err(JsonError::TooLong { max: bytes_max }) } else { Ok(Some(text)) }
}

/// An object that may be absent, which an empty struct is too. `Some(None)` says that it is.
pub fn optional<const BYTES: usize>(
    fields: &mut Fields,
    field: &str,
    message: Option<Struct>,
) -> Option<Option<Object<BYTES>>> {
    let text = message.map_or(Ok(None), |message| parse(message, BYTES));
    fields.check(field, text).map(|text| text.and_then(Object::from_normal))
}

/// The struct of a text that [`parse`] has made. Nothing else is ever stored.
pub fn render(text: &str) -> Option<Struct> {
    match serde_json::from_str(text) {
        Ok(Json::Object(fields)) => Some(render_object(fields)),
        Ok(Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_))
        | Err(_) => {
            tracing::error!("what is stored as a JSON object is none");
            None
        }
    }
}

fn object(message: Struct, depth: usize) -> Result<Json, JsonError> {
    let Struct { fields } = message;
    let fields = fields.into_iter().map(|(key, field)| Ok((text(key)?, value(field, depth)?)));
    // The map of the message is sorted, and so is that of JSON.
    fields.collect::<Result<Map<_, _>, _>>().map(Json::Object)
}

fn value(message: Value, depth: usize) -> Result<Json, JsonError> {
    let Value { kind } = message;
    let nested = depth + 1;
    let within = || if nested > DEPTH_MAX { Err(JsonError::TooDeep) } else { Ok(()) };
    match kind.ok_or(JsonError::NoKind)? {
        Kind::NullValue(_) => Ok(Json::Null),
        Kind::BoolValue(value) => Ok(Json::Bool(value)),
        Kind::NumberValue(value) => number(value),
        Kind::StringValue(value) => text(value).map(Json::String),
        Kind::StructValue(message) => within().and_then(|()| object(message, nested)),
        Kind::ListValue(ListValue { values }) => {
            within()?;
            let items = values.into_iter().map(|item| value(item, nested));
            items.collect::<Result<_, _>>().map(Json::Array)
        }
    }
}

// Postgres has no text with it, in JSON neither.
fn text(text: String) -> Result<String, JsonError> {
    if text.contains('\0') { Err(JsonError::Nul) } else { Ok(text) }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "both are cast only where the value is whole and within the integer's range"
)]
fn number(value: f64) -> Result<Json, JsonError> {
    // 2^63 and 2^64: the first whole numbers past i64 and u64, both exact as floats.
    const I64_END: f64 = 9_223_372_036_854_775_808.0;
    const U64_END: f64 = 18_446_744_073_709_551_616.0;
    let whole = value.trunc() == value;
    let number = if whole && (0.0..U64_END).contains(&value) {
        Some(Number::from(value as u64))
    } else if whole && (-I64_END..0.0).contains(&value) {
        Some(Number::from(value as i64))
    } else {
        Number::from_f64(value)
    };
    number.map(Json::Number).ok_or(JsonError::NotFinite)
}

fn render_object(fields: Map<String, Json>) -> Struct {
    Struct { fields: fields.into_iter().map(|(key, value)| (key, render_value(value))).collect() }
}

fn render_value(value: Json) -> Value {
    let kind = match value {
        Json::Null => Kind::NullValue(0),
        Json::Bool(value) => Kind::BoolValue(value),
        // Every number came as a float, so none is lost.
        Json::Number(value) => Kind::NumberValue(value.as_f64().unwrap_or(f64::NAN)),
        Json::String(value) => Kind::StringValue(value),
        Json::Array(items) => {
            Kind::ListValue(ListValue { values: items.into_iter().map(render_value).collect() })
        }
        Json::Object(fields) => Kind::StructValue(render_object(fields)),
    };
    Value { kind: Some(kind) }
}

#[cfg(test)]
mod tests;
