//! A raw HTTP client of the mock, for tests that are plain functions.

use std::io::Read;
use std::time::Duration;

use mock_vendors::{Call, MockVendors, Vendor};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use ureq::Agent;

/// A mock of its own for each test, and a client that follows nothing and retries nothing.
pub(crate) struct Mock {
    pub(crate) server: MockVendors,
    agent: Agent,
    // Dropped last: the server runs on it.
    _runtime: Runtime,
}

/// What came back. The body is what came of it before the connection ended.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) bytes: Vec<u8>,
    pub(crate) whole: bool,
    headers: http::HeaderMap,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        let text = || String::from_utf8_lossy(&self.bytes).into_owned();
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// What is at a JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Value {
        self.json().pointer(pointer).cloned().unwrap_or_default()
    }
}

/// How each vendor wants its key.
pub(crate) fn key_header(vendor: Vendor, key: &str) -> (&'static str, String) {
    match vendor {
        Vendor::Gemini => ("x-goog-api-key", key.to_owned()),
        Vendor::Elevenlabs => ("xi-api-key", key.to_owned()),
        Vendor::Fal => ("authorization", format!("Key {key}")),
        Vendor::Openai | Vendor::Localai | Vendor::Recraft | Vendor::Replicate | Vendor::Tavily => {
            ("authorization", format!("Bearer {key}"))
        }
    }
}

impl Mock {
    pub(crate) fn start() -> Self {
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(MockVendors::start()).unwrap();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(20)));
        Self { server, agent: config.build().into(), _runtime: runtime }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server.address())
    }

    /// `Err` if the connection was closed before an answer.
    pub(crate) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        let url = if url.starts_with('/') { self.url(url) } else { url.to_owned() };
        let mut request = http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut answer = self.agent.run(request.body(body).unwrap())?;
        let mut bytes = Vec::new();
        let mut reader = answer.body_mut().with_config().limit(100 << 20).reader();
        let whole = reader.read_to_end(&mut bytes).is_ok();
        let headers = answer.headers().clone();
        Ok(Answer { status: answer.status().as_u16(), bytes, whole, headers })
    }

    /// With the vendor's key.
    pub(crate) fn ask(&self, vendor: Vendor, method: &str, path: &str, body: &Value) -> Answer {
        self.try_ask(vendor, method, path, body).unwrap()
    }

    pub(crate) fn try_ask(
        &self,
        vendor: Vendor,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Result<Answer, ureq::Error> {
        let (name, key) = key_header(vendor, &vendor.key());
        let url =
            if path.starts_with("http") { path.to_owned() } else { format!("/{vendor}{path}") };
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let headers = [(name, key.as_str()), ("content-type", "application/json")];
        self.send(method, &url, &headers, body.as_bytes())
    }

    pub(crate) fn post(&self, vendor: Vendor, path: &str, body: &Value) -> Answer {
        self.ask(vendor, "POST", path, body)
    }

    pub(crate) fn get(&self, vendor: Vendor, path: &str) -> Answer {
        self.ask(vendor, "GET", path, &Value::Null)
    }

    /// Without a key, as outputs are fetched.
    pub(crate) fn fetch(&self, url: &str) -> Answer {
        self.send("GET", url, &[], &[]).unwrap()
    }

    pub(crate) fn script(&self, vendor: Vendor, operation: Option<&str>, answer: &str) {
        self.server.script(vendor, operation, answer, 1).unwrap();
    }

    pub(crate) fn last(&self) -> Call {
        self.server.calls().pop().unwrap()
    }
}

/// Each case: the words, the status, where to look and what is there.
pub(crate) type Cases<'c> = &'c [(&'c str, u16, &'c str, Value)];

/// Asks for each case's words and compares.
pub(crate) fn holds(cases: Cases<'_>, ask: impl Fn(&str) -> Answer) {
    for (words, status, pointer, expected) in cases {
        let answer = ask(words);
        let told = String::from_utf8_lossy(&answer.bytes).chars().take(600).collect::<String>();
        assert_eq!(answer.status, *status, "{words}: {told}");
        assert_eq!(answer.at(pointer), *expected, "{words} at {pointer}: {told}");
    }
}

pub(crate) fn nothing() -> Value {
    json!(null)
}

/// Whether bytes are what their beginning says.
pub(crate) fn is(bytes: &[u8], kind: &str) -> bool {
    match kind {
        "png" => bytes.starts_with(b"\x89PNG"),
        "jpeg" => bytes.starts_with(b"\xff\xd8\xff"),
        "webp" => bytes.get(8..12) == Some(b"WEBP"),
        "mp4" => bytes.get(4..8) == Some(b"ftyp"),
        "mp3" => bytes.starts_with(b"\xff\xfb"),
        "wav" => bytes.get(8..12) == Some(b"WAVE"),
        _ => false,
    }
}
