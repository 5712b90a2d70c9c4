//! The rows of `ActivityService`.

use serde_json::json;

use super::cases::check;
use super::row::{Row, Twice};

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::write(
            "activity.v1.ActivityService/RecordActivity",
            json!({
                "user_id": "$user", "action": "user.signed_in",
                "subject": {"kind": "user", "id": "$user"}, "details": {"with": "a key"},
                "address": "192.0.2.7", "agent": "a browser",
            }),
            Twice::Both,
        )
        .any("agent")
        .bad("user_id", "7")
        .bad("action", "User")
        .bad("subject.kind", "User")
        .bad("subject.id", "")
        .bad("address", "here"),
        Row::read(
            "activity.v1.ActivityService/ListActivity",
            json!({"user_id": "$user", "page_size": 5}),
        )
        .bad("user_id", "7")
        .bad("action", "User")
        .nobody(None),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_the_activity_log_keeps_its_promises() {
    check(rows()).await;
}
