//! What the tests of all vendors need: calls, answers, and a world that stands still.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use generation::{Ask, Call, Class, Failure, ImageAsk, Picture, Stage};
use http::{HeaderMap, HeaderName, HeaderValue};
use kernel::Timestamp;
use ports::{Clock, FetchError, Fetched, Fetcher};
use serde_json::Value;

use crate::config::World;
use crate::http::Answer;

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
