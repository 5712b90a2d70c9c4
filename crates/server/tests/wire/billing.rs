//! The rows of the services of billing.

use serde_json::{Value, json};

use super::cases::check;
use super::row::{Row, Step, Twice};

const TYPE: Step = Step::Call(
    "billing.v1.PriceService/CreateOperationType",
    r#"{"id": "$salt", "description": "Something"}"#,
    &[("type_etag", "operation_type.etag")],
);
const PRICED: Step = Step::Call(
    "billing.v1.PriceService/SetPrice",
    r#"{"key": {"operation_type": "$salt", "model": "flux"},
        "terms": {"unit": "PRICE_UNIT_SECOND", "unit_price": "2"}}"#,
    &[],
);
const PLAN: Step = Step::Call(
    "billing.v1.PlanService/CreatePlan",
    r#"{"fields": {"name": "Pro", "tier": "TIER_PRO", "credits": "500",
        "credits_interval": "PLAN_INTERVAL_MONTH"}}"#,
    &[("plan", "plan.id"), ("plan_etag", "plan.etag")],
);
const TAKEN: Step = Step::Call(
    "billing.v1.QuotaService/Take",
    r#"{"user_id": "$user", "request_id": "$salt"}"#,
    &[],
);

fn key() -> Value {
    json!({"operation_type": "$salt", "model": "flux", "edit": false})
}

fn prices() -> Vec<Row> {
    let terms = json!({
        "unit": "PRICE_UNIT_SECOND", "unit_price": "2.50", "minimum": "1", "covers_edit": true,
    });
    vec![
        Row::write(
            "billing.v1.PriceService/CreateOperationType",
            json!({"id": "$salt", "description": "Something"}),
            Twice::Once("OPERATION_TYPE_TAKEN"),
        )
        .bad("id", "7")
        .bad("description", ""),
        Row::read(
            "billing.v1.PriceService/ListOperationTypes",
            json!({"page_size": 5, "show_retired": true}),
        ),
        Row::write(
            "billing.v1.PriceService/UpdateOperationType",
            json!({
                "id": "$salt", "operation_type": {"description": "Else", "retired": true},
                "update_mask": "description,retired", "etag": "$type_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[TYPE])
        .bad("id", "7")
        .bad("operation_type.description", "")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad("etag", "7"),
        Row::write(
            "billing.v1.PriceService/SetPrice",
            json!({
                "key": key(), "terms": terms, "valid_from": "$in_an_hour",
                "confirm_large_change": true, "reason": "a sale",
            }),
            Twice::Both,
        )
        .with(&[TYPE])
        .bad("key.operation_type", "7")
        .bad("terms.unit_price", "-1")
        .bad("terms.minimum", "1.234")
        .bad("reason", "")
        .bad("terms", json!(null)),
        Row::write(
            "billing.v1.PriceService/WithdrawPrice",
            json!({"key": key(), "reason": "sold out"}),
            Twice::Both,
        )
        .with(&[TYPE, PRICED])
        .bad("key.operation_type", "7")
        .bad("reason", ""),
        Row::read(
            "billing.v1.PriceService/ListPrices",
            json!({"page_size": 5, "operation_type": "$salt", "at_time": "$in_an_hour"}),
        )
        .bad("operation_type", "7"),
        Row::read(
            "billing.v1.PriceService/ListPriceHistory",
            json!({"page_size": 5, "key": key()}),
        )
        .bad("key.operation_type", "7")
        .bad("key", json!(null)),
        Row::read(
            "billing.v1.PriceService/Quote",
            json!({"operation_type": "$salt", "model": "flux", "quantity": "7.5"}),
        )
        .with(&[TYPE, PRICED])
        .bad("operation_type", "7")
        .bad("quantity", "0")
        .bad("quantity", "1e3"),
    ]
}

fn plans() -> Vec<Row> {
    let fields = json!({
        "name": "Pro", "description": "All of it", "tier": "TIER_PRO", "credits": "500",
        "credits_interval": "PLAN_INTERVAL_YEAR", "currency": "BRL", "price_monthly_minor": 4990,
        "price_yearly_minor": 49900, "features": {"seats": 3}, "daily_quota": 50, "active": true,
        "sort_order": 3, "highlight": true, "badge": "New",
        "call_to_action": {"kind": "checkout", "label": "Buy", "url": "https://example.com"},
        "billing_source": "asaas", "external": {"clerk": {"id": "$salt", "name": "Clerk's"}},
    });
    let mask = "name,description,tier,credits,creditsInterval,currency,priceMonthlyMinor,\
        priceYearlyMinor,features,dailyQuota,active,sortOrder,highlight,badge,callToAction,\
        billingSource,external";
    let bad = |row: Row| {
        row.bad("fields.name", "")
            .bad("fields.credits", "-1")
            .bad("fields.currency", "reais")
            .bad("fields.price_monthly_minor", -1)
            .bad("fields.badge", "")
            .bad("fields.call_to_action.kind", "Check out")
            .bad("fields.billing_source", "Asaas")
    };
    vec![
        bad(Row::write(
            "billing.v1.PlanService/CreatePlan",
            json!({"fields": fields}),
            Twice::Once("PLAN_EXTERNAL_ID_TAKEN"),
        )),
        Row::read("billing.v1.PlanService/GetPlan", json!({"plan_id": "$plan"}))
            .with(&[PLAN])
            .bad("plan_id", "7")
            .missing("plan_id", "PLAN_NOT_FOUND"),
        bad(Row::write(
            "billing.v1.PlanService/UpdatePlan",
            json!({
                "plan_id": "$plan", "fields": fields, "update_mask": mask, "etag": "$plan_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[PLAN])
        .bad("plan_id", "7")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .missing("plan_id", "PLAN_NOT_FOUND"),
        Row::write(
            "billing.v1.PlanService/ArchivePlan",
            json!({"plan_id": "$plan", "etag": "$plan_etag"}),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[PLAN])
        .bad("plan_id", "7")
        .missing("plan_id", "PLAN_NOT_FOUND"),
        Row::read("billing.v1.PlanService/ListPlans", json!({"page_size": 5, "show_all": true})),
    ]
}

fn subscriptions() -> Vec<Row> {
    vec![
        Row::write(
            "billing.v1.SubscriptionService/RecordEvent",
            json!({
                "user_id": "$user",
                "event": {
                    "source": "test", "external_id": "$salt", "kind": "EVENT_KIND_CREATED",
                    "plan_id": "$plan", "occur_time": "$an_hour_ago",
                    "period_start_time": "$an_hour_ago", "period_end_time": "$in_an_hour",
                    "payload": "{}",
                },
            }),
            Twice::Replayed,
        )
        .with(&[PLAN])
        .bad("user_id", "7")
        .bad("event.source", "Test")
        .bad("event.external_id", "")
        .bad("event.plan_id", "7")
        .bad("event.occur_time", json!(null))
        .missing("event.plan_id", "PLAN_NOT_FOUND"),
        Row::read("billing.v1.SubscriptionService/GetSubscription", json!({"user_id": "$user"}))
            .bad("user_id", "7"),
        Row::read(
            "billing.v1.SubscriptionService/ListEvents",
            json!({"user_id": "$user", "page_size": 5}),
        )
        .bad("user_id", "7"),
        Row::read("billing.v1.SubscriptionService/GetAllowance", json!({"user_id": "$user"}))
            .bad("user_id", "7"),
    ]
}

fn quotas() -> Vec<Row> {
    vec![
        Row::write(
            "billing.v1.QuotaService/Take",
            json!({"user_id": "$user", "request_id": "$salt", "units": 2}),
            Twice::Replayed,
        )
        .bad("user_id", "7")
        .bad("request_id", ""),
        Row::write(
            "billing.v1.QuotaService/GiveBack",
            json!({"user_id": "$user", "request_id": "$salt"}),
            Twice::Replayed,
        )
        .with(&[TAKEN])
        .bad("user_id", "7")
        .bad("request_id", "")
        .missing("request_id", "QUOTA_TAKE_NOT_FOUND")
        .others("QUOTA_TAKE_NOT_FOUND"),
        Row::read("billing.v1.QuotaService/GetQuota", json!({"user_id": "$user"}))
            .bad("user_id", "7"),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [prices(), plans(), subscriptions(), quotas()].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_billing_keeps_its_promises() {
    check(rows()).await;
}
