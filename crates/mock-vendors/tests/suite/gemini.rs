//! Gemini: contents, films in both forms, interactions, files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mock_vendors::Vendor::Gemini;
use serde_json::{Value, json};

use super::client::{Answer, Mock, holds, is, key_header, nothing};

fn contents(prompt: &str) -> Value {
    json!({ "contents": [{ "role": "user", "parts": [{ "text": prompt }] }] })
}

fn text(mock: &Mock, prompt: &str) -> Answer {
    mock.post(Gemini, "/v1beta/models/gemini-3.8-flash:generateContent", &contents(prompt))
}

fn image(mock: &Mock, prompt: &str) -> Answer {
    let mut body = contents(prompt);
    body["generationConfig"] = json!({ "responseModalities": ["TEXT", "IMAGE"],
        "imageConfig": { "aspectRatio": "16:9", "imageSize": "512" } });
    mock.post(Gemini, "/v1beta/models/gemini-3.1-flash-image:generateContent", &body)
}

fn film(mock: &Mock, prompt: &str) -> Answer {
    let format = json!({ "type": "video", "duration": "5s", "delivery": "uri" });
    let body = json!({ "model": "gemini-omni-1.1-flash", "input": prompt, "background": true,
        "response_format": format });
    mock.post(Gemini, "/v1/interactions", &body)
}

// The states that polls see, up to the end of those that are told.
fn states(mock: &Mock, prompt: &str, polls: usize) -> Vec<String> {
    let id = film(mock, prompt).at("/id");
    let path = format!("/v1/interactions/{}", id.as_str().unwrap());
    let states = (0..polls).map(|_| mock.get(Gemini, &path).at("/status"));
    states.map(|state| state.as_str().unwrap().to_owned()).collect()
}

#[test]
fn text_is_answered_and_refused_in_each_shape() {
    let mock = Mock::start();
    let detail = "/error/details/1/retryDelay";
    let quota = "/error/details/0/violations/0/quotaId";
    let day = json!("GenerateRequestsPerDayPerProjectPerModel-FreeTier");
    holds(
        &[
            ("a haiku", 200, "/candidates/0/finishReason", json!("STOP")),
            ("[[refuse]]", 200, "/promptFeedback/blockReason", json!("SAFETY")),
            ("[[refuse]]", 200, "/candidates", nothing()),
            ("[[refuse-output]]", 200, "/candidates/0/finishReason", json!("SAFETY")),
            ("[[partial:1/2]]", 200, "/candidates/0/finishReason", json!("MAX_TOKENS")),
            ("[[rate-limit:7200]]", 429, detail, json!("7200.0s")),
            ("[[rate-limit-bare]]", 429, detail, nothing()),
            ("[[rate-limit-day]]", 429, quota, day.clone()),
            ("[[quota]]", 429, quota, day),
            ("[[quota:400]]", 400, "/error/status", json!("FAILED_PRECONDITION")),
            ("[[auth]]", 400, "/error/details/0/reason", json!("API_KEY_INVALID")),
            ("[[unavailable]]", 503, "/error/status", json!("UNAVAILABLE")),
            ("[[fail]]", 500, "/error/status", json!("INTERNAL")),
            ("[[ambiguous]]", 500, "/error/code", json!(500)),
            ("[[array-error]]", 503, "/0/error/status", json!("UNAVAILABLE")),
            ("[[retired]]", 404, "/error/status", json!("NOT_FOUND")),
        ],
        |prompt| text(&mock, prompt),
    );
}

#[test]
fn pictures_are_made_or_withheld() {
    let mock = Mock::start();
    let made = image(&mock, "a cat");
    let data = made.at("/candidates/0/content/parts/1/inlineData/data");
    let bytes = STANDARD.decode(data.as_str().unwrap()).unwrap();
    assert!(is(&bytes, "png"));
    assert_eq!(bytes.get(16..24), Some(&[0, 0, 2, 0, 0, 0, 1, 32][..]), "512 by 288");
    let reason = "/candidates/0/finishReason";
    let second = "/candidates/0/content/parts/1";
    holds(
        &[
            ("[[refuse]]", 200, "/promptFeedback/blockReason", json!("PROHIBITED_CONTENT")),
            ("[[refuse-output]]", 200, reason, json!("IMAGE_SAFETY")),
            ("[[no-output]]", 200, reason, json!("NO_IMAGE")),
            ("[[text-only]]", 200, second, nothing()),
            (
                "[[html]]",
                200,
                "/candidates/0/content/parts/1/inlineData/mimeType",
                json!("text/html"),
            ),
        ],
        |prompt| image(&mock, prompt),
    );
}

#[test]
fn mistakes_of_a_request_are_told_with_their_fields() {
    let mock = Mock::start();
    let path = "/v1beta/models/gemini-3.8-flash:generateContent";
    let with = |config: Value| {
        let mut body = contents("x");
        body["generationConfig"] = config;
        mock.post(Gemini, path, &body)
    };
    let field = "/error/details/0/fieldViolations/0/field";
    for (config, named) in [
        (json!({ "temperature": "hot" }), "generationConfig.temperature"),
        (json!({ "temperature": 3 }), "generationConfig.temperature"),
        (json!({ "temprature": 1 }), "generationConfig.temprature"),
        (json!({ "responseModalities": ["IMAGE"] }), "generationConfig.responseModalities"),
        (
            json!({ "imageConfig": { "aspectRatio": "7:5" } }),
            "generationConfig.imageConfig.aspectRatio",
        ),
        (
            json!({ "imageConfig": { "outputMimeType": "x" } }),
            "generationConfig.imageConfig.outputMimeType",
        ),
    ] {
        let answer = with(config);
        assert_eq!((answer.status, answer.at(field)), (400, json!(named)));
    }
    assert_eq!(mock.post(Gemini, path, &json!({})).at(field), json!("contents"));
    // Protocol buffers take names in either case.
    assert_eq!(with(json!({ "max_output_tokens": 100 })).status, 200);
    // A film's duration is a text.
    let body = json!({ "model": "gemini-omni-1.1-flash", "input": "x",
        "response_format": { "type": "video", "duration": 5 } });
    let answer = mock.post(Gemini, "/v1/interactions", &body);
    assert_eq!((answer.status, answer.at("/error/code")), (400, json!("invalid_argument")));
}

#[test]
fn films_pass_through_their_states_and_are_fetched_with_the_key() {
    let mock = Mock::start();
    assert_eq!(states(&mock, "a cat", 3), ["in_progress", "completed", "completed"]);
    assert_eq!(
        states(&mock, "[[slow:3]]", 4),
        ["in_progress", "in_progress", "in_progress", "completed"]
    );
    let twice = ["in_progress", "queued", "in_progress", "completed"];
    assert_eq!(states(&mock, "[[backwards]]", 4), twice);
    let strange = ["in_progress", "contemplating", "contemplating", "completed"];
    assert_eq!(states(&mock, "[[unknown-state]]", 4), strange);
    assert_eq!(states(&mock, "[[never-done]]", 3), ["in_progress"; 3]);
    assert_eq!(states(&mock, "[[fail]]", 2), ["in_progress", "failed"]);

    let id = film(&mock, "a cat").at("/id");
    let path = format!("/v1/interactions/{}", id.as_str().unwrap());
    mock.get(Gemini, &path);
    let uri = mock.get(Gemini, &path).at("/steps/0/content/0/uri");
    let uri = uri.as_str().unwrap();
    assert!(is(&mock.get(Gemini, uri).bytes, "mp4"));
    assert_eq!(mock.fetch(uri).status, 403, "the file wants the key");
}

#[test]
fn a_film_may_be_done_and_not_there() {
    let mock = Mock::start();
    let done = |prompt: &str| {
        let id = film(&mock, prompt).at("/id");
        let path = format!("/v1/interactions/{}", id.as_str().unwrap());
        mock.get(Gemini, &path);
        mock.get(Gemini, &path)
    };
    let tokens = "/usage/output_tokens_by_modality/0/modality";
    let withheld = done("[[refuse-output]]");
    assert_eq!(withheld.at("/steps/0/content/0/type"), json!("text"));
    assert_eq!(withheld.at(tokens), json!("text"));
    let lost = done("[[no-output]]");
    assert_eq!((lost.at("/steps"), lost.at(tokens)), (json!([]), json!("video")));
    let refused = film(&mock, "[[refuse]]");
    assert_eq!((refused.status, refused.at("/error/code")), (400, json!("SAFETY")));
    let unknown = mock.get(Gemini, "/v1/interactions/v1_nobody");
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown.at("/error/message"), json!("Invalid interaction name"));
}

const VERTEX: &str = "/v1/projects/p/locations/us-central1/publishers/google/models";

#[test]
fn films_of_vertex_are_operations() {
    let mock = Mock::start();
    let film = |prompt: &str, polls: usize| {
        let body = json!({ "instances": [{ "prompt": prompt }],
            "parameters": { "sampleCount": 2, "durationSeconds": 6, "aspectRatio": "9:16" } });
        let path = format!("{VERTEX}/veo-3.1-generate-001:predictLongRunning");
        let name = mock.post(Gemini, &path, &body).at("/name");
        let path = format!("{VERTEX}/veo-3.1-generate-001:fetchPredictOperation");
        let poll = || mock.post(Gemini, &path, &json!({ "operationName": name }));
        (1..polls).for_each(|_| assert_eq!(poll().at("/done"), nothing()));
        poll()
    };
    let done = film("a cat", 2);
    assert_eq!(done.at("/done"), json!(true));
    let data = done.at("/response/videos/1/bytesBase64Encoded");
    assert!(is(&STANDARD.decode(data.as_str().unwrap()).unwrap(), "mp4"));
    let refused = film("[[rai-filtered]]", 2);
    assert_eq!(refused.at("/response/raiMediaFilteredCount"), json!(2));
    assert_eq!(refused.at("/response/videos"), json!([]));
    assert_eq!(film("[[fail]]", 2).at("/error/code"), json!(13));
    // What the developers' form had is gone there, and alive here.
    let body = json!({ "instances": [{ "prompt": "a cat" }] });
    let gone = "/v1beta/models/veo-3.1-generate-preview:predictLongRunning";
    assert_eq!(mock.post(Gemini, gone, &body).status, 404);
}

#[test]
fn pictures_of_vertex_may_be_fewer() {
    let mock = Mock::start();
    let draw = |prompt: &str| {
        let body =
            json!({ "instances": [{ "prompt": prompt }], "parameters": { "sampleCount": 4 } });
        mock.post(Gemini, &format!("{VERTEX}/imagen-4.0-generate-001:predict"), &body)
    };
    let count = |answer: Answer| answer.at("/predictions").as_array().map(Vec::len);
    assert_eq!(count(draw("a cat")), Some(4));
    assert_eq!(count(draw("[[partial:3/4]]")), Some(3));
    assert_eq!(count(draw("[[refuse]]")), None);
    assert!(draw("[[refuse-output]]").at("/predictions/0/raiFilteredReason").is_string());
}

#[test]
fn keys_are_looked_at_and_jobs_are_the_keys_own() {
    let mock = Mock::start();
    let path = "/gemini/v1beta/models";
    assert_eq!(mock.send("GET", path, &[], &[]).unwrap().status, 403);
    let with = |key: &str, path: &str| {
        let (name, value) = key_header(Gemini, key);
        mock.send("GET", path, &[(name, &value)], &[]).unwrap().status
    };
    assert_eq!((with("wrong", path), with("mock-gemini-key", path)), (400, 200));
    let id = film(&mock, "a cat").at("/id");
    let path = format!("/gemini/v1/interactions/{}", id.as_str().unwrap());
    assert_eq!((with("mock-gemini-key-2", &path), with("mock-gemini-key", &path)), (400, 200));
}
