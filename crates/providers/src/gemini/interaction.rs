//! Interactions: Google's present interface for videos, and for pictures and voices where it is
//! configured. Their names are in snake case, unlike those of everything else of Google's.

use generation::{
    Ability, Ask, AudioFormat, Call, Cancelled, Class, Failure, ImageAsk, Made, Picture, Polled,
    SpeechAsk, Stage, Started, VideoAsk,
};
use serde_json::{Value, json};

use super::operation::{failed, key_changed, unasked};
use super::{refusal, request};
use crate::dialect::operation;
use crate::failures::{broken, lost, of_question, refused, text_at, unreadable};
use crate::http::{Answer, Request};
use crate::pieces::{bytes, cost, remote};
use crate::{measures, media, wording};

/// What one call makes.
const SECONDS: &[u32] = &[3, 4, 5, 6, 7, 8, 9, 10];
const RESOLUTIONS: &[(u32, &str)] = &[(360, "360p"), (720, "720p"), (1080, "1080p"), (2160, "4k")];

/// States beyond which nothing comes, whatever they will be called.
const ENDINGS: &[&str] = &["fail", "error", "cancel", "expire", "reject"];

pub(super) fn request(call: &Call, voice: Option<&str>) -> Result<Request, Failure> {
    let mut body = match &call.ask {
        Ask::Video(video) => self::video(video)?,
        Ask::Image(image) => self::image(image),
        Ask::Speech(speech) => self::speech(speech, voice),
        Ask::Chat(_)
        | Ask::Concept(_)
        | Ask::Research(_)
        | Ask::Summary(_)
        | Ask::Segmentation(_) => return Err(unfit_text()),
    };
    body["model"] = call.model.clone().into();
    Ok(Request::post("/interactions", body))
}

fn unfit_text() -> Failure {
    crate::failures::unfit("texts are not asked for by Interactions")
}

fn video(video: &VideoAsk) -> Result<Value, Failure> {
    let task = match video.frames.len() {
        0 => "text_to_video",
        1 => "image_to_video",
        _ => "reference_to_video",
    };
    let mut config = json!({"video_config": {"task": task}});
    if let Some(seed) = video.seed {
        config["seed"] = request::clipped(seed).into();
    }
    let seconds = measures::seconds(video, SECONDS)?;
    Ok(json!({
        "input": input(&wording::film(video, true), video.frames.iter().map(|f| &f.picture)),
        // Without it the answer comes when the film is done, and may be lost on the way.
        "background": true,
        "store": true,
        "response_modalities": ["video"],
        "response_format": {
            "type": "video",
            "aspect_ratio": measures::nearest_ratio(video.aspect, request::FILM_RATIOS),
            "resolution": measures::resolution(video.resolution, RESOLUTIONS),
            // A number would be refused.
            "duration": format!("{seconds}s"),
            // Films within the answer are limited to four megabytes.
            "delivery": "uri",
        },
        "generation_config": config,
    }))
}

fn image(image: &ImageAsk) -> Value {
    let mut format = json!({
        "type": "image",
        "aspect_ratio": measures::nearest_ratio(image.aspect, request::RATIOS),
        "mime_type": "image/jpeg",
        "delivery": "inline",
    });
    if let Some(size) = image.size {
        format["image_size"] = request::size_name(size).into();
    }
    let mut body = json!({
        "input": input(&wording::picture(image), image.references.iter()),
        "response_modalities": ["image"],
        "response_format": format,
    });
    if let Some(seed) = image.seed {
        body["generation_config"] = json!({"seed": request::clipped(seed)});
    }
    body
}

fn speech(speech: &SpeechAsk, voice: Option<&str>) -> Value {
    let media_type = match speech.format {
        AudioFormat::Wav | AudioFormat::Flac => "audio/wav",
        AudioFormat::Mp3 => "audio/mp3",
        AudioFormat::Opus => "audio/ogg_opus",
    };
    let name = speech.voice.as_deref().or(voice).unwrap_or(request::VOICE);
    let mut config = json!({"voice": name});
    if let Some(language) = &speech.language {
        config["language"] = language.clone().into();
    }
    json!({
        "input": request::spoken(speech),
        "response_modalities": ["audio"],
        "response_format": {"type": "audio", "mime_type": media_type, "delivery": "inline"},
        "generation_config": {"speech_config": config},
    })
}

fn input<'a>(words: &str, pictures: impl Iterator<Item = &'a Picture>) -> Value {
    let pictures = pictures.map(|Picture { bytes, media_type }| {
        json!({"type": "image", "data": media::encode(bytes), "mime_type": media_type})
    });
    let words = json!({"type": "text", "text": words});
    pictures.chain([words]).collect::<Vec<_>>().into()
}

/// How far an interaction is.
enum Progress {
    Running,
    Made(Made),
}

pub(super) fn begun(key: &str, answer: &Answer) -> Result<Started, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    let value = answer.json().ok_or_else(unreadable)?;
    let id = text_at(&value, &["/id"]).filter(|id| is_id(id));
    match (progress(&value, Ability::Video)?, id) {
        (Progress::Made(made), _) => Ok(Started::Made(made)),
        (Progress::Running, Some(id)) => {
            operation(&[("interaction", id), ("key", key)]).map(Started::Accepted)
        }
        (Progress::Running, None) => Err(unreadable()),
    }
}

fn is_id(id: &str) -> bool {
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
}

/// What came of an interaction that was waited for.
pub(super) fn finished(wanted: Ability, answer: &Answer) -> Result<Made, Failure> {
    if !answer.is_success() {
        return Err(refusal::of(answer));
    }
    match progress(&answer.json().ok_or_else(unreadable)?, wanted)? {
        Progress::Made(made) => Ok(made),
        Progress::Running => {
            Err(Failure::new(Class::Ambiguous, "the provider answers before it is done"))
        }
    }
}

pub(super) fn polled(answer: &Answer, same_key: bool) -> Result<Polled, Failure> {
    if !answer.is_success() {
        let failure = refusal::of(answer);
        // An id that is unknown is told by these words. Any other 400 says nothing of it.
        let unknown = failure.message.to_lowercase().contains("invalid interaction name");
        if answer.status == 400 && unknown {
            return Err(if same_key {
                lost("the provider does not know the interaction")
            } else {
                key_changed()
            });
        }
        return Err(unasked(failure, answer, same_key));
    }
    let unread = || Failure::new(Class::Transient, "the interaction cannot be read");
    let value = answer.json().filter(Value::is_object).ok_or_else(unread)?;
    progress(&value, Ability::Video).map(|progress| match progress {
        Progress::Running => Polled::Running { percent: None, again_after: None },
        Progress::Made(made) => Polled::Made(made),
    })
}

pub(super) fn cancelled(answer: &Answer) -> Result<Cancelled, Failure> {
    match answer.status {
        200..=299 => {
            let value = answer.json().unwrap_or_default();
            Ok(match text_at(&value, &["/status"]) {
                Some("cancelled") => Cancelled::Stopped,
                Some("completed" | "failed" | "incomplete") => Cancelled::Ended,
                _ => Cancelled::Asked,
            })
        }
        400 | 404 | 409 => Ok(Cancelled::Ended),
        _ => Err(of_question(refusal::of(answer))),
    }
}

fn progress(value: &Value, wanted: Ability) -> Result<Progress, Failure> {
    match text_at(value, &["/status"]).unwrap_or_default() {
        "completed" => made(value, wanted).map(Progress::Made),
        "failed" => Err(failed(&error(value))),
        "incomplete" => Err(broken(true, "the provider made a part of it").with_code("incomplete")),
        state @ ("cancelled" | "budget_exceeded" | "requires_action" | "requires_continuation") => {
            Err(broken(false, "the provider stopped").with_code(state))
        }
        // What is new is still running, as far as anybody knows, until our own time is up.
        state => {
            let lower = state.to_lowercase();
            if ENDINGS.iter().any(|ending| lower.contains(ending)) {
                return Err(failed(&error(value)));
            }
            Ok(Progress::Running)
        }
    }
}

fn error(value: &Value) -> Value {
    let own = value.pointer("/errors/0").or_else(|| value.get("error"));
    let steps = value.get("steps").and_then(Value::as_array);
    let of_step = || steps.into_iter().flatten().find_map(|step| step.get("error"));
    own.or_else(of_step).cloned().unwrap_or_default()
}

fn made(value: &Value, wanted: Ability) -> Result<Made, Failure> {
    let kind = match wanted {
        Ability::Video => "video",
        Ability::Speech => "audio",
        Ability::Image | Ability::Edit | Ability::Text | Ability::Research => "image",
    };
    let steps = value.get("steps").and_then(Value::as_array);
    let contents: Vec<&Value> = steps
        .into_iter()
        .flatten()
        .filter_map(|step| step.get("content")?.as_array())
        .flatten()
        .collect();
    let media = || contents.iter().filter(|block| text_at(block, &["/type"]) == Some(kind));
    let piece = media().find_map(|block| match text_at(block, &["/data"]) {
        Some(data) => media::decode(data).map(bytes),
        None => text_at(block, &["/uri"]).map(remote),
    });
    if let Some(piece) = piece {
        let cost = cost(value, "/usage/total_tokens", "tokens");
        return Ok(Made { cost, ..Made::one(piece) });
    }
    // What was counted was made, and billed.
    let counted = value.pointer("/usage/output_tokens_by_modality").and_then(Value::as_array);
    let counted = counted.into_iter().flatten().any(|of| {
        let tokens = of.get("tokens").and_then(Value::as_u64).unwrap_or(0);
        text_at(of, &["/modality"]).is_some_and(|m| m.eq_ignore_ascii_case(kind)) && tokens > 0
    });
    if counted || media().next().is_some() {
        return Err(lost("the provider made it and does not say where it is"));
    }
    let words: Vec<&str> = contents.iter().filter_map(|block| text_at(block, &["/text"])).collect();
    let told = if words.is_empty() {
        "the provider answers with nothing".to_owned()
    } else {
        words.join(" ")
    };
    Err(refused(Stage::Output, vec!["NO_MEDIA".to_owned()], &told))
}
