//! The tables of users: the second wall of every rule, and what happens when it is gone.

use std::str::FromStr;

use kernel::Timestamp;
use ports::{Store, StoreError, UserReads};
use testkit::fixtures::{identity, user};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;
use users::{AvatarUrl, DisplayName, Email, FirstName, Issuer, LastName, Subject, Username};

use crate::contract::fixture::{OwnStore, fixture};

/// Texts that are valid for some columns, for none, or just not.
fn samples() -> Vec<String> {
    let mut samples: Vec<String> = [
        "",
        " ",
        "ab",
        "Ada_1815",
        "a b",
        "abc\n",
        "a\u{7}b",
        "a\u{7f}b",
        "a\u{85}b",
        "Élodie d'Arc",
        "李小龍",
        "ada@example.com",
        "Ada.L+news@Mail.Example.CO",
        "ada@example.c0m",
        "ada@exam_ple.com",
        "a@b@example.com",
        "ada@example.com\n",
        "https://example.com/ä.png?s=1#f",
        "HTTP://[::1]:80/",
        "https:///a.png",
        "https://",
        "ftp://example.com/a.png",
        "https://exa mple.com",
    ]
    .map(str::to_owned)
    .into();
    for length in [29, 30, 31, 100, 101, 200, 201, 254, 255, 256] {
        samples.push("x".repeat(length));
        samples.push("é".repeat(length));
        samples.push(format!("{}@example.com", "x".repeat(length.saturating_sub(12))));
    }
    for length in [2_048, 2_049] {
        samples.push(format!("https://{}", "x".repeat(length - 8)));
    }
    samples
}

/// The name of the constraint that refuses a user with this text in this column.
async fn refused_by(client: &Client, column: &str, text: &str) -> Option<String> {
    let insert = format!(
        "INSERT INTO users (id, revision, created_at, updated_at, {column}) \
         VALUES (gen_random_uuid(), 1, now(), now(), $1)"
    );
    constraint(client, &insert, &[&text]).await
}

async fn constraint(
    client: &Client,
    statement: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Option<String> {
    let error = client.execute(statement, values).await.err()?;
    let refusal = error.as_db_error().expect("the database refused");
    Some(refusal.constraint().unwrap_or_else(|| panic!("{refusal}")).to_owned())
}

async fn agrees<T: FromStr>(client: &Client, column: &str) {
    for text in samples() {
        let refused = refused_by(client, column, &text).await;
        let expected = text.parse::<T>().is_err().then(|| format!("users_{column}_valid"));
        assert_eq!(refused, expected, "{column} {text:?}");
    }
}

#[tokio::test]
async fn the_checks_of_users_agree_with_the_domain() {
    let store = fixture().await;
    let client = store.database.client().await;
    agrees::<Email>(&client, "email").await;
    agrees::<Username>(&client, "username").await;
    agrees::<DisplayName>(&client, "display_name").await;
    agrees::<FirstName>(&client, "first_name").await;
    agrees::<LastName>(&client, "last_name").await;
    agrees::<AvatarUrl>(&client, "avatar_url").await;
}

#[tokio::test]
async fn the_checks_of_identities_agree_with_the_domain() {
    let store = fixture().await;
    insert(&store, 1).await;
    let client = store.database.client().await;
    let put = "INSERT INTO user_identities (issuer, subject, user_id, position) \
               SELECT $1, $2, id, 1 FROM users";
    let clear = "DELETE FROM user_identities WHERE position = 1";
    for text in samples() {
        let wrong = text.parse::<Issuer>().is_err();
        let refused = constraint(&client, put, &[&text, &"s"]).await;
        assert_eq!(refused.is_some(), wrong, "issuer {text:?}: {refused:?}");
        client.execute(clear, &[]).await.unwrap();

        let wrong = text.parse::<Subject>().is_err();
        let refused = constraint(&client, put, &[&"i", &text]).await;
        assert_eq!(refused.is_some(), wrong, "subject {text:?}: {refused:?}");
        client.execute(clear, &[]).await.unwrap();
    }
}

#[tokio::test]
async fn revisions_and_times_only_go_forward() {
    let store = fixture().await;
    insert(&store, 1).await;
    let client = store.database.client().await;
    for (change, rule) in [
        ("revision = 0", "users_revision_positive"),
        ("updated_at = created_at - interval '1 microsecond'", "users_times_ordered"),
    ] {
        let update = format!("UPDATE users SET {change}");
        assert_eq!(constraint(&client, &update, &[]).await.as_deref(), Some(rule));
    }
}

#[tokio::test]
async fn a_row_that_breaks_a_rule_is_corrupt_and_keeps_its_text_to_itself() {
    let store = fixture().await;
    insert(&store, 1).await;
    let client = store.database.client().await;
    client
        .batch_execute(
            "ALTER TABLE users DROP CONSTRAINT users_username_valid; \
             UPDATE users SET username = 'not a username'",
        )
        .await
        .unwrap();
    let outcome = store.find_user_by_identity(&identity(1)).await;
    match outcome {
        Err(StoreError::Corrupt { what, .. }) => {
            assert!(what.contains("username") && !what.contains("not a"), "{what}");
        }
        Ok(_) | Err(_) => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_user_without_identities_is_corrupt() {
    let store = fixture().await;
    insert(&store, 1).await;
    let client = store.database.client().await;
    client.batch_execute("DELETE FROM user_identities").await.unwrap();
    let outcome = store.find_user(user(1, Timestamp::MIN).id).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{outcome:?}");
}

async fn insert(store: &OwnStore, number: u64) {
    let mut tx = store.begin().await.expect("the database is up");
    tx.insert_user(&user(number, Timestamp::MIN)).await.expect("nothing is taken");
    tx.commit().await.expect("the database is up");
}
