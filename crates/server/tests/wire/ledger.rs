//! The rows of `LedgerService`.

use serde_json::{Value, json};

use super::cases::check;
use super::row::{Row, Step, Twice};

const FUNDED: Step = Step::Call(
    "ledger.v1.LedgerService/Purchase",
    r#"{"user_id": "$user", "request_id": "funds", "amount": "100.00"}"#,
    &[],
);
const HELD: Step = Step::Call(
    "ledger.v1.LedgerService/Reserve",
    r#"{"user_id": "$user", "request_id": "hold", "amount": "10.00"}"#,
    &[("hold", "transaction.id")],
);
const CHARGED: Step = Step::Call(
    "ledger.v1.LedgerService/Deduct",
    r#"{"user_id": "$user", "request_id": "charge", "amount": "10.00"}"#,
    &[("charge", "transaction.id")],
);

/// A command with the fields that all have, those of `more`, and what may be wrong with the former.
fn command(method: &'static str, more: Value) -> Row {
    let mut good = json!({"user_id": "$user", "request_id": "$salt"});
    for (name, value) in more.as_object().expect("fields") {
        good[name] = value.clone();
    }
    Row::write(method, good, Twice::Replayed)
        .with(&[FUNDED])
        .bad("user_id", "7")
        .bad("request_id", "")
        .bad("expected_version", -1)
}

fn operation() -> Value {
    json!({
        "operation_type": "image", "model": "studio", "operation_id": "job-1",
        "project_id": "01890a5d-ac96-774b-bcce-b302099a8058", "reference": "order",
        "description": "a picture", "metadata": {"style": "ink"},
    })
}

fn amounts(row: Row) -> Row {
    ["", "0.00", "-1.00", "1e3", "1,50", "10000000000.00", "1.234"]
        .into_iter()
        .fold(row, |row, amount| row.bad("amount", amount))
}

fn operated(row: Row) -> Row {
    row.bad("operation.operation_type", "").bad("operation.project_id", "7")
}

pub(crate) fn rows() -> Vec<Row> {
    let paid = json!({"amount": "1.00", "operation": operation()});
    let of_hold = json!({"transaction_id": "$hold"});
    let mut grant = paid.clone();
    grant["source"] = json!("LOT_SOURCE_PROMOTION");
    grant["expire_time"] = json!("2100-01-01T00:00:00Z");
    let held = |method, more: Value| {
        command(method, more)
            .with(&[HELD])
            .bad("transaction_id", "7")
            .missing("transaction_id", "TRANSACTION_NOT_FOUND")
            .others("TRANSACTION_NOT_FOUND")
    };
    let of_user =
        |method| Row::read(method, json!({"user_id": "$user"})).with(&[FUNDED]).bad("user_id", "7");
    let between = json!({
        "user_id": "$user", "start_time": "$an_hour_ago", "end_time": "$in_an_hour",
    });
    vec![
        of_user("ledger.v1.LedgerService/GetBalance"),
        operated(amounts(command("ledger.v1.LedgerService/Deduct", paid.clone()))),
        operated(amounts(command("ledger.v1.LedgerService/Reserve", paid.clone())))
            .bad("lease", "0s"),
        held("ledger.v1.LedgerService/Capture", of_hold.clone()).bad("amount", "-1.00"),
        held("ledger.v1.LedgerService/Release", of_hold),
        held(
            "ledger.v1.LedgerService/ExtendHold",
            json!({"transaction_id": "$hold", "lease": "3600s"}),
        )
        .bad("lease", "0s"),
        command("ledger.v1.LedgerService/Refund", json!({"transaction_id": "$charge"}))
            .with(&[CHARGED])
            .bad("transaction_id", "7")
            .bad("amount", "0.00")
            .missing("transaction_id", "TRANSACTION_NOT_FOUND")
            .others("TRANSACTION_NOT_FOUND"),
        operated(amounts(command("ledger.v1.LedgerService/Purchase", paid))),
        operated(amounts(command("ledger.v1.LedgerService/Grant", grant)))
            .bad("source", "LOT_SOURCE_REFUND")
            .bad("priority", -1)
            .bad_at("expire_time", "effective_time", "2100-01-01T00:00:00Z"),
        command(
            "ledger.v1.LedgerService/Adjust",
            json!({"amount": "-1.00", "reason": "a correction"}),
        )
        .bad("amount", "0.00")
        .bad("reason", ""),
        Row::write(
            "ledger.v1.LedgerService/BatchApply",
            json!({"commands": [
                {"deduct": {"user_id": "$user", "request_id": "$salt", "amount": "1.00"}},
            ]}),
            Twice::Both,
        )
        .with(&[FUNDED])
        .bad("commands[0].deduct.user_id", "7")
        .bad("commands[0].deduct.request_id", "")
        .bad("commands[0].deduct.amount", "0.00")
        .bad("commands[0].deduct.validate_only", true)
        .bad("commands", json!([])),
        Row::read(
            "ledger.v1.LedgerService/GetTransaction",
            json!({"user_id": "$user", "transaction_id": "$hold"}),
        )
        .with(&[FUNDED, HELD])
        .bad("user_id", "7")
        .bad("transaction_id", "7")
        .missing("transaction_id", "TRANSACTION_NOT_FOUND")
        .others("TRANSACTION_NOT_FOUND"),
        of_user("ledger.v1.LedgerService/ListTransactions").bad("project_id", "7").bad_at(
            "kinds[0]",
            "kinds",
            json!(["TRANSACTION_KIND_UNSPECIFIED"]),
        ),
        of_user("ledger.v1.LedgerService/ListLots"),
        Row::read("ledger.v1.LedgerService/GetStatement", between.clone())
            .with(&[FUNDED])
            .bad("user_id", "7")
            .bad("start_time", json!(null)),
        Row::read("ledger.v1.LedgerService/GetUsage", between)
            .with(&[FUNDED, CHARGED])
            .bad("user_id", "7")
            .bad("start_time", json!(null))
            .bad_at("group_by[0]", "group_by", json!(["USAGE_DIMENSION_UNSPECIFIED"])),
        of_user("ledger.v1.LedgerService/WatchBalance"),
        of_user("ledger.v1.LedgerService/ExportEntries").bad("after_version", -1),
        of_user("ledger.v1.LedgerService/VerifyLedger"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_the_ledger_keeps_its_promises() {
    check(rows()).await;
}
