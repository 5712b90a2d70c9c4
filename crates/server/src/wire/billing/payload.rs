//! Webhooks of billing systems, as pure functions from JSON to an event. Signatures are for whoever
//! receives the webhook; nothing here trusts more than the fields it reads.
//!
//! A payload that is well-formed but tells of nothing that changes a subscription is ignored, which
//! is an answer of its own: its source must not send it again and again.

mod asaas;
mod clerk;
mod stripe;
#[cfg(test)]
mod tests;

use app::billing::{Owner, PlanRef, Record};
use billing::EventKind;
use kernel::Timestamp;
use proto::atelier::billing::v1 as pb;
use serde_json::Value;
use users::Identity;

/// Whose format a payload is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Stripe,
    Clerk,
    Asaas,
}

/// What a payload tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    Event(Box<Record>),
    Ignored { kind: String },
}

/// Why a payload cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum PayloadError {
    #[error("must be JSON")]
    NotJson,
    #[error("lacks {0}, or has it in another form")]
    Field(&'static str),
}

pub(super) fn format_of(format: pb::PayloadFormat) -> Option<Format> {
    match format {
        pb::PayloadFormat::Unspecified => None,
        pb::PayloadFormat::Stripe => Some(Format::Stripe),
        pb::PayloadFormat::Clerk => Some(Format::Clerk),
        pb::PayloadFormat::Asaas => Some(Format::Asaas),
    }
}

pub(super) fn read(format: Format, json: &str) -> Result<Told, PayloadError> {
    let payload: Value = serde_json::from_str(json).map_err(|_json| PayloadError::NotJson)?;
    match format {
        Format::Stripe => stripe::read(&payload),
        Format::Clerk => clerk::read(&payload),
        Format::Asaas => asaas::read(&payload),
    }
}

/// What every format comes to, in texts.
struct Parts<'a> {
    source: &'static str,
    id: &'a str,
    subject: &'a str,
    kind: EventKind,
    plan: Option<&'a str>,
    occurred_at: Timestamp,
    period: (Option<Timestamp>, Option<Timestamp>),
}

impl Parts<'_> {
    fn record(self) -> Result<Told, PayloadError> {
        let (period_start, period_end) = self.period;
        let field = PayloadError::Field;
        let plan = self.plan.map(|plan| plan.parse().map(PlanRef::External)).transpose();
        Ok(Told::Event(Box::new(Record {
            owner: Owner::Identity(Identity {
                issuer: self.source.parse().map_err(|_text| field("the source"))?,
                subject: self.subject.parse().map_err(|_text| field("whose it is"))?,
            }),
            source: self.source.parse().map_err(|_text| field("the source"))?,
            external_id: self.id.parse().map_err(|_text| field("the event's id"))?,
            kind: self.kind,
            plan: plan.map_err(|_text| field("the plan"))?,
            occurred_at: self.occurred_at,
            period_start,
            period_end: period_end.filter(|end| period_start.is_none_or(|start| start < *end)),
            payload: None,
        })))
    }
}

fn ignored(kind: &str) -> Result<Told, PayloadError> {
    Ok(Told::Ignored { kind: kind.to_owned() })
}

/// The text at a path such as `/data/object/id`.
fn text<'a>(payload: &'a Value, path: &str) -> Option<&'a str> {
    payload.pointer(path)?.as_str().filter(|text| !text.is_empty())
}

fn need<'a>(payload: &'a Value, path: &str, field: &'static str) -> Result<&'a str, PayloadError> {
    text(payload, path).ok_or(PayloadError::Field(field))
}

/// A moment in seconds since 1970, or in milliseconds where it is too large for those.
fn moment(payload: &Value, path: &str) -> Option<Timestamp> {
    // 10^11 seconds are in the year 5138, 10^11 milliseconds in 1973.
    const SECONDS_MAX: i64 = 100_000_000_000;
    let number = payload.pointer(path)?.as_i64().filter(|number| *number > 0)?;
    let micros = if number < SECONDS_MAX { 1_000_000 } else { 1_000 };
    number.checked_mul(micros).and_then(Timestamp::from_micros)
}
