//! `predict` and `predictLongRunning`: pictures and films as Vertex makes them, and as the
//! developers' form did, where all models of these kinds are gone.

use serde_json::{Value, json};

use super::{Place, address, alive, withheld};
use crate::check::{Field, Kind, Rules, may, need};
use crate::media::{Picture, film, spoilt};
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::Turn;
use crate::vendor::{Make, Refusal};
use crate::world::{Job, Step};

const PREDICT: &[Field] = &[
    need("instances", Kind::List(1, 1)),
    need("instances[].prompt", Kind::Text(4000)),
    may("instances[].image", Kind::Object),
    may("instances[].referenceImages", Kind::List(1, 4)),
    may("parameters", Kind::Object),
    may("parameters.sampleCount", Kind::Int(1, 4)),
    may("parameters.aspectRatio", Kind::OneOf(&["1:1", "3:4", "4:3", "9:16", "16:9"])),
    may("parameters.sampleImageSize", Kind::OneOf(&["1K", "2K"])),
    may("parameters.personGeneration", Kind::OneOf(PERSONS)),
    may("parameters.safetySetting", Kind::Text(60)),
    may("parameters.guidanceScale", Kind::Number(0.0, 100.0)),
    may("parameters.language", Kind::Text(10)),
    may("parameters.includeRaiReason", Kind::Bool),
    may("parameters.includeSafetyAttributes", Kind::Bool),
    may("parameters.seed", Kind::Int(0, 4_294_967_295)),
    may("parameters.negativePrompt", Kind::Text(4000)),
    may("parameters.addWatermark", Kind::Bool),
    may("parameters.enhancePrompt", Kind::Bool),
    may("parameters.storageUri", Kind::Text(1000)),
    may("parameters.outputOptions.mimeType", Kind::OneOf(&["image/png", "image/jpeg"])),
    may("parameters.outputOptions.compressionQuality", Kind::Int(0, 100)),
];

const PERSONS: &[&str] = &["allow_all", "allow_adult", "dont_allow"];

const START: &[Field] = &[
    need("instances", Kind::List(1, 1)),
    may("instances[].prompt", Kind::Text(4000)),
    may("instances[].image", Kind::Object),
    may("instances[].image.bytesBase64Encoded", Kind::Text(40_000_000)),
    may("instances[].image.gcsUri", Kind::Text(1000)),
    may("instances[].image.mimeType", Kind::OneOf(&["image/png", "image/jpeg"])),
    may("instances[].lastFrame", Kind::Object),
    may("instances[].referenceImages", Kind::List(1, 3)),
    may("instances[].video", Kind::Object),
    may("parameters", Kind::Object),
    may("parameters.sampleCount", Kind::Int(1, 4)),
    may("parameters.durationSeconds", Kind::Int(4, 8)),
    may("parameters.aspectRatio", Kind::OneOf(&["16:9", "9:16"])),
    may("parameters.resolution", Kind::OneOf(&["720p", "1080p", "4k"])),
    may("parameters.personGeneration", Kind::OneOf(PERSONS)),
    may("parameters.negativePrompt", Kind::Text(4000)),
    may("parameters.enhancePrompt", Kind::Bool),
    may("parameters.generateAudio", Kind::Bool),
    may("parameters.seed", Kind::Int(0, 4_294_967_295)),
    may("parameters.storageUri", Kind::Text(1000)),
    may("parameters.resizeMode", Kind::OneOf(&["pad", "crop"])),
    may("webhookConfig", Kind::Object),
];

fn checked(request: &Request, table: &[Field]) -> Result<(Place, Value), Refusal> {
    let place = super::place(request).ok_or(Refusal::NoRoute)?;
    alive(&place.model, place.vertex)?;
    let body = request.json(table, Rules::Strict)?;
    Ok((place, body))
}

pub(super) fn predict(request: &Request) -> Result<Make, Refusal> {
    let (_, body) = checked(request, PREDICT)?;
    Ok(Box::new(move |turn| {
        turn.id("predict-");
        let parameters = &body["parameters"];
        let prompt = body["instances"][0]["prompt"].as_str().unwrap_or_default();
        let asked = parameters["sampleCount"].as_u64().unwrap_or(1);
        let long = if parameters["sampleImageSize"] == "2K" { 2048 } else { 1024 };
        let aspect = parameters["aspectRatio"].as_str().unwrap_or("1:1");
        let (width, height) = super::content::shaped(aspect, long);
        let jpeg = parameters["outputOptions"]["mimeType"] == "image/jpeg";
        let kind = if jpeg { "image/jpeg" } else { "image/png" };
        let refused = turn.plan.has(Plain::Refuse);
        if refused || turn.plan.outputs(asked) == 0 {
            return Reply::json(200, &json!({}));
        }
        let one = |index: u64| {
            if withheld(turn.plan) {
                return json!({ "raiFilteredReason": "Unable to show generated images. 58061214" });
            }
            let picture = Picture::new(width, height, kind, &format!("{prompt}{index}"));
            let media = turn.picture(&picture);
            json!({ "mimeType": media.content_type, "bytesBase64Encoded": media.base64() })
        };
        let predictions: Vec<Value> = (0..turn.plan.outputs(asked)).map(one).collect();
        Reply::json(200, &json!({ "predictions": predictions })).ended(turn.plan)
    }))
}

pub(super) fn start(request: &Request) -> Result<Make, Refusal> {
    let (place, body) = checked(request, START)?;
    // `projects/…/models/m`, or `models/m`: what operations are named by.
    let last = request.path.len() - 1;
    let mut parent = request.path.get(1..last).unwrap_or_default().join("/");
    parent = format!("{parent}/{}", place.model);
    Ok(Box::new(move |turn| {
        let id = turn.id("op-");
        let output = films(turn, &body["parameters"], place.vertex);
        turn.start(&id, body, output);
        Reply::json(200, &json!({ "name": format!("{parent}/operations/{id}") }))
    }))
}

fn films(turn: &Turn<'_>, parameters: &Value, vertex: bool) -> Value {
    let asked = parameters["sampleCount"].as_u64().unwrap_or(1);
    let seconds = parameters["durationSeconds"].as_u64().unwrap_or(8);
    let tall = parameters["aspectRatio"] == "9:16";
    let (width, height) = if tall { (9, 16) } else { (16, 9) };
    let refused = withheld(turn.plan) || turn.plan.has(Plain::Refuse);
    let made = if refused { 0 } else { turn.plan.outputs(asked) };
    let one = |_| {
        let media = film(u32::try_from(seconds).unwrap_or(8), width, height);
        let media = spoilt(media, turn.plan);
        if vertex {
            return json!({ "bytesBase64Encoded": media.base64(), "mimeType": media.content_type });
        }
        let uri = address(turn, &turn.keep(media));
        json!({ "video": { "uri": uri, "mimeType": "video/mp4" } })
    };
    let made: Vec<Value> = (0..made).map(one).collect();
    let reason = "Veo could not generate videos because the input violates usage guidelines.";
    let reasons = if refused { json!([reason]) } else { json!([]) };
    let filtered = if refused { asked } else { 0 };
    if vertex {
        return json!({
            "@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse",
            "videos": made,
            "raiMediaFilteredCount": filtered,
            "raiMediaFilteredReasons": reasons,
        });
    }
    let kind = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse";
    json!({
        "@type": kind,
        "generateVideoResponse": {
            "generatedSamples": made,
            "raiMediaFilteredCount": filtered,
            "raiMediaFilteredReasons": reasons,
        },
    })
}

const FETCH: &[Field] = &[need("operationName", Kind::Text(500))];

/// By GET of the operation's name, or as Vertex does, by its name in a body.
pub(super) fn poll(request: &Request) -> Result<Make, Refusal> {
    let name = if request.method == http::Method::POST {
        let body = request.json(FETCH, Rules::Strict)?;
        body["operationName"].as_str().unwrap_or_default().to_owned()
    } else {
        request.path.get(1..).unwrap_or_default().join("/")
    };
    Ok(Box::new(move |turn| {
        let id = name.rsplit('/').next().unwrap_or_default();
        match turn.poll(id) {
            Some(job) => Reply::json(200, &told(&name, &job)),
            None => super::missing("The operation"),
        }
    }))
}

fn told(name: &str, job: &Job) -> Value {
    match job.now {
        Step::Queued | Step::Running => json!({ "name": name }),
        Step::Unknown => json!({ "name": name, "done": false, "metadata": { "state": "MYSTIC" } }),
        Step::Done if job.plan.has(Plain::Fail) => json!({
            "name": name, "done": true,
            "error": { "code": 13, "message": "Internal error while generating.", "details": [] },
        }),
        Step::Done => json!({ "name": name, "done": true, "response": job.output }),
    }
}
