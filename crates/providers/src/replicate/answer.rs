//! What Replicate answers: predictions, and problems.

use generation::{Cancelled, Class, Failure, Made, Piece, Polled, Stage, Started};
use serde_json::Value;

use crate::dialect::operation;
use crate::failures::{
    broken, by_status, code_at, lost, of_question, refused, said, speaks_of_refusal, text_at,
    unreadable,
};
use crate::http::Answer;
use crate::pause;
use crate::pieces::{cost, counted, remote};

/// What says that another try may go well, in texts that each model writes for itself.
const ACCIDENTS: &[&str] =
    &["interrupted", "retry", "timed out", "timeout", "out of memory", "unavailable", "overloaded"];

pub(super) fn begun(count: u32, answer: &Answer) -> Result<Started, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let id = id(&value).ok_or_else(unreadable)?;
    match progress(count, &value)? {
        Polled::Made(made) => Ok(Started::Made(made)),
        Polled::Running { .. } => {
            operation(&[("count", &count.to_string()), ("id", id)]).map(Started::Accepted)
        }
    }
}

/// Names become a part of addresses.
pub(super) fn id(value: &Value) -> Option<&str> {
    text_at(value, &["/id"]).filter(|id| id.bytes().all(|b| b.is_ascii_alphanumeric()))
}

pub(super) fn polled(count: u32, answer: &Answer) -> Result<Polled, Failure> {
    if !answer.is_success() {
        return Err(of_question(refusal(answer)));
    }
    let unread = || Failure::new(Class::Transient, "the prediction cannot be read");
    progress(count, &answer.json().filter(Value::is_object).ok_or_else(unread)?)
}

fn progress(count: u32, value: &Value) -> Result<Polled, Failure> {
    let told = text_at(value, &["/error"]).unwrap_or("the provider could not make it");
    match text_at(value, &["/status"]).unwrap_or_default() {
        "succeeded" => made(count, value).map(Polled::Made),
        "failed" if speaks_of_refusal(told) => Err(refused(Stage::Output, Vec::new(), told)),
        "failed" => {
            let lower = told.to_lowercase();
            let retryable = ACCIDENTS.iter().any(|words| lower.contains(words));
            Err(broken(retryable, told).with_code("failed"))
        }
        "canceled" => Err(broken(false, "the prediction was cancelled").with_code("canceled")),
        // It never began, and costs nothing.
        "aborted" => Err(broken(true, "the prediction was given up").with_code("aborted")),
        // What is new is still running, as far as anybody knows, until our own time is up.
        _ => {
            let percent = text_at(value, &["/logs"]).and_then(percent);
            Ok(Polled::Running { percent, again_after: None })
        }
    }
}

fn made(count: u32, value: &Value) -> Result<Made, Failure> {
    let output = value.get("output").unwrap_or(&Value::Null);
    let mut pieces = Vec::new();
    collect(output, &mut pieces);
    let made = counted(pieces, count, None, || {
        let removed = value.get("data_removed").and_then(Value::as_bool) == Some(true);
        if output.is_null() || removed {
            lost("the provider has removed what it made")
        } else {
            refused(Stage::Output, Vec::new(), "the provider hands out nothing")
        }
    })?;
    Ok(Made { cost: cost(value, "/metrics/predict_time", "seconds"), ..made })
}

/// Outputs are an address, a list of them, or an object that has them somewhere.
fn collect(output: &Value, pieces: &mut Vec<Piece>) {
    match output {
        Value::String(url) if url.starts_with("https://") || url.starts_with("http://") => {
            pieces.push(remote(url));
        }
        Value::String(url) if url.starts_with("data:") => pieces.push(remote(url)),
        Value::Array(list) => list.iter().for_each(|one| collect(one, pieces)),
        Value::Object(fields) => fields.values().for_each(|one| collect(one, pieces)),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The last percentage in the logs, which are those of a progress bar.
fn percent(logs: &str) -> Option<u8> {
    let before = &logs[..logs.rfind('%')?];
    let digits = &before[before.trim_end_matches(|c: char| c.is_ascii_digit()).len()..];
    digits.parse().ok().filter(|percent| *percent <= 100)
}

pub(super) fn cancelled(answer: &Answer) -> Result<Cancelled, Failure> {
    if matches!(answer.status, 400 | 404 | 409 | 422) {
        return Ok(Cancelled::Ended);
    }
    if !answer.is_success() {
        return Err(of_question(refusal(answer)));
    }
    let value = answer.json().unwrap_or_default();
    Ok(match text_at(&value, &["/status"]) {
        Some("canceled" | "aborted") => Cancelled::Stopped,
        Some("succeeded" | "failed") => Cancelled::Ended,
        _ => Cancelled::Asked,
    })
}

pub(super) fn refusal(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let message = text_at(&value, &["/detail", "/title", "/error"]).unwrap_or_default();
    let code = code_at(&value, &["/type"]).filter(|code| !code.contains(':'));
    let code = code.unwrap_or_else(|| answer.status.to_string());
    if matches!(answer.status, 400 | 422) && speaks_of_refusal(message) {
        return refused(Stage::Input, Vec::new(), message).with_code(code);
    }
    let class = match answer.status {
        429 => Class::RateLimited {
            retry_after: pause::told(answer).or_else(|| pause::in_words(message)),
        },
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}
