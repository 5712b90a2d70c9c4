//! Tavily: search and extraction at once, research as a job.

use serde_json::{Value, json};

use crate::check::{Field, Kind, Rules, listed, may, need};
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::{essay, fitting};
use crate::vendor::{Make, Operation, Refusal, Speaks, Vendor};
use crate::world::{Job, Step};

pub(crate) struct Tavily;

const SEARCH: &[Field] = &[
    need("query", Kind::Text(400)),
    may("search_depth", Kind::OneOf(&["basic", "advanced", "fast", "ultra-fast"])),
    may("topic", Kind::OneOf(&["general", "news", "finance"])),
    may("time_range", Kind::OneOf(&["day", "week", "month", "year"])),
    may("start_date", Kind::Text(10)),
    may("end_date", Kind::Text(10)),
    may("days", Kind::Int(1, 365)),
    may("max_age_hours", Kind::Int(0, 100_000)),
    may("max_results", Kind::Int(0, 20)),
    may("chunks_per_source", Kind::Int(1, 3)),
    may("include_domains", Kind::List(0, 300)),
    may("exclude_domains", Kind::List(0, 150)),
    may("include_domains_mode", Kind::OneOf(&["restrict", "prefer"])),
    may("include_answer", Kind::Any),
    may("include_raw_content", Kind::Any),
    may("include_images", Kind::Bool),
    may("include_image_descriptions", Kind::Bool),
    may("country", Kind::Text(60)),
    may("auto_parameters", Kind::Bool),
    may("include_favicon", Kind::Bool),
    may("include_usage", Kind::Bool),
    may("exact_match", Kind::Bool),
    may("fetch_timeout", Kind::Number(0.0, 120.0)),
    may("cache_fallback", Kind::Bool),
    may("language", Kind::Text(20)),
    may("filter_by_language", Kind::Bool),
];

const EXTRACT: &[Field] = &[
    need("urls", Kind::Any),
    may("include_images", Kind::Bool),
    may("extract_depth", Kind::OneOf(&["basic", "advanced"])),
    may("format", Kind::OneOf(&["markdown", "text"])),
    may("timeout", Kind::Number(1.0, 60.0)),
    may("include_favicon", Kind::Bool),
    may("include_usage", Kind::Bool),
    may("query", Kind::Text(400)),
    may("chunks_per_source", Kind::Int(1, 5)),
];

const RESEARCH: &[Field] = &[
    need("input", Kind::Text(10_000)),
    may("model", Kind::OneOf(&["mini", "pro", "auto"])),
    may("output_schema", Kind::Object),
    may("stream", Kind::Bool),
    may("citation_format", Kind::OneOf(&["numbered", "mla", "apa", "chicago"])),
];

impl Speaks for Tavily {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        match (method, path.as_slice()) {
            ("POST", ["search"]) => Some(Operation::new("search")),
            ("POST", ["extract"]) => Some(Operation::new("extract")),
            ("POST", ["research"]) => Some(Operation::job("research.create")),
            ("GET", ["research", _]) => Some(Operation::new("research.get")),
            ("GET", ["usage"]) => Some(Operation::new("usage")),
            _ => None,
        }
    }

    fn key(&self, request: &Request) -> Option<String> {
        let keyless = request.header("x-tavily-access-mode").is_some_and(|mode| mode == "keyless");
        let open = ["search", "extract"].contains(&request.segment(0).as_str());
        let key = request.authorization("Bearer");
        key.or_else(|| (keyless && open).then(|| Vendor::Tavily.key()))
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "search" => search(request),
            "extract" => extract(request),
            "research.create" => research(request),
            "usage" => Ok(Box::new(|_| {
                let account = json!({ "current_plan": "Researcher", "plan_usage": 150,
                    "plan_limit": 1_000, "paygo_usage": 0, "paygo_limit": null });
                let told = json!({ "key": { "usage": 150, "limit": null }, "account": account });
                Reply::json(200, &told)
            })),
            _ => {
                let id = request.segment(1);
                Ok(Box::new(move |turn| match turn.poll(&id) {
                    Some(job) => progress(&job),
                    None => detail(404, "Research task not found"),
                }))
            }
        }
    }

    fn refuse(&self, refusal: &Refusal, _: Option<Operation>) -> Option<Reply> {
        Some(match refusal {
            Refusal::NoRoute => Reply::json(404, &json!({ "detail": "Not Found" })),
            Refusal::NotFound(what) => detail(404, &format!("{what} not found")),
            Refusal::Key { .. } => detail(401, "Unauthorized: missing or invalid API key."),
            Refusal::Malformed(why) => detail(400, why),
            Refusal::Invalid(problems) => {
                let told = problems.iter().map(|found| format!("{}: {}", found.path, found.what));
                detail(400, &told.collect::<Vec<_>>().join("; "))
            }
            Refusal::RateLimited { seconds } => {
                let why = "Your request has been blocked due to excessive requests.";
                match seconds {
                    Some(seconds) => {
                        detail(429, why).header("retry-after", format!("{}", seconds.ceil()))
                    }
                    None => detail(429, why),
                }
            }
            Refusal::RateLimitedDay | Refusal::Busy => {
                detail(429, "Your request has been blocked due to excessive requests.")
            }
            Refusal::Quota(status) => {
                let why = "This request exceeds your plan's set usage limit.";
                detail(status.unwrap_or(432), why)
            }
            Refusal::Unavailable => detail(503, "Service unavailable"),
            Refusal::Internal => detail(500, "Internal server error"),
            Refusal::Input => detail(403, "This query is not allowed by our usage policy."),
            Refusal::Retired(model) => detail(400, &format!("Invalid model {model}")),
        })
    }
}

fn detail(status: u16, why: &str) -> Reply {
    Reply::json(status, &json!({ "detail": { "error": why } }))
}

fn search(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(SEARCH, Rules::Strict)?;
    Ok(Box::new(move |turn| {
        let id = turn.id("search-");
        let query = body["query"].as_str().unwrap_or_default();
        let count = turn.plan.outputs(body["max_results"].as_u64().unwrap_or(5));
        let raw = !body["include_raw_content"].is_null() && body["include_raw_content"] != false;
        let one = |rank: u64| {
            let content = format!("Source {rank} says something about {query}.");
            json!({
                "title": format!("Source {rank}"),
                "url": format!("https://example.com/{rank}"),
                "content": content,
                "score": 0.9 / (rank as f64 + 1.0),
                "raw_content": if raw { json!(content) } else { Value::Null },
            })
        };
        let results: Vec<Value> = (0..count).map(one).collect();
        let answered = !body["include_answer"].is_null() && body["include_answer"] != false;
        let answer = if answered { json!(essay(query, turn.plan)) } else { Value::Null };
        let mut told = json!({
            "query": query, "follow_up_questions": null, "answer": answer, "images": [],
            "results": results, "response_time": 0.12, "request_id": id,
        });
        if body["include_usage"] == true {
            told["usage"] = json!({ "credits": 1 });
        }
        Reply::json(200, &told).ended(turn.plan)
    }))
}

fn extract(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(EXTRACT, Rules::Strict)?;
    let urls = listed(&body["urls"]);
    let urls: Vec<String> = urls.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if urls.is_empty() || urls.len() > 20 {
        let what = "must be an address, or a list of at most 20";
        return Err(Refusal::Invalid(vec![crate::check::Problem::value("urls", what)]));
    }
    Ok(Box::new(move |turn| {
        let id = turn.id("extract-");
        let made = usize::try_from(turn.plan.outputs(urls.len() as u64)).unwrap_or(0);
        let (good, bad) = urls.split_at(made.min(urls.len()));
        let good = good.iter().map(|url| {
            json!({ "url": url, "raw_content": format!("What {url} has to say."), "images": [] })
        });
        let bad = bad.iter().map(|url| json!({ "url": url, "error": "Failed to fetch url" }));
        let told = json!({
            "results": good.collect::<Vec<_>>(), "failed_results": bad.collect::<Vec<_>>(),
            "response_time": 0.1, "request_id": id,
        });
        Reply::json(200, &told).ended(turn.plan)
    }))
}

fn research(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(RESEARCH, Rules::Strict)?;
    if body["stream"] == true {
        return Err(Refusal::Malformed("the mock does not stream research".to_owned()));
    }
    Ok(Box::new(move |turn| {
        let id = turn.id("research-");
        let input = body["input"].as_str().unwrap_or_default();
        let content = match body.get("output_schema") {
            Some(schema) => fitting(schema),
            None => json!(format!("{} [1]", essay(input, turn.plan))),
        };
        let source =
            json!({ "title": "Source 1", "url": "https://example.com/1", "favicon": null });
        let sources = if turn.plan.outputs(1) == 0 { json!([]) } else { json!([source]) };
        let output = json!({ "content": content, "sources": sources });
        let job = turn.start(&id, body, output);
        Reply::json(200, &told(&job))
    }))
}

fn progress(job: &Job) -> Reply {
    let done = job.now == Step::Done;
    let mut told = told(job);
    if told["status"] == "completed" {
        told["content"] = job.output["content"].clone();
        told["sources"] = job.output["sources"].clone();
    }
    Reply::json(if done { 200 } else { 202 }, &told)
}

fn told(job: &Job) -> Value {
    let status = match job.now {
        Step::Queued => "pending",
        Step::Running => "in_progress",
        Step::Unknown => "pondering",
        Step::Done if job.plan.has(Plain::Fail) || job.plan.has(Plain::RefuseOutput) => "failed",
        Step::Done => "completed",
    };
    json!({
        "request_id": job.id, "status": status, "created_at": job.created.to_string(),
        "input": job.request["input"], "model": job.request["model"].as_str().unwrap_or("auto"),
        "response_time": 1.0,
    })
}
