//! What goes wrong below the formats: bytes, connections, waits, other hosts.

use std::time::{Duration, Instant};

use mock_vendors::Call;
use mock_vendors::Vendor::{Elevenlabs, Fal, Openai, Recraft, Tavily};
use serde_json::{Value, json};

use super::client::{Answer, Mock, is};

fn speak(mock: &Mock, text: &str) -> Answer {
    let path = "/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb";
    mock.post(Elevenlabs, path, &json!({ "text": text }))
}

// The address of a picture that was made with these words.
fn output(mock: &Mock, words: &str) -> String {
    let made = mock.post(Recraft, "/v1/images/generations", &json!({ "prompt": words }));
    made.at("/data/0/url").as_str().unwrap().to_owned()
}

#[test]
fn outputs_are_cut_short_in_two_ways() {
    let mock = Mock::start();
    let whole = speak(&mock, "[[ok]] the same text again.......");
    let cut = speak(&mock, "[[truncate]] the same text again.");
    assert!(whole.whole && !cut.whole);
    assert_eq!(cut.bytes.len(), whole.bytes.len() / 2);
    let short = speak(&mock, "[[wrong-length]] the same text a.");
    assert!(short.whole, "it looks like all of it");
    assert_eq!(short.bytes.len(), whole.bytes.len() / 2);
    // Where the output is fetched, the answer that names it is whole.
    let url = output(&mock, "[[huge:1]] [[truncate]]");
    let fetched = mock.fetch(&url);
    assert_eq!((fetched.status, fetched.whole, fetched.bytes.len()), (200, false, 1 << 19));
}

#[test]
fn downloads_are_gone_html_huge_or_of_no_type() {
    let mock = Mock::start();
    assert_eq!(mock.fetch(&output(&mock, "[[gone]]")).status, 404);
    assert_eq!(mock.fetch(&output(&mock, "[[gone:410]]")).status, 410);
    let page = mock.fetch(&output(&mock, "[[html]]"));
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
    let wrong = mock.fetch(&output(&mock, "[[wrong-magic]]"));
    assert_eq!(wrong.header("content-type"), Some("image/webp"));
    assert!(!is(&wrong.bytes, "webp"));
    assert_eq!(mock.fetch(&output(&mock, "[[huge:3]]")).bytes.len(), 3 << 20);
}

#[test]
fn redirects_lead_to_a_host_that_tells_whether_it_was_given_a_key() {
    let mock = Mock::start();
    let moved = mock.fetch(&output(&mock, "[[download-redirect]]"));
    let there = moved.header("location").unwrap().to_owned();
    assert_eq!(moved.status, 302);
    assert!(there.starts_with("http://localhost:"), "{there}");
    assert!(is(&mock.fetch(&there).bytes, "webp"));
    let careful = mock.last();
    assert_eq!((careful.vendor.as_str(), careful.key), ("elsewhere", None));
    mock.get(Recraft, &there);
    assert_eq!(mock.last().key, Some(Call::fingerprint("mock-recraft-key")), "given away");

    let prompt = json!({ "prompt": "[[redirect]]" });
    let moved = mock.post(Recraft, "/v1/images/generations", &prompt);
    assert_eq!(moved.status, 307);
    assert_eq!(mock.server.created(Recraft).len(), 1, "the first call's, and none of this one");
}

#[test]
fn answers_are_cut_or_broken_after_all_was_done() {
    let mock = Mock::start();
    let draw = |words: &str| {
        let body = json!({ "model": "gpt-image-2.6-flare", "prompt": words });
        mock.try_ask(Openai, "POST", "/v1/images/generations", &body)
    };
    assert!(draw("[[cut]]").is_err());
    let broken = draw("[[truncate-answer]]").unwrap();
    assert!(broken.status == 200 && !broken.whole);
    assert!(serde_json::from_slice::<Value>(&broken.bytes).is_err());
    let garbage = draw("[[garbage]]").unwrap();
    assert_eq!((garbage.status, garbage.whole), (200, true));
    assert!(serde_json::from_slice::<Value>(&garbage.bytes).is_err());
    assert_eq!(draw("[[ambiguous]]").unwrap().status, 500);
    assert_eq!(mock.server.created(Openai).len(), 4);
    assert_eq!(draw("[[unavailable]]").unwrap().status, 503);
    assert_eq!(mock.server.created(Openai).len(), 4, "that one was refused before");
}

#[test]
fn slow_answers_come_and_hanging_ones_do_not() {
    let mock = Mock::start();
    let begun = Instant::now();
    assert_eq!(speak(&mock, "[[slow:0.3]]").status, 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    let body = json!({ "text": "[[hang]]" }).to_string();
    let headers = [("xi-api-key", "mock-elevenlabs-key")];
    let path = mock.url("/elevenlabs/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb");
    let config = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(1)));
    let hasty: ureq::Agent = config.build().into();
    let call = hasty.post(path).header(headers[0].0, headers[0].1).send(body);
    assert!(matches!(call, Err(ureq::Error::Timeout(_))));
    let hung = mock.last();
    assert!(hung.status.is_none() && hung.created.is_some(), "it was made all the same");
}

#[test]
fn a_rate_limit_ends_when_it_says() {
    let mock = Mock::start();
    let search = || mock.post(Tavily, "/search", &json!({ "query": "[[rate-limit:3]]" }));
    let first = search();
    assert_eq!((first.status, first.header("retry-after")), (429, Some("3")));
    assert_eq!(search().status, 429, "too soon");
    let begun = Instant::now();
    while search().status == 429 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not end");
    }
    assert!(begun.elapsed() > Duration::from_millis(500));
}

#[test]
fn unavailability_may_end_after_some_tries() {
    let mock = Mock::start();
    let submit = || mock.post(Fal, "/fal-ai/flux/dev", &json!({ "prompt": "[[unavailable:2]]" }));
    let statuses: Vec<u16> = (0..3).map(|_| submit().status).collect();
    assert_eq!(statuses, [503, 503, 200]);
}
