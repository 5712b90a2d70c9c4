//! The table of the activity log: nothing rewrites it, and its CHECKs agree with the domain.

use kernel::Timestamp;
use ports::Store;
use testkit::fixtures::{activity, user, user_id};
use tokio_postgres::Client;
use users::activity::{Action, Details, SubjectId};

use crate::contract::fixture::{OwnStore, fixture};

async fn logged() -> OwnStore {
    let store = fixture().await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, Timestamp::MIN)).await.unwrap();
    tx.append_activity(&activity(1, user_id(1), "login", Timestamp::MIN)).await.unwrap();
    tx.commit().await.unwrap();
    store
}

async fn constraint(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    let refusal = error.as_db_error().expect("the database refused");
    Some(refusal.constraint().unwrap_or_else(|| panic!("{refusal}")).to_owned())
}

#[tokio::test]
async fn nothing_rewrites_the_log() {
    let store = logged().await;
    let client = store.database.client().await;
    for statement in [
        "UPDATE activities SET action = 'logout'",
        "DELETE FROM activities",
        "TRUNCATE activities",
        "TRUNCATE users CASCADE",
    ] {
        let refused = constraint(&client, statement).await;
        assert_eq!(refused.as_deref(), Some("activities_append_only"), "{statement}");
    }
    client.batch_execute("DELETE FROM users").await.unwrap();
    let left = client.query_one("SELECT count(*)::int FROM activities", &[]).await.unwrap();
    assert_eq!(left.get::<_, i32>(0), 0);
}

#[tokio::test]
async fn the_checks_of_the_log_agree_with_the_domain() {
    let store = logged().await;
    let client = store.database.client().await;
    let long = ["x".repeat(64), "x".repeat(65), "x".repeat(128), "x".repeat(129)];
    let samples = ["", "a", "a.b", "a.", ".a", "a..b", "A", "a-b", "a b", "a\n", "2", "é", "a.b_2"];
    for text in samples.into_iter().chain(long.iter().map(String::as_str)) {
        let insert = |column: &str, kind: &str| {
            format!(
                "INSERT INTO activities (user_id, id, at, actor_kind, action, {column}) \
                 SELECT id, gen_random_uuid(), now(), 'system', {kind} FROM users"
            )
        };
        let subject = insert("subject_kind, subject_id", &format!("'a', 'a', '{text}'"));
        let refused = constraint(&client, &subject).await;
        let expected = text.parse::<SubjectId>().is_err().then_some("activities_subject_id_valid");
        assert_eq!(refused.as_deref(), expected, "{text:?}");
        let action = insert("address", &format!("'{text}', '::1'"));
        let refused = constraint(&client, &action).await;
        let expected = text.parse::<Action>().is_err().then_some("activities_action_valid");
        assert_eq!(refused.as_deref(), expected, "{text:?}");
    }
    for (change, rule) in [
        ("'system', gen_random_uuid(), NULL, NULL", "activities_actor_known"),
        ("'api_key', NULL, NULL, NULL", "activities_actor_known"),
        ("'system', NULL, 'a', NULL", "activities_subject_whole"),
        ("'system', NULL, NULL, '[]'", "activities_details_valid"),
    ] {
        let insert = format!(
            "INSERT INTO activities \
             (user_id, id, at, action, actor_kind, actor_id, subject_kind, details) \
             SELECT id, gen_random_uuid(), now(), 'a', {change} FROM users"
        );
        assert_eq!(constraint(&client, &insert).await.as_deref(), Some(rule), "{change}");
    }
}

/// Numbers are counted as they came and stored as they are: with all their digits.
#[tokio::test]
async fn details_that_the_domain_takes_are_taken_whatever_their_numbers() {
    let store = fixture().await;
    let client = store.database.client().await;
    for number in ["1e308", "-1.5e308", "5e-324"] {
        let few = (4096 - r#"{"n":[]}"#.len()) / (number.len() + 1);
        let text = format!(r#"{{"n":[{}]}}"#, vec![number; few].join(","));
        assert!(Details::from_normal(text.clone()).is_some(), "{} bytes", text.len());
        let taken = "SELECT is_json_object($1::text::jsonb, 4096)";
        let taken = client.query_one(taken, &[&text]).await.unwrap();
        assert!(taken.get::<_, bool>(0), "{number}");
    }
}
