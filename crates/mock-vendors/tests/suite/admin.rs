//! The script, the calls and forgetting, in process and over HTTP.

use mock_vendors::Vendor::{Fal, Openai, Recraft, Replicate, Tavily};
use mock_vendors::{Call, Vendor};
use serde_json::json;

use super::client::{Mock, key_header};

#[test]
fn the_script_answers_the_next_calls_of_an_operation() {
    let mock = Mock::start();
    mock.server.script(Fal, Some("submit"), "rate-limit:7200", 2).unwrap();
    let submit = || mock.post(Fal, "/fal-ai/flux/dev", &json!({ "prompt": "a cat" }));
    let first = submit();
    assert_eq!((first.status, first.header("retry-after")), (429, Some("7200")));
    let statuses: Vec<u16> = (0..2).map(|_| submit().status).collect();
    assert_eq!(statuses, [429, 200]);
    // Downloads and polls have no prompt, but they have a script.
    let url = submit().at("/status_url");
    mock.script(Fal, Some("status"), "unavailable");
    assert_eq!(mock.get(Fal, url.as_str().unwrap()).status, 503);
    assert_eq!(mock.get(Fal, url.as_str().unwrap()).status, 202);
}

#[test]
fn downloads_can_be_scripted_one_by_one() {
    let mock = Mock::start();
    let made = mock.post(Recraft, "/v1/images/generations", &json!({ "prompt": "a cat" }));
    let url = made.at("/data/0/url");
    mock.script(Recraft, Some("file"), "gone:410");
    mock.script(Recraft, Some("file"), "truncate");
    mock.script(Recraft, Some("file"), "html");
    let fetch = || mock.fetch(url.as_str().unwrap());
    assert_eq!(fetch().status, 410);
    assert!(!fetch().whole);
    assert_eq!(fetch().header("content-type"), Some("text/html"));
    assert_eq!(fetch().header("content-type"), Some("image/webp"));
}

#[test]
fn scripts_over_http_are_checked_and_obeyed() {
    let mock = Mock::start();
    let put = |rule: &serde_json::Value| {
        mock.send("PUT", "/_mock/script", &[], rule.to_string().as_bytes()).unwrap().status
    };
    assert_eq!(put(&json!({ "vendor": "openai", "answer": "slow:0.1 quota" })), 200);
    for wrong in [
        json!({ "vendor": "acme", "answer": "quota" }),
        json!({ "vendor": "openai", "answer": "qouta" }),
        json!({ "vendor": "openai", "answer": "quota", "time": 2 }),
        json!([]),
    ] {
        assert_eq!(put(&wrong), 400, "{wrong}");
    }
    assert_eq!(mock.get(Openai, "/v1/models").at("/error/code"), json!("insufficient_quota"));
    assert_eq!(mock.get(Openai, "/v1/models").status, 200);
}

#[test]
fn every_call_is_told_with_what_it_was_and_did() {
    let mock = Mock::start();
    let path = "/v1/models/black-forest-labs/flux-dev/predictions";
    let body = json!({ "input": { "prompt": "a cat [[ambiguous]]" } });
    assert_eq!(mock.post(Replicate, path, &body).status, 500);
    mock.get(Tavily, "/nowhere");
    let told = mock.send("GET", "/_mock/calls", &[], &[]).unwrap();
    let calls: Vec<Call> = serde_json::from_value(told.at("/calls")).unwrap();
    assert_eq!(calls, mock.server.calls());
    let [first, second] = calls.as_slice() else { panic!("{calls:?}") };
    assert_eq!(
        (first.vendor.as_str(), first.operation.as_str()),
        ("replicate", "predictions.create")
    );
    assert_eq!((first.status, first.number), (Some(500), 1));
    assert_eq!((&first.body, &first.scenarios), (&body, &vec!["ambiguous".to_owned()]));
    assert_eq!(first.key, Some(Call::fingerprint(&Replicate.key())));
    assert!(first.created.is_some() && first.path == format!("/replicate{path}"));
    assert_eq!((second.operation.as_str(), second.status), ("unknown", Some(404)));

    assert_eq!(mock.send("DELETE", "/_mock", &[], &[]).unwrap().status, 200);
    assert!(mock.server.calls().is_empty());
}

#[test]
fn a_slip_in_a_word_is_refused_before_it_can_mislead() {
    let mock = Mock::start();
    let answer = mock.post(Tavily, "/search", &json!({ "query": "[[refuze]]" }));
    assert_eq!(answer.status, 400);
    assert!(String::from_utf8_lossy(&answer.bytes).contains("refuze"));
}

#[test]
fn each_vendor_wants_its_own_key_in_its_own_place() {
    let mock = Mock::start();
    let probes = [
        (Vendor::Gemini, "/v1beta/models", 403, 400),
        (Openai, "/v1/models", 401, 401),
        (Recraft, "/v1/users/me", 401, 401),
        (Fal, "/fal-ai/flux/requests/x/status", 401, 401),
        (Replicate, "/v1/predictions", 401, 401),
        (Vendor::Elevenlabs, "/v1/voices", 401, 401),
        (Tavily, "/research/x", 401, 401),
    ];
    for (vendor, path, missing, wrong) in probes {
        let path = format!("/{vendor}{path}");
        let ask = |key: Option<String>| {
            let header = key.map(|key| key_header(vendor, &key));
            let headers: Vec<(&str, &str)> = header.iter().map(|(n, v)| (*n, v.as_str())).collect();
            mock.send("GET", &path, &headers, &[]).unwrap().status
        };
        assert_eq!((ask(None), ask(Some("wrong".to_owned()))), (missing, wrong), "{vendor}");
        assert!([200, 404].contains(&ask(Some(vendor.key()))), "{vendor}");
        assert!([200, 404].contains(&ask(Some(format!("{}-2", vendor.key())))), "{vendor}");
    }
}

#[test]
fn the_index_tells_where_each_vendor_is() {
    let mock = Mock::start();
    let index = mock.fetch(&mock.url("/"));
    for vendor in Vendor::ALL {
        let told = index.at(&format!("/{vendor}"));
        assert_eq!(told["base_url"], json!(mock.server.url(vendor)));
        assert_eq!(told["key"], json!(vendor.key()));
    }
}
