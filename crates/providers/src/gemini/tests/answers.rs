//! What comes of `generateContent` and `predict`, and the list of models.

use generation::{Ability, Ask, Class, Failure, Made, MadeFile, Piece, Stage};
use serde_json::{Value, json};

use super::super::answer::{generated, offered, predicted};
use crate::testing::{answer, chat, class, concept, image, raw, refused, research, speech};

fn candidate(finish: &str, parts: &Value) -> Value {
    json!({
        "candidates": [{
            "content": {"role": "model", "parts": parts},
            "finishReason": finish,
            "index": 0,
        }],
        "usageMetadata": {"promptTokenCount": 12, "totalTokenCount": 151},
        "modelVersion": "m",
    })
}

fn of(ask: &Ask, body: &Value) -> Result<Made, Failure> {
    generated(ask, &answer(200, body))
}

fn file(made: &Made) -> &[u8] {
    match &made.pieces[..] {
        [Piece::File(MadeFile::Bytes(bytes))] => bytes,
        other => panic!("{other:?}"),
    }
}

#[test]
fn texts_are_read_without_thoughts_and_with_their_cost() {
    let parts = json!([{"text": "hm", "thought": true}, {"text": "Good "}, {"text": "day"}]);
    let made = of(&chat(), &candidate("STOP", &parts)).unwrap();
    assert_eq!(made.pieces, [Piece::Text("Good day".to_owned())]);
    let cost = made.cost.unwrap();
    assert_eq!((cost.amount.as_str(), cost.unit.as_str()), ("151", "tokens"));
}

#[test]
fn texts_that_are_cut_short_are_no_success() {
    let retryable = Class::ProviderFailed { retryable: true };
    let parts = json!([{"text": "{\"title\":\"A"}]);
    for finish in ["MAX_TOKENS", "MALFORMED_RESPONSE", "STOP"] {
        assert_eq!(class(of(&concept(), &candidate(finish, &parts))), retryable, "{finish}");
    }
    assert_eq!(class(of(&chat(), &candidate("MAX_TOKENS", &parts))), retryable);
    assert_eq!(class(of(&chat(), &candidate("STOP", &json!([])))), retryable);
}

#[test]
fn every_way_to_refuse_within_a_success_is_a_refusal() {
    let picture = Ask::Image(image());
    for reason in [
        "SAFETY",
        "RECITATION",
        "BLOCKLIST",
        "PROHIBITED_CONTENT",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "IMAGE_OTHER",
        "NO_IMAGE",
        "OTHER",
        "LANGUAGE",
    ] {
        for ask in [&picture, &chat(), &Ask::Speech(speech())] {
            let body = json!({"candidates": [{"finishReason": reason, "index": 0}]});
            let stage = Stage::Output;
            let categories = vec![reason.to_owned()];
            assert_eq!(class(of(ask, &body)), Class::ContentRefused { stage, categories });
        }
    }
    for reason in ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "JAILBREAK"] {
        for ask in [&picture, &chat()] {
            let ratings = json!([
                {"category": "HARM_CATEGORY_HARASSMENT", "probability": "HIGH", "blocked": true},
                {"category": "HARM_CATEGORY_HATE_SPEECH", "probability": "LOW"},
            ]);
            let body = json!({"promptFeedback": {"blockReason": reason, "safetyRatings": ratings}});
            let categories = vec![reason.to_owned(), "HARASSMENT".to_owned()];
            let stage = Stage::Input;
            assert_eq!(class(of(ask, &body)), Class::ContentRefused { stage, categories });
        }
    }
}

#[test]
fn a_success_without_a_picture_is_a_refusal() {
    let picture = Ask::Image(image());
    let words = candidate("STOP", &json!([{"text": "I cannot draw that"}]));
    let failure = of(&picture, &words).unwrap_err();
    assert_eq!(failure.message, "I cannot draw that");
    assert!(matches!(failure.class, Class::ContentRefused { stage: Stage::Output, .. }));
    let nothing = json!({"candidates": [], "usageMetadata": {}});
    assert_eq!(class(of(&picture, &nothing)), refused(Stage::Output));
    assert_eq!(class(of(&chat(), &nothing)), refused(Stage::Output));
}

#[test]
fn a_success_that_cannot_be_read_leaves_all_open() {
    for body in [&b"<html>"[..], b"", b"{\"cand", b"[]", b"{}", b"null"] {
        let read = generated(&chat(), &raw(200, &[], body));
        assert_eq!(class(read), Class::Ambiguous, "{body:?}");
    }
}

#[test]
fn pictures_are_found_among_words_and_drafts() {
    let parts = json!([
        {"text": "Here it is"},
        {"inlineData": {"mimeType": "image/png", "data": "ZHJhZnQ="}, "thought": true},
        {"inlineData": {"mimeType": "image/png", "data": "aGk="}},
    ]);
    let made = of(&Ask::Image(image()), &candidate("STOP", &parts)).unwrap();
    assert_eq!(file(&made), b"hi");
    let broken = json!([{"inlineData": {"mimeType": "image/png", "data": "%%%"}}]);
    let page = json!([{"inlineData": {"mimeType": "text/html", "data": "aGk="}}]);
    for parts in [broken, page] {
        let read = of(&Ask::Image(image()), &candidate("STOP", &parts));
        assert_eq!(class(read), Class::OutputLost);
    }
}

#[test]
fn raw_samples_become_a_file() {
    let part =
        |media_type: &str| json!([{"inlineData": {"mimeType": media_type, "data": "AQACAA=="}}]);
    let ask = Ask::Speech(speech());
    let made = of(&ask, &candidate("STOP", &part("audio/L16;codec=pcm;rate=16000"))).unwrap();
    let bytes = file(&made);
    assert!(bytes.starts_with(b"RIFF") && bytes.ends_with(&[1, 0, 2, 0]));
    assert_eq!(bytes[24..28], 16_000_u32.to_le_bytes());
    let made = of(&ask, &candidate("STOP", &part("audio/wav"))).unwrap();
    assert_eq!(file(&made), [1, 0, 2, 0]);
}

#[test]
fn research_names_its_sources_once() {
    let mut body = candidate("STOP", &json!([{"text": "Long."}]));
    body["candidates"][0]["groundingMetadata"] = json!({
        "webSearchQueries": ["cats"],
        "groundingChunks": [
            {"web": {"uri": "https://a.example/x", "title": "a.example"}},
            {"web": {"uri": "https://a.example/x#2", "title": "again"}},
            {"web": {"uri": "https://b.example/", "domain": "b.example"}},
        ],
        "groundingSupports": [
            {"segment": {"startIndex": 0, "endIndex": 5, "text": "Long."},
             "groundingChunkIndices": [2], "confidenceScores": [0.9]},
        ],
    });
    let made = of(&research(), &body).unwrap();
    let [Piece::Research { answer, sources }] = &made.pieces[..] else { panic!("{made:?}") };
    assert_eq!(answer, "Long.");
    let told: Vec<_> = sources
        .iter()
        .map(|s| (s.url.as_str(), s.title.as_deref(), s.excerpt.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            ("https://a.example/x", Some("a.example"), None),
            ("https://b.example/", Some("b.example"), Some("Long.")),
        ]
    );
}

#[test]
fn predictions_are_counted() {
    let some = json!({"predictions": [
        {"mimeType": "image/png", "bytesBase64Encoded": "aGk="},
        {"raiFilteredReason": "Filtered: violence"},
    ]});
    let made = predicted(4, &answer(200, &some)).unwrap();
    assert_eq!(made.pieces.len(), 1);
    assert_eq!(made.note.as_deref(), Some("Filtered: violence"));
    let none = json!({"predictions": [{"raiFilteredReason": "Filtered: violence"}]});
    let failure = predicted(1, &answer(200, &none)).unwrap_err();
    assert!(matches!(failure.class, Class::ContentRefused { stage: Stage::Output, .. }));
    for empty in [json!({"predictions": []}), json!({})] {
        assert_eq!(class(predicted(1, &answer(200, &empty))), refused(Stage::Output));
    }
    assert_eq!(class(predicted(1, &raw(200, &[], b"<"))), Class::Ambiguous);
}

#[test]
fn models_are_listed() {
    let body = json!({"models": [
        {"name": "models/gemini-3.8-flash", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/veo-3.1", "supportedGenerationMethods": ["predictLongRunning"]},
        {"name": "models/imagen-4", "supportedGenerationMethods": ["predict"]},
    ]});
    let listed = offered(&answer(200, &body)).unwrap();
    let told: Vec<_> = listed.iter().map(|m| (m.model.as_str(), m.abilities.clone())).collect();
    assert_eq!(
        told,
        [
            ("gemini-3.8-flash", None),
            ("veo-3.1", Some(vec![Ability::Video])),
            ("imagen-4", Some(vec![Ability::Image])),
        ]
    );
    assert_eq!(class(offered(&answer(500, &json!({})))), Class::Transient);
}
