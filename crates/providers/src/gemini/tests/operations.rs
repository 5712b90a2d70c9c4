//! What goes on without us: operations and interactions.

use generation::{
    Ability, Cancelled, Class, Failure, Made, MadeFile, Piece, Polled, RemoteFile, Stage, Started,
};
use serde_json::{Value, json};

use super::super::{interaction, operation};
use crate::dialect::noted;
use crate::http::Request;
use crate::testing::{answer, class, raw, refused};

const FILE: &str = "https://generativelanguage.googleapis.com/v1beta/files/x:download?alt=media";

fn running() -> Polled {
    Polled::Running { percent: None, again_after: None }
}

fn film(made: &Made) -> &str {
    match &made.pieces[..] {
        [Piece::File(MadeFile::Remote(RemoteFile { url }))] => url,
        other => panic!("{other:?}"),
    }
}

fn veo(body: &Value) -> Result<Polled, Failure> {
    operation::polled(&answer(200, body), true)
}

fn omni(body: &Value) -> Result<Polled, Failure> {
    interaction::polled(&answer(200, body), true)
}

#[test]
fn an_operation_is_kept_with_the_key_that_began_it() {
    let body = json!({"name": "models/veo-3.1/operations/abc"});
    let begun = operation::begun("veo-3.1", "print", &answer(200, &body)).unwrap();
    let Started::Accepted(begun) = begun else { panic!("{begun:?}") };
    assert_eq!(noted(&begun, "name").unwrap(), "models/veo-3.1/operations/abc");
    assert_eq!(noted(&begun, "key").unwrap(), "print");
    for body in [json!({}), json!({"name": "../../x"}), json!({"name": "/x?y"})] {
        let begun = operation::begun("veo-3.1", "print", &answer(200, &body));
        assert_eq!(class(begun), Class::Ambiguous, "{body}");
    }
    let vertex = operation::question("veo-3.1", "projects/p/operations/1");
    let body = json!({"operationName": "projects/p/operations/1"});
    assert_eq!(vertex, Request::post("/models/veo-3.1:fetchPredictOperation", body));
}

#[test]
fn operations_run_and_end() {
    let name = "models/veo/operations/a";
    for body in [json!({"name": name}), json!({"name": name, "done": false})] {
        assert_eq!(veo(&body), Ok(running()));
    }
    let sample = json!({"video": {"uri": FILE}});
    let done = json!({"name": name, "done": true, "response": {
        "generateVideoResponse": {"generatedSamples": [sample], "raiMediaFilteredCount": 0},
    }});
    let Ok(Polled::Made(made)) = veo(&done) else { panic!("it is done") };
    assert_eq!(film(&made), FILE);
    let vertex = json!({"done": true, "response": {
        "videos": [{"bytesBase64Encoded": "aGk=", "mimeType": "video/mp4"}],
    }});
    let Ok(Polled::Made(made)) = veo(&vertex) else { panic!("it is done") };
    assert_eq!(made.pieces, [crate::pieces::bytes(b"hi".to_vec())]);
}

#[test]
fn operations_end_badly_in_many_ways() {
    let done = |response: Value| json!({"done": true, "response": response});
    let filtered = done(json!({"generateVideoResponse": {
        "raiMediaFilteredCount": 1, "raiMediaFilteredReasons": ["It shows a celebrity"],
    }}));
    let failure = veo(&filtered).unwrap_err();
    assert_eq!(failure.message, "It shows a celebrity");
    assert!(matches!(failure.class, Class::ContentRefused { stage: Stage::Output, .. }));
    assert_eq!(class(veo(&done(json!({})))), refused(Stage::Output));
    let nowhere = done(json!({"generateVideoResponse": {"generatedSamples": [{"video": {}}]}}));
    assert_eq!(class(veo(&nowhere)), Class::OutputLost);
    for (error, expected) in [
        (json!({"code": 13, "message": "x"}), Class::ProviderFailed { retryable: true }),
        (json!({"code": 7, "message": "x"}), Class::ProviderFailed { retryable: false }),
        (json!({"code": 3, "message": "x"}), Class::InvalidArgument),
        (json!({"code": 3, "message": "violates our policies"}), refused(Stage::Output)),
    ] {
        assert_eq!(class(veo(&json!({"done": true, "error": error}))), expected, "{error}");
    }
}

#[test]
fn a_question_that_fails_says_nothing_of_the_operation() {
    let body = json!({"error": {"code": 404, "message": "x", "status": "NOT_FOUND"}});
    for polled in [operation::polled, interaction::polled] {
        for status in [400, 401, 403, 500, 503] {
            let told = polled(&answer(status, &body), true);
            assert_eq!(class(told), Class::Transient, "{status}");
        }
        assert_eq!(class(polled(&raw(200, &[], b"<html>"), true)), Class::Transient);
        let limited = polled(&answer(429, &json!({})), true);
        assert_eq!(class(limited), Class::RateLimited { retry_after: None });
        assert_eq!(class(polled(&answer(404, &body), true)), Class::OutputLost);
        for status in [401, 403, 404] {
            let told = polled(&answer(status, &body), false).unwrap_err();
            assert_eq!(
                (told.class, told.code.as_deref()),
                (Class::AuthFailed, Some("key_changed"))
            );
        }
    }
    let unknown =
        json!({"error": {"code": "invalid_request", "message": "Invalid interaction name"}});
    assert_eq!(class(interaction::polled(&answer(400, &unknown), true)), Class::OutputLost);
    assert_eq!(class(interaction::polled(&answer(400, &unknown), false)), Class::AuthFailed);
}

#[test]
fn an_interaction_runs_until_it_is_known_to_have_ended() {
    let body = json!({"id": "v1_abc", "status": "in_progress", "model": "m"});
    let begun = interaction::begun("print", &answer(200, &body)).unwrap();
    let Started::Accepted(begun) = begun else { panic!("{begun:?}") };
    assert_eq!(noted(&begun, "interaction").unwrap(), "v1_abc");
    let nameless = interaction::begun("print", &answer(200, &json!({"status": "queued"})));
    assert_eq!(class(nameless), Class::Ambiguous);
    for status in ["queued", "in_progress", "polishing", ""] {
        assert_eq!(omni(&json!({"id": "a", "status": status})), Ok(running()), "{status}");
    }
    for status in ["cancelled", "budget_exceeded", "requires_action"] {
        let told = omni(&json!({"id": "a", "status": status}));
        assert_eq!(class(told), Class::ProviderFailed { retryable: false }, "{status}");
    }
    for status in ["failed", "incomplete", "internally_rejected", "EXPIRED"] {
        let told = omni(&json!({"id": "a", "status": status}));
        assert_eq!(class(told), Class::ProviderFailed { retryable: true }, "{status}");
    }
    let told = json!({"status": "failed", "errors": [{"code": "x", "message": "unsafe: nsfw"}]});
    assert_eq!(class(omni(&told)), refused(Stage::Output));
}

#[test]
fn a_completed_interaction_has_a_film_or_a_reason() {
    let completed = |content: Value, usage: Value| {
        let steps = json!([{"type": "thought"}, {"type": "model_output", "content": content}]);
        json!({"id": "a", "status": "completed", "steps": steps, "usage": usage})
    };
    let video = json!({"type": "video", "uri": FILE, "mime_type": "video/mp4"});
    let used = json!({"total_tokens": 10, "output_tokens_by_modality": [
        {"modality": "video", "tokens": 1},
    ]});
    let Ok(Polled::Made(made)) = omni(&completed(json!([video]), used.clone())) else {
        panic!("it is done")
    };
    assert_eq!(film(&made), FILE);
    assert_eq!(made.cost.unwrap().amount, "10");
    let words = json!([{"type": "text", "text": "I cannot"}]);
    let failure = omni(&completed(words.clone(), json!({"total_tokens": 9}))).unwrap_err();
    assert_eq!(failure.message, "I cannot");
    assert!(matches!(failure.class, Class::ContentRefused { stage: Stage::Output, .. }));
    // It was billed, and is nowhere.
    assert_eq!(class(omni(&completed(words, used))), Class::OutputLost);
    let empty = completed(json!([{"type": "video"}]), json!({}));
    assert_eq!(class(omni(&empty)), Class::OutputLost);
}

#[test]
fn pictures_and_voices_are_in_the_answer() {
    for (ability, kind) in [(Ability::Image, "image"), (Ability::Speech, "audio")] {
        let content = json!([{"type": kind, "data": "aGk=", "mime_type": "x/y"}]);
        let body = json!({"status": "completed", "steps": [{"content": content}]});
        let made = interaction::finished(ability, &answer(200, &body)).unwrap();
        assert_eq!(made.pieces, [crate::pieces::bytes(b"hi".to_vec())]);
        let early = json!({"status": "in_progress"});
        let told = interaction::finished(ability, &answer(200, &early));
        assert_eq!(class(told), Class::Ambiguous);
    }
}

#[test]
fn interactions_are_stopped_or_were_over() {
    let of = |status, body: Value| interaction::cancelled(&answer(status, &body));
    assert_eq!(of(200, json!({"status": "cancelled"})), Ok(Cancelled::Stopped));
    assert_eq!(of(200, json!({"status": "in_progress"})), Ok(Cancelled::Asked));
    assert_eq!(of(200, json!({"status": "completed"})), Ok(Cancelled::Ended));
    assert_eq!(of(400, json!({})), Ok(Cancelled::Ended));
    assert_eq!(class(of(500, json!({}))), Class::Transient);
}
