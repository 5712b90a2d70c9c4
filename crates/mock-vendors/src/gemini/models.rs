//! Which models there are and are no more, and the files that they make.

use serde_json::{Value, json};

use crate::reply::Reply;
use crate::request::Request;
use crate::turn::Turn;
use crate::vendor::{Make, Refusal};

/// What is gone from the developers' form, by how names begin.
const RETIRED: [&str; 8] = [
    "imagen-",
    "veo-2",
    "veo-3.0",
    "veo-3.1-generate-preview",
    "veo-3.1-fast-generate-preview",
    "veo-3.1-lite-generate-preview",
    "gemini-2.5-flash-image",
    "gemini-1",
];

const MODELS: [(&str, &str); 7] = [
    ("gemini-3.8-flash", "generateContent"),
    ("gemini-3.5-flash-lite", "generateContent"),
    ("gemini-3.1-flash-image", "generateContent"),
    ("gemini-3-pro-image", "generateContent"),
    ("gemini-3.8-flash-tts", "generateContent"),
    ("gemini-omni-1.1-flash", "createInteraction"),
    ("gemini-omni-1.2-flash", "createInteraction"),
];

/// Refuses models that are gone or never were.
pub(super) fn alive(model: &str, vertex: bool) -> Result<(), Refusal> {
    let gone = RETIRED.iter().any(|retired| model.starts_with(retired));
    let known = model.starts_with("gemini-") || (vertex && !model.is_empty());
    if (gone && !vertex) || !known { Err(Refusal::Retired(model.to_owned())) } else { Ok(()) }
}

/// One model's record.
pub(super) fn one(request: &Request) -> Result<Make, Refusal> {
    let name = request.segment(2);
    alive(&name, false)?;
    let method = MODELS.iter().find(|(known, _)| *known == name);
    let method = method.map_or("generateContent", |(_, method)| method);
    let model = model(&name, method);
    Ok(Box::new(move |_| Reply::json(200, &model)))
}

pub(super) fn list() -> Reply {
    let models = MODELS.map(|(name, method)| model(name, method));
    Reply::json(200, &json!({ "models": models }))
}

fn model(name: &str, method: &str) -> Value {
    json!({
        "name": format!("models/{name}"),
        "version": "001",
        "displayName": name,
        "description": "A model of the mock",
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": [method],
    })
}

// `files/{name}:download?alt=media`, or the file's own record without the verb.
pub(super) fn download(request: &Request) -> Make {
    let last = request.segment(2);
    Box::new(move |turn: &mut Turn<'_>| {
        let (name, verb) = last.split_once(':').unwrap_or((&last, ""));
        let known = turn.world.file(name);
        match known.filter(|file| file.vendor == turn.vendor) {
            None => super::missing("The file"),
            Some(_) if verb == "download" => crate::front::file(turn.world, name, turn.plan),
            Some(file) => Reply::json(
                200,
                &json!({
                    "name": format!("files/{name}"),
                    "mimeType": file.media.content_type,
                    "sizeBytes": file.media.bytes.len().to_string(),
                    "state": "ACTIVE",
                    "source": "GENERATED",
                    "uri": super::address(turn, name),
                    "downloadUri": super::address(turn, name),
                }),
            ),
        }
    })
}
