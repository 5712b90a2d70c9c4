//! fal: the queue from submission to result, and what is refused where.

use mock_vendors::Vendor::Fal;
use serde_json::{Value, json};

use super::client::{Answer, Mock, holds, is, nothing};

fn submit(mock: &Mock, prompt: &str) -> Answer {
    mock.post(Fal, "/fal-ai/flux/dev", &json!({ "prompt": prompt, "num_images": 4 }))
}

// The result, after so many polls.
fn result(mock: &Mock, prompt: &str) -> Answer {
    let submitted = submit(mock, prompt);
    let url = |name: &str| submitted.at(name).as_str().unwrap().to_owned();
    for _ in 0..2 {
        mock.get(Fal, &url("/status_url"));
    }
    mock.get(Fal, &url("/response_url"))
}

#[test]
fn a_request_is_queued_runs_and_is_completed() {
    let mock = Mock::start();
    let submitted = submit(&mock, "a cat");
    assert_eq!(submitted.at("/status"), json!("IN_QUEUE"));
    let url = |name: &str| submitted.at(name).as_str().unwrap().to_owned();
    assert!(url("/status_url").contains("/fal-ai/flux/requests/"), "without the path below");
    assert_eq!(mock.get(Fal, &url("/response_url")).status, 400, "not yet");
    let polls = || mock.get(Fal, &format!("{}?logs=1", url("/status_url")));
    let (first, second) = (polls(), polls());
    assert_eq!((first.status, first.at("/status")), (202, json!("IN_PROGRESS")));
    assert_eq!((second.status, second.at("/status")), (200, json!("COMPLETED")));
    assert!(second.at("/logs/0/message").is_string());
    let picture = mock.get(Fal, &url("/response_url")).at("/images/3/url");
    let fetched = mock.fetch(picture.as_str().unwrap());
    assert!(is(&fetched.bytes, "jpeg"));
    assert_eq!(mock.last().key, None);
    let late = mock.ask(Fal, "PUT", &url("/cancel_url"), &Value::Null);
    assert_eq!((late.status, late.at("/status")), (400, json!("ALREADY_COMPLETED")));
}

#[test]
fn submissions_are_refused_in_each_shape() {
    let mock = Mock::start();
    holds(
        &[
            ("a cat", 200, "/queue_position", json!(0)),
            ("[[rate-limit:9]]", 429, "/detail", json!("Too many requests")),
            ("[[busy]]", 429, "/detail", json!("Concurrent requests limit reached")),
            ("[[quota:402]]", 402, "/error_type", nothing()),
            ("[[auth]]", 401, "/detail", json!("Invalid API key")),
            ("[[unavailable]]", 503, "/error_type", json!("runner_scheduling_failure")),
            ("[[ambiguous]]", 500, "/error_type", json!("internal_error")),
            ("[[retired]]", 404, "/request_id", nothing()),
        ],
        |prompt| submit(&mock, prompt),
    );
    let locked = submit(&mock, "[[quota]]");
    assert_eq!(locked.status, 403);
    assert!(locked.at("/detail").as_str().unwrap().contains("locked"));
    assert_eq!(
        submit(&mock, "[[unavailable]]").header("x-fal-error-type"),
        Some("runner_scheduling_failure")
    );
    assert_eq!(submit(&mock, "[[rate-limit:9]] x").header("retry-after"), Some("9"));
}

#[test]
fn results_are_refused_failed_partial_or_black() {
    let mock = Mock::start();
    let kind = "/detail/0/type";
    holds(
        &[
            ("[[refuse]]", 422, kind, json!("content_policy_violation")),
            ("[[refuse-output]]", 422, kind, json!("content_policy_violation")),
            ("[[fail]]", 500, "/error_type", json!("internal_error")),
            ("[[no-output]]", 200, "/images", json!([])),
            ("[[nsfw-black]]", 200, "/has_nsfw_concepts/0", json!(true)),
            ("[[partial:3/4]]", 200, "/images/2/content_type", json!("image/jpeg")),
            ("[[partial:3/4]]", 200, "/images/3", nothing()),
        ],
        |prompt| result(&mock, prompt),
    );
    assert_eq!(result(&mock, "[[refuse]]").header("x-fal-retryable"), Some("false"));
}

#[test]
fn states_may_be_unknown_or_without_an_end() {
    let mock = Mock::start();
    let states = |prompt: &str, polls: usize| -> Vec<String> {
        let url = submit(&mock, prompt).at("/status_url");
        let states = (0..polls).map(|_| mock.get(Fal, url.as_str().unwrap()).at("/status"));
        states.map(|state| state.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        states("[[unknown-state]]", 4),
        ["IN_PROGRESS", "IN_LIMBO", "IN_LIMBO", "COMPLETED"]
    );
    assert_eq!(states("[[backwards]]", 4), ["IN_PROGRESS", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"]);
    assert_eq!(states("[[never-done]]", 3), ["IN_PROGRESS"; 3]);
    assert_eq!(states("[[slow:2]]", 3), ["IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]);
}

#[test]
fn a_failure_is_completed_with_an_error_and_so_is_a_cancellation() {
    let mock = Mock::start();
    let submitted = submit(&mock, "[[fail]]");
    let url = submitted.at("/status_url");
    mock.get(Fal, url.as_str().unwrap());
    let done = mock.get(Fal, url.as_str().unwrap());
    assert_eq!(
        (done.at("/status"), done.at("/error_type")),
        (json!("COMPLETED"), json!("internal_error"))
    );
    let submitted = submit(&mock, "[[never-done]]");
    let cancel = submitted.at("/cancel_url");
    assert_eq!(mock.ask(Fal, "PUT", cancel.as_str().unwrap(), &Value::Null).status, 202);
    let url = submitted.at("/status_url");
    assert_eq!(mock.get(Fal, url.as_str().unwrap()).at("/error_type"), json!("cancelled"));
}

#[test]
fn mistakes_of_an_input_are_told_with_their_place() {
    let mock = Mock::start();
    for (body, place) in [
        (json!({}), "prompt"),
        (json!({ "prompt": 1 }), "prompt"),
        (json!({ "prompt": "x", "num_images": 5 }), "num_images"),
        (json!({ "prompt": "x", "image_size": "huge" }), "image_size"),
    ] {
        let answer = mock.post(Fal, "/fal-ai/flux/dev", &body);
        assert_eq!((answer.status, answer.at("/detail/0/loc/1")), (422, json!(place)));
    }
    let film = json!({ "prompt": "x", "duration": 5 });
    assert_eq!(mock.post(Fal, "/fal-ai/veo2", &film).at("/detail/0/loc/1"), json!("duration"));
    let other = [("authorization", "Bearer mock-fal-key")];
    let answer = mock.send("POST", "/fal/fal-ai/flux/dev", &other, b"{}").unwrap();
    assert_eq!(answer.status, 401, "the scheme is Key");
}
