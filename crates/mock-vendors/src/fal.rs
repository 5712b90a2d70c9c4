//! fal: a queue before every model, and the storage of files. Both hosts are one here.

mod models;
mod uploads;

use serde_json::{Value, json};

use crate::plan::Plan;
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::vendor::{Make, Operation, Refusal, Speaks};
use crate::world::{Job, Step};

pub(crate) struct Fal;

impl Speaks for Fal {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let operation = match (method, path.as_slice()) {
            ("GET", [_, _, "requests", _, "status"]) => Operation::new("status"),
            ("GET", [_, _, "requests", _, "status", "stream"]) => Operation::new("status"),
            ("GET", [_, _, "requests", _]) => Operation::new("result"),
            ("PUT", [_, _, "requests", _, "cancel"]) => Operation::new("cancel"),
            ("POST", ["storage", "upload", "initiate"]) => Operation::new("upload.initiate"),
            ("POST", ["storage", "auth", "token"]) => Operation::new("upload.token"),
            ("POST", ["files", "upload"]) => Operation::open("upload"),
            ("PUT", ["files", "upload", _]) => Operation::open("upload"),
            ("POST", [owner, app, ..]) if !owner.is_empty() && !app.is_empty() => {
                Operation::job("submit")
            }
            _ => return None,
        };
        Some(operation)
    }

    fn key(&self, request: &Request) -> Option<String> {
        request.authorization("Key")
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "submit" => submit(request),
            "upload.initiate" | "upload.token" | "upload" => {
                Ok(uploads::prepare(operation, request))
            }
            _ => Ok(use_one(operation, request)),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: Option<Operation>) -> Option<Reply> {
        let error = |status: u16, detail: &str| Reply::json(status, &json!({ "detail": detail }));
        let platform = |status: u16, kind: &str, detail: &str| {
            let body = json!({ "detail": detail, "error_type": kind });
            Reply::json(status, &body).header("x-fal-error-type", kind)
        };
        Some(match refusal {
            Refusal::NoRoute => error(404, "Path not found"),
            Refusal::NotFound(what) => error(404, &format!("{what} not found")),
            Refusal::Key { missing: true } => error(401, "Authentication is required"),
            Refusal::Key { missing: false } => error(401, "Invalid API key"),
            Refusal::Malformed(why) => {
                let told = json!({ "loc": ["body"], "msg": why, "type": "json_invalid" });
                model_error(json!([told]))
            }
            Refusal::Invalid(problems) => {
                crate::reply::fastapi(problems).header("x-fal-retryable", "false")
            }
            Refusal::RateLimited { seconds } => {
                let reply = error(429, "Too many requests");
                match seconds {
                    Some(seconds) => reply.header("retry-after", format!("{}", seconds.ceil())),
                    None => reply,
                }
            }
            Refusal::RateLimitedDay => error(429, "Daily request limit reached"),
            Refusal::Busy => {
                error(429, "Concurrent requests limit reached").header("retry-after", "5")
            }
            Refusal::Quota(status) => {
                let why = "User is locked. Reason: Exhausted balance. Top up your balance.";
                error(status.unwrap_or(403), why)
            }
            Refusal::Unavailable => {
                platform(503, "runner_scheduling_failure", "No runner available")
            }
            Refusal::Internal => platform(500, "internal_error", "Internal server error"),
            // At the submission the prompt is only queued: it is refused in the result.
            Refusal::Input => return None,
            Refusal::Retired(model) => error(404, &format!("Application {model} not found")),
        })
    }
}

fn model_error(detail: Value) -> Reply {
    Reply::json(422, &json!({ "detail": detail })).header("x-fal-retryable", "false")
}

fn submit(request: &Request) -> Result<Make, Refusal> {
    let asked = models::Asked::of(request)?;
    // Without the path below the application: that is how requests are addressed.
    let base = format!("{}/{}", request.segment(0), request.segment(1));
    Ok(Box::new(move |turn| {
        let id = turn.id("764cabcf-b745-4b3e-ae38-");
        let output = asked.output(turn);
        let job = turn.start(&id, asked.body, output);
        let mut told = addresses(&format!("{}/{base}", turn.base()), &job.id);
        told["status"] = json!("IN_QUEUE");
        told["queue_position"] = json!(0);
        Reply::json(200, &told)
    }))
}

fn addresses(base: &str, id: &str) -> Value {
    let url = format!("{base}/requests/{id}");
    json!({
        "request_id": id,
        "response_url": url,
        "status_url": format!("{url}/status"),
        "cancel_url": format!("{url}/cancel"),
    })
}

fn use_one(operation: Operation, request: &Request) -> Make {
    let id = request.segment(3);
    let base = format!("{}/{}", request.segment(0), request.segment(1));
    let logs = request.query.get("logs").is_some_and(|logs| logs == "1");
    let stream = request.path.last().is_some_and(|last| last == "stream");
    Box::new(move |turn| {
        let job = match operation.name {
            "status" => turn.poll(&id),
            _ => turn.look(&id),
        };
        let Some(job) = job else {
            let gone = json!({ "detail": "Request not found", "status": "NOT_FOUND" });
            return Reply::json(404, &gone);
        };
        let url = format!("{}/{base}", turn.base());
        match operation.name {
            "status" if stream => Reply::events(&[status(&job, &url, logs).to_string()]),
            "status" => {
                let done = job.now == Step::Done || job.cancelled;
                Reply::json(if done { 200 } else { 202 }, &status(&job, &url, logs))
            }
            "cancel" if job.now == Step::Done => {
                Reply::json(400, &json!({ "status": "ALREADY_COMPLETED" }))
            }
            "cancel" => {
                turn.cancel(&id);
                Reply::json(202, &json!({ "status": "CANCELLATION_REQUESTED" }))
            }
            _ => result(&job, turn.plan),
        }
    })
}

fn status(job: &Job, base: &str, logs: bool) -> Value {
    let mut told = addresses(base, &job.id);
    let line = json!({ "timestamp": job.created.to_string(), "level": "INFO", "source": "USER",
        "message": "50%|#####     | 14/28" });
    told["logs"] = if logs { json!([line]) } else { Value::Null };
    let name = match job.now {
        _ if job.cancelled => "COMPLETED",
        Step::Queued => "IN_QUEUE",
        Step::Running => "IN_PROGRESS",
        Step::Unknown => "IN_LIMBO",
        Step::Done => "COMPLETED",
    };
    told["status"] = json!(name);
    match name {
        "IN_QUEUE" => told["queue_position"] = json!(1),
        "COMPLETED" => told["metrics"] = json!({ "inference_time": 0.5 }),
        _ => {}
    }
    // There is no state for what failed: it is completed, with an error.
    if name == "COMPLETED" && (job.cancelled || job.plan.has(Plain::Fail)) {
        told["error"] = json!(if job.cancelled { "Request was cancelled" } else { "It failed" });
        told["error_type"] = json!(if job.cancelled { "cancelled" } else { "internal_error" });
    }
    told
}

fn result(job: &Job, now: &Plan) -> Reply {
    if job.cancelled {
        return Reply::json(499, &json!({ "detail": "Request was cancelled" }));
    }
    match job.now {
        Step::Done => {}
        Step::Queued | Step::Running | Step::Unknown => {
            return Reply::json(400, &json!({ "detail": "Request is still in progress" }));
        }
    }
    if job.plan.has(Plain::Fail) || now.has(Plain::Fail) {
        let body = json!({ "detail": "Internal server error", "error_type": "internal_error" });
        return Reply::json(500, &body).header("x-fal-error-type", "internal_error");
    }
    if job.plan.has(Plain::Refuse) || job.plan.has(Plain::RefuseOutput) {
        let message = "The content could not be processed because it was flagged by a content \
                       checker.";
        return model_error(json!([{
            "loc": ["body", "prompt"], "msg": message, "type": "content_policy_violation",
            "url": "https://docs.fal.ai/errors#content_policy_violation", "ctx": {},
        }]));
    }
    Reply::json(200, &job.output)
}
