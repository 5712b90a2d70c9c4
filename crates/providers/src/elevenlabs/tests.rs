//! ElevenLabs' requests and answers.

use std::time::Duration;

use generation::{Ability, AudioFormat, Class, SpeechAsk, Stage};
use serde_json::{Value, json};

use super::{answer as answers, request};
use crate::http::Request;
use crate::testing::{self, SOUND, answer, class, raw, refused, speech};

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
