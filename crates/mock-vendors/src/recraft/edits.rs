//! What Recraft makes of pictures that it is given, as forms or as JSON with addresses; and styles.

use serde_json::json;

use super::{Drawn, MODELS, uuid};
use crate::check::{Field, Kind, Problem, Rules, count, may, need};
use crate::reply::Reply;
use crate::request::{Body, Request};
use crate::vendor::{Make, Operation, Refusal};

/// One way to edit.
struct Edit {
    name: &'static str,
    prompt: bool,
    mask: bool,
    /// Answers with one `image` instead of a list.
    single: bool,
    kind: &'static str,
}

const fn edit(name: &'static str, prompt: bool, mask: bool, single: bool) -> Edit {
    Edit { name, prompt, mask, single, kind: "image/webp" }
}

const EDITS: [Edit; 10] = [
    edit("imageToImage", true, false, false),
    edit("inpaint", true, true, false),
    edit("replaceBackground", true, false, false),
    edit("generateBackground", true, true, false),
    edit("variateImage", false, false, false),
    Edit { kind: "image/svg+xml", ..edit("vectorize", false, false, true) },
    Edit { kind: "image/png", ..edit("removeBackground", false, false, true) },
    edit("crispUpscale", false, false, true),
    edit("creativeUpscale", false, false, true),
    edit("eraseRegion", false, true, true),
];

const TABLE: &[Field] = &[
    may("image", Kind::File),
    may("image_url", Kind::Text(40_000_000)),
    may("mask", Kind::File),
    may("mask_url", Kind::Text(40_000_000)),
    may("prompt", Kind::Text(10_000)),
    may("strength", Kind::Number(0.0, 1.0)),
    may("model", Kind::OneOf(MODELS)),
    may("n", Kind::Int(1, 6)),
    may("size", Kind::Text(12)),
    may("style", Kind::Text(60)),
    may("substyle", Kind::Text(60)),
    may("style_id", Kind::Text(60)),
    may("negative_prompt", Kind::Text(1000)),
    may("random_seed", Kind::Int(0, 4_294_967_295)),
    may("response_format", Kind::OneOf(&["url", "b64_json"])),
    may("image_format", Kind::OneOf(&["webp", "png"])),
    may("block_nsfw", Kind::Bool),
    may("calculate_features", Kind::Bool),
];

pub(super) fn known(name: &str) -> Option<&'static str> {
    EDITS.iter().find(|edit| edit.name == name).map(|edit| edit.name)
}

pub(super) fn prepare(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    let edit = EDITS.iter().find(|edit| edit.name == operation.name).ok_or(Refusal::NoRoute)?;
    let body = if matches!(request.body, Body::Form(_)) {
        request.form(TABLE)?
    } else {
        request.json(TABLE, Rules::Strict)?
    };
    let missing = |path: &str| Err(Refusal::Invalid(vec![Problem::value(path, "is required")]));
    let given = |name: &str| body.get(name).is_some() || body.get(format!("{name}_url")).is_some();
    if !given("image") {
        return missing("image");
    }
    if edit.mask && !given("mask") {
        return missing("mask");
    }
    if edit.prompt && body.get("prompt").is_none() {
        return missing("prompt");
    }
    if edit.name == "imageToImage" && body.get("strength").is_none() {
        return missing("strength");
    }
    let file = &body["image"]["$file"];
    let types = ["image/png", "image/jpeg", "image/webp", "image/svg+xml"];
    let typed = file["content_type"].as_str().is_none_or(|kind| types.contains(&kind));
    if !typed || file["size"].as_u64().is_some_and(|size| size > 10_000_000) {
        let what = "must be PNG, JPG, WEBP or SVG of less than 10 MB";
        return Err(Refusal::Invalid(vec![Problem::value("image", what)]));
    }
    let png = body["image_format"] == "png";
    let kind = if png && edit.kind == "image/webp" { "image/png" } else { edit.kind };
    Ok(Box::new(move |turn| {
        let count = count(&body["n"], 1);
        let drawn = Drawn { body: &body, width: 1024, height: 1024, kind, cost: 40 };
        if edit.single { drawn.single(turn) } else { drawn.many(turn, count) }
    }))
}

const STYLE: &[Field] = &[
    need(
        "style",
        Kind::OneOf(&[
            "realistic_image",
            "digital_illustration",
            "vector_illustration",
            "logo_raster",
            "icon",
        ]),
    ),
    may("images", Kind::List(1, 5)),
    may("files", Kind::List(1, 5)),
    may("file", Kind::File),
    may("file1", Kind::File),
];

pub(super) fn style(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    if operation.name == "styles.create" {
        request.form(STYLE)?;
        return Ok(Box::new(|turn| {
            let id = uuid(turn);
            turn.start(&id, json!({}), json!({}));
            Reply::json(200, &json!({ "id": id }))
        }));
    }
    let id = request.segment(2);
    Ok(Box::new(move |turn| {
        if turn.look(&id).is_none() {
            return Reply::json(404, &json!({ "code": "not_found", "message": "style not found" }));
        }
        if operation.name == "styles.delete" {
            turn.world.forget(&id);
        }
        Reply::json(200, &json!({ "id": id, "style": "digital_illustration", "is_private": true }))
    }))
}
