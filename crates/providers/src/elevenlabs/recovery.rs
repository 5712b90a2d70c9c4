//! Finding a voice again whose answer was lost, in the history of the account. A request has no
//! place for a marker, so it is found by what was spoken, by whom, with which model and when. Where
//! the same was asked for twice, either recording is what was asked for.

use generation::{Class, Failure, Operation, Recovered, SpeechAsk};
use kernel::{Span, Timestamp};
use serde_json::Value;

use super::request::voice_of;
use crate::dialect::operation;
use crate::failures::text_at;
use crate::http::{Answer, Request};

/// A thousand recordings each.
const PAGES_MAX: u32 = 10;

/// How long a recording may take to appear: the longest text is spoken in some minutes.
const LAG: Span = Span::from_secs(10 * 60);

/// A walk through the history, from the newest recording to `since`.
pub(super) struct Search<'a> {
    model: &'a str,
    text: &'a str,
    voice: &'a str,
    since: Timestamp,
    pages: u32,
    /// Whether it is there and not done.
    under_way: bool,
}

pub(super) enum Found {
    This(Recovered),
    GoOn(Request),
}

impl<'a> Search<'a> {
    pub(super) fn new(
        model: &'a str,
        asked: &'a SpeechAsk,
        usual: Option<&'a str>,
        since: Timestamp,
    ) -> Self {
        let voice = voice_of(asked, usual);
        Self { model, text: &asked.text, voice, since, pages: 0, under_way: false }
    }

    pub(super) fn first(&self) -> Request {
        Request::get(format!("/v1/history?page_size=1000&voice_id={}", self.voice))
    }

    pub(super) fn look(&mut self, answer: &Answer) -> Result<Found, Failure> {
        let value = answer.json().unwrap_or_default();
        let listed = value.get("history").and_then(Value::as_array);
        let unread = || Failure::new(Class::Transient, "the history cannot be read");
        for item in listed.ok_or_else(unread)? {
            if made_at(item).is_some_and(|at| at < self.since) {
                return self.nothing(answer.at).map(Found::This);
            }
            if !self.is_it(item) {
                continue;
            }
            if text_at(item, &["/state"]) == Some("processing") {
                self.under_way = true;
            } else if let Some(id) = text_at(item, &["/history_item_id"]).filter(|id| is_id(id)) {
                return operation(&[("history", id)]).map(Recovered::Found).map(Found::This);
            }
        }
        self.pages += 1;
        let more = value.get("has_more").and_then(Value::as_bool).unwrap_or_default();
        match text_at(&value, &["/last_history_item_id"]).filter(|id| is_id(id)) {
            Some(last) if more && self.pages < PAGES_MAX => {
                let Request { target, .. } = self.first();
                let crate::http::Target::Path(path) = target else { return Err(unread()) };
                let next = format!("{path}&start_after_history_item_id={last}");
                Ok(Found::GoOn(Request::get(next)))
            }
            Some(_) | None => self.nothing(answer.at).map(Found::This),
        }
    }

    // Recordings may be kept out of the history, so that not to find one is never a proof.
    fn nothing(&self, now: Timestamp) -> Result<Recovered, Failure> {
        if self.under_way || now < self.since.saturating_add(LAG) {
            return Err(Failure::new(Class::Transient, "it is not in the history yet"));
        }
        Ok(Recovered::Unknown)
    }

    fn is_it(&self, item: &Value) -> bool {
        let is = |place: &str, expected: &str| {
            text_at(item, &[place]).is_none_or(|told| told.trim() == expected.trim())
        };
        let spoken = text_at(item, &["/text"]).is_some();
        // What does not say when it was made may be of last year.
        let dated = made_at(item).is_some();
        spoken
            && dated
            && is("/text", self.text)
            && is("/voice_id", self.voice)
            && is("/model_id", self.model)
    }
}

/// Where a recording of the history is.
pub(super) fn place(operation: &Operation) -> Result<String, Failure> {
    let id = crate::dialect::noted(operation, "history")?;
    Ok(format!("/v1/history/{id}/audio"))
}

fn made_at(item: &Value) -> Option<Timestamp> {
    let seconds = item.get("date_unix").and_then(Value::as_i64)?;
    Timestamp::from_micros(seconds.checked_mul(1_000_000)?)
}

/// It becomes a part of addresses.
fn is_id(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
