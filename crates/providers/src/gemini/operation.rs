//! Operations of `predictLongRunning`: begun, asked about, and what came of them.

use generation::{Class, Failure, Made, Polled, Stage, Started};
use serde_json::{Value, json};

use super::refusal;
use crate::dialect::operation;
use crate::failures::{
    broken, code_at, lost, of_question, refused, said, speaks_of_refusal, text_at, unreadable,
};
use crate::http::{Answer, Request};
use crate::pieces::{counted, decoded, remote};

/// Codes that say nothing against another try: those of google.rpc, as numbers and in words, and
/// none at all.
const ACCIDENTS: &[&str] = &[
    "",
    "4",
    "8",
    "10",
    "13",
    "14",
    "429",
    "500",
    "503",
    "504",
    "aborted",
    "deadline_exceeded",
    "internal",
    "internal_error",
    "resource_exhausted",
    "unavailable",
];

pub(super) fn begun(model: &str, key: &str, answer: &Answer) -> Result<Started, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let name = text_at(&value, &["/name"]).filter(|name| is_name(name)).ok_or_else(unreadable)?;
    operation(&[("name", name), ("model", model), ("key", key)]).map(Started::Accepted)
}

/// Names become a part of addresses.
fn is_name(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-/".contains(&b));
    plain && !name.starts_with('/') && !name.contains("..")
}

/// How Vertex is asked.
pub(super) fn question(model: &str, name: &str) -> Request {
    let body = json!({"operationName": name});
    Request::post(format!("/models/{model}:fetchPredictOperation"), body)
}

pub(super) fn polled(answer: &Answer, same_key: bool) -> Result<Polled, Failure> {
    if !answer.is_success() {
        return Err(unasked(refusal::of(answer), answer, same_key));
    }
    let unread = || Failure::new(Class::Transient, "the operation cannot be read");
    let value = answer.json().filter(Value::is_object).ok_or_else(unread)?;
    if value.get("done").and_then(Value::as_bool) != Some(true) {
        return Ok(Polled::Running { percent: None, again_after: None });
    }
    if let Some(error) = value.get("error") {
        return Err(failed(error));
    }
    made(&value).map(Polled::Made)
}

/// What is refused to another project's key is not gone.
pub(super) fn unasked(failure: Failure, answer: &Answer, same_key: bool) -> Failure {
    if !same_key && matches!(answer.status, 401 | 403 | 404) {
        return key_changed();
    }
    of_question(failure)
}

pub(super) fn key_changed() -> Failure {
    let why = "the operation was begun with another key than the present one";
    Failure::new(Class::AuthFailed, why).with_code("key_changed")
}

pub(super) fn failed(error: &Value) -> Failure {
    let message = text_at(error, &["/message"]).unwrap_or("the provider could not make it");
    let code = code_at(error, &["/code", "/status"]).unwrap_or_default();
    let failure = if speaks_of_refusal(message) {
        refused(Stage::Output, Vec::new(), message)
    } else if code == "3" || code == "400" {
        said(Class::InvalidArgument, message)
    } else {
        broken(ACCIDENTS.contains(&code.to_lowercase().as_str()), message)
    };
    failure.with_code(code)
}

fn made(value: &Value) -> Result<Made, Failure> {
    let empty = Value::Null;
    let response = value.get("response").unwrap_or(&empty);
    let response = response.get("generateVideoResponse").unwrap_or(response);
    // The Developer API and Vertex have each their own list.
    let samples: Vec<&Value> = ["generatedSamples", "generatedVideos", "videos"]
        .iter()
        .filter_map(|name| response.get(name)?.as_array())
        .flatten()
        .map(|sample| sample.get("video").unwrap_or(sample))
        .collect();
    let data = samples.iter().filter_map(|video| {
        text_at(video, &["/bytesBase64Encoded", "/encodedVideo", "/videoBytes"])
    });
    let (mut pieces, undecoded) = decoded(data);
    pieces.extend(samples.iter().filter_map(|video| text_at(video, &["/uri"])).map(remote));
    let reasons = response.get("raiMediaFilteredReasons").and_then(Value::as_array);
    let reasons: Vec<&str> = reasons.into_iter().flatten().filter_map(Value::as_str).collect();
    let filtered = response.get("raiMediaFilteredCount").and_then(Value::as_u64).unwrap_or(0);
    let count = u32::try_from(samples.len()).unwrap_or(u32::MAX).max(1);
    counted(pieces, count, reasons.first().map(|reason| (*reason).to_owned()), || {
        if let Some(failure) = undecoded {
            return failure;
        }
        if samples.is_empty() || filtered > 0 {
            let told = reasons.first().copied();
            let told = told.unwrap_or("the provider does not hand out what came of it");
            let categories = if filtered > 0 { vec!["RAI".to_owned()] } else { Vec::new() };
            return refused(Stage::Output, categories, told);
        }
        lost("the provider made a video and does not say where it is")
    })
}
