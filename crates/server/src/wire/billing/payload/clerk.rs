//! Clerk's events: `subscriptionItem.*`. An event has no id in its body, so that its type, its item
//! and its moment are one.

use billing::EventKind;
use serde_json::Value;

use super::{Parts, PayloadError, Told, ignored, moment, need, text};

pub(super) fn read(payload: &Value) -> Result<Told, PayloadError> {
    let kind = need(payload, "/type", "type")?;
    let found = match kind {
        "subscriptionItem.active" => EventKind::Created,
        // Its period has moved on: its status has an event of its own.
        "subscriptionItem.updated" => EventKind::Renewed,
        "subscriptionItem.canceled" => EventKind::Cancelled,
        "subscriptionItem.ended" => EventKind::Ended,
        "subscriptionItem.pastDue" | "subscriptionItem.past_due" => EventKind::PaymentFailed,
        _ => return ignored(kind),
    };
    let item = need(payload, "/data/id", "data.id")?;
    let occurred_at = moment(payload, "/timestamp").ok_or(PayloadError::Field("timestamp"))?;
    let subject = text(payload, "/data/payer/user_id")
        .or_else(|| text(payload, "/data/payer/organization_id"));
    Parts {
        source: "clerk",
        id: &format!("{kind}:{item}:{}", occurred_at.as_micros()),
        subject: subject.ok_or(PayloadError::Field("data.payer.user_id"))?,
        kind: found,
        plan: text(payload, "/data/plan/id").or_else(|| text(payload, "/data/plan_id")),
        occurred_at,
        period: (moment(payload, "/data/period_start"), moment(payload, "/data/period_end")),
    }
    .record()
}
