//! What Tavily is asked.

use generation::{Failure, Source};
use serde_json::json;

use crate::failures::unfit;
use crate::http::Request;

/// Longer questions are refused.
const QUERY_CHARS_MAX: usize = 400;

const RESULTS_MAX: u32 = 10;

/// Pages whose texts stand for an answer.
const EXTRACTS_MAX: usize = 3;

/// How deep a search goes, and the agents: these are the names of models here.
const DEPTHS: &[&str] = &["basic", "advanced", "fast", "ultra-fast"];
const AGENTS: &[&str] = &["mini", "pro", "auto"];

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way<'a> {
    Search(&'a str),
    Agent(&'a str),
}

pub(super) fn way(model: &str) -> Result<Way<'_>, Failure> {
    if DEPTHS.contains(&model) {
        Ok(Way::Search(model))
    } else if AGENTS.contains(&model) {
        Ok(Way::Agent(model))
    } else {
        Err(unfit(format!("the model must be one of {DEPTHS:?} or {AGENTS:?}")))
    }
}

pub(super) fn search(depth: &str, prompt: &str) -> Request {
    let body = json!({
        "query": query(prompt),
        "search_depth": depth,
        "max_results": RESULTS_MAX,
        "include_answer": "advanced",
    });
    Request::post("/search", body)
}

/// The question in as many words as it may have.
fn query(prompt: &str) -> String {
    let mut query = String::new();
    let mut length = 0;
    for word in prompt.split_whitespace() {
        let more = word.chars().count() + usize::from(length > 0);
        if length + more > QUERY_CHARS_MAX {
            break;
        }
        if length > 0 {
            query.push(' ');
        }
        query.push_str(word);
        length += more;
    }
    // One word that is too long alone.
    if query.is_empty() { prompt.trim().chars().take(QUERY_CHARS_MAX).collect() } else { query }
}

pub(super) fn research(model: &str, prompt: &str) -> Request {
    Request::post("/research", json!({"input": prompt, "model": model, "stream": false}))
}

pub(super) fn extract(sources: &[Source]) -> Request {
    let urls: Vec<&str> =
        sources.iter().take(EXTRACTS_MAX).map(|source| source.url.as_str()).collect();
    Request::post("/extract", json!({"urls": urls}))
}
