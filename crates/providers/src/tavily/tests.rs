//! Tavily's requests and answers.

use std::time::Duration;

use generation::{Class, Piece, Polled, Stage};
use serde_json::{Value, json};

use super::request::{self, Way};
use super::{answer as answers, harmless};
use crate::dialect::noted;
use crate::http::Request;
use crate::testing::{answer, body, class, raw, refused};

#[test]
fn models_are_depths_and_agents() {
    assert_eq!(request::way("ultra-fast"), Ok(Way::Search("ultra-fast")));
    assert_eq!(request::way("mini"), Ok(Way::Agent("mini")));
    assert_eq!(class(request::way("gpt")), Class::InvalidArgument);
}

#[test]
fn searches_ask_for_an_answer_too() {
    let expected = json!({
        "query": "how long do cats sleep?", "search_depth": "basic", "max_results": 10,
        "include_answer": "advanced",
    });
    let asked = request::search("basic", "how long \n do cats sleep?");
    assert_eq!(asked, Request::post("/search", expected));
    let agent = json!({"input": "cats", "model": "pro", "stream": false});
    assert_eq!(request::research("pro", "cats"), Request::post("/research", agent));
}

#[test]
fn long_questions_are_cut_between_words() {
    let query =
        |prompt: &str| body(request::search("basic", prompt))["query"].as_str().unwrap().to_owned();
    let long = query(&"abcd ".repeat(200));
    assert_eq!((long.len(), long.ends_with("abcd")), (399, true));
    assert_eq!(query(&"ä".repeat(500)).chars().count(), 400);
}

fn results() -> Value {
    json!([
        {"title": "A", "url": "https://a.example/?utm_source=t", "content": "They sleep."},
        {"title": "A again", "url": "https://a.example/#x", "content": "", "score": 0.5},
        {"title": "B", "url": "https://b.example", "content": null, "score": 0.4},
    ])
}

#[test]
fn answers_come_with_each_page_once() {
    let body =
        json!({"query": "q", "answer": "Long.", "results": results(), "usage": {"credits": 2}});
    let found = answers::found(&answer(200, &body)).unwrap();
    assert_eq!(found.answer.as_deref(), Some("Long."));
    let urls: Vec<_> = found.sources.iter().map(|source| source.url.as_str()).collect();
    assert_eq!(urls, ["https://a.example/", "https://b.example/"]);
    assert_eq!(found.cost.unwrap().unit, "credits");
}

#[test]
fn without_an_answer_the_pages_speak() {
    let body = json!({"query": "q", "answer": null, "results": results()});
    let found = answers::found(&answer(200, &body)).unwrap();
    assert_eq!(found.answer, None);
    assert_eq!(answers::excerpts(&found.sources).as_deref(), Some("A\nThey sleep."));
    let urls = json!({"urls": ["https://a.example/", "https://b.example/"]});
    assert_eq!(request::extract(&found.sources), Request::post("/extract", urls));
    let body = json!({"results": [{"url": "https://a.example", "raw_content": "All of it."}]});
    assert_eq!(answers::extracted(&answer(200, &body)).unwrap(), "All of it.");
    let none = answers::extracted(&answer(200, &json!({"results": []})));
    assert_eq!(class(none), Class::ProviderFailed { retryable: true });
}

#[test]
fn failures_are_of_the_class_that_they_mean() {
    let used_up = Class::QuotaExhausted { until: None };
    for (status, expected) in [
        (400, Class::InvalidArgument),
        (401, Class::AuthFailed),
        (403, Class::AuthFailed),
        (429, Class::RateLimited { retry_after: None }),
        (432, used_up.clone()),
        (433, used_up),
        // What was searched for may be searched for again.
        (500, Class::ProviderFailed { retryable: true }),
    ] {
        let failed = answers::found(&answer(status, &json!({"detail": {"error": "no"}})));
        let failed = failed.map_err(harmless).unwrap_err();
        assert_eq!((failed.class, failed.message.as_str()), (expected, "no"), "{status}");
    }
    for (status, message, expected) in [
        (403, "This query is not allowed by our usage policy.", refused(Stage::Input)),
        (400, "Invalid model mini", Class::ModelRetired),
    ] {
        let failed = answers::found(&answer(status, &json!({"detail": {"error": message}})));
        assert_eq!(class(failed), expected, "{message}");
    }
    let unread = answers::found(&raw(200, &[], b"<html>")).map_err(harmless);
    assert_eq!(class(unread), Class::ProviderFailed { retryable: true });
    let keyless = json!({"error": {"code": "limit", "message": "no", "retry_after_seconds": 9}});
    let expected = Class::RateLimited { retry_after: Some(Duration::from_secs(9)) };
    assert_eq!(class(answers::found(&answer(429, &keyless))), expected);
}

#[test]
fn agents_are_asked_until_they_are_done() {
    let begun = answers::begun(&answer(200, &json!({"request_id": "r-1"}))).unwrap();
    assert_eq!(noted(&begun, "research").unwrap(), "r-1");
    // An agent's work costs, and is not begun again.
    assert_eq!(class(answers::begun(&answer(500, &json!({})))), Class::Ambiguous);
    let poll = |body: Value| answers::polled(&answer(200, &body));
    let running = Polled::Running { percent: None, again_after: None };
    assert_eq!(poll(json!({"status": "pending"})), Ok(running));
    let sources = json!([{"title": "A", "url": "https://a.example"}]);
    let done = poll(json!({"status": "completed", "content": "Long.", "sources": sources}));
    let Ok(Polled::Made(made)) = done else { panic!("it is done") };
    assert!(matches!(&made.pieces[..], [Piece::Research { sources, .. }] if sources.len() == 1));
    let failed = poll(json!({"status": "failed", "error": "no"}));
    assert_eq!(class(failed), Class::ProviderFailed { retryable: true });
    assert_eq!(class(answers::polled(&answer(503, &json!({})))), Class::Transient);
}
