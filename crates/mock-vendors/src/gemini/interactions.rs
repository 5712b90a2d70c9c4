//! Interactions: films above all, and pictures, speech and text, in the background or at once.

use serde_json::{Value, json};

use super::{address, withheld};
use crate::check::{Field, Kind, Problem, Rules, listed, may, need};
use crate::media::{Media, Picture, Sound, SoundFormat, film, spoilt};
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::{Turn, essay, fitting, tokens};
use crate::vendor::{Make, Operation, Refusal, Speaks};
use crate::world::{Job, Step};

const TABLE: &[Field] = &[
    may("model", Kind::Text(100)),
    may("agent", Kind::Text(100)),
    need("input", Kind::Any),
    may("system_instruction", Kind::Text(100_000)),
    may("background", Kind::Bool),
    may("store", Kind::Bool),
    may("stream", Kind::Bool),
    may("previous_interaction_id", Kind::Text(200)),
    may("response_modalities", Kind::List(0, 4)),
    may("response_format", Kind::Any),
    may("safety_settings", Kind::List(0, 10)),
    may("service_tier", Kind::Text(40)),
    may("labels", Kind::Object),
    may("webhook_config", Kind::Object),
    may("tools", Kind::List(0, 128)),
    may("generation_config", Kind::Object),
    may("generation_config.seed", Kind::Int(-2_147_483_648, 2_147_483_647)),
    may("generation_config.temperature", Kind::Number(0.0, 2.0)),
    may("generation_config.top_p", Kind::Number(0.0, 1.0)),
    may("generation_config.max_output_tokens", Kind::Int(1, 65_536)),
    may("generation_config.stop_sequences", Kind::List(0, 5)),
    may("generation_config.thinking_level", Kind::Text(20)),
    may("generation_config.speech_config", Kind::Any),
    may("generation_config.image_config", Kind::Object),
    may("generation_config.video_config.task", Kind::OneOf(TASKS)),
];

const TASKS: &[&str] =
    &["text_to_video", "image_to_video", "reference_to_video", "edit", "extend", "upscale"];

const KIND: Field = need("type", Kind::OneOf(&["text", "image", "audio", "video"]));
const DELIVERY: Field = may("delivery", Kind::OneOf(&["inline", "uri"]));
const VIDEO: &[Field] = &[
    KIND,
    DELIVERY,
    may("aspect_ratio", Kind::OneOf(&["16:9", "9:16"])),
    may("resolution", Kind::OneOf(&["360p", "720p", "1080p", "4k"])),
    may("duration", Kind::Text(10)),
    may("gcs_uri", Kind::Text(1000)),
];
const IMAGE: &[Field] = &[
    KIND,
    DELIVERY,
    may("aspect_ratio", Kind::Text(10)),
    may("image_size", Kind::OneOf(&["512", "1K", "2K", "4K"])),
    may("mime_type", Kind::OneOf(&["image/jpeg"])),
];
const AUDIO: &[Field] = &[
    KIND,
    DELIVERY,
    may("mime_type", Kind::OneOf(&["audio/mp3", "audio/wav", "audio/l16", "audio/ogg_opus"])),
    may("sample_rate", Kind::Int(8000, 48_000)),
    may("bit_rate", Kind::Int(32_000, 320_000)),
];
const TEXT: &[Field] = &[KIND, may("mime_type", Kind::Text(60)), may("schema", Kind::Object)];

pub(super) fn create(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(TABLE, Rules::Strict)?;
    let problem = |path: &str, what: &str| Err(Refusal::Invalid(vec![Problem::value(path, what)]));
    match (body["model"].as_str(), body["agent"].as_str()) {
        (Some(model), None) => super::alive(model, false)?,
        (None, Some(_)) => {}
        _ => return problem("model", "exactly one of model and agent is required"),
    }
    if body["input"].as_str() == Some("")
        || !(body["input"].is_string() || body["input"].is_array())
    {
        return problem("input", "input is a text or a list of contents");
    }
    let formats = listed(&body["response_format"]);
    for format in &formats {
        checked(format)?;
    }
    Ok(Box::new(move |turn| {
        let id = turn.id("v1_mock");
        let mut steps = Vec::new();
        let wanted = kinds(&body, &formats);
        let content: Vec<Value> =
            wanted.iter().map(|(kind, format)| content(turn, &body, kind, format)).collect();
        if turn.plan.outputs(1) > 0 || !wanted.iter().any(|(kind, _)| kind == "video") {
            steps.push(json!({ "type": "model_output", "content": content }));
        }
        // Tokens of films are told, and billed, also where the film itself is missing.
        let film = wanted.iter().any(|(kind, _)| kind == "video");
        let usage = usage(&body, film && !silent(turn));
        let output = json!({ "steps": steps, "usage": usage });
        let background = body["background"] == true;
        let stream = body["stream"] == true;
        let mut job = turn.start(&id, body, output);
        if !background {
            job = turn.world.job(turn.vendor, &turn.owner, &id, Job::finish).unwrap_or(job);
        }
        if stream {
            let created = json!({ "event_type": "interaction.created", "interaction": told(&job) });
            let done = json!({ "event_type": "interaction.completed", "interaction": told(&job) });
            return Reply::events(&[created.to_string(), done.to_string()]).ended(turn.plan);
        }
        let inline = job.output["steps"].to_string().contains("\"data\":");
        Reply::json(200, &told(&job)).ended_if(inline, turn.plan)
    }))
}

// The length of a film is a duration in text: a bare number is refused.
fn checked(format: &Value) -> Result<(), Refusal> {
    let table = match format["type"].as_str() {
        Some("video") => VIDEO,
        Some("image") => IMAGE,
        Some("audio") => AUDIO,
        Some(_) | None => TEXT,
    };
    let mut problems = crate::check::check(format, table, Rules::Strict);
    if let Some(text) = format["duration"].as_str() {
        let seconds = text.strip_suffix('s').and_then(|text| text.parse::<f64>().ok());
        if !seconds.is_some_and(|seconds| (3.0..=10.0).contains(&seconds)) {
            problems.push(Problem::value("duration", "must be a duration of 3 to 10 seconds"));
        }
    }
    for problem in &mut problems {
        problem.path = format!("response_format.{}", problem.path);
    }
    if problems.is_empty() { Ok(()) } else { Err(Refusal::Invalid(problems)) }
}

// What is to come out: by the formats, else the modalities, else text.
fn kinds(body: &Value, formats: &[Value]) -> Vec<(String, Value)> {
    let named = |value: &Value| value.as_str().unwrap_or("text").to_owned();
    if !formats.is_empty() {
        return formats.iter().map(|format| (named(&format["type"]), format.clone())).collect();
    }
    match body["response_modalities"].as_array() {
        Some(list) if !list.is_empty() => {
            list.iter().map(|kind| (named(kind), Value::Null)).collect()
        }
        _ if named(&body["model"]).contains("omni") => vec![("video".to_owned(), Value::Null)],
        _ => vec![("text".to_owned(), Value::Null)],
    }
}

fn silent(turn: &Turn<'_>) -> bool {
    withheld(turn.plan) || turn.plan.has(Plain::TextOnly)
}

fn content(turn: &Turn<'_>, body: &Value, kind: &str, format: &Value) -> Value {
    let prompt = words(&body["input"]);
    let text = |text: &str| json!({ "type": "text", "text": text });
    if kind != "text" && silent(turn) {
        return text("I'm sorry, but I can't make this for you.");
    }
    let aspect = format["aspect_ratio"].as_str().unwrap_or("16:9");
    let (media, name) = match kind {
        "video" => {
            let seconds = format["duration"].as_str().unwrap_or("8s").trim_end_matches('s');
            let (width, height) = super::content::shaped(aspect, 16);
            let seconds = seconds.split('.').next().and_then(|text| text.parse().ok());
            (spoilt(film(seconds.unwrap_or(8), width, height), turn.plan), "video")
        }
        "image" => {
            let long = match format["image_size"].as_str() {
                Some("512") => 512,
                Some("2K") => 2048,
                Some("4K") => 4096,
                Some(_) | None => 1024,
            };
            let (width, height) = super::content::shaped(aspect, long);
            (turn.picture(&Picture::new(width, height, "image/jpeg", &prompt)), "image")
        }
        "audio" => {
            let format = match format["mime_type"].as_str() {
                Some("audio/mp3") => SoundFormat::Mp3 { rate: 44_100, kbits: 128 },
                Some("audio/ogg_opus") => SoundFormat::Opus,
                Some("audio/l16") => SoundFormat::Pcm { rate: 24_000 },
                Some(_) | None => SoundFormat::Wav { rate: 24_000 },
            };
            (turn.sound(&Sound { text: &prompt, format }), "audio")
        }
        _ => {
            let answer = match format.get("schema") {
                Some(schema) => fitting(schema).to_string(),
                None => essay(&prompt, turn.plan),
            };
            let mut content = text(&answer);
            let tools = body["tools"].as_array().into_iter().flatten();
            if tools.into_iter().any(|tool| tool["type"] == "google_search") {
                content["annotations"] = json!([{
                    "type": "url_citation", "url": "https://example.com/", "title": "example.com",
                    "start_index": 0, "end_index": answer.len(),
                }]);
            }
            return content;
        }
    };
    delivered(turn, media, name, format)
}

fn delivered(turn: &Turn<'_>, media: Media, kind: &str, format: &Value) -> Value {
    let by_uri = format["delivery"] == "uri" || (kind == "video" && format["delivery"].is_null());
    let content_type = media.content_type.clone();
    if by_uri {
        let uri = address(turn, &turn.keep(media));
        return json!({ "type": kind, "uri": uri, "mime_type": content_type });
    }
    json!({ "type": kind, "data": media.base64(), "mime_type": content_type })
}

fn words(input: &Value) -> String {
    match input.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let parts = input.as_array().into_iter().flatten();
            parts.filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join(" ")
        }
    }
}

fn usage(body: &Value, film: bool) -> Value {
    let input = tokens(&Value::String(words(&body["input"])));
    let output = if film { 57_920 } else { 40 };
    let modality = if film { "video" } else { "text" };
    json!({
        "total_input_tokens": input,
        "total_output_tokens": output,
        "total_tokens": input + output,
        "output_tokens_by_modality": [{ "modality": modality, "tokens": output }],
    })
}

/// Looking, cancelling and deleting.
pub(super) fn use_one(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    let id = request.segment(2);
    Ok(Box::new(move |turn| {
        let job = match operation.name {
            "interactions.get" => turn.poll(&id),
            "interactions.cancel" => turn.cancel(&id),
            _ => turn.look(&id),
        };
        let Some(job) = job else {
            let refusal = Refusal::NotFound("The interaction".to_owned());
            let shape = super::Gemini.refuse(&refusal, Some(operation));
            return shape.unwrap_or_else(|| Reply::text(400, "no such interaction"));
        };
        if operation.name == "interactions.delete" {
            turn.world.forget(&id);
            return Reply::json(200, &json!({}));
        }
        Reply::json(200, &told(&job))
    }))
}

fn told(job: &Job) -> Value {
    let status = match job.now {
        _ if job.cancelled => "cancelled",
        Step::Queued => "queued",
        Step::Running => "in_progress",
        Step::Unknown => "contemplating",
        Step::Done if job.plan.has(Plain::Fail) => "failed",
        Step::Done => "completed",
    };
    let mut told = json!({
        "id": job.id,
        "object": "interaction",
        "status": status,
        "created": job.created.to_string(),
        "updated": job.created.to_string(),
    });
    for name in ["model", "agent"] {
        if let Some(value) = job.request.get(name) {
            told[name] = value.clone();
        }
    }
    if status == "completed" {
        told["steps"] = job.output["steps"].clone();
        told["usage"] = job.output["usage"].clone();
    }
    if status == "failed" {
        told["errors"] = json!([{ "code": "internal", "message": "The generation failed." }]);
    }
    told
}
