//! `generateContent`: text, JSON by a schema, pictures, speech and answers with sources.

use serde_json::{Value, json};

use super::alive;
use super::fields::{OPAQUE, TABLE};
use crate::check::Problem;
use crate::media::{Picture, Sound, SoundFormat};
use crate::plan::Plan;
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::{Plain, Scenario};
use crate::turn::{Turn, essay, fitting, tokens};
use crate::vendor::{Make, Operation, Refusal};

/// What is asked of a model, as far as it decides the answer.
struct Asked {
    model: String,
    prompt: String,
    config: Value,
    wants: Wants,
    grounded: bool,
    prompt_tokens: u64,
    stream: bool,
    sse: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Text,
    Image,
    Speech,
}

pub(super) fn prepare(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    let place = super::place(request).ok_or(Refusal::NoRoute)?;
    alive(&place.model, place.vertex)?;
    let body = request.camel_json(TABLE, OPAQUE)?;
    let config = body.get("generationConfig").cloned().unwrap_or_default();
    let wants = wants(&place.model, &config)?;
    let has_search = |tool: &Value| tool.get("googleSearch").is_some();
    let asked = Asked {
        prompt: prompt(&body),
        wants,
        grounded: body["tools"].as_array().is_some_and(|tools| tools.iter().any(has_search)),
        prompt_tokens: tokens(&Value::String(prompt(&body))),
        model: place.model,
        config,
        stream: operation.name == "streamGenerateContent",
        sse: request.query.get("alt").is_some_and(|alt| alt == "sse"),
    };
    Ok(Box::new(move |turn| answer(&asked, turn)))
}

// The last thing that the user said.
fn prompt(body: &Value) -> String {
    let texts = body["contents"].as_array().into_iter().flatten().rev().flat_map(|content| {
        content["parts"].as_array().into_iter().flatten().filter_map(|part| part["text"].as_str())
    });
    texts.take(1).collect()
}

fn wants(model: &str, config: &Value) -> Result<Wants, Refusal> {
    let path = "generationConfig.responseModalities";
    let listed = config["responseModalities"].as_array().into_iter().flatten();
    let listed: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let problem = |what: String| Err(Refusal::Invalid(vec![Problem::value(path, what)]));
    if let Some(other) = listed.iter().find(|name| !["TEXT", "IMAGE", "AUDIO"].contains(name)) {
        return problem(format!("Invalid value: {other}"));
    }
    let draws = model.contains("image") || model.contains("banana");
    let talks = model.contains("tts");
    if listed.contains(&"IMAGE") && !draws {
        return problem(format!("{model} does not support the response modality IMAGE"));
    }
    if talks != listed.contains(&"AUDIO") {
        return problem(format!("{model}: the response modality AUDIO is for speech models alone"));
    }
    if draws && (listed.is_empty() || listed.contains(&"IMAGE")) {
        return Ok(Wants::Image);
    }
    if config.get("imageConfig").is_some() {
        return problem(format!("{model} does not take imageConfig"));
    }
    Ok(if talks { Wants::Speech } else { Wants::Text })
}

fn answer(asked: &Asked, turn: &mut Turn<'_>) -> Reply {
    let id = turn.id("resp-");
    let plan = turn.plan;
    let mut body = json!({
        "usageMetadata": { "promptTokenCount": asked.prompt_tokens,
            "totalTokenCount": asked.prompt_tokens },
        "modelVersion": asked.model,
        "responseId": id,
    });
    if plan.has(Plain::Refuse) {
        let reason = if asked.wants == Wants::Image { "PROHIBITED_CONTENT" } else { "SAFETY" };
        body["promptFeedback"] = json!({ "blockReason": reason, "safetyRatings": [] });
        return finish(asked, &[body], plan);
    }
    let mut candidate = json!({ "index": 0, "finishReason": "STOP" });
    let parts = parts(asked, turn);
    let image = asked.wants == Wants::Image;
    if super::withheld(plan) {
        candidate["finishReason"] = json!(if image { "IMAGE_SAFETY" } else { "SAFETY" });
    } else if plan.has(Plain::NoOutput) {
        candidate["finishReason"] = json!(if image { "NO_IMAGE" } else { "STOP" });
    } else {
        if cut_short(asked, plan) {
            candidate["finishReason"] = json!("MAX_TOKENS");
        }
        let made = tokens(&parts).min(1290);
        body["usageMetadata"]["candidatesTokenCount"] = json!(made);
        body["usageMetadata"]["thoughtsTokenCount"] = json!(40);
        body["usageMetadata"]["totalTokenCount"] = json!(asked.prompt_tokens + made + 40);
        candidate["content"] = json!({ "role": "model", "parts": parts });
        let category = "HARM_CATEGORY_HARASSMENT";
        let rating = json!({ "category": category, "probability": "NEGLIGIBLE" });
        candidate["safetyRatings"] = json!([rating]);
        if asked.grounded {
            candidate["groundingMetadata"] = grounding(&parts[0]["text"], turn);
        }
    }
    body["candidates"] = json!([candidate]);
    if asked.stream { finish(asked, &chunks(&body), plan) } else { finish(asked, &[body], plan) }
}

// The text ends before its end: by the budget, or because only a part is planned.
fn cut_short(asked: &Asked, plan: &Plan) -> bool {
    let budget = asked.config["maxOutputTokens"].as_u64();
    let part = plan.find(|found| matches!(found, Scenario::Partial(..)).then_some(()));
    asked.wants == Wants::Text && (budget.is_some_and(|budget| budget < 8) || part.is_some())
}

fn parts(asked: &Asked, turn: &Turn<'_>) -> Value {
    let plan = turn.plan;
    let said = essay(&asked.prompt, plan);
    let inline =
        |kind: &str, data: String| json!({ "inlineData": { "mimeType": kind, "data": data } });
    match asked.wants {
        Wants::Image if plan.has(Plain::TextOnly) => {
            json!([{ "text": "I can describe the picture, but I cannot draw it." }])
        }
        Wants::Image => {
            let (width, height) = size(&asked.config["imageConfig"]);
            let picture = Picture::new(width, height, "image/png", &asked.prompt);
            let media = turn.picture(&picture);
            json!([{ "text": said }, inline(&media.content_type, media.base64())])
        }
        Wants::Speech if plan.has(Plain::TextOnly) => json!([{ "text": said }]),
        Wants::Speech => {
            let format = SoundFormat::Pcm { rate: 24_000 };
            let media = turn.sound(&Sound { text: &asked.prompt, format });
            let kind = "audio/L16;codec=pcm;rate=24000";
            json!([inline(kind, media.base64())])
        }
        Wants::Text => {
            let schema = ["responseJsonSchema", "responseSchema"];
            let schema = schema.iter().find_map(|name| asked.config.get(*name));
            let json = asked.config["responseMimeType"] == "application/json";
            let text = match schema {
                Some(schema) => fitting(schema).to_string(),
                None if json => json!({ "answer": said }).to_string(),
                None => said,
            };
            let keep = if cut_short(asked, plan) { text.len() / 2 } else { text.len() };
            let text: String = text.chars().take(keep).collect();
            json!([{ "text": text }])
        }
    }
}

/// The longer side by the size, the other by the shape.
fn size(config: &Value) -> (u32, u32) {
    let long = match config["imageSize"].as_str() {
        Some("512") => 512,
        Some("2K") => 2048,
        Some("4K") => 4096,
        Some(_) | None => 1024,
    };
    shaped(config["aspectRatio"].as_str().unwrap_or("1:1"), long)
}

pub(super) fn shaped(aspect: &str, long: u32) -> (u32, u32) {
    let (wide, tall) = aspect.split_once(':').unwrap_or(("1", "1"));
    let (wide, tall) = (wide.parse().unwrap_or(1_u32), tall.parse().unwrap_or(1_u32));
    let most = wide.max(tall).max(1);
    (long * wide / most, long * tall / most)
}

fn grounding(text: &Value, turn: &Turn<'_>) -> Value {
    let text = text.as_str().unwrap_or_default();
    let uri = format!("{}/grounding-api-redirect/{}", turn.base(), turn.world.serial());
    let web = json!({ "uri": uri, "title": "example.com", "domain": "example.com" });
    let segment = json!({ "partIndex": 0, "startIndex": 0, "endIndex": text.len(), "text": text });
    json!({
        "webSearchQueries": ["what the mock was asked"],
        "groundingChunks": [{ "web": web }],
        "groundingSupports": [{
            "segment": segment, "groundingChunkIndices": [0], "confidenceScores": [0.9],
        }],
        "searchEntryPoint": { "renderedContent": "<div>Search suggestions</div>" },
    })
}

// A text comes in two halves; what ends it comes with the second.
fn chunks(body: &Value) -> Vec<Value> {
    let part = &body["candidates"][0]["content"]["parts"][0];
    let Some(text) = part["text"].as_str() else { return vec![body.clone()] };
    let half: String = text.chars().take(text.chars().count() / 2).collect();
    let rest: String = text.chars().skip(half.chars().count()).collect();
    let (mut first, mut second) = (body.clone(), body.clone());
    first["candidates"][0]["content"]["parts"] = json!([{ "text": half }]);
    if let Some(candidate) = first["candidates"][0].as_object_mut() {
        candidate.remove("finishReason");
        candidate.remove("groundingMetadata");
    }
    second["candidates"][0]["content"]["parts"][0]["text"] = json!(rest);
    vec![first, second]
}

fn finish(asked: &Asked, bodies: &[Value], plan: &Plan) -> Reply {
    let reply = match bodies {
        _ if asked.stream && asked.sse => {
            Reply::events(&bodies.iter().map(Value::to_string).collect::<Vec<_>>())
        }
        _ if asked.stream => Reply::json(200, &json!(bodies)),
        [body, ..] => Reply::json(200, body),
        [] => Reply::json(200, &json!({})),
    };
    reply.ended(plan)
}
