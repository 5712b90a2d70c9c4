//! Replicate: predictions, the list of them, models, files and signed webhooks.

mod inputs;

use serde_json::{Value, json};

use crate::check::{Field, Kind, Rules, may, need};
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};
use crate::webhook;
use crate::world::{Job, Step};

pub(crate) struct Replicate;

const CREATE: &[Field] = &[
    need("input", Kind::Object),
    may("version", Kind::Text(200)),
    may("model", Kind::Text(200)),
    may("webhook", Kind::Text(2000)),
    may("webhook_events_filter", Kind::List(0, 4)),
    may("webhook_completed", Kind::Text(2000)),
    may("stream", Kind::Bool),
];

impl Speaks for Replicate {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let (version, rest) = path.split_first()?;
        if *version != "v1" {
            return None;
        }
        let operation = match (method, rest) {
            ("POST", ["predictions"] | ["models" | "deployments", _, _, "predictions"]) => {
                Operation::job("predictions.create")
            }
            ("GET", ["predictions"]) => Operation::new("predictions.list"),
            ("GET", ["predictions", _]) => Operation::new("predictions.get"),
            ("POST", ["predictions", _, "cancel"]) => Operation::new("predictions.cancel"),
            ("GET", ["models"]) => Operation::new("models"),
            ("GET", ["models", _, _]) => Operation::new("model"),
            ("POST", ["files"]) => Operation::new("files.create"),
            ("GET", ["files", _]) => Operation::new("files.get"),
            ("GET", ["account"]) => Operation::new("account"),
            ("GET", ["webhooks", "default", "secret"]) => Operation::new("webhooks.secret"),
            _ => return None,
        };
        Some(operation)
    }

    fn key(&self, request: &Request) -> Option<String> {
        // Older clients write Token, which is still taken.
        request.authorization("Bearer").or_else(|| request.authorization("Token"))
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "predictions.create" => create(request),
            "predictions.list" => Ok(list(request)),
            "predictions.get" | "predictions.cancel" => Ok(use_one(operation, request)),
            "models" => Ok(Box::new(|_| {
                let models = MODELS.map(|(owner, name)| model(owner, name));
                Reply::json(200, &json!({ "previous": null, "next": null, "results": models }))
            })),
            "model" => {
                let (owner, name) = (request.segment(2), request.segment(3));
                alive(&owner, &name)?;
                Ok(Box::new(move |_| Reply::json(200, &model(&owner, &name))))
            }
            "account" => Ok(Box::new(|_| {
                let account = json!({ "type": "organization", "username": "mock", "name": "Mock",
                    "github_url": null });
                Reply::json(200, &account)
            })),
            "webhooks.secret" => {
                Ok(Box::new(|_| Reply::json(200, &json!({ "key": webhook::SECRET }))))
            }
            _ => inputs::file(operation, request),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: Option<Operation>) -> Option<Reply> {
        let problem = |status: u16, title: &str, detail: &str| {
            let body = json!({ "title": title, "detail": detail, "status": status });
            let reply = Reply::json(status, &body);
            Reply {
                headers: vec![("content-type", "application/problem+json".to_owned())],
                ..reply
            }
        };
        Some(match refusal {
            Refusal::NoRoute => problem(404, "Not found", "The requested resource does not exist."),
            Refusal::NotFound(what) => problem(404, "Not found", &format!("{what} was not found.")),
            Refusal::Key { .. } => {
                let detail = "You did not pass a valid authentication token";
                problem(401, "Unauthenticated", detail)
            }
            Refusal::Malformed(why) => problem(400, "Invalid request", why),
            Refusal::Invalid(problems) => {
                let lines =
                    problems.iter().map(|found| format!("- {}: {}", found.path, found.what));
                problem(422, "Input validation failed", &lines.collect::<Vec<_>>().join("\n"))
            }
            Refusal::RateLimited { seconds } => {
                let wait = seconds.unwrap_or(30.0).ceil();
                let detail = format!("Request was throttled. Your rate limit resets in ~{wait}s.");
                let reply = problem(429, "Too many requests", &detail);
                match seconds {
                    Some(_) => reply.header("retry-after", format!("{wait}")),
                    None => reply,
                }
            }
            Refusal::RateLimitedDay | Refusal::Busy => {
                let detail = "Request was throttled. Expected available in 1 second.";
                problem(429, "Too many requests", detail)
            }
            Refusal::Quota(status) => {
                let detail = "You have insufficient credit to run this model. Go to \
                              the billing page to purchase credit.";
                problem(status.unwrap_or(402), "Insufficient credit", detail)
            }
            Refusal::Unavailable => problem(503, "Service unavailable", "Try again later."),
            Refusal::Internal => problem(500, "Internal server error", "Something went wrong."),
            // It is taken, and fails.
            Refusal::Input => return None,
            Refusal::Retired(model) => {
                problem(404, "Not found", &format!("The model {model} could not be found."))
            }
        })
    }
}

const MODELS: [(&str, &str); 3] =
    [("black-forest-labs", "flux-dev"), ("black-forest-labs", "flux-schnell"), ("google", "veo-3")];

fn alive(owner: &str, name: &str) -> Result<(), Refusal> {
    let known = MODELS.iter().any(|(known, _)| *known == owner) || owner == "mock";
    if known { Ok(()) } else { Err(Refusal::Retired(format!("{owner}/{name}"))) }
}

fn model(owner: &str, name: &str) -> Value {
    json!({
        "url": format!("https://replicate.com/{owner}/{name}"),
        "owner": owner, "name": name, "description": "A model of the mock",
        "visibility": "public", "github_url": null, "paper_url": null, "license_url": null,
        "run_count": 17, "cover_image_url": null, "default_example": null, "latest_version": null,
        "is_official": true,
    })
}

fn create(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(CREATE, Rules::Open)?;
    let wrong = |path: &str, what: &str| {
        let problem = crate::check::Problem::value(path, what);
        Err(Refusal::Invalid(vec![problem]))
    };
    let mut name = "mock/by-version".to_owned();
    if request.path.len() > 2 {
        let (owner, model) = (request.segment(2), request.segment(3));
        alive(&owner, &model)?;
        name = format!("{owner}/{model}");
    } else if body["version"].is_null() {
        return wrong("version", "version is required");
    }
    let filter = body["webhook_events_filter"].as_array().into_iter().flatten();
    let events = ["start", "output", "logs", "completed"];
    if filter.into_iter().any(|event| !event.as_str().is_some_and(|name| events.contains(&name))) {
        return wrong("webhook_events_filter", "must be one of start, output, logs, completed");
    }
    inputs::checked(&name, &body["input"])?;
    let prefer = request.header("prefer");
    let wait = prefer.as_deref().is_some_and(|prefer| prefer.starts_with("wait"));
    let deadline = request.header("cancel-after");
    Ok(Box::new(move |turn| {
        let id = turn.id("mock");
        let output = inputs::output(turn, &name, &body["input"]);
        let mut kept = body;
        kept["model"] = json!(name);
        kept["deadline"] = json!(deadline);
        let webhook = kept["webhook"].as_str().map(str::to_owned);
        let mut job = turn.start(&id, kept, output);
        let endless = turn.plan.has(Plain::NeverDone) || turn.plan.slow().is_some();
        if (wait || webhook.is_some()) && !endless {
            let finished = turn.world.job(turn.vendor, &turn.owner, &id, Job::finish);
            let finished = finished.unwrap_or_else(|| job.clone());
            if let Some(url) = webhook {
                webhook::send(url, format!("msg_{id}"), told(turn, &finished).to_string());
            }
            if wait {
                job = finished;
            }
        }
        let status = if job.now == Step::Done { 201 } else { 202 };
        Reply::json(status, &told(turn, &job))
    }))
}

fn use_one(operation: Operation, request: &Request) -> Make {
    let id = request.segment(2);
    Box::new(move |turn| {
        let job = match operation.name {
            "predictions.cancel" => turn.cancel(&id),
            _ => turn.poll(&id),
        };
        match job {
            Some(job) => Reply::json(200, &told(turn, &job)),
            None => missing("The prediction"),
        }
    })
}

fn missing(what: &str) -> Reply {
    let refusal = Refusal::NotFound(what.to_owned());
    Replicate.refuse(&refusal, None).unwrap_or_else(|| Reply::text(404, what))
}

/// So many predictions on a page.
const PAGE: usize = 100;

fn list(request: &Request) -> Make {
    let from = request.query.get("cursor").and_then(|cursor| cursor.parse().ok()).unwrap_or(0);
    Box::new(move |turn| {
        let mut jobs = turn.world.jobs(turn.vendor, &turn.owner);
        // Records of files are kept beside them.
        jobs.retain(|job| !job.request["model"].is_null());
        let next = (jobs.len() > from + PAGE)
            .then(|| format!("{}/v1/predictions?cursor={}", turn.base(), from + PAGE));
        let page = jobs.iter().skip(from).take(PAGE);
        let results: Vec<Value> = page.map(|job| told(turn, job)).collect();
        Reply::json(200, &json!({ "previous": null, "next": next, "results": results }))
    })
}

fn told(turn: &Turn<'_>, job: &Job) -> Value {
    let plan = &job.plan;
    let refused = plan.has(Plain::Refuse) || plan.has(Plain::RefuseOutput);
    // The deadline of `Cancel-After` comes before the work has begun.
    let late = plan.has(Plain::NeverDone) && !job.request["deadline"].is_null();
    let status = match job.now {
        _ if job.cancelled => "canceled",
        Step::Running if late => "aborted",
        Step::Queued => "starting",
        Step::Running => "processing",
        Step::Unknown => "dreaming",
        Step::Done if refused || plan.has(Plain::Fail) => "failed",
        Step::Done => "succeeded",
    };
    let succeeded = status == "succeeded";
    let error = match status {
        "failed" if refused => json!("NSFW content detected. Try running it again."),
        "failed" => json!("Prediction failed: CUDA out of memory"),
        _ => Value::Null,
    };
    let logs = match job.now {
        Step::Queued => "",
        Step::Running | Step::Unknown | Step::Done => {
            "Using seed: 42\n 50%|#####     | 14/28 [00:01<00:01]\n100%|##########| 28/28"
        }
    };
    let ended = succeeded || ["failed", "canceled", "aborted"].contains(&status);
    let time = job.created.to_string();
    let url = format!("{}/v1/predictions/{}", turn.base(), job.id);
    json!({
        "id": job.id,
        "model": job.request["model"],
        "version": job.request["version"].as_str().unwrap_or("hidden"),
        "status": status,
        "input": job.request["input"],
        "output": if succeeded { job.output.clone() } else { Value::Null },
        "error": error,
        "logs": logs,
        "metrics": if succeeded { json!({ "predict_time": 1.5 }) } else { json!({}) },
        "data_removed": false,
        "created_at": time,
        "started_at": if job.now == Step::Queued { Value::Null } else { json!(time) },
        "completed_at": if ended { json!(time) } else { Value::Null },
        "webhook": job.request["webhook"],
        "urls": {
            "get": url, "cancel": format!("{url}/cancel"), "stream": format!("{url}/stream"),
        },
    })
}
