//! Stripe's events: `customer.subscription.*`, `invoice.*`, `charge.refunded`.

use billing::EventKind;
use kernel::Timestamp;
use serde_json::Value;

use super::{Parts, PayloadError, Told, ignored, moment, need, text};

pub(super) fn read(payload: &Value) -> Result<Told, PayloadError> {
    let kind = need(payload, "/type", "type")?;
    let Some((found, period)) = kind_and_period(kind, payload) else { return ignored(kind) };
    let object = "/data/object";
    // The customer is expanded in some versions.
    let subject = text(payload, &format!("{object}/customer"))
        .or_else(|| text(payload, &format!("{object}/customer/id")));
    Parts {
        source: "stripe",
        id: need(payload, "/id", "id")?,
        subject: subject.ok_or(PayloadError::Field("data.object.customer"))?,
        kind: found,
        plan: plan(payload),
        occurred_at: moment(payload, "/created").ok_or(PayloadError::Field("created"))?,
        period,
    }
    .record()
}

type Period = (Option<Timestamp>, Option<Timestamp>);

fn kind_and_period(kind: &str, payload: &Value) -> Option<(EventKind, Period)> {
    let object = payload.pointer("/data/object")?;
    let subscribed =
        (in_either(object, "current_period_start"), in_either(object, "current_period_end"));
    match kind {
        "customer.subscription.created" => {
            // One that is not paid for yet is told of again.
            let status = text(object, "/status")?;
            matches!(status, "active" | "trialing").then_some((EventKind::Created, subscribed))
        }
        "customer.subscription.updated" => Some((change(payload)?, subscribed)),
        "customer.subscription.deleted" => Some((EventKind::Ended, (None, None))),
        "customer.subscription.paused" => Some((EventKind::Paused, (None, None))),
        "customer.subscription.resumed" => Some((EventKind::Resumed, subscribed)),
        "invoice.paid" => {
            let cycle = text(object, "/billing_reason") == Some("subscription_cycle");
            let line = |end| moment(object, &format!("/lines/data/0/period/{end}"));
            cycle.then(|| (EventKind::Renewed, (line("start"), line("end"))))
        }
        "invoice.payment_failed" => Some((EventKind::PaymentFailed, (None, None))),
        "charge.refunded" => {
            let whole = object.pointer("/refunded").and_then(Value::as_bool) == Some(true);
            whole.then_some((EventKind::Refunded, (None, None)))
        }
        _ => None,
    }
}

/// What has changed of a subscription, by what it was before.
fn change(payload: &Value) -> Option<EventKind> {
    let object = payload.pointer("/data/object")?;
    let before = payload.pointer("/data/previous_attributes")?;
    let set = |of: &Value, path: &str| of.pointer(path).is_some_and(|found| !found.is_null());
    let flag = |of: &Value, path: &str| of.pointer(path).and_then(Value::as_bool);
    if text(object, "/status") == Some("past_due") && set(before, "/status") {
        return Some(EventKind::PaymentFailed);
    }
    if text(object, "/status") == Some("active")
        && matches!(text(before, "/status"), Some("incomplete" | "trialing"))
    {
        return Some(EventKind::Created);
    }
    if before.pointer("/pause_collection").is_some() {
        let paused = set(object, "/pause_collection");
        return Some(if paused { EventKind::Paused } else { EventKind::Resumed });
    }
    if flag(before, "/cancel_at_period_end").is_some() {
        let cancelled = flag(object, "/cancel_at_period_end") == Some(true);
        return Some(if cancelled { EventKind::Cancelled } else { EventKind::Resumed });
    }
    let price = "/items/data/0/price";
    let (old, new) = (text(before, &format!("{price}/id")), text(object, &format!("{price}/id")));
    if old.is_some() && old != new {
        let amount = |of: &Value| of.pointer(&format!("{price}/unit_amount"))?.as_i64();
        let less = amount(object) < amount(before);
        return Some(if less { EventKind::Downgraded } else { EventKind::Upgraded });
    }
    in_either(before, "current_period_start").map(|_| EventKind::Renewed)
}

/// Periods moved from the subscription to its items in later versions.
fn in_either(object: &Value, field: &str) -> Option<Timestamp> {
    moment(object, &format!("/{field}"))
        .or_else(|| moment(object, &format!("/items/data/0/{field}")))
}

fn plan(payload: &Value) -> Option<&str> {
    let object = "/data/object";
    text(payload, &format!("{object}/items/data/0/price/id"))
        .or_else(|| text(payload, &format!("{object}/plan/id")))
        .or_else(|| text(payload, &format!("{object}/lines/data/0/price/id")))
        .or_else(|| text(payload, &format!("{object}/lines/data/0/pricing/price_details/price")))
}
