//! What fal answers: to a submission, to the question how far it is, and with the result. The queue
//! and the models have each their own shape of errors.

use generation::{Class, Failure, Made, Operation, Stage};
use serde_json::Value;

use crate::dialect::operation;
use crate::failures::{
    broken, by_status, code_at, of_question, refused, said, speaks_of_refusal, text_at, unreadable,
};
use crate::http::Answer;
use crate::pause;
use crate::pieces::{counted, remote};

const REFUSAL: &str = "content_policy_violation";

/// Where the queue failed and not the model: another try may go well.
const ACCIDENTS: &[&str] = &[
    "request_timeout",
    "startup_timeout",
    "runner_",
    "internal_error",
    "internal_server_error",
    "generation_timeout",
    "downstream_service",
];

pub(super) fn begun(
    count: u32,
    answer: &Answer,
    own: impl Fn(&str) -> bool,
) -> Result<Operation, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let place = |name: &str| {
        let url = value.get(name).and_then(Value::as_str).filter(|url| own(url));
        url.ok_or_else(unreadable)
    };
    operation(&[
        ("cancel", place("cancel_url")?),
        ("count", &count.to_string()),
        ("response", place("response_url")?),
        ("status", place("status_url")?),
    ])
}

/// How far it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    Running,
    /// The result is there, whether it is good or bad.
    Done,
}

pub(super) fn state(answer: &Answer) -> Result<State, Failure> {
    if !answer.is_success() {
        return Err(of_question(refusal(answer)));
    }
    let unread = || Failure::new(Class::Transient, "the state cannot be read");
    let value = answer.json().filter(Value::is_object).ok_or_else(unread)?;
    if text_at(&value, &["/status"]) != Some("COMPLETED") {
        return Ok(State::Running);
    }
    // There is no state of failure: what is completed may carry an error.
    let message = text_at(&value, &["/error", "/error/message"]);
    let kind = text_at(&value, &["/error_type"]);
    match (kind, message) {
        (None, None) => Ok(State::Done),
        (kind, message) => {
            let kind = kind.unwrap_or_default();
            let message = message.unwrap_or_default();
            Err(failed(kind, message, is_accident(kind)).with_code(kind))
        }
    }
}

pub(super) fn result(count: u32, answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(of_model(answer));
    }
    let unread = || Failure::new(Class::Transient, "the result cannot be read");
    let value = answer.json().filter(Value::is_object).ok_or_else(unread)?;
    let flags = value.get("has_nsfw_concepts").and_then(Value::as_array);
    let flagged = |at: usize| {
        // The picture is there, and black.
        flags.and_then(|flags| flags.get(at)) == Some(&Value::Bool(true))
    };
    let listed = value.get("images").and_then(Value::as_array);
    let listed = listed.map(Vec::as_slice).unwrap_or_default();
    let shown = listed.iter().enumerate().filter(|(at, _)| !flagged(*at)).map(|(_, one)| one);
    let single = ["image", "video"].iter().filter_map(|name| value.get(name));
    let urls = shown.chain(single).filter_map(|one| text_at(one, &["/url"]).or(one.as_str()));
    let black = (0..listed.len()).any(flagged);
    let note = black.then(|| "a picture is withheld as unsafe".to_owned());
    counted(urls.map(remote).collect(), count, note, || {
        let categories = if black { vec!["nsfw".to_owned()] } else { Vec::new() };
        refused(Stage::Output, categories, "the provider hands out nothing")
    })
}

/// What the model, or the way to it, answers in the place of its result.
fn of_model(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let kind = kind(&value, answer);
    let message = message(&value);
    let retryable = answer.header("x-fal-retryable").or(answer.header("x-fal-needs-retry"));
    let retryable = match retryable {
        Some(told) => told == "true" || told == "1",
        None => is_accident(&kind),
    };
    let failure = match answer.status {
        // Without a word of why, it is a gateway that says this and not the model.
        500.. if message.is_empty() && kind.is_empty() => of_question(refusal(answer)),
        500.. => failed(&kind, message, retryable),
        401 | 403 | 404 | 408 | 410 | 425 | 429 => of_question(refusal(answer)),
        _ if kind != REFUSAL && retryable => broken(true, message),
        _ if kind == REFUSAL => failed(&kind, message, false),
        _ => said(Class::InvalidArgument, message),
    };
    failure.with_code(kind)
}

fn failed(kind: &str, message: &str, retryable: bool) -> Failure {
    if kind == REFUSAL || speaks_of_refusal(message) {
        let categories = if kind.is_empty() { Vec::new() } else { vec![kind.to_owned()] };
        return refused(Stage::Input, categories, message);
    }
    broken(retryable, message)
}

fn is_accident(kind: &str) -> bool {
    ACCIDENTS.iter().any(|accident| kind.starts_with(accident))
}

/// What the queue says to a submission and to every question.
pub(super) fn refusal(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let kind = kind(&value, answer);
    let message = message(&value);
    let lower = message.to_lowercase();
    let code = if kind.is_empty() { answer.status.to_string() } else { kind.clone() };
    if answer.status < 500 && (kind == REFUSAL || lower.contains("content policy")) {
        return refused(Stage::Input, vec![REFUSAL.to_owned()], message).with_code(code);
    }
    let class = match answer.status {
        // An account without credit is locked.
        402 | 403 if lower.contains("balance") || lower.contains("locked") => {
            Class::QuotaExhausted { until: None }
        }
        429 => Class::RateLimited {
            retry_after: pause::told(answer).or_else(|| pause::in_words(message)),
        },
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}

fn kind(value: &Value, answer: &Answer) -> String {
    let kind = code_at(value, &["/detail/0/type", "/error_type"]);
    kind.or_else(|| answer.header("x-fal-error-type").map(str::to_owned)).unwrap_or_default()
}

fn message(value: &Value) -> &str {
    text_at(value, &["/detail/0/msg", "/detail", "/error", "/message"]).unwrap_or_default()
}
