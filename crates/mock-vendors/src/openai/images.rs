//! `images/generations` and `images/edits`.

use serde_json::{Value, json};

use super::{alive, second, size};
use crate::check::{Field, Kind, Problem, Rules, count, listed, may, need};
use crate::media::Picture;
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::scenario::Plain;
use crate::turn::{Turn, tokens};
use crate::vendor::{Make, Refusal};

const PROMPT_MAX: usize = 32_000;
const QUALITIES: &[&str] = &["auto", "low", "medium", "high"];
const FORMATS: &[&str] = &["png", "jpeg", "webp"];
const BACKGROUNDS: &[&str] = &["transparent", "opaque", "auto"];

const GENERATIONS: &[Field] = &[
    need("prompt", Kind::Text(PROMPT_MAX)),
    may("model", Kind::Text(200)),
    may("n", Kind::Int(1, 10)),
    may("size", Kind::Text(12)),
    may("quality", Kind::OneOf(QUALITIES)),
    may("output_format", Kind::OneOf(FORMATS)),
    may("output_compression", Kind::Int(0, 100)),
    may("background", Kind::OneOf(BACKGROUNDS)),
    may("moderation", Kind::OneOf(&["auto", "low"])),
    may("stream", Kind::Bool),
    may("user", Kind::Text(512)),
];

const LOCAL: &[Field] = &[
    need("prompt", Kind::Text(PROMPT_MAX)),
    may("model", Kind::Text(200)),
    may("n", Kind::Int(1, 10)),
    may("size", Kind::Text(12)),
    may("response_format", Kind::OneOf(&["url", "b64_json"])),
    may("step", Kind::Int(1, 200)),
    may("seed", Kind::Int(i64::MIN, i64::MAX)),
    may("file", Kind::Text(40_000_000)),
    may("ref_images", Kind::List(0, 16)),
];

const EDIT: &[Field] = &[
    need("prompt", Kind::Text(PROMPT_MAX)),
    may("image", Kind::Any),
    may("mask", Kind::File),
    may("model", Kind::Text(200)),
    may("n", Kind::Int(1, 10)),
    may("size", Kind::Text(12)),
    may("quality", Kind::OneOf(QUALITIES)),
    may("output_format", Kind::OneOf(FORMATS)),
    may("output_compression", Kind::Int(0, 100)),
    may("background", Kind::OneOf(BACKGROUNDS)),
    may("input_fidelity", Kind::OneOf(&["high", "low"])),
    may("stream", Kind::Bool),
    may("user", Kind::Text(512)),
];

const EDIT_JSON: &[Field] = &[
    need("prompt", Kind::Text(PROMPT_MAX)),
    need("images", Kind::List(1, 16)),
    may("images[].image_url", Kind::Text(40_000_000)),
    may("images[].file_id", Kind::Text(100)),
    may("mask", Kind::Object),
    may("mask.image_url", Kind::Text(40_000_000)),
    may("mask.file_id", Kind::Text(100)),
    may("model", Kind::Text(200)),
    may("n", Kind::Int(1, 10)),
    may("size", Kind::Text(12)),
    may("quality", Kind::OneOf(QUALITIES)),
    may("output_format", Kind::OneOf(FORMATS)),
    may("output_compression", Kind::Int(0, 100)),
    may("background", Kind::OneOf(BACKGROUNDS)),
    may("input_fidelity", Kind::OneOf(&["high", "low"])),
    may("moderation", Kind::OneOf(&["auto", "low"])),
    may("stream", Kind::Bool),
    may("user", Kind::Text(512)),
];

fn wrong(path: &str, what: &str) -> Refusal {
    Refusal::Invalid(vec![Problem::value(path, what)])
}

fn checked(body: &Value) -> Result<(), Refusal> {
    let model = body["model"].as_str().unwrap_or_default();
    alive(model)?;
    if body["stream"] == true || body["stream"] == "true" {
        return Err(wrong("stream", "the mock does not stream pictures"));
    }
    let size = body["size"].as_str().unwrap_or("auto");
    let known = ["auto", "1024x1024", "1536x1024", "1024x1536"].contains(&size);
    let sides = size.split_once('x');
    let free = sides.is_some_and(|(a, b)| a.parse::<u32>().is_ok() && b.parse::<u32>().is_ok());
    // The second generation draws any size.
    if known || (free && !model.starts_with("gpt-image-1")) {
        Ok(())
    } else {
        Err(wrong("size", &format!("'{size}' is not supported by '{model}'")))
    }
}

pub(super) fn generations(request: &Request, local: bool) -> Result<Make, Refusal> {
    let (table, rules) = if local { (LOCAL, Rules::Open) } else { (GENERATIONS, Rules::Strict) };
    let body = request.json(table, rules)?;
    checked(&body)?;
    Ok(Box::new(move |turn| drawn(&body, turn, local)))
}

pub(super) fn edits(request: &Request) -> Result<Make, Refusal> {
    let body = if matches!(request.body, Body::Json(_)) {
        request.json(EDIT_JSON, Rules::Strict)?
    } else {
        let body = request.form(EDIT)?;
        let files = listed(&body["image"]);
        if files.is_empty() || files.len() > 16 {
            return Err(wrong("image", "1 to 16 images are required"));
        }
        for file in &files {
            let kind = file["$file"]["content_type"].as_str().unwrap_or_default();
            if !["image/png", "image/jpeg", "image/webp"].contains(&kind) {
                return Err(wrong("image", "unsupported mimetype: must be PNG, JPEG or WebP"));
            }
        }
        body
    };
    checked(&body)?;
    Ok(Box::new(move |turn| drawn(&body, turn, false)))
}

fn drawn(body: &Value, turn: &mut Turn<'_>, local: bool) -> Reply {
    turn.id("img-");
    let plan = turn.plan;
    let prompt = body["prompt"].as_str().unwrap_or_default();
    let count = count(&body["n"], 1);
    let asked = body["size"].as_str().filter(|size| *size != "auto").unwrap_or("1024x1024");
    let (width, height) = size(asked);
    let format = body["output_format"].as_str().unwrap_or("png");
    let kind = match format {
        "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        _ => "image/png",
    };
    let by_url = local && body["response_format"] != "b64_json";
    let one = |index: u64| {
        let media = turn.picture(&Picture::new(width, height, kind, &format!("{prompt}{index}")));
        if by_url {
            json!({ "url": turn.publish(media) })
        } else {
            json!({ "b64_json": media.base64() })
        }
    };
    let withheld = plan.has(Plain::RefuseOutput) || plan.has(Plain::TextOnly);
    let made = if withheld { 0 } else { plan.outputs(count) };
    let data: Vec<Value> = (0..made).map(one).collect();
    if local {
        let answer = Reply::json(200, &json!({ "created": second(), "data": data }));
        return answer.ended_if(!by_url, plan);
    }
    let (input, output) = (tokens(&json!(prompt)), 1056 * made);
    let whole = json!({
        "created": second(),
        "background": "opaque",
        "output_format": format,
        "size": asked,
        "quality": body["quality"].as_str().filter(|found| *found != "auto").unwrap_or("medium"),
        "data": data,
        "usage": {
            "input_tokens": input, "output_tokens": output, "total_tokens": input + output,
            "input_tokens_details": { "text_tokens": input, "image_tokens": 0 },
        },
    });
    Reply::json(200, &whole).header("x-request-id", "req_mock").ended(plan)
}
