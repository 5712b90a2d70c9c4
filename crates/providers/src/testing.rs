//! What the tests of all vendors need: calls, answers, and a world that stands still.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use generation::{
    Ask, AudioFormat, Call, ChatAsk, Class, ConceptAsk, Failure, ImageAsk, Picture, ResearchAsk,
    Role, SpeechAsk, Stage, Turn, VideoAsk, VideoFrame,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::Timestamp;
use ports::{Clock, FetchError, Fetched, Fetcher};
use serde_json::Value;

use crate::config::World;
use crate::http::{Answer, Body, Request};

/// 2026-11-21 10:00:00 UTC.
pub(crate) const NOW: i64 = 1_795_255_200_000_000;

struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        now()
    }
}

#[async_trait]
impl Fetcher for Still {
    async fn fetch(&self, _: &str, _: u64) -> Result<Fetched, FetchError> {
        Err(FetchError::TimedOut)
    }
}

pub(crate) fn world() -> World {
    World { clock: Arc::new(Still), fetcher: Arc::new(Still) }
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_micros(NOW).unwrap()
}

pub(crate) fn call(model: &str, ask: Ask) -> Call {
    Call {
        model: model.to_owned(),
        ask,
        marker: "marker-1".parse().unwrap(),
        patience: Duration::from_secs(60),
        metadata: None,
    }
}

pub(crate) fn image() -> ImageAsk {
    ImageAsk::of("a cat")
}

pub(crate) fn picture() -> Picture {
    Picture { bytes: b"hi".to_vec(), media_type: "image/png".to_owned() }
}

pub(crate) fn answer(status: u16, body: &Value) -> Answer {
    raw(status, &[], body.to_string().as_bytes())
}

pub(crate) fn raw(status: u16, headers: &[(&'static str, &'static str)], body: &[u8]) -> Answer {
    let headers: HeaderMap = headers
        .iter()
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect();
    Answer { status, headers, body: body.to_vec(), at: now() }
}

/// A refusal of a stage, of no category.
pub(crate) fn refused(stage: Stage) -> Class {
    Class::ContentRefused { stage, categories: Vec::new() }
}

pub(crate) fn class<T: std::fmt::Debug>(result: Result<T, Failure>) -> Class {
    result.expect_err("it fails").class
}

pub(crate) fn edit() -> ImageAsk {
    ImageAsk { references: vec![picture()], strength: Some(20), ..image() }
}

pub(crate) fn film(pictures: usize) -> VideoAsk {
    let frame = VideoFrame { picture: picture(), millis: 5_000 };
    VideoAsk {
        prompt: "It runs".to_owned(),
        negative_prompt: Some("rain".to_owned()),
        art_style: None,
        frames: vec![frame; pictures],
        millis: 5_000,
        aspect: "16:9".parse().unwrap(),
        resolution: 720,
        seed: None,
    }
}

pub(crate) fn speech() -> SpeechAsk {
    SpeechAsk {
        text: "Hello".to_owned(),
        voice: None,
        language: None,
        speed: 100,
        format: AudioFormat::Wav,
    }
}

pub(crate) fn chat() -> Ask {
    let turns = [(Role::User, "Hi"), (Role::Model, "Hello"), (Role::User, "Who are you?")];
    let turns = turns.map(|(role, text)| Turn { role, text: text.to_owned() }).to_vec();
    Ask::Chat(ChatAsk { instructions: Some("Be brief.".to_owned()), turns })
}

pub(crate) fn concept() -> Ask {
    Ask::Concept(ConceptAsk { prompt: "Cats".to_owned(), web_info: None })
}

pub(crate) fn research() -> Ask {
    Ask::Research(ResearchAsk { prompt: "How long do cats sleep?".to_owned() })
}

/// A file of sound, as far as anybody looks.
pub(crate) const SOUND: &[u8] = b"RIFF\0\0\0\0WAVEfmt ";

/// The body of a request that has one of JSON.
pub(crate) fn body(request: Request) -> Value {
    let Body::Json(body) = request.body else { panic!("a body of JSON") };
    body
}
