//! OpenAI's format, and what local servers make of it: no edits, other paths for speech and films,
//! looser errors, and no key unless they are given one.

mod chat;
mod images;
mod speech;
mod videos;

use serde_json::{Value, json};

use crate::check::{Fault, Problem};
use crate::reply::Reply;
use crate::request::Request;
use crate::vendor::{Make, Operation, Refusal, Speaks};

pub(crate) struct Openai {
    pub(crate) local: bool,
}

/// Names, and the days on which they end.
const MODELS: [(&str, Option<&str>); 7] = [
    ("gpt-5.5", None),
    ("gpt-image-2.6-sunburst", None),
    ("gpt-image-2.6-flare", None),
    ("gpt-image-1.5", Some("2026-12-01")),
    ("gpt-image-1-mini", Some("2026-12-01")),
    ("gpt-4o-mini-tts", None),
    ("tts-1", None),
];

const RETIRED: [&str; 5] = ["gpt-image-1", "dall-e-2", "dall-e-3", "sora-2", "sora-2-pro"];

/// Names, and what each can do.
const LOCAL_MODELS: [(&str, &str); 4] =
    [("qwen3-8b", "chat"), ("flux.1-dev", "image"), ("piper-en", "tts"), ("wan2.1-t2v", "video")];

impl Speaks for Openai {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let local = |operation| if self.local { Some(operation) } else { None };
        let vendor = |operation| if self.local { None } else { Some(operation) };
        // Local servers also answer without the version.
        let path = match path.split_first() {
            Some((&"v1", rest)) => rest.to_vec(),
            _ if self.local => path,
            _ => return None,
        };
        match (method, path.as_slice()) {
            ("GET", ["models"]) => Some(Operation::new("models")),
            ("GET", ["models", "capabilities"]) => local(Operation::new("capabilities")),
            ("GET", ["models", _]) => Some(Operation::new("model")),
            ("POST", ["chat", "completions"]) => Some(Operation::new("chat")),
            ("POST", ["images", "generations"]) => Some(Operation::new("images.generations")),
            ("POST", ["images", "edits"]) => vendor(Operation::new("images.edits")),
            ("POST", ["images", "inpainting"]) => local(Operation::new("images.edits")),
            ("POST", ["audio", "speech"]) => Some(Operation::new("speech")),
            ("POST", ["tts"]) => local(Operation::new("tts")),
            ("POST", ["text-to-speech", _]) => local(Operation::new("text-to-speech")),
            ("POST", ["video"]) => local(Operation::new("video")),
            ("POST", ["videos"]) => vendor(Operation::job("videos.create")),
            ("GET", ["videos", _]) => vendor(Operation::new("videos.get")),
            ("GET", ["videos", _, "content"]) => vendor(Operation::new("videos.content")),
            ("DELETE", ["videos", _]) => vendor(Operation::new("videos.delete")),
            _ => None,
        }
    }

    fn key(&self, request: &Request) -> Option<String> {
        let key = request.authorization("Bearer");
        // A local server without a key of its own looks at none.
        if self.local { key.or_else(|| Some(crate::Vendor::Localai.key())) } else { key }
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "models" => {
                let list = self.models();
                Ok(Box::new(move |_| Reply::json(200, &list)))
            }
            "capabilities" => {
                let model = |(id, can)| json!({ "id": id, "capabilities": [can] });
                let data: Vec<Value> = LOCAL_MODELS.into_iter().map(model).collect();
                Ok(Box::new(move |_| Reply::json(200, &json!({ "data": data }))))
            }
            "model" => {
                let model = request.segment(2);
                alive(&model)?;
                Ok(Box::new(move |_| Reply::json(200, &told(&model))))
            }
            "chat" => chat::prepare(request, self.local),
            "images.generations" => images::generations(request, self.local),
            "images.edits" => images::edits(request),
            "speech" | "tts" | "text-to-speech" => speech::prepare(operation, request, self.local),
            "video" => videos::at_once(request),
            "videos.create" => videos::create(request),
            _ => videos::use_one(operation, request),
        }
    }

    fn refuse(&self, refusal: &Refusal, operation: Option<Operation>) -> Option<Reply> {
        let name = operation.map_or("", |operation| operation.name);
        let error =
            |status: u16, kind: &str, code: Option<&str>, param: Option<&str>, message: &str| {
                let error = if self.local {
                    // No `param`, and a number for a code.
                    json!({ "message": message, "type": kind, "code": status })
                } else {
                    json!({ "message": message, "type": kind, "param": param, "code": code })
                };
                Reply::json(status, &json!({ "error": error })).header("x-request-id", "req_mock")
            };
        let invalid = "invalid_request_error";
        Some(match refusal {
            Refusal::NoRoute => error(404, invalid, None, None, "Invalid URL"),
            Refusal::NotFound(what) => {
                error(404, invalid, None, None, &format!("{what} not found"))
            }
            Refusal::Key { missing: true } => {
                error(401, invalid, None, None, "You didn't provide an API key.")
            }
            Refusal::Key { missing: false } => {
                error(401, invalid, Some("invalid_api_key"), None, "Incorrect API key provided.")
            }
            Refusal::Malformed(why) => error(400, invalid, None, None, why),
            Refusal::Invalid(problems) => {
                let Some(Problem { path, fault, what }) = problems.first() else {
                    return Some(error(400, invalid, None, None, "Invalid request"));
                };
                let (code, message) = match fault {
                    Fault::Missing => (
                        "missing_required_parameter",
                        format!("Missing required parameter: '{path}'."),
                    ),
                    Fault::Type => ("invalid_type", format!("Invalid type for '{path}': {what}.")),
                    Fault::Value => ("invalid_value", format!("Invalid '{path}': {what}.")),
                    Fault::TooLong => {
                        ("string_above_max_length", format!("Invalid '{path}': {what}."))
                    }
                    Fault::Unknown => {
                        ("unknown_parameter", format!("Unknown parameter: '{path}'."))
                    }
                };
                error(400, invalid, Some(code), Some(path), &message)
            }
            Refusal::RateLimited { seconds } => {
                let message = "Rate limit exceeded for images per minute. Limit: 0/1min";
                let reply = error(429, "requests", Some("rate_limit_exceeded"), None, message);
                match seconds {
                    Some(seconds) => reply.header("retry-after", format!("{}", seconds.ceil())),
                    None => reply,
                }
            }
            Refusal::RateLimitedDay => {
                let message = "Rate limit reached for requests per day (RPD): Limit 200, Used 200.";
                let reply = error(429, "requests", Some("rate_limit_exceeded"), None, message);
                reply.header("retry-after", "7200")
            }
            Refusal::Quota(_) => {
                let message =
                    "You exceeded your current quota, please check your plan and billing.";
                error(429, "insufficient_quota", Some("insufficient_quota"), None, message)
            }
            Refusal::Busy | Refusal::Unavailable => {
                let message = "The engine is currently overloaded, please try again later";
                error(503, "server_error", None, None, message)
            }
            Refusal::Internal => {
                let message = "The server had an error while processing your request.";
                error(500, "server_error", None, None, message)
            }
            // A chat refuses in words, with status 200.
            Refusal::Input if name == "chat" => return None,
            Refusal::Input => {
                let message = "Your request was rejected by the safety system. \
                     safety_violations=[violence]";
                let kind = "image_generation_user_error";
                error(400, kind, Some("moderation_blocked"), None, message)
            }
            Refusal::Retired(model) => {
                let message = format!("The model '{model}' does not exist or has been deprecated");
                error(404, invalid, Some("model_not_found"), None, &message)
            }
        })
    }
}

impl Openai {
    fn models(&self) -> Value {
        let models: Vec<Value> = if self.local {
            LOCAL_MODELS.iter().map(|(id, _)| json!({ "id": id, "object": "model" })).collect()
        } else {
            MODELS.iter().map(|(id, _)| told(id)).collect()
        };
        json!({ "object": "list", "data": models })
    }
}

fn told(model: &str) -> Value {
    let end = MODELS.iter().find(|(id, _)| *id == model).and_then(|(_, end)| *end);
    json!({
        "id": model,
        "object": "model",
        "created": 1_780_000_000,
        "owned_by": "openai",
        "shutdown_date": end,
    })
}

fn alive(model: &str) -> Result<(), Refusal> {
    if RETIRED.contains(&model) { Err(Refusal::Retired(model.to_owned())) } else { Ok(()) }
}

/// `1024x768`; anything else is drawn square.
pub(crate) fn size(text: &str) -> (u32, u32) {
    let side = |text: &str| text.parse().ok().filter(|side| (16..=4096).contains(side));
    let sides = text.split_once('x').and_then(|(wide, tall)| side(wide).zip(side(tall)));
    sides.unwrap_or((1024, 1024))
}

fn second() -> i64 {
    jiff::Timestamp::now().as_second()
}
