//! What Tavily answers.

use generation::{Class, Cost, Failure, Made, Operation, Piece, Polled, Source, Stage};
use serde_json::Value;

use crate::dialect::operation;
use crate::failures::{
    broken, by_status, code_at, of_question, refused, said, speaks_of_refusal, text_at, unreadable,
};
use crate::http::Answer;
use crate::pieces::cost;
use crate::{pause, sources};

/// Texts of pages in an answer, each and together.
const PAGE_CHARS_MAX: usize = 8_000;
const ANSWER_CHARS_MAX: usize = 100_000;

/// What a search finds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) answer: Option<String>,
    pub(super) sources: Vec<Source>,
    pub(super) cost: Option<Cost>,
}

pub(super) fn found(answer: &Answer) -> Result<Found, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().filter(Value::is_object).ok_or_else(unreadable)?;
    let results = value.get("results").and_then(Value::as_array).ok_or_else(unreadable)?;
    let sources = sources::distinct(results.iter().filter_map(source));
    let answer = text_at(&value, &["/answer"]).and_then(tidy);
    Ok(Found { answer, sources, cost: cost(&value, "/usage/credits", "credits") })
}

fn source(result: &Value) -> Option<Source> {
    let text = |name: &str| result.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Source { url: text("url")?, title: text("title"), excerpt: text("content") })
}

/// The excerpts of what was found, if there are any.
pub(super) fn excerpts(sources: &[Source]) -> Option<String> {
    let said = sources.iter().filter_map(|source| {
        let excerpt = source.excerpt.as_deref()?;
        Some(format!("{}\n{excerpt}", source.title.as_deref().unwrap_or(&source.url)))
    });
    tidy(&said.collect::<Vec<_>>().join("\n\n"))
}

pub(super) fn extracted(answer: &Answer) -> Result<String, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let results = value.get("results").and_then(Value::as_array).ok_or_else(unreadable)?;
    let pages = results.iter().filter_map(|page| text_at(page, &["/raw_content"]));
    let pages = pages.map(|page| page.chars().take(PAGE_CHARS_MAX).collect::<String>());
    let text = pages.collect::<Vec<_>>().join("\n\n");
    tidy(&text).ok_or_else(|| broken(true, "what is found cannot be read"))
}

fn tidy(text: &str) -> Option<String> {
    let kept = text.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let text: String = kept.take(ANSWER_CHARS_MAX).collect();
    (!text.is_empty()).then_some(text)
}

pub(super) fn begun(answer: &Answer) -> Result<Operation, Failure> {
    if !answer.is_success() {
        return Err(refusal(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let plain = |id: &&str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    let id = text_at(&value, &["/request_id"]).filter(plain).ok_or_else(unreadable)?;
    operation(&[("research", id)])
}

pub(super) fn polled(answer: &Answer) -> Result<Polled, Failure> {
    if !answer.is_success() {
        return Err(of_question(refusal(answer)));
    }
    let unread = || Failure::new(Class::Transient, "the research cannot be read");
    let value = answer.json().filter(Value::is_object).ok_or_else(unread)?;
    match text_at(&value, &["/status"]) {
        Some("completed") => {
            let text = text_at(&value, &["/content", "/answer", "/report"]).and_then(tidy);
            let text = text.ok_or_else(|| broken(true, "the research has no answer"))?;
            let listed = value.get("sources").and_then(Value::as_array);
            let sources = sources::distinct(listed.into_iter().flatten().filter_map(source));
            Ok(Polled::Made(Made::one(Piece::Research { answer: text, sources })))
        }
        Some("failed" | "error" | "cancelled") => {
            let told = text_at(&value, &["/error", "/detail/error"]);
            Err(broken(true, told.unwrap_or("the provider could not find it out")))
        }
        // What is new is still running, as far as anybody knows, until our own time is up.
        _ => Ok(Polled::Running { percent: None, again_after: None }),
    }
}

pub(super) fn refusal(answer: &Answer) -> Failure {
    let value = answer.json().unwrap_or_default();
    let places = ["/detail/error", "/error/message", "/detail", "/error", "/message"];
    let message = text_at(&value, &places).unwrap_or_default();
    let code = code_at(&value, &["/error/code"]).unwrap_or_else(|| answer.status.to_string());
    let lower = message.to_lowercase();
    if matches!(answer.status, 400 | 403) && speaks_of_refusal(&lower) {
        return refused(Stage::Input, Vec::new(), message).with_code(code);
    }
    let class = match answer.status {
        400 if lower.contains("invalid model") => Class::ModelRetired,
        429 => {
            let told = value.pointer("/error/retry_after_seconds").and_then(pause::of_value);
            let told = told.or_else(|| pause::told(answer));
            Class::RateLimited { retry_after: told.or_else(|| pause::in_words(message)) }
        }
        // The plan's limit, and that of what is paid beside it.
        432 | 433 => Class::QuotaExhausted { until: None },
        _ => by_status(answer),
    };
    said(class, message).with_code(code)
}
