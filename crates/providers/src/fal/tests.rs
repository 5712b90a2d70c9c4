//! fal's requests and answers.

use std::time::Duration;

use generation::{Ask, Class, Failure, ImageAsk, Made, MadeFile, Piece, RemoteFile, Stage};
use http::Method;
use serde_json::{Value, json};

use super::answer::{self as answers, State};
use super::request;
use crate::dialect::noted;
use crate::http::{Body, Request, Target};
use crate::testing::{answer, body, call, class, edit, film, image, picture, raw, refused, speech};

fn input(model: &str, ask: Ask) -> Value {
    body(request::submission(&call(model, ask)).unwrap())
}

#[test]
fn submissions_forbid_the_queue_to_try_again() {
    let ask = Ask::Image(ImageAsk { count: 2, seed: Some(3), ..image() });
    let asked = request::submission(&call("fal-ai/flux/dev", ask)).unwrap();
    let expected = json!({
        "prompt": "a cat", "num_images": 2, "enable_safety_checker": true, "seed": 3,
        "image_size": {"width": 1024, "height": 1024},
    });
    assert_eq!(asked.target, Target::Path("/fal-ai/flux/dev".to_owned()));
    assert_eq!((&asked.method, &asked.body), (&Method::POST, &Body::Json(expected)));
    assert!(asked.headers.contains(&("x-fal-no-retry", "1".to_owned())));
}

#[test]
fn inputs_have_the_names_that_models_share() {
    let edited = input("fal-ai/flux/dev/image-to-image", Ask::Image(edit()));
    assert_eq!(edited["image_url"], "data:image/png;base64,aGk=");
    assert_eq!(edited["strength"], 0.2);
    let two = ImageAsk { references: vec![picture(), picture()], ..image() };
    assert_eq!(input("m", Ask::Image(two))["image_urls"].as_array().unwrap().len(), 2);
    let ultra = input("fal-ai/flux-pro/v1.1-ultra", Ask::Image(image()));
    assert_eq!((&ultra["aspect_ratio"], ultra.get("image_size")), (&json!("1:1"), None));
    let expected = json!({
        "prompt": "It runs\nAvoid: rain.", "aspect_ratio": "16:9", "duration": "5s",
        "image_url": "data:image/png;base64,aGk=",
    });
    assert_eq!(input("fal-ai/veo2/image-to-video", Ask::Video(film(1))), expected);
    for ask in [Ask::Video(film(2)), Ask::Speech(speech())] {
        assert_eq!(class(request::submission(&call("m", ask))), Class::InvalidArgument);
    }
}

fn accepted() -> Value {
    let at = "https://queue.fal.run/fal-ai/flux/requests/1";
    json!({
        "request_id": "1", "status": "IN_QUEUE", "queue_position": 0, "response_url": at,
        "status_url": format!("{at}/status"), "cancel_url": format!("{at}/cancel"),
    })
}

#[test]
fn an_operation_keeps_the_addresses_that_are_named() {
    let own = |url: &str| url.starts_with("https://queue.fal.run/");
    let begun = answers::begun(4, &answer(200, &accepted()), own).unwrap();
    let kept = noted(&begun, "status").unwrap();
    assert_eq!(kept, "https://queue.fal.run/fal-ai/flux/requests/1/status");
    assert_eq!(noted(&begun, "count").unwrap(), "4");
    let mut elsewhere = accepted();
    elsewhere["cancel_url"] = "https://elsewhere.example/".into();
    for body in [elsewhere, json!({"request_id": "1"}), json!([])] {
        assert_eq!(class(answers::begun(1, &answer(200, &body), own)), Class::Ambiguous, "{body}");
    }
}

fn state(body: &Value) -> Result<State, Failure> {
    answers::state(&answer(200, body))
}

#[test]
fn what_is_completed_may_have_failed() {
    for status in ["IN_QUEUE", "IN_PROGRESS", "POLISHING"] {
        assert_eq!(state(&json!({"status": status})), Ok(State::Running));
        assert_eq!(answers::state(&answer(202, &json!({"status": status}))), Ok(State::Running));
    }
    assert_eq!(state(&json!({"status": "COMPLETED", "metrics": {}})), Ok(State::Done));
    for (kind, message, expected) in [
        ("runner_disconnected", "gone", Class::ProviderFailed { retryable: true }),
        ("bad_thing", "gone", Class::ProviderFailed { retryable: false }),
    ] {
        let body = json!({"status": "COMPLETED", "error": message, "error_type": kind});
        assert_eq!(class(state(&body)), expected, "{kind}");
    }
    let kind = "content_policy_violation";
    let body = json!({"status": "COMPLETED", "error": "x", "error_type": kind});
    let categories = vec![kind.to_owned()];
    assert_eq!(class(state(&body)), Class::ContentRefused { stage: Stage::Input, categories });
    assert_eq!(class(answers::state(&answer(500, &json!({})))), Class::Transient);
    assert_eq!(class(answers::state(&raw(200, &[], b"<"))), Class::Transient);
    assert_eq!(class(answers::state(&answer(404, &json!({})))), Class::OutputLost);
}

fn result(count: u32, body: &Value) -> Result<Made, Failure> {
    answers::result(count, &answer(200, body))
}

#[test]
fn results_are_pictures_or_films() {
    let url = |url: &str| Piece::File(MadeFile::Remote(RemoteFile { url: url.to_owned() }));
    let images = json!({"images": [
        {"url": "https://v3.fal.media/1"}, {"url": "data:image/png;base64,aGk="},
    ], "has_nsfw_concepts": [false, false], "seed": 1});
    let made = result(2, &images).unwrap();
    let pieces = [url("https://v3.fal.media/1"), Piece::File(MadeFile::Bytes(b"hi".to_vec()))];
    assert_eq!((made.pieces.as_slice(), made.note), (&pieces[..], None));
    let film = json!({"video": {"url": "https://v3.fal.media/2", "content_type": "video/mp4"}});
    assert_eq!(result(1, &film).unwrap().pieces, [url("https://v3.fal.media/2")]);
}

#[test]
fn black_pictures_are_no_pictures() {
    let two = json!([{"url": "https://x.example/1"}, {"url": "https://x.example/2"}]);
    let some = json!({"images": two, "has_nsfw_concepts": [true, false]});
    let made = result(2, &some).unwrap();
    assert_eq!(made.pieces.len(), 1);
    assert_eq!(made.note.as_deref(), Some("a picture is withheld as unsafe"));
    let all = class(result(2, &json!({"images": two, "has_nsfw_concepts": [true, true]})));
    let categories = vec!["nsfw".to_owned()];
    assert_eq!(all, Class::ContentRefused { stage: Stage::Output, categories });
    assert_eq!(class(result(1, &json!({"images": []}))), refused(Stage::Output));
}

#[test]
fn models_fail_in_the_place_of_their_result() {
    let detail = |kind: &str| {
        json!({"detail": [{"loc": ["body", "prompt"], "msg": "no", "type": kind}]}).to_string()
    };
    let of = |status, headers: &[_], body: String| {
        class(answers::result(1, &raw(status, headers, body.as_bytes())))
    };
    let refusal = of(422, &[("x-fal-retryable", "false")], detail("content_policy_violation"));
    assert!(matches!(refusal, Class::ContentRefused { stage: Stage::Input, .. }));
    assert_eq!(of(422, &[], detail("image_too_large")), Class::InvalidArgument);
    let again = Class::ProviderFailed { retryable: true };
    assert_eq!(of(422, &[("x-fal-retryable", "true")], detail("x")), again);
    let platform = json!({"detail": "Request timed out", "error_type": "request_timeout"});
    assert_eq!(of(504, &[], platform.to_string()), again);
    let failed = Class::ProviderFailed { retryable: false };
    assert_eq!(of(500, &[("x-fal-retryable", "false")], detail("x")), failed);
    // A gateway says nothing of the model.
    assert_eq!(of(502, &[], "<html>".to_owned()), Class::Transient);
    assert_eq!(of(404, &[], "{}".to_owned()), Class::OutputLost);
    assert_eq!(of(401, &[], "{}".to_owned()), Class::Transient);
}

#[test]
fn submissions_are_refused_for_many_reasons() {
    let own = |_: &str| true;
    for (status, body, expected) in [
        (401, json!({"detail": "Invalid key"}), Class::AuthFailed),
        (
            403,
            json!({"detail": "User is locked. Reason: Exhausted balance"}),
            Class::QuotaExhausted { until: None },
        ),
        (403, json!({"detail": "no"}), Class::AuthFailed),
        (404, json!({"detail": "Application not found"}), Class::ModelRetired),
        (422, json!({"detail": [{"msg": "no", "type": "missing"}]}), Class::InvalidArgument),
        (429, json!({"detail": "Retry after 5 seconds"}), Class::RateLimited { retry_after: None }),
        (
            429,
            json!({"detail": "retry after 5 seconds"}),
            Class::RateLimited { retry_after: Some(Duration::from_secs(5)) },
        ),
        (503, json!({"detail": "x", "error_type": "runner_scheduling_failure"}), Class::Ambiguous),
    ] {
        assert_eq!(
            class(answers::begun(1, &answer(status, &body), own)),
            expected,
            "{status} {body}"
        );
    }
    let refusal = json!({"detail": [{"msg": "no", "type": "content_policy_violation"}]});
    let refusal = class(answers::begun(1, &answer(422, &refusal), own));
    assert!(matches!(refusal, Class::ContentRefused { stage: Stage::Input, .. }));
}

#[test]
fn questions_go_to_the_addresses_that_are_kept() {
    let begun = answers::begun(1, &answer(200, &accepted()), |_| true).unwrap();
    let url = super::place(&begun, "cancel").unwrap();
    let request = Request::at(Method::PUT, url);
    let Target::Url(url) = request.target else { panic!("an address") };
    assert_eq!(url.path(), "/fal-ai/flux/requests/1/cancel");
}
