//! `chat/completions`, whole and as a stream.

use serde_json::{Value, json};

use super::{alive, second};
use crate::check::{Field, Kind, Problem, Rules, may, need};
use crate::plan::Plan;
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::{Plain, Scenario};
use crate::turn::{Turn, essay, fitting, tokens};
use crate::vendor::{Make, Refusal};

const ROLES: &[&str] = &["developer", "system", "user", "assistant", "tool", "function"];

const TABLE: &[Field] = &[
    need("model", Kind::Text(200)),
    need("messages", Kind::List(1, 2048)),
    need("messages[].role", Kind::OneOf(ROLES)),
    may("messages[].content", Kind::Any),
    may("messages[].name", Kind::Text(64)),
    may("messages[].refusal", Kind::Text(100_000)),
    may("messages[].tool_calls", Kind::List(0, 128)),
    may("messages[].tool_call_id", Kind::Text(100)),
    may("max_completion_tokens", Kind::Int(1, 1_000_000)),
    may("max_tokens", Kind::Int(1, 1_000_000)),
    may("temperature", Kind::Number(0.0, 2.0)),
    may("top_p", Kind::Number(0.0, 1.0)),
    may("presence_penalty", Kind::Number(-2.0, 2.0)),
    may("frequency_penalty", Kind::Number(-2.0, 2.0)),
    may("n", Kind::Int(1, 128)),
    may("stop", Kind::Any),
    may("seed", Kind::Int(i64::MIN, i64::MAX)),
    may("response_format", Kind::Object),
    need("response_format.type", Kind::OneOf(&["text", "json_object", "json_schema"])),
    may("response_format.json_schema", Kind::Object),
    need("response_format.json_schema.name", Kind::Text(64)),
    may("response_format.json_schema.description", Kind::Text(10_000)),
    may("response_format.json_schema.schema", Kind::Object),
    may("response_format.json_schema.strict", Kind::Bool),
    may("tools", Kind::List(0, 128)),
    may("tool_choice", Kind::Any),
    may("stream", Kind::Bool),
    may("stream_options", Kind::Object),
    may("stream_options.include_usage", Kind::Bool),
    may("reasoning_effort", Kind::OneOf(&["none", "minimal", "low", "medium", "high", "xhigh"])),
    may("verbosity", Kind::OneOf(&["low", "medium", "high"])),
    may("web_search_options", Kind::Object),
    may("service_tier", Kind::Text(20)),
    may("store", Kind::Bool),
    may("metadata", Kind::Object),
    may("moderation", Kind::Any),
    may("user", Kind::Text(512)),
    may("safety_identifier", Kind::Text(512)),
];

pub(super) fn prepare(request: &Request, local: bool) -> Result<Make, Refusal> {
    // Local servers pass over what they do not know.
    let body = request.json(TABLE, if local { Rules::Open } else { Rules::Strict })?;
    alive(body["model"].as_str().unwrap_or_default())?;
    for (index, message) in body["messages"].as_array().into_iter().flatten().enumerate() {
        content(index, &message["content"])?;
    }
    Ok(Box::new(move |turn| answer(&body, turn)))
}

// A text, nothing, or a list of typed parts.
fn content(index: usize, content: &Value) -> Result<(), Refusal> {
    let path = format!("messages[{index}].content");
    let wrong = |what: &str| Err(Refusal::Invalid(vec![Problem::value(&path, what)]));
    let parts = match content {
        Value::String(_) | Value::Null => return Ok(()),
        Value::Array(parts) => parts,
        Value::Bool(_) | Value::Number(_) | Value::Object(_) => {
            return wrong("expected one of a string or array of objects");
        }
    };
    for part in parts {
        let fine = match part["type"].as_str() {
            Some("text") => part["text"].is_string(),
            Some("refusal") => part["refusal"].is_string(),
            Some("image_url") => part["image_url"]["url"]
                .as_str()
                .is_some_and(|url| url.starts_with("data:image/") || url.starts_with("http")),
            Some("input_audio" | "file") => true,
            Some(_) | None => false,
        };
        if !fine {
            return wrong("a part is not as its type wants it");
        }
    }
    Ok(())
}

fn prompt(body: &Value) -> String {
    let last = body["messages"].as_array().and_then(|messages| messages.last());
    let content = last.map(|message| &message["content"]).unwrap_or(&Value::Null);
    match content.as_str() {
        Some(text) => text.to_owned(),
        None => {
            let parts = content.as_array().into_iter().flatten();
            parts.filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join(" ")
        }
    }
}

fn text(body: &Value, prompt: &str, plan: &Plan) -> String {
    let format = &body["response_format"];
    match format["type"].as_str() {
        Some("json_schema") => fitting(&format["json_schema"]["schema"]).to_string(),
        Some("json_object") => json!({ "answer": essay(prompt, plan) }).to_string(),
        Some(_) | None => essay(prompt, plan),
    }
}

fn answer(body: &Value, turn: &mut Turn<'_>) -> Reply {
    let id = turn.id("chatcmpl-");
    let plan = turn.plan;
    let prompt = prompt(body);
    let budget = body["max_completion_tokens"].as_u64().or(body["max_tokens"].as_u64());
    let part = plan.find(|found| matches!(found, Scenario::Partial(..)).then_some(()));
    let short = budget.is_some_and(|budget| budget < 8) || part.is_some();
    let refused = plan.has(Plain::Refuse);
    let filtered = plan.has(Plain::RefuseOutput);
    let mut said = text(body, &prompt, plan);
    if short {
        said = said.chars().take(said.chars().count() / 2).collect();
    }
    let message = if refused {
        json!({ "role": "assistant", "content": null, "refusal": "I can't help with that." })
    } else if filtered {
        json!({ "role": "assistant", "content": "", "refusal": null })
    } else {
        json!({ "role": "assistant", "content": said, "refusal": null, "annotations": [] })
    };
    let reason = match (filtered, short) {
        (true, _) => "content_filter",
        (false, true) => "length",
        (false, false) => "stop",
    };
    let asked = tokens(&body["messages"]);
    let made = if refused || filtered { 5 } else { tokens(&json!(said)) };
    let usage = json!({
        "prompt_tokens": asked, "completion_tokens": made, "total_tokens": asked + made,
        "completion_tokens_details": { "reasoning_tokens": 0 },
        "prompt_tokens_details": { "cached_tokens": 0 },
    });
    let frame = |object: &str, choices: Value| {
        json!({
            "id": id, "object": object, "created": second(), "model": body["model"],
            "choices": choices, "system_fingerprint": "fp_mock",
        })
    };
    if body["stream"] == true {
        let wants_usage = body["stream_options"]["include_usage"] == true;
        let mut events =
            stream(&message, reason, |choices| frame("chat.completion.chunk", choices));
        if wants_usage {
            let mut last = frame("chat.completion.chunk", json!([]));
            last["usage"] = usage;
            events.push(last.to_string());
        }
        events.push("[DONE]".to_owned());
        return Reply::events(&events).ended(plan);
    }
    let count = body["n"].as_u64().unwrap_or(1);
    let choice = |index: u64| {
        json!({
            "index": index, "message": message, "logprobs": null, "finish_reason": reason,
        })
    };
    let choices: Vec<Value> = (0..plan.outputs(count).max(1)).map(choice).collect();
    let mut whole = frame("chat.completion", json!(choices));
    whole["usage"] = usage;
    Reply::json(200, &whole).header("x-request-id", "req_mock").ended(plan)
}

fn stream(message: &Value, reason: &str, frame: impl Fn(Value) -> Value) -> Vec<String> {
    let chunk = |delta: Value, reason: Option<&str>| {
        frame(json!([{ "index": 0, "delta": delta, "finish_reason": reason }])).to_string()
    };
    let mut events = vec![chunk(json!({ "role": "assistant", "content": "" }), None)];
    if let Some(refusal) = message["refusal"].as_str() {
        events.push(chunk(json!({ "refusal": refusal }), None));
    }
    for word in message["content"].as_str().unwrap_or_default().split_inclusive(' ') {
        events.push(chunk(json!({ "content": word }), None));
    }
    events.push(chunk(json!({}), Some(reason)));
    events
}
