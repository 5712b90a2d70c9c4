//! What is asked.

use generation::{Ask, AudioFormat, Class, Failure, ImageAsk, Size, SpeechAsk, VideoAsk};
use serde_json::{Value, json};

use super::super::{Family, Gemini, interaction, request};
use crate::config::{Config, Surface, Vendor};
use crate::http::Request;
use crate::testing::{self, call, chat, class, concept, edit, film, image, research, speech};

fn body(request: Result<Request, Failure>) -> Value {
    testing::body(request.unwrap())
}

#[test]
fn models_are_called_by_the_interface_of_their_family() {
    let interactions = vec!["gemini-3.8-flash-tts".to_owned()];
    let gemini = Gemini::new(Config { interactions, ..Config::of(Vendor::Gemini, None) });
    for (model, ask, family) in [
        ("gemini-3.8-flash", chat(), Family::Generate),
        ("gemini-3.1-flash-image", Ask::Image(image()), Family::Generate),
        ("imagen-4.0-generate-001", Ask::Image(image()), Family::Predict),
        ("veo-3.1-generate-001", Ask::Video(film(0)), Family::LongRunning),
        ("gemini-omni-1.1-flash", Ask::Video(film(0)), Family::Interactions),
        ("gemini-2.5-flash-preview-tts", Ask::Speech(speech()), Family::Generate),
        ("gemini-3.8-flash-tts", Ask::Speech(speech()), Family::Interactions),
    ] {
        assert_eq!(gemini.family(&call(model, ask)), family, "{model}");
    }
}

#[test]
fn texts_are_asked_for_in_turns() {
    let request = request::generate(&call("gemini-3.8-flash", chat()), None).unwrap();
    let expected = json!({
        "contents": [
            {"role": "user", "parts": [{"text": "Hi"}]},
            {"role": "model", "parts": [{"text": "Hello"}]},
            {"role": "user", "parts": [{"text": "Who are you?"}]},
        ],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
    });
    assert_eq!(request, Request::post("/models/gemini-3.8-flash:generateContent", expected));
}

#[test]
fn shapes_and_searches_are_asked_for() {
    let shaped = body(request::generate(&call("m", concept()), None));
    let config = &shaped["generationConfig"];
    assert_eq!(config["responseMimeType"], "application/json");
    let required = &config["responseJsonSchema"]["required"];
    assert_eq!(required, &json!(["title", "concept", "tone", "goal"]));
    let searched = body(request::generate(&call("m", research()), None));
    assert_eq!(searched["tools"], json!([{"googleSearch": {}}]));
}

#[test]
fn pictures_come_before_the_words_about_them() {
    let size = Some(Size { width: 1920, height: 1080 });
    let aspect = "16:9".parse().unwrap();
    let ask = ImageAsk { size, aspect, seed: Some(u32::MAX), ..edit() };
    let expected = json!({
        "contents": [{"role": "user", "parts": [
            {"inlineData": {"mimeType": "image/png", "data": "aGk="}},
            {"text": "a cat\nStay very close to the given picture."},
        ]}],
        "generationConfig": {
            "responseModalities": ["TEXT", "IMAGE"],
            "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
            "seed": 0x7fff_ffff,
        },
    });
    assert_eq!(body(request::generate(&call("m", Ask::Image(ask)), None)), expected);
}

#[test]
fn voices_are_asked_for_by_name() {
    let ask = SpeechAsk { speed: 120, language: Some("pt-BR".to_owned()), ..speech() };
    let expected = json!({
        "contents": [{"role": "user", "parts": [
            {"text": "Read at 120 percent of the usual speed: Hello"},
        ]}],
        "generationConfig": {"responseModalities": ["AUDIO"], "speechConfig": {
            "voiceConfig": {"prebuiltVoiceConfig": {"voiceName": "Puck"}},
            "languageCode": "pt-BR",
        }},
    });
    let told = request::generate(&call("m", Ask::Speech(ask)), Some("Puck"));
    assert_eq!(body(told), expected);
}

#[test]
fn predictions_are_asked_for_in_the_form_of_either_house() {
    let negative_prompt = Some("dogs".to_owned());
    let ask = Ask::Image(ImageAsk { count: 4, negative_prompt, ..image() });
    let call = call("imagen-4.0-generate-001", ask);
    let developer = request::predict(&call, Surface::Developer).unwrap();
    let expected = json!({
        "instances": [{"prompt": "a cat\nAvoid: dogs."}],
        "parameters": {
            "sampleCount": 4,
            "aspectRatio": "1:1",
            "includeRaiReason": true,
            "outputOptions": {"mimeType": "image/png"},
        },
    });
    assert_eq!(developer, Request::post("/models/imagen-4.0-generate-001:predict", expected));
    let vertex = body(request::predict(&call, Surface::Vertex));
    assert_eq!(vertex["parameters"]["negativePrompt"], "dogs");
    assert_eq!(vertex["instances"][0]["prompt"], "a cat");
}

#[test]
fn films_have_a_number_of_seconds_here_and_a_duration_there() {
    let picture = json!({"bytesBase64Encoded": "aGk=", "mimeType": "image/png"});
    let long = request::long_running(&call("veo-3.1", Ask::Video(film(2))), Surface::Developer);
    let expected = json!({
        "instances": [{"prompt": "It runs", "image": picture, "lastFrame": picture}],
        "parameters": {
            "sampleCount": 1,
            "durationSeconds": 6,
            "aspectRatio": "16:9",
            "resolution": "720p",
            "negativePrompt": "rain",
        },
    });
    assert_eq!(long.unwrap(), Request::post("/models/veo-3.1:predictLongRunning", expected));
    let omni = interaction::request(&call("gemini-omni", Ask::Video(film(1))), None);
    let expected = json!({
        "model": "gemini-omni",
        "input": [
            {"type": "image", "data": "aGk=", "mime_type": "image/png"},
            {"type": "text", "text": "It runs\nAvoid: rain."},
        ],
        "background": true,
        "store": true,
        "response_modalities": ["video"],
        "response_format": {
            "type": "video",
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "duration": "5s",
            "delivery": "uri",
        },
        "generation_config": {"video_config": {"task": "image_to_video"}},
    });
    assert_eq!(omni.unwrap(), Request::post("/interactions", expected));
}

#[test]
fn films_of_more_pictures_show_something_of_them() {
    let three = body(request::long_running(&call("veo", Ask::Video(film(3))), Surface::Vertex));
    let references = three["instances"][0]["referenceImages"].as_array().unwrap().len();
    assert_eq!(references, 3);
    let four = call("veo", Ask::Video(film(4)));
    assert_eq!(class(request::long_running(&four, Surface::Vertex)), Class::InvalidArgument);
    let long = call("veo", Ask::Video(VideoAsk { millis: 8_001, ..film(0) }));
    assert_eq!(class(request::long_running(&long, Surface::Vertex)), Class::InvalidArgument);
}

#[test]
fn pictures_and_voices_are_asked_of_interactions_where_that_is_configured() {
    let drawn = body(interaction::request(&call("m", Ask::Image(edit())), None));
    assert_eq!(drawn["response_format"]["type"], "image");
    assert_eq!(drawn["response_format"]["delivery"], "inline");
    assert_eq!(drawn["input"][0]["data"], "aGk=");
    for (format, media_type) in [
        (AudioFormat::Wav, "audio/wav"),
        (AudioFormat::Flac, "audio/wav"),
        (AudioFormat::Mp3, "audio/mp3"),
        (AudioFormat::Opus, "audio/ogg_opus"),
    ] {
        let ask = Ask::Speech(SpeechAsk { format, ..speech() });
        let spoken = body(interaction::request(&call("m", ask), None));
        assert_eq!(spoken["response_format"]["mime_type"], media_type);
        assert_eq!(spoken["generation_config"]["speech_config"]["voice"], "Kore");
    }
}
