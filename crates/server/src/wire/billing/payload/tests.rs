use serde_json::json;

use super::*;

fn told(format: Format, payload: &Value) -> Record {
    match read(format, &payload.to_string()) {
        Ok(Told::Event(record)) => *record,
        other => panic!("{other:?}"),
    }
}

/// The kind, whose it is, the plan, and the period in seconds.
fn gist(record: &Record) -> (EventKind, String, Option<String>, [Option<i64>; 2]) {
    let Owner::Identity(identity) = &record.owner else { panic!("{record:?}") };
    let plan = record.plan.as_ref().map(|plan| match plan {
        PlanRef::External(id) => id.to_string(),
        PlanRef::Id(id) => panic!("{id}"),
    });
    let seconds = |at: Option<Timestamp>| at.map(|at| at.as_micros() / 1_000_000);
    let owner = format!("{} {}", identity.issuer, identity.subject);
    (record.kind, owner, plan, [seconds(record.period_start), seconds(record.period_end)])
}

fn stripe(kind: &str, object: Value, before: Value) -> Value {
    let data = json!({"object": object, "previous_attributes": before});
    json!({"id": "evt_1", "object": "event", "type": kind, "created": 1_767_225_600, "data": data})
}

fn subscription(price: &str, amount: i64) -> Value {
    json!({
        "id": "sub_1", "customer": "cus_1", "status": "active", "cancel_at_period_end": false,
        "pause_collection": null,
        "items": {"data": [{
            "price": {"id": price, "unit_amount": amount},
            "current_period_start": 1_767_225_600, "current_period_end": 1_769_904_000,
        }]},
    })
}

#[test]
fn a_subscription_of_stripe_begins_with_its_price_and_period() {
    let record = told(
        Format::Stripe,
        &stripe("customer.subscription.created", subscription("price_1", 900), json!({})),
    );
    let period = [Some(1_767_225_600), Some(1_769_904_000)];
    assert_eq!(
        gist(&record),
        (EventKind::Created, "stripe cus_1".to_owned(), Some("price_1".to_owned()), period)
    );
    assert_eq!(record.external_id.as_str(), "evt_1");
    assert_eq!(record.occurred_at.as_micros(), 1_767_225_600_000_000);
}

#[test]
fn a_change_at_stripe_is_told_by_what_was_before() {
    let updated = |before: Value| {
        let mut object = subscription("price_2", 2_900);
        object["cancel_at_period_end"] = json!(true);
        stripe("customer.subscription.updated", object, before)
    };
    let item = |price: &str, amount: i64| json!({"items": {"data": [{"price": {"id": price, "unit_amount": amount}}]}});
    for (before, kind) in [
        (item("price_1", 900), EventKind::Upgraded),
        (item("price_3", 9_900), EventKind::Downgraded),
        (json!({"cancel_at_period_end": false}), EventKind::Cancelled),
        (json!({"pause_collection": {"behavior": "void"}}), EventKind::Resumed),
        (json!({"current_period_start": 1_764_547_200}), EventKind::Renewed),
        (json!({"status": "incomplete"}), EventKind::Created),
    ] {
        assert_eq!(told(Format::Stripe, &updated(before.clone())).kind, kind, "{before}");
    }
    let nothing = read(Format::Stripe, &updated(json!({"metadata": {}})).to_string());
    let kind = "customer.subscription.updated".to_owned();
    assert_eq!(nothing, Ok(Told::Ignored { kind }));
}

#[test]
fn invoices_and_refunds_of_stripe_are_told() {
    let invoice = json!({
        "customer": {"id": "cus_1"}, "billing_reason": "subscription_cycle",
        "lines": {"data": [{
            "period": {"start": 1_769_904_000, "end": 1_772_323_200}, "price": {"id": "price_1"},
        }]},
    });
    let paid = told(Format::Stripe, &stripe("invoice.paid", invoice.clone(), json!(null)));
    let period = [Some(1_769_904_000), Some(1_772_323_200)];
    assert_eq!(
        gist(&paid),
        (EventKind::Renewed, "stripe cus_1".to_owned(), Some("price_1".to_owned()), period)
    );
    let failed = told(Format::Stripe, &stripe("invoice.payment_failed", invoice, json!(null)));
    assert_eq!(failed.kind, EventKind::PaymentFailed);
    let charge = |refunded: bool| {
        stripe("charge.refunded", json!({"customer": "cus_1", "refunded": refunded}), json!(null))
    };
    assert_eq!(told(Format::Stripe, &charge(true)).kind, EventKind::Refunded);
    assert!(matches!(read(Format::Stripe, &charge(false).to_string()), Ok(Told::Ignored { .. })));
}

#[test]
fn items_of_clerk_are_told_in_milliseconds() {
    let item = |kind: &str| {
        json!({
            "type": kind, "object": "event", "timestamp": 1_767_225_600_123_i64,
            "data": {
                "id": "csi_1", "plan": {"id": "cplan_1", "slug": "pro"},
                "payer": {"user_id": "user_1"},
                "period_start": 1_767_225_600_000_i64, "period_end": 1_769_904_000_000_i64,
            },
        })
    };
    let record = told(Format::Clerk, &item("subscriptionItem.active"));
    let period = [Some(1_767_225_600), Some(1_769_904_000)];
    assert_eq!(
        gist(&record),
        (EventKind::Created, "clerk user_1".to_owned(), Some("cplan_1".to_owned()), period)
    );
    assert_eq!(record.external_id.as_str(), "subscriptionItem.active:csi_1:1767225600123000");
    for (name, kind) in [
        ("updated", EventKind::Renewed),
        ("canceled", EventKind::Cancelled),
        ("ended", EventKind::Ended),
        ("pastDue", EventKind::PaymentFailed),
    ] {
        assert_eq!(told(Format::Clerk, &item(&format!("subscriptionItem.{name}"))).kind, kind);
    }
    let other = read(Format::Clerk, &item("user.created").to_string());
    assert_eq!(other, Ok(Told::Ignored { kind: "user.created".to_owned() }));
}

#[test]
fn payments_of_asaas_are_told_in_the_time_of_sao_paulo() {
    let payment = |kind: &str, subscription: Value| {
        json!({
            "id": "evt_1&2", "event": kind, "dateCreated": "2026-01-05 10:00:00",
            "payment": {
                "id": "pay_1", "customer": "cus_1", "subscription": subscription,
                "externalReference": null, "description": "Plano Pro", "paymentLink": null,
                "dueDate": "2026-01-05",
            },
        })
    };
    let record = told(Format::Asaas, &payment("PAYMENT_CONFIRMED", json!("sub_1")));
    // Midnight and ten o'clock, three hours behind UTC.
    assert_eq!(
        gist(&record),
        (
            EventKind::Renewed,
            "asaas cus_1".to_owned(),
            Some("Plano Pro".to_owned()),
            [Some(1_767_582_000), None]
        )
    );
    assert_eq!(record.occurred_at.as_micros(), 1_767_618_000_000_000);
    let refunded = told(Format::Asaas, &payment("PAYMENT_REFUNDED", json!("sub_1")));
    assert_eq!((refunded.kind, refunded.plan), (EventKind::Refunded, None));
    let single = read(Format::Asaas, &payment("PAYMENT_CONFIRMED", json!(null)).to_string());
    assert_eq!(single, Ok(Told::Ignored { kind: "PAYMENT_CONFIRMED".to_owned() }));
    let deleted = json!({
        "id": "evt_3", "event": "SUBSCRIPTION_DELETED", "dateCreated": "2026-01-05 10:00:00",
        "subscription": {"id": "sub_1", "customer": "cus_1", "externalReference": "user-7"},
    });
    let record = told(Format::Asaas, &deleted);
    assert_eq!(gist(&record).1, "asaas user-7");
    assert_eq!(record.kind, EventKind::Ended);
}

#[test]
fn what_is_no_payload_is_refused_and_names_what_is_missing() {
    for format in [Format::Stripe, Format::Clerk, Format::Asaas] {
        assert_eq!(read(format, "{"), Err(PayloadError::NotJson));
        assert!(matches!(read(format, "[]"), Err(PayloadError::Field(_))));
        assert!(matches!(read(format, "{\"type\": 7, \"event\": 7}"), Err(PayloadError::Field(_))));
    }
    let mut payload =
        stripe("customer.subscription.created", subscription("price_1", 1), json!({}));
    payload["data"]["object"]["customer"] = json!(null);
    let refused = read(Format::Stripe, &payload.to_string());
    assert_eq!(refused, Err(PayloadError::Field("data.object.customer")));
}
