//! What Gemini is asked, by `generateContent`, `predict` and `predictLongRunning`.

use generation::{
    Ask, Call, Failure, ImageAsk, Picture, Role, Size, SpeechAsk, VideoAsk, VideoFrame,
};
use serde_json::{Map, Value, json};

use crate::config::Surface;
use crate::failures::unfit;
use crate::http::Request;
use crate::wording::{self, Wording};
use crate::{measures, media};

pub(super) const RATIOS: &[&str] = &[
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:8", "8:1", "1:4",
    "4:1",
];
const IMAGEN_RATIOS: &[&str] = &["1:1", "3:4", "4:3", "9:16", "16:9"];
pub(super) const FILM_RATIOS: &[&str] = &["16:9", "9:16"];
const FILM_RESOLUTIONS: &[(u32, &str)] = &[(720, "720p"), (1080, "1080p"), (2160, "4k")];
const FILM_SECONDS: &[u32] = &[4, 6, 8];

/// Pictures that a film may show something of, without being its first or last.
const FILM_REFERENCES_MAX: usize = 3;

/// What `predict` makes at once.
const PREDICTIONS_MAX: u32 = 4;

/// One of the voices that every model has.
pub(super) const VOICE: &str = "Kore";

pub(super) fn generate(call: &Call, voice: Option<&str>) -> Result<Request, Failure> {
    let body = match &call.ask {
        Ask::Image(image) => self::image(image),
        Ask::Speech(speech) => self::speech(speech, voice),
        Ask::Video(_) => return Err(unfit("the model makes no videos")),
        Ask::Chat(_)
        | Ask::Concept(_)
        | Ask::Research(_)
        | Ask::Summary(_)
        | Ask::Segmentation(_) => text(&call.ask)?,
    };
    Ok(Request::post(format!("/models/{}:generateContent", call.model), body))
}

fn text(ask: &Ask) -> Result<Value, Failure> {
    let told = wording::wording(ask).ok_or_else(|| unfit("the model makes texts"))?;
    let Wording { system, turns, shape } = told;
    let contents: Vec<Value> = turns
        .iter()
        .map(|turn| {
            let role = match turn.role {
                Role::User => "user",
                Role::Model => "model",
            };
            json!({"role": role, "parts": [{"text": turn.text}]})
        })
        .collect();
    let mut body = Map::new();
    body.insert("contents".to_owned(), contents.into());
    if let Some(system) = system {
        body.insert("systemInstruction".to_owned(), json!({"parts": [{"text": system}]}));
    }
    if let Some((_, schema)) = shape {
        let config = json!({"responseMimeType": "application/json", "responseJsonSchema": schema});
        body.insert("generationConfig".to_owned(), config);
    }
    if matches!(ask, Ask::Research(_)) {
        body.insert("tools".to_owned(), json!([{"googleSearch": {}}]));
    }
    Ok(body.into())
}

fn image(image: &ImageAsk) -> Value {
    // Pictures come before the words that are about them.
    let mut parts: Vec<Value> = image
        .references
        .iter()
        .map(|Picture { bytes, media_type }| {
            json!({"inlineData": {"mimeType": media_type, "data": media::encode(bytes)}})
        })
        .collect();
    parts.push(json!({"text": wording::picture(image)}));
    let mut shape = json!({"aspectRatio": measures::nearest_ratio(image.aspect, RATIOS)});
    if let Some(size) = image.size {
        shape["imageSize"] = size_name(size).into();
    }
    let mut config = json!({"responseModalities": ["TEXT", "IMAGE"], "imageConfig": shape});
    if let Some(seed) = image.seed {
        config["seed"] = clipped(seed).into();
    }
    json!({"contents": [{"role": "user", "parts": parts}], "generationConfig": config})
}

pub(super) fn size_name(size: Size) -> &'static str {
    match size.width.max(size.height) {
        0..=512 => "512",
        513..=1024 => "1K",
        1025..=2048 => "2K",
        _ => "4K",
    }
}

fn speech(speech: &SpeechAsk, voice: Option<&str>) -> Value {
    let name = speech.voice.as_deref().or(voice).unwrap_or(VOICE);
    let mut config = json!({"voiceConfig": {"prebuiltVoiceConfig": {"voiceName": name}}});
    if let Some(language) = &speech.language {
        config["languageCode"] = language.clone().into();
    }
    json!({
        "contents": [{"role": "user", "parts": [{"text": spoken(speech)}]}],
        "generationConfig": {"responseModalities": ["AUDIO"], "speechConfig": config},
    })
}

// There is no field for the speed: these voices do as they are told.
pub(super) fn spoken(speech: &SpeechAsk) -> String {
    match speech.speed {
        100 => speech.text.clone(),
        speed => format!("Read at {speed} percent of the usual speed: {}", speech.text),
    }
}

pub(super) fn predict(call: &Call, surface: Surface) -> Result<Request, Failure> {
    let Ask::Image(image) = &call.ask else { return Err(unfit("the model makes pictures")) };
    if !image.references.is_empty() {
        return Err(unfit("the model makes no pictures from pictures"));
    }
    if image.count > PREDICTIONS_MAX {
        return Err(unfit(format!("the model makes at most {PREDICTIONS_MAX} pictures at once")));
    }
    let mut parameters = json!({
        "sampleCount": image.count,
        "aspectRatio": measures::nearest_ratio(image.aspect, IMAGEN_RATIOS),
        "includeRaiReason": true,
        "outputOptions": {"mimeType": "image/png"},
    });
    if let Some(size) = image.size {
        let large = size.width.max(size.height) > 1024;
        parameters["sampleImageSize"] = if large { "2K" } else { "1K" }.into();
    }
    let mut image = image.clone();
    if surface == Surface::Vertex
        && let Some(negative) = image.negative_prompt.take()
    {
        parameters["negativePrompt"] = negative.into();
    }
    let body = json!({"instances": [{"prompt": image.words()}], "parameters": parameters});
    Ok(Request::post(format!("/models/{}:predict", call.model), body))
}

pub(super) fn long_running(call: &Call, surface: Surface) -> Result<Request, Failure> {
    let Ask::Video(video) = &call.ask else { return Err(unfit("the model makes videos")) };
    let mut instance = json!({"prompt": wording::film(video, false)});
    place(&mut instance, &video.frames)?;
    let mut parameters = json!({
        "sampleCount": 1,
        "durationSeconds": measures::seconds(video, FILM_SECONDS)?,
        "aspectRatio": measures::nearest_ratio(video.aspect, FILM_RATIOS),
        "resolution": measures::resolution(video.resolution, FILM_RESOLUTIONS),
    });
    if let Some(negative) = &video.negative_prompt {
        parameters["negativePrompt"] = negative.clone().into();
    }
    if let VideoAsk { seed: Some(seed), .. } = video
        && surface == Surface::Vertex
    {
        parameters["seed"] = (*seed).into();
    }
    let body = json!({"instances": [instance], "parameters": parameters});
    Ok(Request::post(format!("/models/{}:predictLongRunning", call.model), body))
}

/// One picture is where the film begins, two are its ends, three are what it is to show.
fn place(instance: &mut Value, frames: &[VideoFrame]) -> Result<(), Failure> {
    let image = |frame: &VideoFrame| {
        let Picture { bytes, media_type } = &frame.picture;
        json!({"bytesBase64Encoded": media::encode(bytes), "mimeType": media_type})
    };
    match frames {
        [] => {}
        [first] => instance["image"] = image(first),
        [first, last] => {
            instance["image"] = image(first);
            instance["lastFrame"] = image(last);
        }
        more if more.len() <= FILM_REFERENCES_MAX => {
            let references = more
                .iter()
                .map(|frame| json!({"image": image(frame), "referenceType": "asset"}))
                .collect::<Vec<_>>();
            instance["referenceImages"] = references.into();
        }
        _ => {
            let most = format!("the model takes at most {FILM_REFERENCES_MAX} pictures");
            return Err(unfit(most));
        }
    }
    Ok(())
}

/// Seeds are 31 bits wide here.
pub(super) fn clipped(seed: u32) -> u32 {
    seed & 0x7fff_ffff
}
