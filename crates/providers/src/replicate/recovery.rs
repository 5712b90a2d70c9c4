//! Finding a prediction again by the marker of its submission, in the list of the newest ones.

use generation::{Class, Failure, Marker, Recovered};
use kernel::Timestamp;
use serde_json::Value;
use url::Url;

use super::answer::id;
use super::request::{MARKER, seed_of};
use crate::dialect::operation;
use crate::failures::text_at;
use crate::http::Answer;

/// A hundred predictions each.
const PAGES_MAX: u32 = 20;

/// The two clocks may differ by this.
const SKEW: kernel::Span = kernel::Span::from_secs(60);

/// A walk through the list, from the newest to `since`.
pub(super) struct Search {
    marker: String,
    seed: u64,
    since: Timestamp,
    /// Whether every submission was told its marker.
    told: bool,
    pages: u32,
}

pub(super) enum Found {
    This(Recovered),
    GoOn(Url),
}

impl Search {
    pub(super) fn new(marker: &Marker, since: Timestamp, told: bool) -> Self {
        let (marker, seed) = (marker.to_string(), seed_of(marker).into());
        Self { marker, seed, since: since.saturating_sub(SKEW), told, pages: 0 }
    }

    pub(super) fn look(&mut self, answer: &Answer) -> Result<Found, Failure> {
        let value = answer.json();
        let listed = value.as_ref().and_then(|value| value.get("results")?.as_array());
        let unread = || Failure::new(Class::Transient, "the list cannot be read");
        let (value, listed) = (value.as_ref().ok_or_else(unread)?, listed.ok_or_else(unread)?);
        for prediction in listed {
            if created(prediction).is_some_and(|at| at < self.since) {
                return Ok(Found::This(self.nothing()));
            }
            if self.is_it(prediction)
                && let Some(id) = id(prediction)
            {
                let found = operation(&[("id", id)]).map(Recovered::Found);
                return found.map(Found::This);
            }
            // Where markers are not listed, not to find one proves nothing.
            self.told &= prediction.get("webhook").is_some();
        }
        self.pages += 1;
        let next = text_at(value, &["/next"]).and_then(|next| Url::parse(next).ok());
        Ok(match next {
            Some(next) if self.pages < PAGES_MAX => Found::GoOn(next),
            Some(_) => Found::This(Recovered::Unknown),
            None => Found::This(self.nothing()),
        })
    }

    fn is_it(&self, prediction: &Value) -> bool {
        let webhook = text_at(prediction, &["/webhook"]).and_then(|url| Url::parse(url).ok());
        let told = webhook.and_then(|url| {
            url.query_pairs().find(|(name, _)| name == MARKER).map(|(_, value)| value.into_owned())
        });
        match told {
            Some(told) => told == self.marker,
            None => prediction.pointer("/input/seed").and_then(Value::as_u64) == Some(self.seed),
        }
    }

    // The caller may have had a seed of its own: then only the webhook tells the marker.
    fn nothing(&self) -> Recovered {
        if self.told { Recovered::Nothing } else { Recovered::Unknown }
    }
}

fn created(prediction: &Value) -> Option<Timestamp> {
    let at: jiff::Timestamp = text_at(prediction, &["/created_at"])?.parse().ok()?;
    Timestamp::from_micros(at.as_microsecond())
}
