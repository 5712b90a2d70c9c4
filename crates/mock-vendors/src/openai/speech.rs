//! `audio/speech`, and the two other paths that local servers have for it.

use serde_json::Value;

use super::alive;
use crate::check::{Field, Kind, Problem, Rules, may, need};
use crate::media::{Sound, SoundFormat};
use crate::reply::Reply;
use crate::request::Request;
use crate::vendor::{Make, Operation, Refusal};

const FORMATS: &[&str] = &["mp3", "opus", "aac", "flac", "wav", "pcm"];
const VOICES: [&str; 13] = [
    "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage",
    "shimmer", "verse",
];

const SPEECH: &[Field] = &[
    need("model", Kind::Text(200)),
    need("input", Kind::Text(4096)),
    need("voice", Kind::Any),
    may("instructions", Kind::Text(4096)),
    may("response_format", Kind::OneOf(FORMATS)),
    may("speed", Kind::Number(0.25, 4.0)),
    may("stream_format", Kind::OneOf(&["audio"])),
];

const TTS: &[Field] = &[
    need("input", Kind::Text(100_000)),
    may("model", Kind::Text(200)),
    may("backend", Kind::Text(100)),
    may("voice", Kind::Text(100)),
    may("language", Kind::Text(20)),
    may("response_format", Kind::OneOf(FORMATS)),
];

const LIKE_ELEVENLABS: &[Field] =
    &[need("text", Kind::Text(40_000)), may("model_id", Kind::Text(200))];

pub(super) fn prepare(
    operation: Operation,
    request: &Request,
    local: bool,
) -> Result<Make, Refusal> {
    let (table, rules) = match operation.name {
        "speech" => (SPEECH, Rules::Strict),
        "tts" => (TTS, Rules::Open),
        _ => (LIKE_ELEVENLABS, Rules::Open),
    };
    let body = request.json(table, rules)?;
    alive(body["model"].as_str().unwrap_or_default())?;
    if !local {
        voice(&body["voice"])?;
    }
    let text = body["input"].as_str().or(body["text"].as_str()).unwrap_or_default().to_owned();
    let format = match body["response_format"].as_str() {
        Some("wav") => SoundFormat::Wav { rate: 24_000 },
        Some("pcm") => SoundFormat::Pcm { rate: 24_000 },
        Some("opus") => SoundFormat::Opus,
        Some("aac") => SoundFormat::Aac,
        Some("flac") => SoundFormat::Flac,
        None if local => SoundFormat::Wav { rate: 24_000 },
        Some(_) | None => SoundFormat::Mp3 { rate: 24_000, kbits: 64 },
    };
    Ok(Box::new(move |turn| {
        turn.id("speech-");
        let mut media = turn.sound(&Sound { text: &text, format });
        if turn.plan.outputs(1) == 0 {
            media.bytes = bytes::Bytes::new();
        }
        Reply::media(&media, turn.plan).header("x-request-id", "req_mock")
    }))
}

// A local server has the voices that it was given; piper and others name them freely.
fn voice(voice: &Value) -> Result<(), Refusal> {
    let own = voice["id"].as_str().is_some_and(|id| id.starts_with("voice_"));
    let known = voice.as_str().is_some_and(|name| VOICES.contains(&name));
    if own || known {
        return Ok(());
    }
    let what = format!("Input should be one of {VOICES:?}");
    Err(Refusal::Invalid(vec![Problem::value("voice", what)]))
}
