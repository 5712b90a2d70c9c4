//! ElevenLabs: speech at once, as bytes, as a stream and with the times of its characters.

mod history;

use serde_json::{Value, json};

use crate::check::{Field, Kind, Problem, Rules, may, need};
use crate::media::{Sound, SoundFormat};
use crate::reply::{self, Reply};
use crate::request::Request;
use crate::turn::Turn;
use crate::vendor::{Make, Operation, Refusal, Speaks};

pub(crate) struct Elevenlabs;

const VOICES: [(&str, &str); 3] = [
    ("JBFqnCBsd6RMkjVDRZzb", "George"),
    ("21m00Tcm4TlvDq8ikWAM", "Rachel"),
    ("EXAVITQu4vr4xnSDxMaL", "Sarah"),
];

/// Names, and how many characters they take at once.
const MODELS: [(&str, usize); 5] = [
    ("eleven_v3", 5_000),
    ("eleven_multilingual_v2", 10_000),
    ("eleven_turbo_v2", 30_000),
    ("eleven_flash_v2_5", 40_000),
    ("eleven_turbo_v2_5", 40_000),
];

const TABLE: &[Field] = &[
    need("text", Kind::Text(40_000)),
    may("model_id", Kind::Text(100)),
    may("language_code", Kind::Text(10)),
    may("voice_settings", Kind::Object),
    may("voice_settings.stability", Kind::Number(0.0, 1.0)),
    may("voice_settings.similarity_boost", Kind::Number(0.0, 1.0)),
    may("voice_settings.style", Kind::Number(0.0, 1.0)),
    may("voice_settings.use_speaker_boost", Kind::Bool),
    may("voice_settings.speed", Kind::Number(0.7, 1.2)),
    may("pronunciation_dictionary_locators", Kind::List(0, 3)),
    may("seed", Kind::Int(0, 4_294_967_295)),
    may("previous_text", Kind::Text(40_000)),
    may("next_text", Kind::Text(40_000)),
    may("previous_request_ids", Kind::List(0, 3)),
    may("next_request_ids", Kind::List(0, 3)),
    may("use_pvc_as_ivc", Kind::Bool),
    may("apply_text_normalization", Kind::OneOf(&["auto", "on", "off"])),
    may("apply_language_text_normalization", Kind::Bool),
    may("audio_effects", Kind::Any),
];

impl Speaks for Elevenlabs {
    fn operation(&self, request: &Request) -> Option<Operation> {
        let (method, path) = request.route();
        let operation = match (method, path.as_slice()) {
            ("POST", ["v1", "text-to-speech", _]) => Operation::new("text-to-speech"),
            ("POST", ["v1", "text-to-speech", _, "stream"]) => Operation::new("stream"),
            ("POST", ["v1", "text-to-speech", _, "with-timestamps"]) => {
                Operation::new("with-timestamps")
            }
            ("POST", ["v1", "text-to-speech", _, "stream", "with-timestamps"]) => {
                Operation::new("stream-with-timestamps")
            }
            ("GET", ["v1", "voices"] | ["v2", "voices"]) => Operation::new("voices"),
            ("GET", ["v1", "voices", _]) => Operation::new("voice"),
            ("GET", ["v1", "models"]) => Operation::new("models"),
            ("GET", ["v1", "history"]) => Operation::new("history"),
            ("GET", ["v1", "history", _]) => Operation::new("history.item"),
            ("GET", ["v1", "history", _, "audio"]) => Operation::new("history.audio"),
            ("GET", ["v1", "user", "subscription"]) => Operation::new("subscription"),
            _ => return None,
        };
        Some(operation)
    }

    fn key(&self, request: &Request) -> Option<String> {
        request.header("xi-api-key")
    }

    fn prepare(&self, operation: Operation, request: &Request) -> Result<Make, Refusal> {
        match operation.name {
            "voices" => Ok(Box::new(|_| {
                let voices = VOICES.map(|(id, name)| voice(id, name));
                let told = json!({ "voices": voices, "has_more": false, "total_count": 3,
                    "next_page_token": null });
                Reply::json(200, &told)
            })),
            "voice" => {
                let (id, name) = known(&request.segment(2))?;
                Ok(Box::new(move |_| Reply::json(200, &voice(id, name))))
            }
            "models" => Ok(Box::new(|_| Reply::json(200, &json!(MODELS.map(model))))),
            "history" | "history.item" | "history.audio" => Ok(history::told(operation, request)),
            "subscription" => Ok(Box::new(|turn| Reply::json(200, &subscription(turn)))),
            _ => speech(operation, request),
        }
    }

    fn refuse(&self, refusal: &Refusal, _: Option<Operation>) -> Option<Reply> {
        let error = |status: u16, name: &str, message: &str| {
            let detail = json!({ "status": name, "message": message });
            Reply::json(status, &json!({ "detail": detail })).header("request-id", "mock")
        };
        Some(match refusal {
            Refusal::NoRoute => Reply::json(404, &json!({ "detail": "Not Found" })),
            Refusal::NotFound(id) => {
                error(404, "voice_not_found", &format!("A voice with voice_id {id} was not found."))
            }
            Refusal::Key { missing: true } => {
                error(401, "needs_authorization", "Neither authorization header nor xi-api-key.")
            }
            Refusal::Key { missing: false } => error(401, "invalid_api_key", "Invalid API key"),
            Refusal::Malformed(why) => {
                let told = json!({ "loc": ["body"], "msg": why, "type": "json_invalid" });
                Reply::json(422, &json!({ "detail": [told] }))
            }
            Refusal::Invalid(problems) => match problems.first() {
                Some(problem) if problem.path == "max_character_limit_exceeded" => {
                    error(400, "max_character_limit_exceeded", &problem.what)
                }
                Some(problem) if problem.path == "model_id" => {
                    error(400, "model_not_found", &problem.what)
                }
                Some(_) | None => reply::fastapi(problems),
            },
            Refusal::RateLimited { seconds } => {
                let message = "Too many concurrent requests. Your plan allows 5.";
                let reply = error(429, "too_many_concurrent_requests", message)
                    .header("current-concurrent-requests", "5")
                    .header("maximum-concurrent-requests", "5");
                match seconds {
                    Some(seconds) => reply.header("retry-after", format!("{}", seconds.ceil())),
                    None => reply,
                }
            }
            Refusal::Busy => {
                error(429, "system_busy", "We are experiencing heavy traffic. Try again.")
            }
            Refusal::RateLimitedDay | Refusal::Quota(None) => quota(401, &error),
            Refusal::Quota(Some(status)) => quota(*status, &error),
            Refusal::Unavailable => error(503, "service_unavailable", "Try again later."),
            Refusal::Internal => error(500, "internal_error", "Something went wrong."),
            Refusal::Input => {
                let message = "Unusual activity detected. Free Tier usage disabled.";
                error(401, "detected_unusual_activity", message)
            }
            Refusal::Retired(model) => error(
                400,
                "model_not_found",
                &format!("A model with model ID {model} does not exist"),
            ),
        })
    }
}

fn quota(status: u16, error: &dyn Fn(u16, &str, &str) -> Reply) -> Reply {
    let message = "This request exceeds your quota of 10000. You have 3 credits remaining.";
    error(status, "quota_exceeded", message)
}

fn known(id: &str) -> Result<(&'static str, &'static str), Refusal> {
    let found = VOICES.into_iter().find(|(known, _)| *known == id);
    found.ok_or_else(|| Refusal::NotFound(id.to_owned()))
}

fn voice(id: &str, name: &str) -> Value {
    json!({
        "voice_id": id, "name": name, "category": "premade", "labels": { "accent": "british" },
        "description": "A voice of the mock", "preview_url": null, "available_for_tiers": [],
        "high_quality_base_model_ids": ["eleven_multilingual_v2"],
    })
}

fn model((id, characters): (&str, usize)) -> Value {
    json!({
        "model_id": id, "name": id, "can_do_text_to_speech": true,
        "can_do_voice_conversion": false, "can_use_style": true, "can_use_speaker_boost": true,
        "can_be_finetuned": false, "serves_pro_voices": false, "token_cost_factor": 1.0,
        "maximum_text_length_per_request": characters, "concurrency_group": "standard",
        "languages": [{ "language_id": "en", "name": "English" }],
    })
}

fn subscription(turn: &Turn<'_>) -> Value {
    let used = if turn.plan.outputs(1) == 0 { 100_000 } else { 1_000 };
    json!({
        "tier": "creator", "character_count": used, "character_limit": 100_000,
        "max_character_limit_extension": null, "can_extend_character_limit": false,
        "allowed_to_extend_character_limit": false, "max_credit_limit_extension": 0,
        "next_character_count_reset_unix": 1_800_000_000, "voice_slots_used": 1,
        "professional_voice_slots_used": 0, "professional_voice_slots_used_in_workspace": 0,
        "voice_limit": 30, "voice_add_edit_counter": 0, "professional_voice_limit": 1,
        "can_extend_voice_limit": false, "can_use_instant_voice_cloning": true,
        "can_use_professional_voice_cloning": true, "currency": "usd",
        "current_overage": { "amount": "0", "currency": "usd" }, "status": "active",
        "billing_period": "monthly_period", "character_refresh_period": "monthly_period",
        "open_invoices": [], "has_open_invoices": false, "next_invoice": null,
    })
}

fn speech(operation: Operation, request: &Request) -> Result<Make, Refusal> {
    let body = request.json(TABLE, Rules::Strict)?;
    let (voice, _) = known(&request.segment(2))?;
    let wrong = |path: &str, what: String| Err(Refusal::Invalid(vec![Problem::value(path, what)]));
    let model = body["model_id"].as_str().unwrap_or("eleven_multilingual_v2");
    let Some((_, most)) = MODELS.iter().find(|(known, _)| *known == model) else {
        return wrong("model_id", format!("A model with model ID {model} does not exist"));
    };
    let text = body["text"].as_str().unwrap_or_default().to_owned();
    if text.chars().count() > *most {
        let what = format!("The text is longer than the {most} characters of {model}.");
        return wrong("max_character_limit_exceeded", what);
    }
    let wanted = request.query.get("output_format").map_or("mp3_44100_128", String::as_str);
    let Some(format) = format(wanted) else {
        return wrong("output_format", format!("Input should be a known format, not {wanted}"));
    };
    let with_times = operation.name.ends_with("with-timestamps");
    let logged = request.query.get("enable_logging").is_none_or(|told| told != "false");
    let model = model.to_owned();
    Ok(Box::new(move |turn| {
        let id = turn.id("speech-");
        let sound = Sound { text: &text, format };
        let mut media = turn.sound(&sound);
        if turn.plan.outputs(1) == 0 {
            media.bytes = bytes::Bytes::new();
        }
        let cost = text.chars().count().to_string();
        if logged {
            history::keep(
                turn,
                &id,
                json!({ "voice_id": voice, "model_id": model, "text": text }),
                &media,
            );
        }
        let reply = if with_times {
            let times = times(&sound);
            let told = json!({ "audio_base64": media.base64(), "alignment": times,
                "normalized_alignment": times });
            Reply::json(200, &told).ended(turn.plan)
        } else {
            Reply::media(&media, turn.plan)
        };
        reply.header("request-id", id).header("character-cost", cost)
    }))
}

fn times(sound: &Sound<'_>) -> Value {
    let characters: Vec<String> = sound.text.chars().map(String::from).collect();
    let each = sound.seconds() / characters.len().max(1) as f64;
    let times = |offset: usize| -> Vec<f64> {
        let times = (0..characters.len()).map(|index| (index + offset) as f64 * each);
        times.map(|time| (time * 1000.0).round() / 1000.0).collect()
    };
    json!({
        "characters": characters,
        "character_start_times_seconds": times(0),
        "character_end_times_seconds": times(1),
    })
}

fn format(name: &str) -> Option<SoundFormat> {
    let mut parts = name.split('_');
    let kind = parts.next()?;
    let rate: u32 = parts.next()?.parse().ok()?;
    let kbits: Option<u32> = parts.next().map(|text| text.parse().unwrap_or(0));
    let rates = [8000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];
    match (kind, rate, kbits) {
        ("mp3", 22_050, Some(32)) | ("mp3", 24_000, Some(48)) => {}
        ("mp3", 44_100, Some(32 | 64 | 96 | 128 | 192)) => {}
        ("opus", 48_000, Some(32 | 64 | 96 | 128 | 192)) => return Some(SoundFormat::Opus),
        ("pcm", _, None) if rates.contains(&rate) => return Some(SoundFormat::Pcm { rate }),
        ("wav", _, None) if rates.contains(&rate) => return Some(SoundFormat::Wav { rate }),
        ("ulaw", 8000, None) => return Some(SoundFormat::Ulaw),
        ("alaw", 8000, None) => return Some(SoundFormat::Alaw),
        _ => return None,
    }
    kbits.map(|kbits| SoundFormat::Mp3 { rate, kbits })
}
