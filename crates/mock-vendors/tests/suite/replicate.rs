//! Replicate: predictions, their list, and what is refused.

use mock_vendors::Vendor::Replicate;
use serde_json::{Value, json};

use super::client::{Answer, Mock, holds, is, nothing};

const PATH: &str = "/v1/models/black-forest-labs/flux-dev/predictions";

fn create(mock: &Mock, prompt: &str) -> Answer {
    mock.post(Replicate, PATH, &json!({ "input": { "prompt": prompt, "num_outputs": 4 } }))
}

fn polled(mock: &Mock, prompt: &str, polls: usize) -> Vec<Answer> {
    let url = create(mock, prompt).at("/urls/get");
    (0..polls).map(|_| mock.get(Replicate, url.as_str().unwrap())).collect()
}

fn states(mock: &Mock, prompt: &str, polls: usize) -> Vec<String> {
    let answers = polled(mock, prompt, polls);
    answers.iter().map(|answer| answer.at("/status").as_str().unwrap().to_owned()).collect()
}

#[test]
fn predictions_start_run_and_succeed() {
    let mock = Mock::start();
    let created = create(&mock, "a cat");
    assert_eq!((created.status, created.at("/status")), (202, json!("starting")));
    assert_eq!(states(&mock, "a cat", 2), ["processing", "succeeded"]);
    assert_eq!(
        states(&mock, "[[backwards]]", 4),
        ["processing", "starting", "processing", "succeeded"]
    );
    assert_eq!(states(&mock, "[[unknown-state]]", 3), ["processing", "dreaming", "dreaming"]);
    assert_eq!(states(&mock, "[[never-done]]", 3), ["processing"; 3]);
    let done = polled(&mock, "a cat", 2).pop().unwrap();
    let url = done.at("/output/3");
    assert!(is(&mock.fetch(url.as_str().unwrap()).bytes, "webp"));
    assert_eq!(mock.last().key, None);
}

#[test]
fn refusals_are_failed_predictions() {
    let mock = Mock::start();
    let nsfw = json!("NSFW content detected. Try running it again.");
    holds(
        &[
            ("[[refuse]]", 200, "/error", nsfw.clone()),
            ("[[refuse-output]]", 200, "/error", nsfw),
            ("[[fail]]", 200, "/status", json!("failed")),
            ("[[no-output]]", 200, "/output", json!([])),
            ("[[partial:3/4]]", 200, "/output/3", nothing()),
        ],
        |prompt| polled(&mock, prompt, 2).pop().unwrap(),
    );
}

#[test]
fn creations_are_refused_in_each_shape() {
    let mock = Mock::start();
    let title = "/title";
    holds(
        &[
            ("[[rate-limit:30]]", 429, title, json!("Too many requests")),
            ("[[rate-limit-bare]]", 429, "/status", json!(429)),
            ("[[quota]]", 402, title, json!("Insufficient credit")),
            ("[[auth]]", 401, title, json!("Unauthenticated")),
            ("[[retired]]", 404, title, json!("Not found")),
            ("[[unavailable]]", 503, title, json!("Service unavailable")),
            ("[[ambiguous]]", 500, title, json!("Internal server error")),
        ],
        |prompt| create(&mock, prompt),
    );
    let throttled = create(&mock, "[[rate-limit:30]] x");
    assert_eq!(throttled.header("retry-after"), Some("30"));
    assert!(throttled.at("/detail").as_str().unwrap().contains("resets in ~30s"));
    for (path, body) in [
        (PATH, json!({})),
        (PATH, json!({ "input": { "prompt": "x", "num_outputs": 5 } })),
        ("/v1/predictions", json!({ "input": {} })),
        (PATH, json!({ "input": { "prompt": "x" }, "webhook_events_filter": ["end"] })),
    ] {
        assert_eq!(mock.post(Replicate, path, &body).status, 422, "{body}");
    }
    let other = "/v1/models/nobody/nothing/predictions";
    assert_eq!(mock.post(Replicate, other, &json!({ "input": {} })).status, 404);
}

#[test]
fn what_was_created_in_the_dark_is_in_the_list() {
    let mock = Mock::start();
    assert_eq!(create(&mock, "first [[ambiguous]]").status, 500);
    let body = json!({ "input": { "prompt": "second [[cut]]" } });
    assert!(mock.try_ask(Replicate, "POST", PATH, &body).is_err());
    let list = mock.get(Replicate, "/v1/predictions");
    assert_eq!(list.at("/results/0/input/prompt"), json!("second [[cut]]"));
    assert_eq!(list.at("/results/1/input/prompt"), json!("first [[ambiguous]]"));
    let ids = [list.at("/results/1/id"), list.at("/results/0/id")];
    assert_eq!(mock.server.created(Replicate), ids.map(|id| id.as_str().unwrap().to_owned()));
}

#[test]
fn waiting_answers_when_it_is_done_and_a_deadline_aborts() {
    let mock = Mock::start();
    let with = |header: (&str, &str), prompt: &str| {
        let headers = [("authorization", "Bearer mock-replicate-key"), header];
        let body = json!({ "input": { "prompt": prompt } }).to_string();
        mock.send("POST", &format!("/replicate{PATH}"), &headers, body.as_bytes()).unwrap()
    };
    let waited = with(("prefer", "wait=5"), "a cat");
    assert_eq!((waited.status, waited.at("/status")), (201, json!("succeeded")));
    let late = with(("cancel-after", "1m"), "[[never-done]]").at("/urls/get");
    assert_eq!(mock.get(Replicate, late.as_str().unwrap()).at("/status"), json!("aborted"));
    let endless = create(&mock, "[[never-done]]");
    let cancelled = mock.post(
        Replicate,
        &format!("/v1/predictions/{}/cancel", endless.at("/id").as_str().unwrap()),
        &Value::Null,
    );
    assert_eq!(cancelled.at("/status"), json!("canceled"));
}
