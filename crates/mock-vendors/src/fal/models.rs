//! What fal's models are given and give: pictures, or a film where the path says so.

use serde_json::{Value, json};

use crate::check::{Field, Kind, Problem, Rules, may, need};
use crate::media::{Picture, film, spoilt};
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::Turn;
use crate::vendor::Refusal;

const IMAGE: &[Field] = &[
    need("prompt", Kind::Text(10_000)),
    may("image_size", Kind::Any),
    may("num_inference_steps", Kind::Int(1, 50)),
    may("guidance_scale", Kind::Number(0.0, 20.0)),
    may("num_images", Kind::Int(1, 4)),
    may("seed", Kind::Int(0, i64::MAX)),
    may("enable_safety_checker", Kind::Bool),
    may("sync_mode", Kind::Bool),
    may("image_url", Kind::Text(40_000_000)),
    may("strength", Kind::Number(0.0, 1.0)),
    may("output_format", Kind::OneOf(&["png", "jpeg"])),
    may("aspect_ratio", Kind::Text(10)),
];

const VIDEO: &[Field] = &[
    need("prompt", Kind::Text(10_000)),
    may("image_url", Kind::Text(40_000_000)),
    may("aspect_ratio", Kind::OneOf(&["16:9", "9:16", "1:1", "auto"])),
    may("duration", Kind::OneOf(&["4s", "5s", "6s", "7s", "8s", "10s"])),
    may("resolution", Kind::OneOf(&["480p", "720p", "1080p"])),
    may("seed", Kind::Int(0, i64::MAX)),
];

const SIZES: [(&str, u32, u32); 6] = [
    ("square_hd", 1024, 1024),
    ("square", 512, 512),
    ("portrait_4_3", 768, 1024),
    ("portrait_16_9", 576, 1024),
    ("landscape_4_3", 1024, 768),
    ("landscape_16_9", 1024, 576),
];

/// An input that is in order.
pub(super) struct Asked {
    pub(super) body: Value,
    video: bool,
    size: (u32, u32),
}

impl Asked {
    pub(super) fn of(request: &Request) -> Result<Self, Refusal> {
        let app = request.path.join("/");
        let video = app.contains("video") || app.contains("veo");
        let body = request.json(if video { VIDEO } else { IMAGE }, Rules::Open)?;
        let size = size(&body["image_size"])?;
        Ok(Self { body, video, size })
    }

    pub(super) fn output(&self, turn: &Turn<'_>) -> Value {
        if self.video { film_of(turn, &self.body) } else { pictures(turn, &self.body, self.size) }
    }
}

fn size(value: &Value) -> Result<(u32, u32), Refusal> {
    let sides = |value: &Value| {
        let side = |name: &str| value[name].as_u64().and_then(|side| u32::try_from(side).ok());
        let sides = side("width").zip(side("height"));
        sides.filter(|(wide, tall)| (64..=2048).contains(wide) && (64..=2048).contains(tall))
    };
    let found = match value.as_str() {
        Some(name) => {
            let known = SIZES.iter().find(|(known, _, _)| *known == name);
            known.map(|(_, wide, tall)| (*wide, *tall))
        }
        None if value.is_null() => Some((1024, 768)),
        None => sides(value),
    };
    let what = "Input should be a name of a size, or width and height from 64 to 2048";
    let problem = Problem::value("image_size", what);
    found.ok_or_else(|| Refusal::Invalid(vec![problem]))
}

fn pictures(turn: &Turn<'_>, body: &Value, (width, height): (u32, u32)) -> Value {
    let plan = turn.plan;
    let prompt = body["prompt"].as_str().unwrap_or_default();
    let made = plan.outputs(body["num_images"].as_u64().unwrap_or(1));
    let kind = if body["output_format"] == "png" { "image/png" } else { "image/jpeg" };
    let one = |index: u64| {
        let media = turn.picture(&Picture::new(width, height, kind, &format!("{prompt}{index}")));
        let content_type = media.content_type.clone();
        let inline = body["sync_mode"] == true;
        let url = if inline { media.data_url() } else { turn.publish(media) };
        json!({ "url": url, "width": width, "height": height, "content_type": content_type })
    };
    let flags = vec![plan.has(Plain::NsfwBlack); usize::try_from(made).unwrap_or(0)];
    json!({
        "images": (0..made).map(one).collect::<Vec<_>>(),
        "timings": { "inference": 0.5 },
        "seed": body["seed"].as_u64().unwrap_or(42),
        "has_nsfw_concepts": flags,
        "prompt": prompt,
    })
}

fn film_of(turn: &Turn<'_>, body: &Value) -> Value {
    if turn.plan.outputs(1) == 0 {
        return json!({ "video": null });
    }
    let seconds = body["duration"].as_str().unwrap_or("8s").trim_end_matches('s').parse();
    let (width, height) = match body["aspect_ratio"].as_str() {
        Some("9:16") => (9, 16),
        Some("1:1") => (1, 1),
        Some(_) | None => (16, 9),
    };
    let media = spoilt(film(seconds.unwrap_or(8), width, height), turn.plan);
    let size = media.bytes.len();
    let content_type = media.content_type.clone();
    let name = "output.mp4";
    let url = turn.publish(media);
    json!({ "video": {
        "url": url, "content_type": content_type, "file_name": name, "file_size": size,
    } })
}
