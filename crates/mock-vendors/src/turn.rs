//! One call's turn: what its effect may use, and what it leaves behind.

use serde_json::{Value, json};

use crate::media::{Media, Picture, Sound};
use crate::plan::Plan;
use crate::vendor::Vendor;
use crate::world::{File, Job, Step, World};

/// A call that is in order takes its turn with this.
pub(crate) struct Turn<'w> {
    pub(crate) world: &'w World,
    pub(crate) vendor: Vendor,
    pub(crate) plan: &'w Plan,
    /// The fingerprint of the caller's key: what one makes, another does not find.
    pub(crate) owner: String,
    /// What the call brought into being.
    pub(crate) created: Option<String>,
}

impl Turn<'_> {
    pub(crate) fn id(&mut self, prefix: &str) -> String {
        let id = format!("{prefix}{}", self.world.serial());
        self.created = Some(id.clone());
        id
    }

    /// The address of the vendor.
    pub(crate) fn base(&self) -> String {
        self.world.url(self.vendor)
    }

    pub(crate) fn picture(&self, picture: &Picture) -> Media {
        picture.draw(self.plan)
    }

    pub(crate) fn sound(&self, sound: &Sound<'_>) -> Media {
        sound.play(self.plan)
    }

    /// Keeps an output, and yields the name under which the vendor's host serves it.
    pub(crate) fn keep(&self, media: Media) -> String {
        self.keep_as(None, media)
    }

    fn keep_as(&self, name: Option<String>, media: Media) -> String {
        let file = File { media, plan: self.plan.clone(), vendor: self.vendor };
        let name = name.unwrap_or_else(|| self.world.serial());
        self.world.keep(name.clone(), file);
        name
    }

    /// Keeps an output where vendors keep what is for everyone who has the address.
    pub(crate) fn publish(&self, media: Media) -> String {
        self.publish_as(None, media)
    }

    /// The same under a name that was given out before.
    pub(crate) fn publish_as(&self, name: Option<String>, media: Media) -> String {
        let extension = media.extension();
        format!("{}/outputs/{}.{extension}", self.base(), self.keep_as(name, media))
    }

    /// A job that works on `request` and will have made `output`.
    pub(crate) fn start(&mut self, id: &str, request: Value, output: Value) -> Job {
        let job = Job {
            id: id.to_owned(),
            vendor: self.vendor,
            owner: self.owner.clone(),
            plan: self.plan.clone(),
            steps: Step::all(self.plan),
            now: Step::Queued,
            created: jiff::Timestamp::now(),
            cancelled: false,
            request,
            output,
        };
        self.world.start(job.clone());
        job
    }

    pub(crate) fn poll(&self, id: &str) -> Option<Job> {
        self.world.job(self.vendor, &self.owner, id, Job::step)
    }

    pub(crate) fn look(&self, id: &str) -> Option<Job> {
        self.world.job(self.vendor, &self.owner, id, |_| {})
    }

    pub(crate) fn cancel(&self, id: &str) -> Option<Job> {
        self.world.job(self.vendor, &self.owner, id, Job::cancel)
    }
}

/// Tokens as vendors count them, roughly: a word is one and a bit.
pub(crate) fn tokens(value: &Value) -> u64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    u64::try_from(text.len() / 4 + 1).unwrap_or(1)
}

/// What the models of the mock say: deterministic, and visibly about what was asked.
pub(crate) fn essay(prompt: &str, plan: &Plan) -> String {
    let prompt = prompt.split("[[").next().unwrap_or_default().trim();
    let about: String = prompt.chars().take(80).collect();
    if plan.has(crate::scenario::Plain::NoOutput) {
        return String::new();
    }
    format!("This is what the mock has to say about: {about}")
}

/// A value that fits a JSON schema: the first of each choice, one item in each list.
pub(crate) fn fitting(schema: &Value) -> Value {
    if let Some(first) = schema.get("enum").and_then(|values| values.get(0)) {
        return first.clone();
    }
    let least = || schema.get("minimum").cloned();
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or("object");
    match kind.to_ascii_lowercase().as_str() {
        "string" => json!("mock"),
        "integer" => least().unwrap_or(json!(1)),
        "number" => least().unwrap_or(json!(1.5)),
        "boolean" => json!(true),
        "array" => {
            let items = schema.get("items").map_or(Value::Null, fitting);
            let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(1).max(1);
            Value::Array((0..least).map(|_| items.clone()).collect())
        }
        "null" => Value::Null,
        _ => {
            let fields = schema.get("properties").and_then(Value::as_object);
            let fields = fields.into_iter().flatten();
            Value::Object(fields.map(|(name, inner)| (name.clone(), fitting(inner))).collect())
        }
    }
}
