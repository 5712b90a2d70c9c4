//! Recraft's requests and answers.

use generation::{Class, ImageAsk, Stage};
use serde_json::json;

use super::{answer as answers, request};
use crate::http::{Part, Request};
use crate::testing::{self, answer, class, edit, image, picture, raw, refused};

#[test]
fn pictures_are_asked_for_in_the_sizes_of_the_model() {
    let wide = ImageAsk { aspect: "16:9".parse().unwrap(), count: 2, seed: Some(1), ..image() };
    let asked = request::image("recraftv4_1", &wide).unwrap();
    let expected = json!({
        "model": "recraftv4_1", "prompt": "a cat", "n": 2, "size": "1344x768",
        "response_format": "b64_json", "block_nsfw": true, "image_format": "png", "random_seed": 1,
    });
    assert_eq!(asked, Request::post("/images/generations", expected));
    for (model, size) in [
        ("recraftv3", "1820x1024"),
        ("recraftv4_pro", "2688x1536"),
        ("recraftv4_vector", "1344x768"),
    ] {
        let asked = request::image(model, &wide).unwrap();
        assert_eq!(testing::body(asked)["size"], size, "{model}");
    }
}

#[test]
fn styles_and_what_to_avoid_have_fields_where_the_model_has_them() {
    let ask = ImageAsk {
        art_style: Some("digital_illustration".to_owned()),
        negative_prompt: Some("dogs".to_owned()),
        ..image()
    };
    let body = |model| testing::body(request::image(model, &ask).unwrap());
    let third = body("recraftv3");
    assert_eq!(
        (&third["style"], &third["negative_prompt"]),
        (&json!("digital_illustration"), &json!("dogs"))
    );
    assert_eq!(third["prompt"], "a cat");
    assert_eq!(body("recraftv4")["prompt"], "a cat\nAvoid: dogs.");
}

#[test]
fn drawings_of_lines_are_asked_for_and_handed_on_as_they_are() {
    let drawn = |model: &str, style: Option<&str>| {
        let ask = ImageAsk { art_style: style.map(str::to_owned), ..image() };
        testing::body(request::image(model, &ask).unwrap())
    };
    for (model, style) in [
        ("recraftv3", Some("vector_illustration")),
        ("recraftv2", Some("icon")),
        ("recraftv4_vector", None),
    ] {
        let body = drawn(model, style);
        assert_eq!(body.get("image_format"), None, "{model}");
        assert_eq!(body.get("style").and_then(|told| told.as_str()), style);
    }
    assert_eq!(drawn("recraftv3", Some("digital_illustration"))["image_format"], "png");
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'/>";
    let told = json!({"data": [{"b64_json": crate::media::encode(svg.as_bytes())}]});
    let made = answers::images(1, &answer(200, &told)).unwrap();
    let expected = crate::pieces::bytes(svg.as_bytes().to_vec());
    assert_eq!(made.pieces, [expected]);
}

#[test]
fn edits_are_forms_of_one_picture() {
    let asked = request::image("recraftv3", &edit()).unwrap();
    let expected = vec![
        Part::text("model", "recraftv3"),
        Part::text("prompt", "a cat"),
        Part::text("n", "1"),
        Part::text("strength", "0.2"),
        Part::text("response_format", "b64_json"),
        Part::text("block_nsfw", "true"),
        Part::file("image", "image/png", b"hi"),
    ];
    assert_eq!(asked, Request::form("/images/imageToImage", expected));
    for ask in [
        ImageAsk { references: vec![picture(), picture()], ..image() },
        ImageAsk { count: 7, ..image() },
        ImageAsk::of("x".repeat(1_001)),
    ] {
        assert_eq!(class(request::image("recraftv3", &ask)), Class::InvalidArgument);
    }
}

#[test]
fn pictures_are_read_with_what_they_cost() {
    let body = json!({"created": 1, "credits": 80, "data": [
        {"image_id": "a", "b64_json": "aGk="}, {"image_id": "b", "url": "https://x.example/b"},
    ]});
    let made = answers::images(2, &answer(200, &body)).unwrap();
    assert_eq!((made.pieces.len(), made.note), (2, None));
    let cost = made.cost.unwrap();
    assert_eq!((cost.amount.as_str(), cost.unit.as_str()), ("80", "units"));
    let single = json!({"image": {"image_id": "a", "url": "https://x.example/a"}});
    assert_eq!(answers::images(1, &answer(200, &single)).unwrap().pieces.len(), 1);
}

#[test]
fn what_is_unsafe_is_withheld() {
    let nsfw = json!({"b64_json": "aGk=", "features": {"nsfw_score": 0.97}});
    let fine = json!({"b64_json": "aGk=", "features": {"nsfw_score": 0.01}});
    let made = answers::images(2, &answer(200, &json!({"data": [nsfw, fine]}))).unwrap();
    assert_eq!(made.pieces.len(), 1);
    assert_eq!(made.note.as_deref(), Some("a picture is withheld as unsafe"));
    let all = class(answers::images(1, &answer(200, &json!({"data": [nsfw]}))));
    let categories = vec!["nsfw".to_owned()];
    assert_eq!(all, Class::ContentRefused { stage: Stage::Output, categories });
    let none = answers::images(1, &answer(200, &json!({"data": []})));
    assert_eq!(class(none), refused(Stage::Output));
}

#[test]
fn failures_are_of_the_class_that_they_mean() {
    let used_up = Class::QuotaExhausted { until: None };
    for (status, message, expected) in [
        (400, "size is not supported", Class::InvalidArgument),
        (400, "The prompt violates our content policy", refused(Stage::Input)),
        (400, "Not enough credits", used_up.clone()),
        (402, "", used_up),
        (400, "model recraftv1 not found", Class::ModelRetired),
        (400, "model: unknown model recraftv1", Class::ModelRetired),
        (401, "bad token", Class::AuthFailed),
        (429, "slow down", Class::RateLimited { retry_after: None }),
        (500, "oops", Class::Ambiguous),
    ] {
        let body = json!({"code": "some_code", "message": message});
        let failed = answers::images(1, &answer(status, &body));
        assert_eq!(class(failed), expected, "{status} {message}");
    }
    assert_eq!(class(answers::images(1, &raw(400, &[], b"no"))), Class::InvalidArgument);
    for body in [&b"<html>"[..], b"{}", b""] {
        assert_eq!(class(answers::images(1, &raw(200, &[], body))), Class::Ambiguous);
    }
}
