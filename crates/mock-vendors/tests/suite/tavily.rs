//! Tavily: search, extraction, research.

use mock_vendors::Vendor::Tavily;
use serde_json::json;

use super::client::{Answer, Mock, holds};

fn search(mock: &Mock, query: &str) -> Answer {
    mock.post(Tavily, "/search", &json!({ "query": query, "max_results": 4 }))
}

#[test]
fn searches_are_answered_and_refused_in_each_shape() {
    let mock = Mock::start();
    let limit = json!("This request exceeds your plan's set usage limit.");
    holds(
        &[
            ("who made it", 200, "/results/3/url", json!("https://example.com/3")),
            ("[[partial:3/4]]", 200, "/results/3", json!(null)),
            ("[[no-output]]", 200, "/results", json!([])),
            ("[[quota]]", 432, "/detail/error", limit.clone()),
            ("[[quota:433]]", 433, "/detail/error", limit),
            ("[[unavailable]]", 503, "/detail/error", json!("Service unavailable")),
            ("[[fail]]", 500, "/detail/error", json!("Internal server error")),
        ],
        |query| search(&mock, query),
    );
    for (words, status) in
        [("[[rate-limit:9]]", 429), ("[[refuse]]", 403), ("[[auth]]", 401), ("[[ambiguous]]", 500)]
    {
        let answer = search(&mock, words);
        assert_eq!(answer.status, status);
        assert!(answer.at("/detail/error").is_string());
    }
    for body in [
        json!({}),
        json!({ "query": "x".repeat(401) }),
        json!({ "query": "x", "topic": "gossip" }),
        json!({ "query": "x", "max_results": "many" }),
        json!({ "query": "x", "depth": "basic" }),
    ] {
        assert_eq!(mock.post(Tavily, "/search", &body).status, 400, "{body}");
    }
}

#[test]
fn some_addresses_cannot_be_read() {
    let mock = Mock::start();
    let urls = ["https://example.com/1", "https://example.com/[[partial:1/2]]"];
    let read = mock.post(Tavily, "/extract", &json!({ "urls": urls }));
    assert_eq!(read.at("/results/0/url"), json!(urls[0]));
    assert_eq!(read.at("/failed_results/0/url"), json!(urls[1]));
}

#[test]
fn research_is_a_job() {
    let mock = Mock::start();
    let polls = |input: &str| -> Vec<(u16, String)> {
        let id = mock.post(Tavily, "/research", &json!({ "input": input })).at("/request_id");
        let path = format!("/research/{}", id.as_str().unwrap());
        let polls = (0..2).map(|_| mock.get(Tavily, &path));
        polls
            .map(|answer| (answer.status, answer.at("/status").as_str().unwrap().to_owned()))
            .collect()
    };
    let (running, done) = ((202, "in_progress".to_owned()), (200, "completed".to_owned()));
    assert_eq!(polls("what is a mock"), [running.clone(), done]);
    assert_eq!(polls("[[fail]]"), [running, (200, "failed".to_owned())]);
}

#[test]
fn search_works_without_a_key_if_that_is_said() {
    let mock = Mock::start();
    let ask = |headers: &[(&str, &str)], path: &str| {
        mock.send("POST", path, headers, br#"{"query": "x"}"#).unwrap().status
    };
    assert_eq!(ask(&[], "/tavily/search"), 401);
    let keyless = [("x-tavily-access-mode", "keyless")];
    assert_eq!((ask(&keyless, "/tavily/search"), ask(&keyless, "/tavily/research")), (200, 401));
}
