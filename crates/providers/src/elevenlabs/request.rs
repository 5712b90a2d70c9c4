//! What ElevenLabs is asked.

use generation::{AudioFormat, Failure, SpeechAsk};
use serde_json::json;

use crate::failures::unfit;
use crate::http::Request;

/// One of the voices that every account has.
const VOICE: &str = "JBFqnCBsd6RMkjVDRZzb";

/// In hundredths. What is slower or faster is refused.
const SPEED_MIN: u16 = 70;
const SPEED_MAX: u16 = 120;

/// The request, and what of the ask it does not fulfil.
pub(super) fn speech(
    model: &str,
    speech: &SpeechAsk,
    voice: Option<&str>,
) -> Result<(Request, Option<String>), Failure> {
    let max = chars_max(model);
    if speech.text.chars().count() > max {
        return Err(unfit(format!("the model speaks at most {max} characters")));
    }
    let voice = voice_of(speech, voice);
    // It is a part of the address.
    if !voice.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b)) || voice.is_empty() {
        return Err(unfit("the voice's name is none"));
    }
    let speed = speech.speed.clamp(SPEED_MIN, SPEED_MAX);
    let note = (speed != speech.speed)
        .then(|| format!("spoken at {speed} percent of the usual speed, as far as the model goes"));
    let mut body = json!({"text": speech.text, "model_id": model});
    if speed != 100 {
        body["voice_settings"] = json!({"speed": f64::from(speed) / 100.0});
    }
    // This family hears the language from the text and refuses to be told.
    if let Some(language) = speech.language.as_deref().filter(|_| !model.contains("multilingual")) {
        let language = language.split(['-', '_']).next().unwrap_or(language);
        body["language_code"] = language.to_lowercase().into();
    }
    let format = match speech.format {
        AudioFormat::Mp3 => "mp3_44100_128",
        AudioFormat::Opus => "opus_48000_128",
        // What every plan may have; there is no FLAC.
        AudioFormat::Wav | AudioFormat::Flac => "wav_24000",
    };
    let path = format!("/v1/text-to-speech/{voice}?output_format={format}");
    Ok((Request::post(path, body), note))
}

/// Who speaks: as asked, or as the account is set up, or somebody whom everybody has.
pub(super) fn voice_of<'a>(speech: &'a SpeechAsk, usual: Option<&'a str>) -> &'a str {
    speech.voice.as_deref().or(usual).unwrap_or(VOICE)
}

fn chars_max(model: &str) -> usize {
    if model.contains("v2_5") {
        40_000
    } else if model.contains("flash") || model.contains("turbo") {
        30_000
    } else {
        10_000
    }
}
