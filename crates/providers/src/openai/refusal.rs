//! What a server that speaks like OpenAI answers instead of success. Its codes may be of any type,
//! and fields may be missing: many servers imitate the envelope from memory.

use generation::{Class, Failure, Stage};
use serde_json::Value;

use crate::failures::{by_status, code_at, refused, said, text_at};
use crate::http::Answer;
use crate::pause;

const REFUSALS: &[&str] = &["moderation_blocked", "content_policy_violation", "content_filter"];

const USED_UP: &[&str] =
    &["insufficient_quota", "billing_hard_limit_reached", "insufficient_credits"];

pub(super) fn of(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    of_error(value.get("error").unwrap_or(&value), answer)
}

fn of_error(error: &Value, answer: &Answer) -> Failure {
    // Ollama's error is a text.
    let message = error.as_str().or_else(|| text_at(error, &["/message", "/detail"]));
    let message = message.unwrap_or_default();
    let code = code_at(error, &["/code"]).or_else(|| code_at(error, &["/type"]));
    let code = code.unwrap_or_else(|| answer.status.to_string());
    let lower = message.to_lowercase();
    if answer.status < 500 && refuses(&code, &lower) {
        return refused(Stage::Input, violations(message), message).with_code(code);
    }
    let used_up =
        USED_UP.contains(&code.as_str()) || text_at(error, &["/type"]) == USED_UP.first().copied();
    let class = match answer.status {
        400..=499 if used_up => Class::QuotaExhausted { until: None },
        429 => Class::RateLimited {
            retry_after: pause::told(answer).or_else(|| pause::in_words(message)),
        },
        400..=499 if code == "model_not_found" => Class::ModelRetired,
        400..=499 if code == "invalid_api_key" => Class::AuthFailed,
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}

/// Whether an error, of a request or of a video, is a refusal.
pub(super) fn refuses(code: &str, message: &str) -> bool {
    REFUSALS.contains(&code)
        || message.contains("safety system")
        || message.contains("safety_violations")
        || message.contains("content policy")
}

/// What is named in `safety_violations=[violence, self-harm]`.
pub(super) fn violations(message: &str) -> Vec<String> {
    let listed =
        message.split_once("safety_violations=[").and_then(|(_, rest)| rest.split_once(']'));
    let listed = listed.map(|(listed, _)| listed).unwrap_or_default();
    listed.split(',').map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
}
