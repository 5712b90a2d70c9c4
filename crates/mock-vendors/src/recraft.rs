//! Recraft: everything at once, pictures and vector graphics, charged in units.

mod edits;

use serde_json::{Value, json};

use crate::check::{Field, Kind, Problem, Rules, may, need};
use crate::media::Picture;
use crate::reply::Reply;
use crate::request::Request;
use crate::scenario::Plain;
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};

pub(crate) struct Recraft;

const MODELS: &[&str] = &[
    "recraftv4_1",
    "recraftv4_1_vector",
    "recraftv4_1_pro",
    "recraftv4_1_pro_vector",
    "recraftv4_1_utility",
    "recraftv4",
    "recraftv4_vector",
    "recraftv4_pro",
    "recraftv4_pro_vector",
    "recraftv3",
    "recraftv3_vector",
    "recraftv2",
    "recraftv2_vector",
];

const OLD_SIZES: [&str; 15] = [
    "1024x1024",
    "1365x1024",
    "1024x1365",
    "1536x1024",
    "1024x1536",
    "1820x1024",
    "1024x1820",
    "1024x2048",
    "2048x1024",
    "1434x1024",
    "1024x1434",
    "1024x1280",
    "1280x1024",
    "1024x1707",
    "1707x1024",
];

const SIZES: [&str; 15] = [
    "1024x1024",
    "1536x768",
    "768x1536",
    "1280x832",
    "832x1280",
    "1216x896",
    "896x1216",
    "1152x896",
    "896x1152",
    "832x1344",
    "1280x896",
    "896x1280",
    "1344x768",
    "768x1344",
    "1344x832",
];

const GENERATIONS: &[Field] = &[
    need("prompt", Kind::Text(10_000)),
    may("model", Kind::OneOf(MODELS)),
    may("n", Kind::Int(1, 6)),
    may("size", Kind::Text(12)),
    may("style", Kind::Text(60)),
    may("substyle", Kind::Text(60)),
    may("style_id", Kind::Text(60)),
    may("negative_prompt", Kind::Text(1000)),
    may("controls", Kind::Object),
    may("controls.colors", Kind::List(0, 20)),
    need("controls.colors[].rgb", Kind::List(3, 3)),
    may("controls.background_color", Kind::Object),
    need("controls.background_color.rgb", Kind::List(3, 3)),
    may("controls.artistic_level", Kind::Int(0, 5)),
    may("controls.no_text", Kind::Bool),
    may("text_layout", Kind::List(0, 100)),
    need("text_layout[].text", Kind::Text(100)),
    need("text_layout[].bbox", Kind::List(4, 4)),
    may("random_seed", Kind::Int(0, 4_294_967_295)),
    may("response_format", Kind::OneOf(&["url", "b64_json"])),
    may("image_format", Kind::OneOf(&["webp", "png"])),
    may("block_nsfw", Kind::Bool),
    may("calculate_features", Kind::Bool),
    may("expire", Kind::Bool),
];

impl Speaks for Recraft {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let operation = match (method, path.as_slice()) {
            ("GET", ["v1", "users", "me"]) => Operation::new("users.me"),
            ("POST", ["v1", "images", "generations"]) => Operation::new("images.generations"),
            ("POST", ["v1", "images", "generations", "vector"]) => {
                Operation::new("images.generations")
            }
            ("POST", ["v1", "images", name]) => Operation::new(edits::known(name)?),
            ("POST", ["v1", "styles"]) => Operation::new("styles.create"),
            ("GET", ["v1", "styles", _]) => Operation::new("styles.get"),
            ("DELETE", ["v1", "styles", _]) => Operation::new("styles.delete"),
            _ => return None,
        };
        Some(operation)
    }

    fn key(&self, request: &Request) -> Option<String> {
        request.authorization("Bearer")
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "users.me" => Ok(Box::new(|_| {
                let name = "Mock";
                let email = "mock@example.com";
                Reply::json(
                    200,
                    &json!({ "id": ID, "email": email, "name": name, "credits": 1000 }),
                )
            })),
            "images.generations" => generations(request),
            "styles.create" | "styles.get" | "styles.delete" => edits::style(operation, request),
            _ => edits::prepare(operation, request),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: Option<Operation>) -> Option<Reply> {
        let error = |status: u16, code: &str, message: &str| {
            Reply::json(status, &json!({ "code": code, "message": message }))
        };
        Some(match refusal {
            Refusal::NoRoute => error(404, "not_found", "page not found"),
            Refusal::NotFound(what) => error(404, "not_found", &format!("{what} not found")),
            Refusal::Key { .. } => error(401, "unauthorized", "invalid API token"),
            Refusal::Malformed(why) => error(400, "invalid_request_body", why),
            Refusal::Invalid(problems) => {
                let told = problems.iter().map(|found| format!("{}: {}", found.path, found.what));
                let told = told.collect::<Vec<_>>().join("; ");
                error(400, "invalid_request_parameter", &told)
            }
            Refusal::RateLimited { seconds } => {
                let reply = error(429, "rate_limit_exceeded", "too many requests");
                match seconds {
                    Some(seconds) => reply.header("retry-after", format!("{}", seconds.ceil())),
                    None => reply,
                }
            }
            Refusal::RateLimitedDay | Refusal::Busy => {
                error(429, "rate_limit_exceeded", "too many requests")
            }
            Refusal::Quota(status) => {
                let message = "not enough credits to execute the request";
                error(status.unwrap_or(400), "not_enough_credits", message)
            }
            Refusal::Unavailable => error(503, "service_unavailable", "try again later"),
            Refusal::Internal => error(500, "internal_error", "internal server error"),
            Refusal::Input => {
                let message = "the prompt violates the content policy";
                error(400, "content_policy_violation", message)
            }
            Refusal::Retired(model) => {
                error(400, "invalid_request_parameter", &format!("model: unknown model {model}"))
            }
        })
    }
}

const ID: &str = "6d6f636b-0000-4000-8000-000000000001";

/// An id in the shape of a UUID.
fn uuid(turn: &mut Turn<'_>) -> String {
    let id = turn.id("");
    format!("6d6f636b-0000-4000-8000-{id:0>12}")
}

fn generations(request: &Request) -> Result<Make, Refusal> {
    let body = request.json(GENERATIONS, Rules::Strict)?;
    let wrong = |path: &str, what: &str| Err(Refusal::Invalid(vec![Problem::value(path, what)]));
    let named = body["model"].as_str().unwrap_or("recraftv4_1");
    let path_says = request.path.last().is_some_and(|last| last == "vector");
    let drawn = ["vector_illustration", "icon"].map(|style| body["style"] == style).contains(&true);
    let vector = path_says || named.ends_with("_vector") || drawn;
    let old = named.starts_with("recraftv3") || named.starts_with("recraftv2");
    let prompt = body["prompt"].as_str().unwrap_or_default();
    if old && prompt.chars().count() > 1000 {
        return wrong("prompt", "must not be longer than 1000 characters for this model");
    }
    if !named.starts_with("recraftv3") && body.get("negative_prompt").is_some() {
        return wrong("negative_prompt", "is not supported by this model");
    }
    let size = body["size"].as_str().unwrap_or("1024x1024");
    let scale = if named.contains("_pro") { 2 } else { 1 };
    let (width, height) = match (size.split_once(':'), old) {
        (Some(_), _) => crate::openai::size(size),
        (None, true) if OLD_SIZES.contains(&size) => crate::openai::size(size),
        (None, false) => {
            let (wide, tall) = crate::openai::size(size);
            let base = format!("{}x{}", wide / scale, tall / scale);
            if !SIZES.contains(&base.as_str()) {
                return wrong("size", "is not supported by this model");
            }
            (wide, tall)
        }
        (None, true) => return wrong("size", "is not supported by this model"),
    };
    let png = body["image_format"] == "png";
    let kind = match (vector, png) {
        (true, _) => "image/svg+xml",
        (false, true) => "image/png",
        (false, false) => "image/webp",
    };
    Ok(Box::new(move |turn| {
        let count = body["n"].as_u64().unwrap_or(1);
        let drawn = Drawn { body: &body, width, height, kind, cost: if vector { 80 } else { 40 } };
        drawn.many(turn, count)
    }))
}

/// Pictures, and how they are told.
struct Drawn<'b> {
    body: &'b Value,
    width: u32,
    height: u32,
    kind: &'static str,
    /// Units a picture.
    cost: u64,
}

impl Drawn<'_> {
    fn inline(&self) -> bool {
        self.body["response_format"] == "b64_json"
    }

    fn one(&self, turn: &mut Turn<'_>, index: u64) -> Value {
        let about = format!("{}{index}", self.body["prompt"]);
        let media = turn.picture(&Picture::new(self.width, self.height, self.kind, &about));
        let mut told = json!({ "image_id": uuid(turn) });
        if self.inline() {
            told["b64_json"] = json!(media.base64());
        } else {
            told["url"] = json!(turn.publish(media));
        }
        let features = self.body["calculate_features"] == true;
        if features || turn.plan.has(Plain::NsfwBlack) {
            let score = if turn.plan.has(Plain::NsfwBlack) { 0.97 } else { 0.01 };
            told["features"] = json!({ "nsfw_score": score });
        }
        told
    }

    fn many(&self, turn: &mut Turn<'_>, count: u64) -> Reply {
        let made = if turn.plan.has(Plain::RefuseOutput) { 0 } else { turn.plan.outputs(count) };
        let data: Vec<Value> = (0..made).map(|index| self.one(turn, index)).collect();
        turn.id("recraft-");
        let created = jiff::Timestamp::now().as_second();
        let whole = json!({ "created": created, "credits": self.cost * made, "data": data });
        Reply::json(200, &whole).ended_if(self.inline(), turn.plan)
    }

    fn single(&self, turn: &mut Turn<'_>) -> Reply {
        let image = self.one(turn, 0);
        turn.id("recraft-");
        let image = if turn.plan.outputs(1) == 0 { Value::Null } else { image };
        let created = jiff::Timestamp::now().as_second();
        let whole = json!({ "created": created, "credits": self.cost, "image": image });
        Reply::json(200, &whole).ended_if(self.inline(), turn.plan)
    }
}
