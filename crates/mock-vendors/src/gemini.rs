//! Google's Gemini API: the developers' form and the one of Vertex, told apart by the path.

mod content;
mod fields;
mod interactions;
mod long_running;
mod models;

use serde_json::{Value, json};

use self::models::alive;
use crate::check::{Fault, Problem};
use crate::plan::Plan;
use crate::reply::Reply;
use crate::request::Request;
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};

pub(crate) struct Gemini;

/// The first part of every path.
const VERSIONS: [&str; 4] = ["v1", "v1beta", "v1alpha", "v1beta1"];

/// What the path names.
struct Place {
    model: String,
    verb: String,
    vertex: bool,
}

fn place(request: &Request) -> Option<Place> {
    let vertex = request.path.iter().any(|part| part == "publishers");
    let at = request.path.iter().position(|part| part == "models")?;
    let last = request.path.get(at + 1)?;
    let (model, verb) = last.split_once(':').unwrap_or((last, ""));
    let whole = request.path.len() == at + 2;
    whole.then(|| Place { model: model.to_owned(), verb: verb.to_owned(), vertex })
}

impl Speaks for Gemini {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let (version, rest) = path.split_first()?;
        if !VERSIONS.contains(version) {
            return None;
        }
        let operation = match (method, rest) {
            ("GET", ["models"]) => Operation::new("models"),
            ("GET", ["models", _]) => Operation::new("model"),
            ("GET", ["models", _, "operations", _]) => Operation::new("operation"),
            ("POST", ["interactions"]) => Operation::job("interactions.create"),
            ("GET", ["interactions", _]) => Operation::new("interactions.get"),
            ("POST", ["interactions", _, "cancel"]) => Operation::new("interactions.cancel"),
            ("DELETE", ["interactions", _]) => Operation::new("interactions.delete"),
            ("GET", ["files", _]) => Operation::new("file"),
            ("POST", _) => match place(request)?.verb.as_str() {
                "generateContent" => Operation::new("generateContent"),
                "streamGenerateContent" => Operation::new("streamGenerateContent"),
                "predict" => Operation::new("predict"),
                "predictLongRunning" => Operation::job("predictLongRunning"),
                "fetchPredictOperation" => Operation::new("operation"),
                _ => return None,
            },
            _ => return None,
        };
        Some(operation)
    }

    fn key(&self, request: &Request) -> Option<String> {
        let header = request.header("x-goog-api-key");
        let query = || request.query.get("key").cloned();
        header.or_else(query).or_else(|| request.authorization("Bearer"))
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "models" => Ok(Box::new(|_| models::list())),
            "model" => models::one(request),
            "file" => Ok(models::download(request)),
            "generateContent" | "streamGenerateContent" => content::prepare(operation, request),
            "predict" => long_running::predict(request),
            "predictLongRunning" => long_running::start(request),
            "operation" => long_running::poll(request),
            "interactions.create" => interactions::create(request),
            _ => interactions::use_one(operation, request),
        }
    }

    fn refuse(&self, refusal: &Refusal, operation: Option<Operation>) -> Option<Reply> {
        let name = operation.map_or("", |operation| operation.name);
        let interactive = name.starts_with("interactions");
        let error = |code: u16, status: &str, message: &str, details: Value| {
            // Interactions tell a name where the others tell the number.
            let told = if interactive { json!(status.to_lowercase()) } else { json!(code) };
            let mut error = json!({ "code": told, "message": message, "status": status });
            if details != json!([]) {
                error["details"] = details;
            }
            Reply::json(code, &json!({ "error": error }))
        };
        let none = json!([]);
        Some(match refusal {
            Refusal::NoRoute => error(404, "NOT_FOUND", "Requested entity was not found.", none),
            Refusal::NotFound(_) if interactive => {
                error(400, "INVALID_ARGUMENT", "Invalid interaction name", none)
            }
            Refusal::NotFound(what) => {
                error(404, "NOT_FOUND", &format!("{what} was not found."), none)
            }
            Refusal::Key { missing: true } => error(
                403,
                "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers. Please use API Key.",
                none,
            ),
            Refusal::Key { missing: false } => error(
                400,
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
                json!([{
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": "API_KEY_INVALID",
                    "domain": "googleapis.com",
                    "metadata": { "service": "generativelanguage.googleapis.com" },
                }]),
            ),
            Refusal::Malformed(why) => {
                let message = format!("Invalid JSON payload received. {why}");
                error(400, "INVALID_ARGUMENT", &message, none)
            }
            Refusal::Invalid(problems) => {
                error(400, "INVALID_ARGUMENT", &told(problems), json!([violations(problems)]))
            }
            Refusal::RateLimited { seconds } => {
                let delay = seconds.map(|seconds| format!("{seconds:.1}s"));
                let message = "You exceeded your current quota, please check your plan.";
                let details = exhausted("GenerateRequestsPerMinutePerProjectPerModel", delay);
                error(429, "RESOURCE_EXHAUSTED", message, details)
            }
            Refusal::RateLimitedDay | Refusal::Quota(None | Some(429)) => {
                let message = "You exceeded your current quota, please check your plan.";
                let delay = Some("38.2s".to_owned());
                let details = exhausted("GenerateRequestsPerDayPerProjectPerModel", delay);
                error(429, "RESOURCE_EXHAUSTED", message, details)
            }
            Refusal::Quota(Some(_)) => {
                let message = "Billing is not enabled for this project.";
                error(400, "FAILED_PRECONDITION", message, none)
            }
            Refusal::Busy | Refusal::Unavailable => {
                let message = "The model is overloaded. Please try again later.";
                error(503, "UNAVAILABLE", message, none)
            }
            Refusal::Internal => {
                error(500, "INTERNAL", "An internal error has occurred. Please retry.", none)
            }
            Refusal::Input if name == "interactions.create" => {
                let message = "The input was blocked for safety.";
                let error = json!({ "code": "SAFETY", "message": message, "status": "SAFETY" });
                Reply::json(400, &json!({ "error": error }))
            }
            // Elsewhere it shows in an answer with status 200.
            Refusal::Input => return None,
            Refusal::Retired(model) => {
                let what = "is not found for API version v1beta, or is no longer available";
                error(404, "NOT_FOUND", &format!("models/{model} {what}."), none)
            }
        })
    }
}

fn told(problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| {
        let Problem { path, fault, what } = problem;
        match fault {
            Fault::Unknown => {
                let at = path.rsplit_once('.').map_or("", |(parent, _)| parent);
                format!("Invalid JSON payload received. {what} at '{at}': Cannot find field.")
            }
            Fault::Missing => format!("* {path}: is required."),
            Fault::Type | Fault::Value | Fault::TooLong => {
                format!("Invalid value at '{path}': {what}")
            }
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn violations(problems: &[Problem]) -> Value {
    let fields = problems
        .iter()
        .map(|problem| json!({ "field": problem.path, "description": problem.what }));
    json!({
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": fields.collect::<Vec<_>>(),
    })
}

fn exhausted(quota: &str, delay: Option<String>) -> Value {
    let metric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
    let mut details = vec![json!({
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        "violations": [{
            "quotaMetric": metric, "quotaId": format!("{quota}-FreeTier"), "quotaValue": "20",
        }],
    })];
    if let Some(delay) = delay {
        let kind = "type.googleapis.com/google.rpc.RetryInfo";
        details.push(json!({ "@type": kind, "retryDelay": delay }));
    }
    Value::Array(details)
}

fn address(turn: &Turn<'_>, name: &str) -> String {
    format!("{}/v1beta/files/{name}:download?alt=media", turn.base())
}

fn missing(what: &str) -> Reply {
    let refusal = Refusal::NotFound(what.to_owned());
    Gemini.refuse(&refusal, None).unwrap_or_else(|| Reply::text(404, what))
}

/// Why an output is withheld, for the fields in which reasons are told.
fn withheld(plan: &Plan) -> bool {
    plan.has(crate::scenario::Plain::RefuseOutput)
}
