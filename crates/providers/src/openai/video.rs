//! Videos in the shape that OpenAI had and resellers still have: begun, asked about, and fetched
//! from an address of their own.

use generation::{Failure, Made, Polled, Size, Stage, Started, VideoAsk};
use serde_json::{Value, json};

use super::refusal;
use crate::dialect::operation;
use crate::failures::{broken, code_at, of_question, refused, text_at, unfit, unreadable};
use crate::http::{Answer, Part, Request};
use crate::pieces::remote;
use crate::{measures, wording};

const SECONDS: &[u32] = &[4, 8, 12];

/// Of each height and on each side.
const SIZES: &[Size] = &[
    Size { width: 1280, height: 720 },
    Size { width: 720, height: 1280 },
    Size { width: 1792, height: 1024 },
    Size { width: 1024, height: 1792 },
];

pub(super) fn request(model: &str, video: &VideoAsk) -> Result<Request, Failure> {
    let seconds = measures::seconds(video, SECONDS)?.to_string();
    let prompt = wording::film(video, true);
    let size = size(video);
    match video.frames.as_slice() {
        [] => {
            // The length is a text.
            let body = json!({"model": model, "prompt": prompt, "seconds": seconds, "size": size});
            Ok(Request::post("/videos", body))
        }
        [frame] => {
            let picture = &frame.picture;
            let parts = vec![
                Part::text("model", model),
                Part::text("prompt", prompt),
                Part::text("seconds", seconds),
                Part::text("size", size),
                Part::file("input_reference", &picture.media_type, &picture.bytes),
            ];
            Ok(Request::form("/videos", parts))
        }
        _ => Err(unfit("the model makes videos of one picture")),
    }
}

/// The larger of the two sizes where more than 720 lines are asked for.
fn size(video: &VideoAsk) -> String {
    let offered = if video.resolution > 720 { &SIZES[2..] } else { &SIZES[..2] };
    let size = video.aspect.nearest(offered).unwrap_or(SIZES[0]);
    format!("{}x{}", size.width, size.height)
}

pub(super) fn begun(
    answer: &Answer,
    content: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Started, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let id = id(&value).ok_or_else(unreadable)?;
    match progress(&value, content)? {
        Polled::Made(made) => Ok(Started::Made(made)),
        Polled::Running { .. } => operation(&[("video", id)]).map(Started::Accepted),
    }
}

pub(super) fn polled(
    answer: &Answer,
    content: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Polled, Failure> {
    if !answer.is_success() {
        return Err(of_question(refusal::of(answer)));
    }
    let unread = || Failure::new(generation::Class::Transient, "the video's state cannot be read");
    progress(&answer.json().filter(Value::is_object).ok_or_else(unread)?, content)
}

fn id(value: &Value) -> Option<&str> {
    let plain = |id: &&str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    text_at(value, &["/id"]).filter(plain)
}

fn progress(
    value: &Value,
    content: impl Fn(&str) -> Result<String, Failure>,
) -> Result<Polled, Failure> {
    match text_at(value, &["/status"]) {
        Some("completed") => {
            let id = id(value).ok_or_else(unreadable)?;
            Ok(Polled::Made(Made::one(remote(&content(id)?))))
        }
        Some("failed" | "cancelled" | "expired") => {
            let message = text_at(value, &["/error/message"]);
            let message = message.unwrap_or("the provider could not make it");
            let code = code_at(value, &["/error/code"]).unwrap_or_default();
            let failure = if refusal::refuses(&code, &message.to_lowercase()) {
                refused(Stage::Output, refusal::violations(message), message)
            } else {
                broken(!code.starts_with("invalid"), message)
            };
            Err(failure.with_code(code))
        }
        _ => {
            let percent = value.get("progress").and_then(Value::as_f64).unwrap_or(-1.0);
            let percent = (0.0..=100.0).contains(&percent).then_some(percent);
            // Within a byte by the line above.
            let percent = percent.map(|percent| percent as u8);
            Ok(Polled::Running { percent, again_after: None })
        }
    }
}
