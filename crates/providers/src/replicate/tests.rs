//! Replicate's requests and answers.

use std::time::Duration;

use generation::{Ask, Cancelled, Class, Failure, ImageAsk, Polled, Recovered, Stage, Started};
use serde_json::{Value, json};
use url::Url;

use super::recovery::{Found, Search};
use super::{answer as answers, request};
use crate::dialect::noted;
use crate::http::{Request, Target};
use crate::testing::{self, answer, call, class, edit, film, image, now, refused, speech};

const SEED: u32 = 0x1c41_8af7;

fn seed() -> u32 {
    request::seed_of(&"marker-1".parse().unwrap())
}

#[test]
fn predictions_are_asked_for_where_the_model_is() {
    let webhook: Url = "https://us.example/hook".parse().unwrap();
    let asked =
        request::prediction(&call("black-forest-labs/flux-schnell", Ask::Image(image())), None);
    let expected = json!({"input": {"prompt": "a cat", "aspect_ratio": "1:1", "seed": seed()}});
    let path = "/models/black-forest-labs/flux-schnell/predictions";
    assert_eq!(asked.unwrap(), Request::post(path, expected));
    for (model, path) in
        [("a/b:5c7d", "/predictions"), ("deployments/a/b", "/deployments/a/b/predictions")]
    {
        let asked = request::prediction(&call(model, Ask::Image(image())), Some(&webhook)).unwrap();
        assert_eq!(asked.target, Target::Path(path.to_owned()));
        let body = testing::body(asked);
        assert_eq!(body["webhook"], "https://us.example/hook?submission=marker-1");
        assert_eq!(body.get("version").is_some(), model.contains(':'));
    }
}

#[test]
fn inputs_have_the_names_that_models_share() {
    let input = |model: &str, ask| {
        testing::body(request::prediction(&call(model, ask), None).unwrap())["input"].take()
    };
    let several = input("a/b", Ask::Image(ImageAsk { count: 4, seed: Some(9), ..image() }));
    assert_eq!((&several["num_outputs"], &several["seed"]), (&json!(4), &json!(9)));
    let edited = input("a/b", Ask::Image(edit()));
    assert_eq!(edited["image"], "data:image/png;base64,aGk=");
    assert_eq!(edited["prompt_strength"], 0.2);
    assert!(input("a/flux-kontext-pro", Ask::Image(edit())).get("input_image").is_some());
    let moved = input("a/b", Ask::Video(film(1)));
    assert_eq!((&moved["duration"], &moved["aspect_ratio"]), (&json!(5), &json!("16:9")));
    for ask in [Ask::Video(film(2)), Ask::Speech(speech())] {
        assert_eq!(class(request::prediction(&call("a/b", ask), None)), Class::InvalidArgument);
    }
}

#[test]
fn a_prediction_is_kept_by_its_name() {
    let body = json!({"id": "gm3q", "status": "starting", "input": {}, "output": null});
    let begun = answers::begun(2, &answer(201, &body)).unwrap();
    let Started::Accepted(operation) = begun else { panic!("{begun:?}") };
    assert_eq!(noted(&operation, "id").unwrap(), "gm3q");
    assert_eq!(noted(&operation, "count").unwrap(), "2");
    let done = json!({"id": "a", "status": "succeeded", "output": "https://x.example/1"});
    assert!(matches!(answers::begun(1, &answer(200, &done)), Ok(Started::Made(_))));
    for body in [json!({}), json!({"id": "../x"}), json!([])] {
        assert_eq!(class(answers::begun(1, &answer(201, &body))), Class::Ambiguous, "{body}");
    }
}

fn poll(count: u32, body: &Value) -> Result<Polled, Failure> {
    answers::polled(count, &answer(200, body))
}

#[test]
fn predictions_run_until_they_are_known_to_have_ended() {
    for (status, logs, percent) in [
        ("starting", Value::Null, None),
        ("processing", json!(" 12%|█ | 1/8\n 50%|███▌  | 4/8 [00:01"), Some(50)),
        ("processing", json!("é5%"), Some(5)),
        ("processing", json!("500% sure"), None),
        ("queued_again", json!("100"), None),
    ] {
        let told = poll(1, &json!({"status": status, "logs": logs}));
        assert_eq!(told, Ok(Polled::Running { percent, again_after: None }), "{logs}");
    }
    let interrupted = "Prediction interrupted; please retry (code: PA)";
    for (status, error, expected) in [
        ("failed", "NSFW content detected", refused(Stage::Output)),
        ("failed", interrupted, Class::ProviderFailed { retryable: true }),
        ("failed", "unexpected shape", Class::ProviderFailed { retryable: false }),
        ("canceled", "", Class::ProviderFailed { retryable: false }),
        ("aborted", "", Class::ProviderFailed { retryable: true }),
    ] {
        let told = poll(1, &json!({"status": status, "error": error}));
        assert_eq!(class(told), expected, "{status} {error}");
    }
}

#[test]
fn outputs_are_found_wherever_the_model_puts_them() {
    for (output, count) in [
        (json!("https://x.example/1"), 1),
        (json!(["https://x.example/1", "https://x.example/2"]), 2),
        (json!({"video": "https://x.example/1", "seed": 4, "note": "fine"}), 1),
    ] {
        let told = poll(2, &json!({"status": "succeeded", "output": output})).unwrap();
        let Polled::Made(made) = told else { panic!("{output}") };
        assert_eq!(made.pieces.len(), count, "{output}");
        assert_eq!(made.note.is_some(), count < 2);
    }
    let removed = json!({"status": "succeeded", "output": null, "data_removed": true});
    assert_eq!(class(poll(1, &removed)), Class::OutputLost);
    let nothing = json!({"status": "succeeded", "output": []});
    assert_eq!(class(poll(1, &nothing)), refused(Stage::Output));
}

#[test]
fn problems_are_of_the_class_that_they_mean() {
    let throttled = "Request was throttled. Your rate limit resets in ~30s.";
    let pause = Class::RateLimited { retry_after: Some(Duration::from_secs(30)) };
    for (status, detail, expected) in [
        (400, "no", Class::InvalidArgument),
        (401, "no", Class::AuthFailed),
        (402, "Insufficient credit", Class::QuotaExhausted { until: None }),
        (404, "no", Class::ModelRetired),
        (422, "prompt is required", Class::InvalidArgument),
        (429, throttled, pause.clone()),
        (502, "no", Class::Ambiguous),
    ] {
        let problem = json!({"title": "x", "status": status, "detail": detail});
        assert_eq!(class(answers::begun(1, &answer(status, &problem))), expected, "{status}");
    }
    for (status, expected) in
        [(401, Class::Transient), (404, Class::OutputLost), (502, Class::Transient)]
    {
        assert_eq!(class(answers::polled(1, &answer(status, &json!({})))), expected);
    }
    let limited = answers::polled(1, &answer(429, &json!({"detail": throttled})));
    assert_eq!(class(limited), pause);
}

#[test]
fn predictions_are_stopped_or_were_over() {
    let of = |status, state: &str| answers::cancelled(&answer(status, &json!({"status": state})));
    assert_eq!(of(200, "canceled"), Ok(Cancelled::Stopped));
    assert_eq!(of(200, "processing"), Ok(Cancelled::Asked));
    assert_eq!(of(200, "succeeded"), Ok(Cancelled::Ended));
    assert_eq!(of(404, ""), Ok(Cancelled::Ended));
    assert_eq!(class(of(503, "")), Class::Transient);
}

/// What a search finds on pages, with webhooks told or not.
fn search(told: bool, pages: &[Value]) -> Recovered {
    let mut search = Search::new(&"marker-1".parse().unwrap(), now(), told);
    for page in pages {
        match search.look(&answer(200, page)).unwrap() {
            Found::This(found) => return found,
            Found::GoOn(next) => assert_eq!(next.as_str(), "https://api.replicate.com/next"),
        }
    }
    panic!("the search goes on")
}

fn page(results: &[Value], more: bool) -> Value {
    let next = more.then_some("https://api.replicate.com/next");
    json!({"previous": null, "next": next, "results": results})
}

fn prediction(id: &str, at: &str, seed: u32, webhook: Option<&str>) -> Value {
    json!({"id": id, "created_at": at, "input": {"seed": seed}, "webhook": webhook})
}

#[test]
fn a_lost_submission_is_found_by_its_marker() {
    let fresh = "2026-11-21T10:00:05.000Z";
    let ours = "https://us.example/hook?submission=marker-1";
    let theirs = "https://us.example/hook?submission=marker-2";
    let id = |recovered: Recovered| match recovered {
        Recovered::Found(operation) => noted(&operation, "id").unwrap(),
        Recovered::Nothing | Recovered::Unknown => panic!("{recovered:?}"),
    };
    let other = prediction("a", fresh, 5, Some(theirs));
    let by_hook = prediction("b", fresh, 6, Some(ours));
    assert_eq!(id(search(true, &[page(&[other.clone(), by_hook], false)])), "b");
    let by_seed = prediction("c", fresh, seed(), None);
    let pages = [page(std::slice::from_ref(&other), true), page(&[by_seed], false)];
    assert_eq!(id(search(false, &pages)), "c");
    // The same seed with another's marker is another's.
    let same_seed = prediction("d", fresh, seed(), Some(theirs));
    assert_eq!(search(true, &[page(&[same_seed], false)]), Recovered::Nothing);
}

#[test]
fn not_to_find_a_submission_proves_something_only_where_markers_are_told() {
    let fresh = prediction("a", "2026-11-21T10:00:05Z", 5, None);
    let old = prediction("b", "2026-11-21T09:58:00Z", seed(), None);
    let pages = [page(&[fresh.clone(), old], true)];
    assert_eq!(search(true, &pages), Recovered::Nothing);
    assert_eq!(search(false, &pages), Recovered::Unknown);
    let silent = json!({"id": "a", "created_at": "2026-11-21T10:00:05Z", "input": {}});
    assert_eq!(search(true, &[page(&[silent], false)]), Recovered::Unknown);
    assert_eq!(search(true, &vec![page(&[fresh], true); 20]), Recovered::Unknown);
}

#[test]
fn a_markers_seed_stays_what_it_is() {
    // Submissions of an older program are looked for by a newer one.
    assert_eq!(seed(), SEED);
}
