//! ElevenLabs' requests and answers.

use std::time::Duration;

use generation::{Ability, AudioFormat, Class, Recovered, SpeechAsk, Stage};
use kernel::{Span, Timestamp};
use serde_json::{Value, json};

use super::recovery::{Found, Search};
use super::{answer as answers, request};
use crate::dialect::noted;
use crate::http::Request;
use crate::testing::{self, NOW, SOUND, answer, class, now, raw, refused, speech};

#[test]
fn voices_are_asked_for_at_their_address() {
    let (asked, note) = request::speech("eleven_flash_v2_5", &speech(), None).unwrap();
    let expected = json!({"text": "Hello", "model_id": "eleven_flash_v2_5"});
    let path = "/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb?output_format=wav_24000";
    assert_eq!((asked, note), (Request::post(path, expected), None));
    let ask = SpeechAsk {
        voice: Some("abc".to_owned()),
        language: Some("pt-BR".to_owned()),
        speed: 150,
        format: AudioFormat::Mp3,
        ..speech()
    };
    let (asked, note) = request::speech("eleven_turbo_v2_5", &ask, Some("other")).unwrap();
    let expected = json!({
        "text": "Hello", "model_id": "eleven_turbo_v2_5", "language_code": "pt",
        "voice_settings": {"speed": 1.2},
    });
    let path = "/v1/text-to-speech/abc?output_format=mp3_44100_128";
    assert_eq!(asked, Request::post(path, expected));
    assert!(note.unwrap().contains("120 percent"));
    let (asked, _) = request::speech("eleven_multilingual_v2", &ask, None).unwrap();
    assert_eq!(testing::body(asked).get("language_code"), None);
}

#[test]
fn what_a_model_cannot_speak_is_not_sent() {
    let long = SpeechAsk { text: "x".repeat(10_001), ..speech() };
    assert_eq!(
        class(request::speech("eleven_multilingual_v2", &long, None)),
        Class::InvalidArgument
    );
    assert!(request::speech("eleven_flash_v2_5", &long, None).is_ok());
    for voice in ["a/../b", "a?b", ""] {
        let ask = SpeechAsk { voice: Some(voice.to_owned()), ..speech() };
        assert_eq!(class(request::speech("m", &ask, None)), Class::InvalidArgument);
    }
}

#[test]
fn a_voice_is_a_sound_with_its_cost() {
    let told = raw(200, &[("character-cost", "5")], SOUND);
    let made = answers::speech(&told, Some("note".to_owned())).unwrap();
    assert_eq!(made.note.as_deref(), Some("note"));
    assert_eq!(made.cost.unwrap().amount, "5");
    for body in [&b"<html>"[..], b"", b"{}"] {
        assert_eq!(class(answers::speech(&raw(200, &[], body), None)), Class::Ambiguous);
    }
}

#[test]
fn failures_are_of_the_class_that_they_mean() {
    let used_up = Class::QuotaExhausted { until: None };
    let limited = Class::RateLimited { retry_after: None };
    for (status, code, expected) in [
        (400, "max_character_limit_exceeded", Class::InvalidArgument),
        (401, "invalid_api_key", Class::AuthFailed),
        (401, "quota_exceeded", used_up.clone()),
        (400, "quota_exceeded", used_up),
        (401, "detected_unusual_activity", Class::AuthFailed),
        (403, "content_against_terms", refused(Stage::Input)),
        (404, "voice_not_found", Class::InvalidArgument),
        (400, "model_not_found", Class::ModelRetired),
        (429, "too_many_concurrent_requests", limited.clone()),
        (429, "concurrent_limit_exceeded", limited.clone()),
        (429, "system_busy", limited),
        (500, "quota_exceeded", Class::Ambiguous),
    ] {
        let message =
            if code.starts_with("content") { "It violates our terms of service" } else { "x" };
        let body = json!({"detail": {"status": code, "message": message}});
        let failed = answers::speech(&answer(status, &body), None).unwrap_err();
        assert_eq!((failed.class, failed.code.as_deref()), (expected, Some(code)), "{status}");
    }
    let told = raw(429, &[("retry-after", "7")], b"{\"detail\":{\"status\":\"system_busy\"}}");
    let expected = Class::RateLimited { retry_after: Some(Duration::from_secs(7)) };
    assert_eq!(class(answers::speech(&told, None)), expected);
    let other: Value =
        json!({"detail": [{"loc": ["body", "text"], "msg": "field required", "type": "missing"}]});
    let failed = answers::speech(&answer(422, &other), None).unwrap_err();
    assert_eq!((failed.class, failed.message.as_str()), (Class::InvalidArgument, "field required"));
}

#[test]
fn models_say_whether_they_speak() {
    let body = json!([
        {"model_id": "a", "can_do_text_to_speech": true},
        {"model_id": "b", "can_do_text_to_speech": false},
    ]);
    let listed = answers::offered(&answer(200, &body)).unwrap();
    assert_eq!(listed[0].abilities, Some(vec![Ability::Speech]));
    assert_eq!(listed[1].abilities, Some(Vec::new()));
}

/// What a search for a voice finds on pages of the history, begun at a moment.
fn search(since: Timestamp, pages: &[Value]) -> Result<Recovered, Class> {
    let asked = speech();
    let mut search = Search::new("eleven_v3", &asked, Some("v"), since);
    for page in pages {
        match search.look(&answer(200, page)).map_err(|failure| failure.class)? {
            Found::This(found) => return Ok(found),
            Found::GoOn(next) => {
                let path = "/v1/history?page_size=1000&voice_id=v&start_after_history_item_id=last";
                assert_eq!(next, Request::get(path));
            }
        }
    }
    panic!("the search goes on")
}

fn page(items: &[Value], more: bool) -> Value {
    json!({"history": items, "has_more": more, "last_history_item_id": "last"})
}

/// A recording of what is looked for, with something else about it.
fn item(id: &str, other: &Value) -> Value {
    let mut item = json!({
        "history_item_id": id, "voice_id": "v", "model_id": "eleven_v3", "text": "Hello",
        "date_unix": NOW / 1_000_000, "state": "created",
    });
    for (name, value) in other.as_object().unwrap() {
        item[name] = value.clone();
    }
    item
}

#[test]
fn a_lost_voice_is_found_by_what_was_spoken_by_whom_and_when() {
    let long_ago = now().saturating_sub(Span::from_secs(3_600));
    let found = |items: &[Value]| search(long_ago, &[page(items, false)]);
    let is = |recovered: Result<Recovered, Class>| match recovered {
        Ok(Recovered::Found(operation)) => Some(noted(&operation, "history").unwrap()),
        Ok(Recovered::Nothing | Recovered::Unknown) | Err(_) => None,
    };
    assert_eq!(is(found(&[item("a", &json!({}))])).as_deref(), Some("a"));
    let spaced = json!({"text": " Hello\n", "model_id": null, "state": null});
    assert_eq!(is(found(&[item("a", &spaced)])).as_deref(), Some("a"));
    for other in [
        json!({"text": "Hello?"}),
        json!({"text": null}),
        json!({"voice_id": "w"}),
        json!({"model_id": "eleven_flash_v2_5"}),
        json!({"date_unix": null}),
        json!({"history_item_id": "../user"}),
    ] {
        assert_eq!(found(&[item("a", &other)]), Ok(Recovered::Unknown), "{other}");
    }
    let pages =
        [page(&[item("a", &json!({"text": "x"}))], true), page(&[item("b", &json!({}))], true)];
    assert_eq!(is(search(long_ago, &pages)).as_deref(), Some("b"));
}

#[test]
fn not_to_find_a_voice_is_no_proof_and_too_early_is_another_time() {
    let long_ago = now().saturating_sub(Span::from_secs(3_600));
    assert_eq!(search(long_ago, &[page(&[], false)]), Ok(Recovered::Unknown));
    let before = item("a", &json!({"date_unix": NOW / 1_000_000 - 3_601}));
    let never = page(&[before, item("b", &json!({}))], true);
    assert_eq!(search(long_ago, &[never]), Ok(Recovered::Unknown));
    let just_now = now().saturating_sub(Span::from_secs(599));
    assert_eq!(search(just_now, &[page(&[], false)]), Err(Class::Transient));
    let under_way = page(&[item("a", &json!({"state": "processing"}))], false);
    assert_eq!(search(long_ago, &[under_way]), Err(Class::Transient));
    assert_eq!(search(long_ago, &[json!([])]), Err(Class::Transient));
}
