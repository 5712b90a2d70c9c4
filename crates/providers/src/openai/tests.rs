//! The requests and answers of servers that speak like OpenAI.

use std::time::Duration;

use generation::{
    Ability, Ask, AudioFormat, Class, Failure, ImageAsk, Made, MadeFile, Piece, Polled, RemoteFile,
    SpeechAsk, Stage, Started, VideoAsk,
};
use serde_json::{Value, json};

use super::{answer as answers, refusal, request, video};
use crate::config::Edits;
use crate::dialect::noted;
use crate::http::{Body, Part, Request};
use crate::testing::{
    self, SOUND, answer, chat, class, concept, edit, film, image, picture, raw, refused, research,
    speech,
};

fn body(request: Result<Request, Failure>) -> Value {
    testing::body(request.unwrap())
}

fn error(code: &Value, kind: &str, message: &str) -> Value {
    json!({"error": {"message": message, "type": kind, "param": null, "code": code}})
}

#[test]
fn texts_are_asked_for_in_messages() {
    let asked = request::chat("llama3.2:3b", &chat()).unwrap();
    let expected = json!({"model": "llama3.2:3b", "messages": [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "Who are you?"},
    ]});
    assert_eq!(asked, Request::post("/chat/completions", expected));
    let shaped = body(request::chat("m", &concept()));
    let format = &shaped["response_format"];
    assert_eq!(
        (&format["type"], &format["json_schema"]["name"]),
        (&json!("json_schema"), &json!("concept"))
    );
    assert_eq!(format["json_schema"]["schema"]["additionalProperties"], false);
    assert_eq!(body(request::chat("m", &research()))["web_search_options"], json!({}));
}

#[test]
fn pictures_are_asked_for_in_the_fields_of_the_model() {
    let wide = ImageAsk { aspect: "16:9".parse().unwrap(), count: 4, ..image() };
    let old = body(request::image("gpt-image-1.5", &wide));
    let expected = json!({
        "model": "gpt-image-1.5", "prompt": "a cat", "n": 4, "size": "1536x1024",
        "output_format": "png",
    });
    assert_eq!(old, expected);
    assert_eq!(body(request::image("gpt-image-2.6-flare", &wide))["size"], "1024x576");
    let local = body(request::image("flux.1-dev", &ImageAsk { seed: Some(7), ..wide.clone() }));
    let expected = json!({
        "model": "flux.1-dev", "prompt": "a cat", "n": 4, "size": "1024x576",
        "response_format": "b64_json", "seed": 7,
    });
    assert_eq!(local, expected);
    let many = request::image("m", &ImageAsk { count: 11, ..wide });
    assert_eq!(class(many), Class::InvalidArgument);
}

#[test]
fn edits_are_forms_or_references() {
    let form = request::edit("gpt-image-2.6-flare", &edit(), Edits::Form).unwrap();
    let expected = vec![
        Part::text("model", "gpt-image-2.6-flare"),
        Part::text("prompt", "a cat\nStay very close to the given picture."),
        Part::text("n", "1"),
        Part::text("size", "1024x1024"),
        Part::text("output_format", "png"),
        Part::file("image", "image/png", b"hi"),
    ];
    assert_eq!(form, Request::form("/images/edits", expected));
    let two = ImageAsk { references: vec![picture(), picture()], ..image() };
    let Body::Form(parts) = request::edit("m", &two, Edits::Form).unwrap().body else {
        panic!("a form")
    };
    assert_eq!(parts.iter().filter(|part| part.name == "image[]").count(), 2);
    let local = request::edit("m", &edit(), Edits::References).unwrap();
    assert_eq!(local.target, Request::post("/images/generations", json!({})).target);
    assert_eq!(testing::body(local)["ref_images"], json!(["aGk="]));
}

#[test]
fn voices_are_asked_for_within_their_limits() {
    let ask = SpeechAsk { format: AudioFormat::Opus, speed: 125, ..speech() };
    let expected = json!({
        "model": "tts", "input": "Hello", "voice": "alloy", "response_format": "opus",
        "speed": 1.25,
    });
    let asked = request::speech("tts", &ask).unwrap();
    assert_eq!(asked, Request::post("/audio/speech", expected));
    for ask in [
        SpeechAsk { text: "x".repeat(4_097), ..speech() },
        SpeechAsk { speed: 24, ..speech() },
        SpeechAsk { speed: 401, ..speech() },
    ] {
        assert_eq!(class(request::speech("tts", &ask)), Class::InvalidArgument);
    }
}

#[test]
fn films_have_a_text_of_seconds() {
    let words = video::request("sora-2", &film(0)).unwrap();
    let expected = json!({
        "model": "sora-2", "prompt": "It runs\nAvoid: rain.", "seconds": "8", "size": "1280x720",
    });
    assert_eq!(words, Request::post("/videos", expected));
    let high = VideoAsk { resolution: 1080, aspect: "9:16".parse().unwrap(), ..film(1) };
    let Body::Form(parts) = video::request("sora-2", &high).unwrap().body else { panic!("a form") };
    assert_eq!(parts[3], Part::text("size", "1024x1792"));
    assert_eq!(parts[4], Part::file("input_reference", "image/png", b"hi"));
    assert_eq!(class(video::request("sora-2", &film(2))), Class::InvalidArgument);
}

fn said(finish: &str, message: &Value) -> Value {
    json!({
        "id": "x", "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": finish, "message": message}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
    })
}

fn chatted(ask: &Ask, body: &Value) -> Result<Made, Failure> {
    answers::chat(ask, &answer(200, body))
}

#[test]
fn texts_are_read_or_refused() {
    let made = chatted(&chat(), &said("stop", &json!({"content": "Hi", "refusal": null}))).unwrap();
    assert_eq!(made.pieces, [Piece::Text("Hi".to_owned())]);
    assert_eq!(made.cost.unwrap().amount, "3");
    let retryable = Class::ProviderFailed { retryable: true };
    for (finish, message, expected) in [
        ("stop", json!({"content": null, "refusal": "I will not"}), refused(Stage::Output)),
        ("content_filter", json!({"content": ""}), refused(Stage::Output)),
        ("length", json!({"content": "Once upon"}), retryable.clone()),
        ("stop", json!({"content": null}), retryable),
    ] {
        assert_eq!(class(chatted(&chat(), &said(finish, &message))), expected, "{message}");
    }
    for body in [&b"<html>"[..], b"{}", b"{\"choices\":[]}", b"{\"choices\":[{\"fin"] {
        assert_eq!(class(answers::chat(&chat(), &raw(200, &[], body))), Class::Ambiguous);
    }
}

#[test]
fn research_names_the_pages_that_it_cites() {
    let cited = json!({"type": "url_citation", "url_citation": {
        "start_index": 0, "end_index": 4, "title": "A",
        "url": "https://a.example/?utm_source=openai",
    }});
    let message = json!({"content": "Long", "annotations": [cited, cited]});
    let made = chatted(&research(), &said("stop", &message)).unwrap();
    let [Piece::Research { sources, .. }] = &made.pieces[..] else { panic!("{made:?}") };
    assert_eq!(sources.len(), 1);
    assert_eq!(sources[0].url, "https://a.example/");
}

#[test]
fn pictures_are_bytes_or_addresses_and_may_be_too_few() {
    let read = |count, body: Value| answers::images(count, &answer(200, &body));
    let made = read(3, json!({"data": [{"b64_json": "aGk="}, {"url": "https://x.example/1"}]}));
    let made = made.unwrap();
    let url = "https://x.example/1".to_owned();
    let pieces =
        [MadeFile::Bytes(b"hi".to_vec()), MadeFile::Remote(RemoteFile { url })].map(Piece::File);
    assert_eq!(made.pieces, pieces);
    assert_eq!(made.note.as_deref(), Some("the provider made 2 of 3"));
    assert_eq!(class(read(1, json!({"data": []}))), refused(Stage::Output));
    assert_eq!(class(read(1, json!({"data": [{"revised_prompt": "x"}]}))), Class::OutputLost);
    assert_eq!(class(read(1, json!({"data": [{"b64_json": "%"}]}))), Class::OutputLost);
    assert_eq!(class(read(1, json!({"created": 1}))), Class::Ambiguous);
}

#[test]
fn a_voice_is_a_sound_and_not_what_a_proxy_says() {
    let made = answers::speech(&raw(200, &[], SOUND)).unwrap();
    assert_eq!(made.pieces, [Piece::File(MadeFile::Bytes(SOUND.to_vec()))]);
    for body in [&b"<!doctype html>"[..], b"{\"error\":{}}", b""] {
        assert_eq!(class(answers::speech(&raw(200, &[], body))), Class::Ambiguous);
    }
}

#[test]
fn errors_are_of_the_class_that_they_mean() {
    let limited = "Rate limit exceeded for images per minute. Please try again in 12s.";
    let pause = |secs| Class::RateLimited { retry_after: Some(Duration::from_secs(secs)) };
    let used_up = Class::QuotaExhausted { until: None };
    for (status, body, expected) in [
        (400, error(&json!("x"), "invalid_request_error", "no"), Class::InvalidArgument),
        (400, error(&json!("billing_hard_limit_reached"), "x", "no"), used_up.clone()),
        (401, error(&json!("invalid_api_key"), "x", "no"), Class::AuthFailed),
        (402, error(&json!(402), "x", "no"), used_up.clone()),
        (403, error(&Value::Null, "x", "no"), Class::AuthFailed),
        (404, error(&json!("model_not_found"), "x", "no"), Class::ModelRetired),
        (404, json!({"error": "model 'x' not found"}), Class::ModelRetired),
        (409, json!({}), Class::ProviderFailed { retryable: true }),
        (429, error(&json!("rate_limit_exceeded"), "requests", limited), pause(12)),
        (429, error(&json!("insufficient_quota"), "insufficient_quota", "no"), used_up.clone()),
        (429, error(&Value::Null, "insufficient_quota", "no"), used_up),
        (500, error(&json!({"any": 1}), "server_error", "no"), Class::Ambiguous),
        (503, json!([]), Class::Ambiguous),
    ] {
        assert_eq!(refusal::of(&answer(status, &body)).class, expected, "{status} {body}");
    }
    let told = raw(429, &[("retry-after-ms", "1500")], b"{}");
    let expected = Class::RateLimited { retry_after: Some(Duration::from_millis(1_500)) };
    assert_eq!(refusal::of(&told).class, expected);
}

#[test]
fn refused_requests_name_what_they_violate() {
    let message = "Your request was rejected by the safety system. \
                   safety_violations=[violence, self-harm]";
    let body = error(&json!("moderation_blocked"), "image_generation_user_error", message);
    let failure = refusal::of(&answer(400, &body));
    let categories = vec!["violence".to_owned(), "self-harm".to_owned()];
    assert_eq!(failure.class, Class::ContentRefused { stage: Stage::Input, categories });
    assert_eq!(failure.code.as_deref(), Some("moderation_blocked"));
    let old = error(&json!("content_policy_violation"), "x", "no");
    assert_eq!(refusal::of(&answer(400, &old)).class, refused(Stage::Input));
}

#[test]
fn films_run_and_end() {
    let at = |id: &str| Ok(format!("https://h/v1/videos/{id}/content"));
    let begun = video::begun(&answer(200, &json!({"id": "video_1", "status": "queued"})), at);
    let Ok(Started::Accepted(operation)) = begun else { panic!("{begun:?}") };
    assert_eq!(noted(&operation, "video").unwrap(), "video_1");
    let nameless = video::begun(&answer(200, &json!({"status": "queued"})), at);
    assert_eq!(class(nameless), Class::Ambiguous);
    let poll = |body: Value| video::polled(&answer(200, &body), at);
    for (progress, percent) in [(json!(33), Some(33)), (json!(101), None), (Value::Null, None)] {
        let told = poll(json!({"id": "video_1", "status": "in_progress", "progress": progress}));
        assert_eq!(told, Ok(Polled::Running { percent, again_after: None }));
    }
    let told = poll(json!({"id": "video_1", "status": "completed"})).unwrap();
    let url = "https://h/v1/videos/video_1/content".to_owned();
    let made = Made::one(Piece::File(MadeFile::Remote(RemoteFile { url })));
    assert_eq!(told, Polled::Made(made));
    for (error, expected) in [
        (json!({"code": "moderation_blocked", "message": "x"}), refused(Stage::Output)),
        (json!({"code": "internal", "message": "x"}), Class::ProviderFailed { retryable: true }),
        (
            json!({"code": "invalid_size", "message": "x"}),
            Class::ProviderFailed { retryable: false },
        ),
        (Value::Null, Class::ProviderFailed { retryable: true }),
    ] {
        let told = poll(json!({"id": "video_1", "status": "failed", "error": error}));
        assert_eq!(class(told), expected, "{error}");
    }
    assert_eq!(class(video::polled(&answer(502, &json!({})), at)), Class::Transient);
    assert_eq!(class(video::polled(&answer(404, &json!({})), at)), Class::OutputLost);
}

#[test]
fn models_are_listed_with_the_day_of_their_end() {
    let body = json!({"data": [
        {"id": "gpt-image-1.5", "shutdown_date": "2026-12-01"}, {"id": "x", "shutdown_date": null},
    ]});
    let listed = answers::offered(&answer(200, &body)).unwrap();
    let told: Vec<_> = listed.iter().map(|m| (m.model.as_str(), m.shutdown.as_deref())).collect();
    assert_eq!(told, [("gpt-image-1.5", Some("2026-12-01")), ("x", None)]);
}

#[test]
fn a_server_may_say_what_its_models_can_do() {
    let listed = answers::offered(&answer(200, &json!({"data": [{"id": "a"}, {"id": "b"}]})));
    let able = |status, body: &Value| {
        let told = answers::able(listed.clone().unwrap(), &answer(status, body));
        told.into_iter().map(|model| model.abilities).collect::<Vec<_>>()
    };
    let words = json!({"data": [
        {"id": "a", "capabilities": ["Chat", "tts", "vision"]},
        {"id": "b", "capabilities": ["rerank"]},
        {"id": "c", "capabilities": ["image"]},
    ]});
    let all = vec![Ability::Text, Ability::Research, Ability::Speech];
    assert_eq!(able(200, &words), [Some(all), None]);
    assert_eq!(able(404, &words), [None, None]);
    assert_eq!(able(200, &json!("no")), [None, None]);
}
