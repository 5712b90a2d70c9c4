//! ElevenLabs: speech, its times, and its many refusals.

use mock_vendors::Vendor::Elevenlabs;
use serde_json::{Value, json};

use super::client::{Answer, Mock, holds, is};

const PATH: &str = "/v1/text-to-speech/JBFqnCBsd6RMkjVDRZzb";

fn speak(mock: &Mock, text: &str) -> Answer {
    mock.post(Elevenlabs, PATH, &json!({ "text": text, "model_id": "eleven_v3" }))
}

#[test]
fn speech_is_bytes_and_says_what_it_cost() {
    let mock = Mock::start();
    let spoken = speak(&mock, "hello");
    assert!(spoken.status == 200 && is(&spoken.bytes, "mp3"));
    assert_eq!(spoken.header("content-type"), Some("audio/mpeg"));
    assert_eq!(spoken.header("character-cost"), Some("5"));
    let wav = mock.post(
        Elevenlabs,
        &format!("{PATH}/stream?output_format=wav_24000"),
        &json!({ "text": "x" }),
    );
    assert!(is(&wav.bytes, "wav"));
    let timed =
        mock.post(Elevenlabs, &format!("{PATH}/with-timestamps"), &json!({ "text": "abc" }));
    assert_eq!(timed.at("/alignment/characters"), json!(["a", "b", "c"]));
    let ends = timed.at("/alignment/character_end_times_seconds");
    assert_eq!(ends.as_array().unwrap().len(), 3);
}

#[test]
fn refusals_have_two_shapes_under_one_key() {
    let mock = Mock::start();
    let status = "/detail/status";
    holds(
        &[
            ("[[refuse]]", 401, status, json!("detected_unusual_activity")),
            ("[[rate-limit:9]]", 429, status, json!("too_many_concurrent_requests")),
            ("[[busy]]", 429, status, json!("system_busy")),
            ("[[quota]]", 401, status, json!("quota_exceeded")),
            ("[[quota:400]]", 400, status, json!("quota_exceeded")),
            ("[[auth]]", 401, status, json!("invalid_api_key")),
            ("[[retired]]", 400, status, json!("model_not_found")),
            ("[[unavailable]]", 503, status, json!("service_unavailable")),
            ("[[fail]]", 500, status, json!("internal_error")),
            ("[[ambiguous]]", 500, status, json!("internal_error")),
        ],
        |text| speak(&mock, text),
    );
    assert_eq!(speak(&mock, "[[rate-limit:9]] x").header("maximum-concurrent-requests"), Some("5"));
    let wrong = |path: &str, body: &Value| mock.post(Elevenlabs, path, body);
    for (body, place) in [
        (json!({}), "text"),
        (json!({ "text": "x", "seed": -1 }), "seed"),
        (json!({ "text": "x", "voice_settings": { "speed": 2 } }), "voice_settings"),
        (json!({ "text": "x", "apply_text_normalization": "maybe" }), "apply_text_normalization"),
    ] {
        let answer = wrong(PATH, &body);
        assert_eq!((answer.status, answer.at("/detail/0/loc/1")), (422, json!(place)));
    }
    assert_eq!(speak(&mock, &"x".repeat(5_001)).at(status), json!("max_character_limit_exceeded"));
    let nobody = wrong("/v1/text-to-speech/nobody", &json!({ "text": "x" }));
    assert_eq!((nobody.status, nobody.at(status)), (404, json!("voice_not_found")));
    let format = wrong(&format!("{PATH}?output_format=mp3_1_2"), &json!({ "text": "x" }));
    assert_eq!(format.status, 422);
}

#[test]
fn an_empty_answer_is_a_success_to_be_mistrusted() {
    let mock = Mock::start();
    let empty = speak(&mock, "[[no-output]]");
    assert_eq!((empty.status, empty.bytes.len()), (200, 0));
    let page = speak(&mock, "[[html]]");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html")));
}
