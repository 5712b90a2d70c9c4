//! The rows of `ApiKeyService`.

use serde_json::json;

use super::cases::check;
use super::row::{Row, Step, Twice};

const KEY: Step = Step::Call(
    "access.v1.ApiKeyService/IssueApiKey",
    r#"{"name": "the row's", "scopes": ["SCOPE_USERS_READ"]}"#,
    &[("key", "api_key.id")],
);

const REVOKED: Step =
    Step::Call("access.v1.ApiKeyService/RevokeApiKey", r#"{"api_key_id": "$key"}"#, &[]);

pub(crate) fn rows() -> Vec<Row> {
    vec![
        Row::write(
            "access.v1.ApiKeyService/IssueApiKey",
            json!({"name": "clerk", "scopes": ["SCOPE_USERS_READ"], "lifetime": "3600s"}),
            Twice::Both,
        )
        .bad("name", "")
        .bad_at("scopes[0]", "scopes", json!(["SCOPE_UNSPECIFIED"]))
        .bad("scopes", json!([]))
        .bad("lifetime", "0s"),
        Row::read("access.v1.ApiKeyService/ListApiKeys", json!({"page_size": 5})),
        Row::write(
            "access.v1.ApiKeyService/RotateApiKey",
            json!({"api_key_id": "$key", "overlap": "0s", "lifetime": "3600s"}),
            Twice::Once("API_KEY_INACTIVE"),
        )
        .with(&[KEY])
        .bad("api_key_id", "7")
        .bad("overlap", "-1s")
        .bad("lifetime", "0s")
        .missing("api_key_id", "API_KEY_NOT_FOUND")
        .after(REVOKED, "API_KEY_INACTIVE"),
        Row::write(
            "access.v1.ApiKeyService/RevokeApiKey",
            json!({"api_key_id": "$key"}),
            Twice::Both,
        )
        .with(&[KEY])
        .bad("api_key_id", "7")
        .missing("api_key_id", "API_KEY_NOT_FOUND"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_keys_keeps_its_promises() {
    check(rows()).await;
}
