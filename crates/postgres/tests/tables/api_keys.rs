//! The table of API keys: the second wall of every rule, and rows that no rule made.

use kernel::Timestamp;
use ports::{ApiKeyReads, Store, StoreError};
use testkit::fixtures::api_key;
use tokio_postgres::Client;

use crate::contract::fixture::fixture;

const HASH: &str = "decode(repeat('5a', 32), 'hex')";

/// The name of the constraint that refuses a key of these values; `None` if none does.
async fn refused_by(client: &Client, values: &str) -> Option<String> {
    let insert = format!(
        "INSERT INTO api_keys (id, name, scopes, hash, created_at, expires_at, revoked_at) \
         SELECT gen_random_uuid(), {values}"
    );
    let error = client.execute(&insert, &[]).await.err()?;
    let refused = error.as_db_error().expect("the database answered");
    Some(refused.constraint().expect("a constraint refused").to_owned())
}

#[tokio::test]
async fn the_table_refuses_what_the_rules_refuse() {
    let store = fixture().await;
    let client = store.database.client().await;
    let hundred = "repeat('é', 100)";
    for (name, scopes, hash, ends, constraint) in [
        ("'web'", "'{users.read}'::text[]", HASH, "null::timestamptz, null::timestamptz", None),
        (hundred, "'{a}'", HASH, "now(), now()", None),
        ("''", "'{a}'", HASH, "null, null", Some("api_keys_name_valid")),
        ("repeat('a', 101)", "'{a}'", HASH, "null, null", Some("api_keys_name_valid")),
        ("E'a\\nb'", "'{a}'", HASH, "null, null", Some("api_keys_name_valid")),
        ("U&'a\\0085b'", "'{a}'", HASH, "null, null", Some("api_keys_name_valid")),
        ("'web'", "'{}'", HASH, "null, null", Some("api_keys_scopes_valid")),
        ("'web'", "'{NULL}'", HASH, "null, null", Some("api_keys_scopes_valid")),
        ("'web'", "'{{a},{b}}'", HASH, "null, null", Some("api_keys_scopes_valid")),
        ("'web'", "'{a}'", "'\\x00'::bytea", "null, null", Some("api_keys_hash_valid")),
        ("'web'", "'{a}'", HASH, "'1999-01-01', null", Some("api_keys_ends_after_creation")),
        ("'web'", "'{a}'", HASH, "null, '1999-01-01'", Some("api_keys_ends_after_creation")),
    ] {
        let values = format!("{name}, {scopes}, {hash}, now(), {ends}");
        assert_eq!(refused_by(&client, &values).await.as_deref(), constraint, "{values}");
    }
}

#[tokio::test]
async fn a_scope_of_a_newer_server_grants_nothing_here() {
    let store = fixture().await;
    let key = api_key(1, Timestamp::MIN);
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();
    let client = store.database.client().await;
    let newer = "UPDATE api_keys SET scopes = scopes || '{media.admin}'";
    client.execute(newer, &[]).await.unwrap();
    assert_eq!(store.find_api_key(key.id).await.unwrap(), Some(key.clone()));

    // Ending the key leaves alone what this server does not know.
    let mut tx = store.begin().await.unwrap();
    tx.end_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();
    let query = "SELECT 'media.admin' = ANY(scopes) FROM api_keys";
    assert!(client.query_one(query, &[]).await.unwrap().get::<_, bool>(0));
}

#[tokio::test]
async fn a_row_that_no_rule_made_is_corrupt() {
    let store = fixture().await;
    let key = api_key(1, Timestamp::MIN);
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.commit().await.unwrap();
    let client = store.database.client().await;
    let drop = "ALTER TABLE api_keys DROP CONSTRAINT api_keys_hash_valid";
    client.execute(drop, &[]).await.unwrap();
    client.execute("UPDATE api_keys SET hash = '\\x00'", &[]).await.unwrap();
    let found = store.find_api_key(key.id).await;
    assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{found:?}");
}
