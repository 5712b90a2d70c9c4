//! What Gemini answers instead of success: one envelope with two spellings, and what it means.

use std::time::Duration;

use generation::{Class, Failure, Stage};
use serde_json::Value;

use crate::failures::{by_status, code_at, refused, said, speaks_of_refusal, text_at};
use crate::http::Answer;
use crate::pause;

/// Names of refusals among the codes of errors.
const REFUSALS: &[&str] = &[
    "SAFETY",
    "PROHIBITED_CONTENT",
    "BLOCKLIST",
    "IMAGE_SAFETY",
    "JAILBREAK",
    "MODEL_ARMOR",
    "RECITATION",
    "SPII",
];

pub(super) fn of(answer: &Answer) -> Failure {
    let Some(value) = answer.json() else {
        return said(by_status(answer), "").with_code(answer.status.to_string());
    };
    // The front end wraps it in a list of one at times.
    let value = value.get(0).unwrap_or(&value);
    let error = value.get("error").unwrap_or(value);
    let message = text_at(error, &["/message"]).unwrap_or_default();
    let code = code_at(error, &["/status"]).or_else(|| code_at(error, &["/code"]));
    let code = code.unwrap_or_else(|| answer.status.to_string());
    let lower = message.to_lowercase();
    let refusal = [code.as_str(), &code_at(error, &["/code"]).unwrap_or_default()]
        .into_iter()
        .find(|code| REFUSALS.contains(code))
        .map(str::to_owned);
    let blocked = lower.contains("blocked") && speaks_of_refusal(&lower);
    if answer.status == 400 && (refusal.is_some() || blocked) {
        let categories = refusal.into_iter().collect();
        return refused(Stage::Input, categories, message).with_code(code);
    }
    let class = match answer.status {
        400 if lower.contains("api key") => Class::AuthFailed,
        // The account's region or its bill, not the request.
        400 if code == "FAILED_PRECONDITION" => Class::AuthFailed,
        400 if is_gone(&lower) => Class::ModelRetired,
        429 => limited(error, &lower, answer),
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}

fn is_gone(message: &str) -> bool {
    ["no longer available", "only supported in", "has been shut down", "is retired"]
        .iter()
        .any(|words| message.contains(words))
}

/// A minute's quota is a pause. A day's is none, whatever pause the answer names.
fn limited(error: &Value, message: &str, answer: &Answer) -> Class {
    let details = error.get("details").and_then(Value::as_array);
    let details = details.map(Vec::as_slice).unwrap_or_default();
    let violations: Vec<&Value> = details
        .iter()
        .filter_map(|detail| detail.get("violations")?.as_array())
        .flatten()
        .collect();
    let of = |violation: &Value, name: &str| {
        violation.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    if violations.iter().any(|violation| of(violation, "quotaId").contains("PerDay")) {
        return Class::QuotaExhausted { until: pause::pacific_midnight(answer.at) };
    }
    let none = violations.iter().any(|violation| of(violation, "quotaValue") == "0");
    if none || (message.contains("credits") && message.contains("depleted")) {
        return Class::QuotaExhausted { until: None };
    }
    let delay = details.iter().find_map(|detail| pause::of_value(detail.get("retryDelay")?));
    let told: Option<Duration> = pause::told(answer);
    Class::RateLimited { retry_after: delay.max(told).or_else(|| pause::in_words(message)) }
}
