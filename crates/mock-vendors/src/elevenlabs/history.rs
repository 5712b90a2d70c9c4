//! What was spoken: the list of it, newest first, and the recordings.

use serde_json::{Value, json};

use super::Elevenlabs;
use crate::media::Media;
use crate::reply::Reply;
use crate::request::Request;
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};
use crate::world::Job;

/// So many recordings on a page at most, and where none is named.
const PAGE_MAX: usize = 1_000;
const PAGE: usize = 100;

/// Keeps a recording under the id of its request.
pub(super) fn keep(turn: &mut Turn<'_>, id: &str, mut item: Value, media: &Media) {
    item["file"] = json!(turn.keep(media.clone()));
    item["content_type"] = json!(media.content_type);
    let job = turn.start(id, item, Value::Null);
    turn.world.job(turn.vendor, &turn.owner, &job.id, Job::finish);
}

pub(super) fn told(operation: Operation, request: &Request) -> Make {
    let id = request.segment(2);
    let wanted = |name: &str| request.query.get(name).cloned();
    let (voice, after) = (wanted("voice_id"), wanted("start_after_history_item_id"));
    let size = wanted("page_size").and_then(|size| size.parse().ok()).unwrap_or(PAGE);
    Box::new(move |turn| match operation.name {
        "history" => list(turn, voice.as_deref(), after.as_deref(), size.clamp(1, PAGE_MAX)),
        _ => match turn.look(&id) {
            None => missing(&id),
            Some(job) if operation.name == "history.item" => Reply::json(200, &item(&job)),
            Some(job) => {
                let file = turn.world.file(job.request["file"].as_str().unwrap_or_default());
                file.map_or_else(|| missing(&id), |file| Reply::media(&file.media, turn.plan))
            }
        },
    })
}

fn list(turn: &Turn<'_>, voice: Option<&str>, after: Option<&str>, size: usize) -> Reply {
    let mut jobs = turn.world.jobs(turn.vendor, &turn.owner);
    jobs.retain(|job| voice.is_none_or(|voice| job.request["voice_id"] == voice));
    let from = after.and_then(|id| jobs.iter().position(|job| job.id == id));
    let from = from.map_or(0, |place| place + 1);
    let page: Vec<&Job> = jobs.iter().skip(from).take(size).collect();
    Reply::json(
        200,
        &json!({
            "has_more": jobs.len() > from + page.len(),
            "last_history_item_id": page.last().map(|job| job.id.clone()),
            "history": page.into_iter().map(item).collect::<Vec<_>>(),
        }),
    )
}

fn item(job: &Job) -> Value {
    json!({
        "history_item_id": job.id, "request_id": job.id,
        "voice_id": job.request["voice_id"], "voice_category": "premade",
        "model_id": job.request["model_id"], "text": job.request["text"],
        "date_unix": job.created.as_second(), "content_type": job.request["content_type"],
        "character_count_change_from": 0, "character_count_change_to": 1,
        "state": "created", "source": "TTS", "settings": null, "feedback": null,
    })
}

fn missing(id: &str) -> Reply {
    let refusal = Refusal::NotFound(id.to_owned());
    Elevenlabs.refuse(&refusal, None).unwrap_or_else(|| Reply::text(404, id))
}
