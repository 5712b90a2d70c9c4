//! A request as vendors look at it: path, query, headers and the body in the form it came in.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::check::{self, Field, Rules};
use crate::multipart;
use crate::vendor::Refusal;

/// What a body is.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    Empty,
    Json(Value),
    /// Text fields are strings, files are objects with the key `$file`; what is named `x[]` is a
    /// list under `x`.
    Form(Value),
    Bytes(Bytes),
    /// It says that it is JSON or a form and is not.
    Broken(String),
}

#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// What follows the vendor's name.
    pub(crate) path: Vec<String>,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body,
}

impl Request {
    pub(crate) fn new(parts: Parts, path: Vec<String>, bytes: &Bytes) -> Self {
        let kind = text_of(&parts.headers, "content-type").unwrap_or_default();
        let body = if bytes.is_empty() {
            Body::Empty
        } else if let Some(boundary) = multipart::boundary(&kind) {
            multipart::parse(bytes, &boundary)
                .map_or_else(Body::Broken, |form| Body::Form(form_of(form)))
        } else if kind.starts_with("application/json") || kind.is_empty() {
            serde_json::from_slice(bytes)
                .map_or_else(|error| Body::Broken(error.to_string()), Body::Json)
        } else {
            Body::Bytes(bytes.clone())
        };
        let query = parts.uri.query().unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        Self { method: parts.method, path, query: query.collect(), headers: parts.headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        text_of(&self.headers, name)
    }

    /// What follows `scheme` in the Authorization header.
    pub(crate) fn authorization(&self, scheme: &str) -> Option<String> {
        let header = self.header("authorization")?;
        let (found, key) = header.split_once(' ')?;
        (found == scheme).then(|| key.to_owned())
    }

    /// The method and the segments, to be matched on.
    pub(crate) fn route(&self) -> (&str, Vec<&str>) {
        (self.method.as_str(), self.path.iter().map(String::as_str).collect())
    }

    /// A segment of the path; empty if there are not so many.
    pub(crate) fn segment(&self, index: usize) -> String {
        self.path.get(index).cloned().unwrap_or_default()
    }

    /// The JSON of the body, held against `table`.
    pub(crate) fn json(&self, table: &[Field], rules: Rules) -> Result<Value, Refusal> {
        let value = match &self.body {
            Body::Json(value) => value,
            Body::Empty => return Err(Refusal::Malformed("the body is empty".to_owned())),
            Body::Broken(why) => return Err(Refusal::Malformed(why.clone())),
            Body::Form(_) | Body::Bytes(_) => {
                return Err(Refusal::Malformed("the body is not application/json".to_owned()));
            }
        };
        held(value, table, rules)
    }

    /// The same with the names of fields in camel case first, as the JSON of protocol buffers may
    /// have them either way. What is under the names in `opaque` stays.
    pub(crate) fn camel_json(&self, table: &[Field], opaque: &[&str]) -> Result<Value, Refusal> {
        let body = match &self.body {
            Body::Json(value) => Body::Json(camel(value, opaque)),
            Body::Empty | Body::Form(_) | Body::Bytes(_) | Body::Broken(_) => self.body.clone(),
        };
        Self { body, ..self.clone() }.json(table, Rules::Strict)
    }

    /// The fields of a form, held against `table`; JSON is no form.
    pub(crate) fn form(&self, table: &[Field]) -> Result<Value, Refusal> {
        match &self.body {
            Body::Form(value) => held(value, table, Rules::Form),
            Body::Broken(why) => Err(Refusal::Malformed(why.clone())),
            Body::Empty | Body::Json(_) | Body::Bytes(_) => {
                Err(Refusal::Malformed("the body is not multipart/form-data".to_owned()))
            }
        }
    }

    /// The bytes of a body that is neither JSON nor a form.
    pub(crate) fn raw(&self) -> Bytes {
        if let Body::Bytes(bytes) = &self.body { bytes.clone() } else { Bytes::new() }
    }

    /// What is told of the body to who asks for the calls.
    pub(crate) fn told(&self) -> Value {
        match &self.body {
            Body::Empty => Value::Null,
            Body::Json(value) | Body::Form(value) => value.clone(),
            Body::Bytes(bytes) => described(bytes, None, None),
            Body::Broken(why) => json!({ "$broken": why }),
        }
    }
}

fn held(value: &Value, table: &[Field], rules: Rules) -> Result<Value, Refusal> {
    if !value.is_object() {
        return Err(Refusal::Malformed("the body is not an object".to_owned()));
    }
    let problems = check::check(value, table, rules);
    if problems.is_empty() { Ok(value.clone()) } else { Err(Refusal::Invalid(problems)) }
}

fn camel(value: &Value, opaque: &[&str]) -> Value {
    match (value.as_object(), value.as_array()) {
        (Some(fields), _) => {
            let fields = fields.iter().map(|(name, value)| {
                let mut parts = name.split('_');
                let mut name = parts.next().unwrap_or_default().to_owned();
                for part in parts {
                    let (first, rest) =
                        part.split_at(part.chars().next().map_or(0, char::len_utf8));
                    name.push_str(&first.to_uppercase());
                    name.push_str(rest);
                }
                let stays = opaque.contains(&name.as_str());
                (name, if stays { value.clone() } else { camel(value, opaque) })
            });
            Value::Object(fields.collect())
        }
        (None, Some(items)) => items.iter().map(|item| camel(item, opaque)).collect(),
        (None, None) => value.clone(),
    }
}

fn text_of(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

fn form_of(parts: Vec<multipart::Part>) -> Value {
    let mut fields: Map<String, Value> = Map::new();
    for part in parts {
        let value = match &part.file_name {
            Some(name) => described(&part.bytes, Some(name), part.content_type.as_deref()),
            None => Value::String(String::from_utf8_lossy(&part.bytes).into_owned()),
        };
        match part.name.strip_suffix("[]") {
            Some(name) => {
                let list = fields.entry(name).or_insert_with(|| json!([]));
                if let Some(list) = list.as_array_mut() {
                    list.push(value);
                }
            }
            None => {
                fields.insert(part.name, value);
            }
        }
    }
    Value::Object(fields)
}

// Files are told by what identifies them: their bytes would fill the record.
fn described(bytes: &Bytes, name: Option<&str>, content_type: Option<&str>) -> Value {
    let digest = hex::encode(Sha256::digest(bytes));
    let about = json!({
        "name": name, "content_type": content_type, "size": bytes.len(), "sha256": digest,
    });
    json!({ "$file": about })
}

/// Percent-decoding, with `+` for a space.
pub(crate) fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let hex = bytes.get(index + 1..index + 3).filter(|_| *byte == b'%');
        match hex.and_then(|pair| hex::decode(pair).ok()) {
            Some(pair) => {
                out.extend(pair);
                index += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_stand_for_bytes() {
        assert_eq!(decoded("a%20b+c%2Fd%zz%4"), "a b c/d%zz%4");
    }
}
