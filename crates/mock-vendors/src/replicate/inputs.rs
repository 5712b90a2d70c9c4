//! What Replicate's models are given and give, and the files that are uploaded for them.

use serde_json::{Value, json};

use crate::check::{self, Field, Kind, Rules, may, need};
use crate::media::{Picture, film, spoilt};
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal};

const ASPECTS: &[&str] =
    &["1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21"];

const INPUT: &[Field] = &[
    need("prompt", Kind::Text(10_000)),
    may("aspect_ratio", Kind::OneOf(ASPECTS)),
    may("image", Kind::Text(40_000_000)),
    may("prompt_strength", Kind::Number(0.0, 1.0)),
    may("num_outputs", Kind::Int(1, 4)),
    may("num_inference_steps", Kind::Int(1, 50)),
    may("guidance", Kind::Number(0.0, 10.0)),
    may("seed", Kind::Int(0, i64::MAX)),
    may("output_format", Kind::OneOf(&["webp", "jpg", "png"])),
    may("output_quality", Kind::Int(0, 100)),
    may("disable_safety_checker", Kind::Bool),
    may("go_fast", Kind::Bool),
    may("duration", Kind::Int(4, 8)),
];

/// Holds the input of a model against what such models take.
pub(super) fn checked(model: &str, input: &Value) -> Result<(), Refusal> {
    // What a version wants is not known by its name.
    if model == "mock/by-version" {
        return Ok(());
    }
    let mut problems = check::check(input, INPUT, Rules::Open);
    for problem in &mut problems {
        problem.path = format!("input.{}", problem.path);
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

/// One address for a film, a list of them for pictures.
pub(super) fn output(turn: &Turn<'_>, model: &str, input: &Value) -> Value {
    let aspect = input["aspect_ratio"].as_str().unwrap_or("1:1");
    if model.contains("veo") || model.contains("video") {
        if turn.plan.outputs(1) == 0 {
            return Value::Null;
        }
        let seconds = input["duration"].as_u64().and_then(|count| u32::try_from(count).ok());
        let (width, height) = if aspect == "9:16" { (9, 16) } else { (16, 9) };
        let media = spoilt(film(seconds.unwrap_or(8), width, height), turn.plan);
        return json!(turn.publish(media));
    }
    let (width, height) = match aspect {
        "16:9" => (1344, 768),
        "9:16" => (768, 1344),
        "3:2" => (1216, 832),
        "2:3" => (832, 1216),
        _ => (1024, 1024),
    };
    let kind = match input["output_format"].as_str() {
        Some("png") => "image/png",
        Some("jpg") => "image/jpeg",
        Some(_) | None => "image/webp",
    };
    let made = turn.plan.outputs(input["num_outputs"].as_u64().unwrap_or(1));
    let one = |index: u64| {
        let about = format!("{}{index}", input["prompt"]);
        turn.publish(turn.picture(&Picture::new(width, height, kind, &about)))
    };
    json!((0..made).map(one).collect::<Vec<_>>())
}

const FILE: &[Field] = &[
    need("content", Kind::File),
    may("type", Kind::Text(100)),
    may("filename", Kind::Text(255)),
    may("metadata", Kind::Any),
];

/// Taking a file and telling of it.
pub(super) fn file(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    if operation.name == "files.get" {
        let id = request.segment(2);
        return Ok(Box::new(move |turn| match turn.look(&id) {
            Some(job) => Reply::json(200, &job.output),
            None => super::missing("The file"),
        }));
    }
    if !matches!(request.body, Body::Form(_)) {
        return Err(Refusal::Malformed("a form with the field content is wanted".to_owned()));
    }
    let form = request.form(FILE)?;
    Ok(Box::new(move |turn| {
        let id = turn.world.serial();
        let about = &form["content"]["$file"];
        let told = json!({
            "id": id,
            "name": about["name"],
            "content_type": about["content_type"].as_str().unwrap_or("application/octet-stream"),
            "size": about["size"],
            "etag": about["sha256"],
            "checksums": { "sha256": about["sha256"] },
            "metadata": {},
            "created_at": "2026-11-21T10:00:00.000Z",
            "expires_at": "2026-11-22T10:00:00.000Z",
            "urls": { "get": format!("{}/v1/files/{id}", turn.base()) },
        });
        turn.start(&id, json!({}), told.clone());
        Reply::json(201, &told)
    }))
}
