//! OpenAI's format, and the local servers'.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mock_vendors::Vendor::{Localai, Openai};
use serde_json::{Value, json};

use super::client::{Answer, Mock, holds, is, nothing};

fn chat(mock: &Mock, prompt: &str) -> Answer {
    let messages = json!([{ "role": "user", "content": prompt }]);
    mock.post(Openai, "/v1/chat/completions", &json!({ "model": "gpt-5.5", "messages": messages }))
}

fn draw(mock: &Mock, prompt: &str) -> Answer {
    let body =
        json!({ "model": "gpt-image-2.6-flare", "prompt": prompt, "n": 4, "size": "256x128" });
    mock.post(Openai, "/v1/images/generations", &body)
}

#[test]
fn pictures_are_made_and_refused_in_each_shape() {
    let mock = Mock::start();
    let code = "/error/code";
    holds(
        &[
            ("a cat", 200, "/output_format", json!("png")),
            ("[[no-output]]", 200, "/data", json!([])),
            ("[[refuse-output]]", 200, "/data", json!([])),
            ("[[refuse]]", 400, code, json!("moderation_blocked")),
            ("[[refuse]]", 400, "/error/type", json!("image_generation_user_error")),
            ("[[rate-limit:9]]", 429, code, json!("rate_limit_exceeded")),
            ("[[rate-limit-bare]]", 429, "/error/type", json!("requests")),
            ("[[quota]]", 429, code, json!("insufficient_quota")),
            ("[[auth]]", 401, code, json!("invalid_api_key")),
            ("[[retired]]", 404, code, json!("model_not_found")),
            ("[[unavailable]]", 503, code, nothing()),
            ("[[fail]]", 500, "/error/type", json!("server_error")),
            ("[[ambiguous]]", 500, "/error/type", json!("server_error")),
        ],
        |prompt| draw(&mock, prompt),
    );
    let count = |words: &str| draw(&mock, words).at("/data").as_array().unwrap().len();
    assert_eq!((count("a cat"), count("[[partial:3/4]]")), (4, 3));
    let first = |words: &str| {
        let data = draw(&mock, words).at("/data/0/b64_json");
        STANDARD.decode(data.as_str().unwrap()).unwrap()
    };
    assert!(is(&first("a cat"), "png"));
    assert!(!is(&first("[[wrong-magic]]"), "png"));
    assert!(first("[[html]]").starts_with(b"<!doctype html"));
    assert_eq!(first("[[huge:1]]").len(), 1 << 20);
}

#[test]
fn chats_are_answered_refused_and_streamed() {
    let mock = Mock::start();
    holds(
        &[
            ("a haiku", 200, "/choices/0/finish_reason", json!("stop")),
            ("[[refuse]]", 200, "/choices/0/message/refusal", json!("I can't help with that.")),
            ("[[refuse-output]]", 200, "/choices/0/finish_reason", json!("content_filter")),
            ("[[partial:1/2]]", 200, "/choices/0/finish_reason", json!("length")),
        ],
        |prompt| chat(&mock, prompt),
    );
    let messages = json!([{ "role": "user", "content": "a haiku" }]);
    let body = json!({ "model": "gpt-5.5", "messages": messages, "stream": true,
        "stream_options": { "include_usage": true } });
    let stream = mock.post(Openai, "/v1/chat/completions", &body);
    let text = String::from_utf8(stream.bytes).unwrap();
    let events: Vec<&str> = text.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert_eq!(events.last(), Some(&"data: [DONE]"));
    let usage: Value = serde_json::from_str(&events[events.len() - 2][6..]).unwrap();
    assert!(usage["usage"]["total_tokens"].is_u64());
}

#[test]
fn mistakes_of_a_request_are_told_with_their_parameter() {
    let mock = Mock::start();
    let path = "/v1/images/generations";
    for (body, code, param) in [
        (json!({}), "missing_required_parameter", "prompt"),
        (json!({ "prompt": 1 }), "invalid_type", "prompt"),
        (json!({ "prompt": "x", "n": 11 }), "invalid_value", "n"),
        (json!({ "prompt": "x", "quality": "hd" }), "invalid_value", "quality"),
        (
            json!({ "prompt": "x", "response_format": "url" }),
            "unknown_parameter",
            "response_format",
        ),
        (json!({ "prompt": "x".repeat(32_001) }), "string_above_max_length", "prompt"),
    ] {
        let answer = mock.post(Openai, path, &body);
        assert_eq!((answer.status, answer.at("/error/code")), (400, json!(code)));
        assert_eq!(answer.at("/error/param"), json!(param));
    }
    let path = "/v1/videos";
    let body = json!({ "model": "kling-2.6", "prompt": "x", "seconds": 8 });
    assert_eq!(mock.post(Openai, path, &body).at("/error/param"), json!("seconds"));
}

#[test]
fn films_are_jobs_with_progress() {
    let mock = Mock::start();
    let start = |prompt: &str| {
        let body = json!({ "model": "kling-2.6", "prompt": prompt, "seconds": "5" });
        let id = mock.post(Openai, "/v1/videos", &body).at("/id");
        format!("/v1/videos/{}", id.as_str().unwrap())
    };
    let path = start("a cat");
    assert_eq!(mock.get(Openai, &format!("{path}/content")).status, 404, "not yet");
    let polls: Vec<Value> = (0..2).map(|_| mock.get(Openai, &path).at("/progress")).collect();
    assert_eq!(polls, [json!(50), json!(100)]);
    assert!(is(&mock.get(Openai, &format!("{path}/content")).bytes, "mp4"));
    let poster = mock.get(Openai, &format!("{path}/content?variant=thumbnail"));
    assert!(is(&poster.bytes, "webp"));
    let path = start("[[refuse-output]]");
    mock.get(Openai, &path);
    assert_eq!(mock.get(Openai, &path).at("/error/code"), json!("moderation_blocked"));
    let sora = json!({ "model": "sora-2", "prompt": "x" });
    assert_eq!(mock.post(Openai, "/v1/videos", &sora).at("/error/code"), json!("model_not_found"));
}

#[test]
fn edits_take_forms_and_json() {
    let mock = Mock::start();
    let form = b"--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nat night\r\n--x\r\n\
        Content-Disposition: form-data; name=\"image[]\"; filename=\"a.png\"\r\n\
        Content-Type: image/png\r\n\r\n\x89PNG\r\n--x--\r\n";
    let headers = [
        ("authorization", "Bearer mock-openai-key"),
        ("content-type", "multipart/form-data; boundary=x"),
    ];
    let edit = |body: &[u8]| mock.send("POST", "/openai/v1/images/edits", &headers, body).unwrap();
    assert_eq!(edit(form).status, 200);
    assert_eq!(mock.last().body["image"][0]["$file"]["size"], json!(4));
    let without = b"--x\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\nx\r\n--x--\r\n";
    assert_eq!(edit(without).at("/error/param"), json!("image"));
    let body = json!({ "prompt": "x", "images": [{ "image_url": "data:image/png;base64,iVBO" }] });
    assert_eq!(mock.post(Openai, "/v1/images/edits", &body).status, 200);
}

#[test]
fn speech_is_bytes_of_the_format() {
    let mock = Mock::start();
    let speak = |voice: &str, format: &str| {
        let body = json!({ "model": "tts-1", "input": "hello", "voice": voice,
            "response_format": format });
        mock.post(Openai, "/v1/audio/speech", &body)
    };
    assert!(is(&speak("alloy", "wav").bytes, "wav"));
    assert_eq!(speak("nobody", "wav").at("/error/param"), json!("voice"));
    assert_eq!(speak("alloy", "midi").at("/error/param"), json!("response_format"));
}

#[test]
fn local_servers_have_their_own_paths_and_no_edits() {
    let mock = Mock::start();
    let prompt = json!({ "model": "flux.1-dev", "prompt": "a cat" });
    let url = mock.post(Localai, "/v1/images/generations", &prompt).at("/data/0/url");
    assert!(is(&mock.fetch(url.as_str().unwrap()).bytes, "png"));
    assert_eq!(mock.post(Localai, "/v1/images/edits", &prompt).status, 404);
    let text = json!({ "text": "hello" });
    assert!(is(&mock.post(Localai, "/v1/text-to-speech/en", &text).bytes, "wav"));
    let spoken = mock.post(Localai, "/tts", &json!({ "input": "hello", "model": "piper-en" }));
    assert!(is(&spoken.bytes, "wav"));
    let film = json!({ "model": "wan2.1-t2v", "prompt": "a cat", "seconds": 4 });
    let url = mock.post(Localai, "/video", &film).at("/data/0/url");
    assert!(is(&mock.fetch(url.as_str().unwrap()).bytes, "mp4"));
    let models = mock.send("GET", "/localai/v1/models", &[], &[]).unwrap();
    assert_eq!(models.status, 200, "no key is wanted");
    let error = mock.post(Localai, "/v1/images/generations", &json!({}));
    assert_eq!(error.at("/error/code"), json!(400), "a number for a code");
    assert!(error.json()["error"].get("param").is_none());
}
