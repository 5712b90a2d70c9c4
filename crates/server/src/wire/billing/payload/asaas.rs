//! Asaas' events: `PAYMENT_*` of a subscription, and `SUBSCRIPTION_*`.
//!
//! A subscription is created before it is paid for, so that its first payment is what begins it.
//! It names no plan of its own: the payment link that it was sold by does, or else its description.

use billing::{EventKind, Zone};
use kernel::Timestamp;
use serde_json::Value;

use super::{Parts, PayloadError, Told, ignored, need, text};

/// Where the moments are of, which come without a zone.
const ZONE: &str = "America/Sao_Paulo";

pub(super) fn read(payload: &Value) -> Result<Told, PayloadError> {
    let kind = need(payload, "/event", "event")?;
    let found = match kind {
        "PAYMENT_CONFIRMED" | "PAYMENT_RECEIVED" => EventKind::Renewed,
        "PAYMENT_OVERDUE" | "PAYMENT_CREDIT_CARD_CAPTURE_REFUSED" => EventKind::PaymentFailed,
        "PAYMENT_REFUNDED" => EventKind::Refunded,
        "SUBSCRIPTION_INACTIVATED" | "SUBSCRIPTION_DELETED" => EventKind::Ended,
        _ => return ignored(kind),
    };
    let paid = found != EventKind::Ended;
    let object = if paid { "/payment" } else { "/subscription" };
    let field = |name: &str| text(payload, &format!("{object}/{name}"));
    if paid && field("subscription").is_none() {
        return ignored(kind);
    }
    let renewed = found == EventKind::Renewed;
    let due = field("dueDate").filter(|_| renewed);
    Parts {
        source: "asaas",
        id: need(payload, "/id", "id")?,
        subject: field("externalReference")
            .or_else(|| field("customer"))
            .ok_or(PayloadError::Field("customer"))?,
        kind: found,
        plan: field("paymentLink").or_else(|| field("description")).filter(|_| renewed),
        occurred_at: local(need(payload, "/dateCreated", "dateCreated")?)
            .ok_or(PayloadError::Field("dateCreated"))?,
        period: (due.and_then(local), None),
    }
    .record()
}

fn local(text: &str) -> Option<Timestamp> {
    ZONE.parse::<Zone>().ok()?.moment(text)
}
