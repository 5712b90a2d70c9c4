//! Events on the wire, and where their readers stand.

use app::jobs::Told;
use generation::{Event, EventPosition};
use kernel::{PageSize, Timestamp};
use ports::EventFilter;
use proto::atelier::generation::v1 as pb;

use super::fields::{Fields, Violations, given};
use super::jobs::resumed;
use super::json;
use super::page::{Cursor, Tokens};
use super::time::render_timestamp;

/// How many kinds one filter names.
const KINDS_MAX: usize = 32;

/// The longest kind.
const KIND_BYTES_MAX: usize = 64;

/// Which events are asked for, and from where on.
pub struct AskedEvents {
    pub filter: EventFilter,
    pub after: Option<EventPosition>,
    pub tokens: Tokens,
}

pub fn parse_subscribe(
    request: pb::SubscribeRequest,
    now: Timestamp,
) -> Result<AskedEvents, Violations> {
    let pb::SubscribeRequest { user_id, kinds, resume_token } = request;
    let mut fields = Fields::new();
    let asked = read(&mut fields, user_id, kinds, &resume_token, now);
    fields.finish(|| asked)
}

pub fn parse_list(
    request: pb::ListEventsRequest,
    now: Timestamp,
) -> Result<(AskedEvents, PageSize), Violations> {
    let pb::ListEventsRequest { user_id, kinds, page_size, resume_token } = request;
    let mut fields = Fields::new();
    let asked = read(&mut fields, user_id, kinds, &resume_token, now);
    let size = fields.check("page_size", PageSize::parse(page_size));
    fields.finish(|| asked.zip(size))
}

fn read(
    fields: &mut Fields,
    user_id: String,
    kinds: Vec<String>,
    resume_token: &str,
    now: Timestamp,
) -> Option<AskedEvents> {
    // One token for both methods: whoever has listed goes on by following.
    let bound = pb::SubscribeRequest { user_id, kinds, resume_token: String::new() };
    let tokens = Tokens::of("generation.events", &bound);
    let pb::SubscribeRequest { user_id, kinds, .. } = bound;
    let user = fields.optional("user_id", given(&user_id));
    if kinds.len() > KINDS_MAX {
        fields.note("kinds", format!("must be at most {KINDS_MAX}"));
    }
    for (index, kind) in kinds.iter().enumerate().filter(|(_, kind)| !is_kind(kind)) {
        let long = kind.len() > KIND_BYTES_MAX;
        let problem = if long { "is too long" } else { "must be words with points between them" };
        fields.note(&format!("kinds[{index}]"), problem);
    }
    let after = resumed(fields, &tokens, resume_token, now);
    let filter = EventFilter { user: user?, under: kinds };
    Some(AskedEvents { filter, after: after?, tokens })
}

/// Such as `job` or `job.succeeded`.
fn is_kind(text: &str) -> bool {
    let word = |word: &str| {
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        !word.is_empty() && word.bytes().all(fits)
    };
    text.len() <= KIND_BYTES_MAX && text.split('.').all(word)
}

pub fn render_told(
    tokens: &Tokens,
    events: &[Told],
    position: EventPosition,
    now: Timestamp,
) -> pb::SubscribeResponse {
    pb::SubscribeResponse {
        events: events.iter().map(|told| render_event(told.0, &told.1)).collect(),
        resume_token: tokens.seal(&position, now),
    }
}

pub fn render_list(
    asked: &AskedEvents,
    events: &[(EventPosition, Event)],
    now: Timestamp,
) -> pb::ListEventsResponse {
    let position = events.last().map(|(place, _)| *place).or(asked.after).unwrap_or_default();
    pb::ListEventsResponse {
        events: events.iter().map(|(place, event)| render_event(*place, event)).collect(),
        resume_token: asked.tokens.seal(&position, now),
    }
}

fn render_event(place: EventPosition, event: &Event) -> pb::Event {
    let Event { user, kind, subject, revision, details, at } = event;
    let subject_type = kind.as_str().split('.').next().unwrap_or_default();
    pb::Event {
        id: format!("{}-{}", place.transaction, place.number),
        user_id: user.to_string(),
        kind: kind.to_string(),
        subject_type: subject_type.to_owned(),
        subject_id: subject.to_string(),
        revision: *revision,
        details: details.as_ref().and_then(|details| json::render(details.as_str())),
        occur_time: Some(render_timestamp(*at)),
    }
}

impl Cursor for EventPosition {
    fn encode(&self) -> Vec<u8> {
        [self.transaction.to_be_bytes(), self.number.to_be_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (transaction, number) = bytes.split_first_chunk::<8>()?;
        Some(Self {
            transaction: u64::from_be_bytes(*transaction),
            number: u64::from_be_bytes(number.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests;
