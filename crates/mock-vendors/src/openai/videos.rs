//! `videos`: the shape that outlived the models it was made for, and LocalAI's `video` at once.

use serde_json::{Value, json};

use super::{Openai, alive, size};
use crate::check::{Field, Kind, Rules, count, may, need};
use crate::media::{Picture, film, spoilt};
use crate::plan::Plan;
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::scenario::{Plain, Scenario};
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};
use crate::world::{Job, Step};

const TABLE: &[Field] = &[
    need("prompt", Kind::Text(32_000)),
    need("model", Kind::Text(200)),
    // A text, not a number.
    may("seconds", Kind::OneOf(&["4", "5", "6", "8", "10", "12"])),
    may("size", Kind::OneOf(&["1280x720", "720x1280", "1024x1792", "1792x1024", "1024x1024"])),
    may("input_reference", Kind::Any),
];

const LOCAL: &[Field] = &[
    need("model", Kind::Text(200)),
    need("prompt", Kind::Text(32_000)),
    may("start_image", Kind::Text(40_000_000)),
    may("end_image", Kind::Text(40_000_000)),
    may("seconds", Kind::Any),
    may("num_frames", Kind::Int(1, 1000)),
    may("fps", Kind::Int(1, 60)),
    may("size", Kind::Text(12)),
    may("response_format", Kind::OneOf(&["url", "b64_json"])),
];

pub(super) fn create(request: &Request) -> Result<Make, Refusal> {
    let body = if matches!(request.body, Body::Form(_)) {
        request.form(TABLE)?
    } else {
        request.json(TABLE, Rules::Strict)?
    };
    alive(body["model"].as_str().unwrap_or_default())?;
    Ok(Box::new(move |turn| {
        let id = turn.id("video_");
        let (width, height) = size(body["size"].as_str().unwrap_or("1280x720"));
        let seconds = body["seconds"].as_str().and_then(|text| text.parse().ok()).unwrap_or(4);
        let media = spoilt(film(seconds, width, height), turn.plan);
        let poster = turn.picture(&Picture::new(width, height, "image/webp", &id));
        let output = json!({ "video": turn.keep(media), "thumbnail": turn.keep(poster) });
        let job = turn.start(&id, body, output);
        Reply::json(200, &told(&job))
    }))
}

/// Looking, fetching and deleting.
pub(super) fn use_one(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    let id = request.segment(2);
    let variant = request.query.get("variant").cloned().unwrap_or_else(|| "video".to_owned());
    Ok(Box::new(move |turn| {
        let job = if operation.name == "videos.get" { turn.poll(&id) } else { turn.look(&id) };
        let Some(job) = job else { return missing("Video") };
        match operation.name {
            "videos.get" => Reply::json(200, &told(&job)),
            "videos.delete" => {
                turn.world.forget(&id);
                Reply::json(200, &json!({ "id": id, "object": "video.deleted", "deleted": true }))
            }
            _ => content(&job, &variant, turn),
        }
    }))
}

fn content(job: &Job, variant: &str, turn: &Turn<'_>) -> Reply {
    let ready = job.now == Step::Done && !fails(&job.plan) && job.plan.outputs(1) > 0;
    match job.output[variant].as_str().filter(|_| ready) {
        Some(name) => crate::front::file(turn.world, name, turn.plan),
        None => missing("The content of the video"),
    }
}

fn missing(what: &str) -> Reply {
    let refusal = Refusal::NotFound(what.to_owned());
    let shape = Openai { local: false }.refuse(&refusal, None);
    shape.unwrap_or_else(|| Reply::text(404, what))
}

fn fails(plan: &Plan) -> bool {
    plan.has(Plain::Fail) || plan.has(Plain::RefuseOutput)
}

fn told(job: &Job) -> Value {
    let created = job.created.as_second();
    let (status, progress) = match job.now {
        Step::Queued => ("queued", 0),
        Step::Running => ("in_progress", 50),
        Step::Unknown => ("contemplating", 60),
        Step::Done if fails(&job.plan) => ("failed", 60),
        Step::Done => ("completed", 100),
    };
    let error = match (status, job.plan.has(Plain::RefuseOutput)) {
        ("failed", true) => {
            json!({ "code": "moderation_blocked", "message": "Blocked for safety." })
        }
        ("failed", false) => json!({ "code": "video_generation_failed", "message": "It failed." }),
        _ => Value::Null,
    };
    let finished = (status == "completed").then_some(created + 1);
    json!({
        "id": job.id, "object": "video", "status": status, "progress": progress,
        "created_at": created, "completed_at": finished,
        "expires_at": finished.map(|at| at + 3600),
        "seconds": job.request["seconds"].as_str().unwrap_or("4"),
        "size": job.request["size"].as_str().unwrap_or("1280x720"),
        "model": job.request["model"], "prompt": job.request["prompt"],
        "error": error, "remixed_from_video_id": null,
    })
}

/// One answer with the film in it.
pub(super) fn at_once(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(LOCAL, Rules::Open)?;
    Ok(Box::new(move |turn| {
        let id = turn.id("video-");
        let (width, height) = size(body["size"].as_str().unwrap_or("512x512"));
        let seconds = u32::try_from(count(&body["seconds"], 4)).unwrap_or(4);
        let media = spoilt(film(seconds, width, height), turn.plan);
        let gone = turn.plan.find(|found| matches!(found, Scenario::Gone(_)).then_some(()));
        let inline = body["response_format"] == "b64_json" && gone.is_none();
        let one = if inline {
            json!({ "b64_json": media.base64() })
        } else {
            json!({ "url": turn.publish(media) })
        };
        let data = if turn.plan.outputs(1) == 0 { json!([]) } else { json!([one]) };
        let answer = json!({ "id": id, "created": super::second(), "data": data });
        Reply::json(200, &answer).ended_if(inline, turn.plan)
    }))
}
