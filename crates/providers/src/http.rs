//! Requests and answers as values: what is said to a vendor and what it says, with no connection in
//! sight. Keys are not in them: the client adds its own on the way.

use http::{HeaderMap, Method};
use kernel::Timestamp;
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

/// What a vendor is asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) target: Target,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

/// Where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// Below the configured address; begins with a slash and may have a query.
    Path(String),
    /// As the vendor said. The client refuses what is not the vendor's own.
    Url(Url),
}

/// What is sent along.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Empty,
    Json(Value),
    Form(Vec<Part>),
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// The media type, where the field is a file.
    pub(crate) file: Option<String>,
    pub(crate) bytes: Vec<u8>,
}

/// What a vendor answers.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// When it came.
    pub(crate) at: Timestamp,
}

impl Request {
    pub(crate) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path, Body::Empty)
    }

    pub(crate) fn post(path: impl Into<String>, json: Value) -> Self {
        Self::new(Method::POST, path, Body::Json(json))
    }

    pub(crate) fn form(path: impl Into<String>, parts: Vec<Part>) -> Self {
        Self::new(Method::POST, path, Body::Form(parts))
    }

    /// To an address of the vendor's own choice.
    pub(crate) fn at(method: Method, url: Url) -> Self {
        Self { method, target: Target::Url(url), headers: Vec::new(), body: Body::Empty }
    }

    pub(crate) fn new(method: Method, path: impl Into<String>, body: Body) -> Self {
        Self { method, target: Target::Path(path.into()), headers: Vec::new(), body }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

impl Part {
    pub(crate) fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self { name, file: None, bytes: text.into().into_bytes() }
    }

    pub(crate) fn file(name: &'static str, media_type: &str, bytes: &[u8]) -> Self {
        Self { name, file: Some(media_type.to_owned()), bytes: bytes.to_vec() }
    }
}

impl Body {
    /// The bytes and their type. `None` if there are none.
    pub(crate) fn encode(&self) -> Option<(String, Vec<u8>)> {
        match self {
            Self::Empty => None,
            Self::Json(value) => {
                Some(("application/json".to_owned(), value.to_string().into_bytes()))
            }
            Self::Form(parts) => {
                let boundary = boundary(parts);
                let bytes = encode_form(parts, &boundary);
                Some((format!("multipart/form-data; boundary={boundary}"), bytes))
            }
        }
    }
}

impl Answer {
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as JSON. `None` if it is none.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

// Made of what it stands between, so that it cannot be in there but by breaking SHA-256.
fn boundary(parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(&part.bytes);
    }
    format!("atelier-{}", &hex::encode(hash.finalize())[..32])
}

fn encode_form(parts: &[Part], boundary: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for Part { name, file, bytes: content } in parts {
        let mut head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"");
        if let Some(media_type) = file {
            // Vendors look at the name's ending.
            let ending = media_type.rsplit('/').next().unwrap_or("bin");
            head.push_str(&format!("; filename=\"file.{ending}\"\r\ncontent-type: {media_type}"));
        }
        head.push_str("\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(content);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_its_fields_between_boundaries() {
        let parts =
            vec![Part::text("prompt", "a\r\ncat"), Part::file("image", "image/png", b"\0P")];
        let (media_type, bytes) = Body::Form(parts).encode().unwrap();
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"prompt\"\r\n\r\na\r\ncat\r\n\
             --{boundary}\r\ncontent-disposition: form-data; name=\"image\"; \
             filename=\"file.png\"\r\ncontent-type: image/png\r\n\r\n\0P\r\n--{boundary}--\r\n"
        );
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }
}
