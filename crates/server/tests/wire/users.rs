//! The rows of `UserService`.

use serde_json::json;

use super::cases::check;
use super::row::{Row, Step, Twice};

const PATCHED: &str = "email,username,displayName,firstName,lastName,avatarUrl";

const IDENTIFIED: Step = Step::Call(
    "users.v1.UserService/CreateUser",
    r#"{"identity": {"issuer": "test", "subject": "$salt-known"}, "email": "$salt@example.com"}"#,
    &[("known", "user.id"), ("known_etag", "user.etag")],
);

pub(crate) fn rows() -> Vec<Row> {
    let profile = json!({
        "email": "ada-$salt@example.com", "username": "ada_$salt", "display_name": "Ada",
        "first_name": "Ada", "last_name": "Lovelace", "avatar_url": "https://example.com/ada.png",
    });
    let mut create = profile.clone();
    create["identity"] = json!({"issuer": "test", "subject": "ada-$salt"});
    vec![
        Row::write("users.v1.UserService/CreateUser", create, Twice::Both)
            .bad("identity.issuer", "")
            .bad("identity.subject", "with space")
            .bad("email", "nobody")
            .bad("username", "a!")
            .bad("display_name", "x".repeat(201))
            .bad("first_name", "x".repeat(101))
            .bad("last_name", "x".repeat(101))
            .bad("avatar_url", "ftp://example.com/ada.png")
            .bad("identity", json!(null)),
        Row::read("users.v1.UserService/GetUser", json!({"user_id": "$user"})).bad("user_id", "7"),
        Row::read("users.v1.UserService/GetUserByEmail", json!({"email": "$salt@example.com"}))
            .with(&[IDENTIFIED])
            .bad("email", "nobody"),
        Row::read(
            "users.v1.UserService/GetUserByIdentity",
            json!({"identity": {"issuer": "test", "subject": "$salt-known"}}),
        )
        .with(&[IDENTIFIED])
        .bad("identity.issuer", "")
        .bad("identity.subject", "with space"),
        Row::read(
            "users.v1.UserService/ListUsers",
            json!({
                "page_size": 5, "status": "ACCOUNT_STATUS_ACTIVE", "prefix": "ada",
                "created_from": "$an_hour_ago", "created_before": "$in_an_hour",
            }),
        )
        .bad("status", 0)
        .bad("prefix", " "),
        Row::write(
            "users.v1.UserService/UpdateUser",
            json!({
                "user_id": "$known", "user": profile, "update_mask": PATCHED,
                "etag": "$known_etag",
            }),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[IDENTIFIED])
        .bad("user_id", "7")
        .bad("user.email", "nobody")
        .bad("user.username", "a!")
        .bad("user.display_name", "x".repeat(201))
        .bad("user.avatar_url", "ftp://example.com/ada.png")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad_at("update_mask", "update_mask", "")
        .bad("etag", "7"),
        Row::write(
            "users.v1.UserService/DeleteUser",
            json!({"user_id": "$user"}),
            Twice::Once("USER_NOT_FOUND"),
        )
        .bad("user_id", "7")
        .bad("etag", "7"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_users_keeps_its_promises() {
    check(rows()).await;
}
