//! What a server that speaks like OpenAI is asked for texts, pictures and voices.

use generation::{Ask, AudioFormat, Failure, ImageAsk, Role, SpeechAsk};
use serde_json::{Map, Value, json};

use crate::config::Edits;
use crate::failures::unfit;
use crate::http::{Part, Request};
use crate::wording::{self, Wording};
use crate::{measures, media};

/// What most models of pictures make.
const SIZES: &[&str] = &["1024x1024", "1536x1024", "1024x1536"];

/// The longer side where any size is made and none is asked for.
const SIDE: u32 = 1024;

/// As many as are made at once.
const IMAGES_MAX: u32 = 10;

/// As many pictures as an edit takes.
const REFERENCES_MAX: usize = 16;

/// As much as is spoken at once.
const SPEECH_CHARS_MAX: usize = 4_096;

/// In hundredths.
const SPEEDS: std::ops::RangeInclusive<u16> = 25..=400;

/// One of the voices that every model has.
const VOICE: &str = "alloy";

pub(super) fn chat(model: &str, ask: &Ask) -> Result<Request, Failure> {
    let told = wording::wording(ask).ok_or_else(|| unfit("the model makes texts"))?;
    let Wording { system, turns, shape } = told;
    let system = system.map(|text| json!({"role": "system", "content": text}));
    let turns = turns.iter().map(|turn| {
        let role = match turn.role {
            Role::User => "user",
            Role::Model => "assistant",
        };
        json!({"role": role, "content": turn.text})
    });
    let messages: Vec<Value> = system.into_iter().chain(turns).collect();
    let mut body = Map::new();
    body.insert("model".to_owned(), model.into());
    body.insert("messages".to_owned(), messages.into());
    if let Some((name, schema)) = shape {
        let schema = json!({"name": name, "schema": schema, "strict": true});
        let format = json!({"type": "json_schema", "json_schema": schema});
        body.insert("response_format".to_owned(), format);
    }
    if matches!(ask, Ask::Research(_)) {
        body.insert("web_search_options".to_owned(), json!({}));
    }
    Ok(Request::post("/chat/completions", body.into()))
}

pub(super) fn image(model: &str, image: &ImageAsk) -> Result<Request, Failure> {
    Ok(Request::post("/images/generations", drawn(model, image)?))
}

pub(super) fn edit(model: &str, image: &ImageAsk, edits: Edits) -> Result<Request, Failure> {
    if image.references.len() > REFERENCES_MAX {
        return Err(unfit(format!("the model takes at most {REFERENCES_MAX} pictures")));
    }
    let mut body = drawn(model, image)?;
    match edits {
        Edits::Form => {
            let fields = [
                Part::text("model", model),
                Part::text("prompt", text_of(&body, "prompt")),
                Part::text("n", image.count.to_string()),
                Part::text("size", text_of(&body, "size")),
            ];
            let kept = ["response_format", "output_format"]
                .into_iter()
                .filter_map(|name| Some(Part::text(name, body.get(name)?.as_str()?)));
            let name = if image.references.len() == 1 { "image" } else { "image[]" };
            let files = image
                .references
                .iter()
                .map(|picture| Part::file(name, &picture.media_type, &picture.bytes));
            let parts = fields.into_iter().chain(kept).chain(files).collect();
            Ok(Request::form("/images/edits", parts))
        }
        Edits::References => {
            let pictures = image.references.iter().map(|picture| media::encode(&picture.bytes));
            body["ref_images"] = pictures.collect::<Vec<_>>().into();
            Ok(Request::post("/images/generations", body))
        }
    }
}

fn text_of(body: &Value, name: &str) -> String {
    body.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn drawn(model: &str, image: &ImageAsk) -> Result<Value, Failure> {
    if image.count > IMAGES_MAX {
        return Err(unfit(format!("the model makes at most {IMAGES_MAX} pictures at once")));
    }
    let mut body = json!({
        "model": model,
        "prompt": wording::picture(image),
        "n": image.count,
        "size": size(model, image),
    });
    if is_gpt(model) {
        // These refuse `response_format` and always answer with bytes.
        body["output_format"] = "png".into();
    } else {
        body["response_format"] = "b64_json".into();
        if let Some(seed) = image.seed {
            body["seed"] = seed.into();
        }
    }
    Ok(body)
}

/// OpenAI's own models of pictures.
fn is_gpt(model: &str) -> bool {
    model.starts_with("gpt-image") || model.starts_with("chatgpt-image")
}

fn size(model: &str, image: &ImageAsk) -> String {
    let fixed = is_gpt(model) && !model.starts_with("gpt-image-2");
    if fixed || model.starts_with("dall-e") {
        return measures::nearest_size(image.aspect, SIZES).to_owned();
    }
    let size = image.size.unwrap_or_else(|| image.aspect.fit(SIDE));
    format!("{}x{}", size.width, size.height)
}

pub(super) fn speech(model: &str, speech: &SpeechAsk) -> Result<Request, Failure> {
    if speech.text.chars().count() > SPEECH_CHARS_MAX {
        return Err(unfit(format!("the model speaks at most {SPEECH_CHARS_MAX} characters")));
    }
    if !SPEEDS.contains(&speech.speed) {
        return Err(unfit("the model speaks at a quarter of the usual speed up to four times"));
    }
    let format = match speech.format {
        AudioFormat::Wav => "wav",
        AudioFormat::Flac => "flac",
        AudioFormat::Mp3 => "mp3",
        AudioFormat::Opus => "opus",
    };
    let body = json!({
        "model": model,
        "input": speech.text,
        "voice": speech.voice.as_deref().unwrap_or(VOICE),
        "response_format": format,
        "speed": f64::from(speech.speed) / 100.0,
    });
    Ok(Request::post("/audio/speech", body))
}
