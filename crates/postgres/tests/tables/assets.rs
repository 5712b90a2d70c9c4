//! The table of assets: the second wall of every rule.

use std::str::FromStr;

use assets::{ContentType, FileName, ObjectPath, Provider, Url};
use kernel::Timestamp;
use ports::Store;
use testkit::fixtures::{external_asset, pending_asset, stored_asset, user};
use tokio_postgres::Client;

use crate::contract::fixture::{OwnStore, fixture};

/// Texts that are valid for some columns, for none, or just not.
fn samples() -> Vec<String> {
    let mut samples: Vec<String> = [
        "",
        " ",
        "a",
        "vercel_blob",
        "Vercel",
        "a b",
        "a\n",
        "a\u{85}b",
        "李小龍.png",
        "image/png",
        "image/svg+xml",
        "image/",
        "image/png; q=1",
        "a/b/c",
        "https://example.com",
        "https://example.com/a?b@c",
        "https://me@example.com/",
        "https:///a",
        "ftp://example.com/",
        "https://exa mple.com",
    ]
    .map(str::to_owned)
    .into();
    for length in [64, 65, 127, 128, 255, 256, 1_024, 1_025] {
        samples.push("x".repeat(length));
        samples.push("é".repeat(length));
        samples.push(format!("a/{}", "x".repeat(length - 2)));
    }
    for length in [2_048, 2_049] {
        samples.push(format!("https://{}", "x".repeat(length - 8)));
    }
    samples
}

/// Three assets, one of each place.
async fn stand() -> (OwnStore, Client) {
    let store = fixture().await;
    let now = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, now)).await.unwrap();
    for asset in [stored_asset(1, 1, now), pending_asset(1, 2, now), external_asset(1, 3, now)] {
        tx.insert_asset(&asset).await.unwrap();
    }
    tx.commit().await.unwrap();
    let client = store.database.client().await;
    (store, client)
}

/// The name of the constraint that refuses a change of the assets in a state.
async fn refused_by(client: &Client, state: &str, change: &str) -> Option<String> {
    let statement = format!("BEGIN; UPDATE assets SET {change} WHERE state = '{state}'; ROLLBACK");
    let outcome = client.batch_execute(&statement).await;
    if outcome.is_err() {
        client.batch_execute("ROLLBACK").await.unwrap();
    }
    let error = outcome.err()?;
    let refusal = error.as_db_error().expect("the database refused");
    Some(refusal.constraint().unwrap_or_else(|| panic!("{change}: {refusal}")).to_owned())
}

async fn agrees<T: FromStr>(client: &Client, column: &str) {
    for text in samples() {
        let change = format!("{column} = '{}'", text.replace('\'', "''"));
        let refused = refused_by(client, "external", &change).await;
        let expected = text.parse::<T>().is_err().then(|| format!("assets_{column}_valid"));
        assert_eq!(refused, expected, "{column} {text:?}");
    }
}

#[tokio::test]
async fn the_checks_of_assets_agree_with_the_domain() {
    let (_store, client) = stand().await;
    agrees::<FileName>(&client, "name").await;
    agrees::<Provider>(&client, "provider").await;
    agrees::<Url>(&client, "url").await;
    agrees::<ObjectPath>(&client, "path").await;
    agrees::<ContentType>(&client, "content_type").await;
}

#[tokio::test]
async fn no_row_is_half_in_one_place_and_half_in_another() {
    let (_store, client) = stand().await;
    for (state, change, constraint) in [
        ("stored", "key = NULL", "assets_state_whole"),
        ("stored", "url = 'https://example.com/'", "assets_state_whole"),
        ("stored", "provider = 'vercel_blob'", "assets_state_whole"),
        ("stored", "sha256 = NULL", "assets_state_whole"),
        ("stored", "stored_at = NULL", "assets_state_whole"),
        ("stored", "upload_until = now()", "assets_state_whole"),
        ("pending", "upload_until = NULL", "assets_state_whole"),
        ("pending", "width = 1, height = 1", "assets_state_whole"),
        ("external", "url = NULL", "assets_state_whole"),
        ("external", "provider = 'atelier'", "assets_state_whole"),
        ("external", "sha256 = '\\x00'", "assets_sha256_valid"),
        ("stored", "state = 'lost'", "assets_state_known"),
        ("stored", "kind = 'Image'", "assets_kind_known"),
        ("stored", "kind = 'audio'", "assets_size_seen"),
        ("stored", "width = NULL, height = NULL", "assets_size_seen"),
        ("stored", "height = NULL", "assets_size_valid"),
        ("stored", "width = 0", "assets_size_valid"),
        ("stored", "height = 65536", "assets_size_valid"),
        ("stored", "duration_ms = 5", "assets_duration_valid"),
        ("stored", "bytes = 0", "assets_bytes_valid"),
        ("external", "bytes = -1", "assets_bytes_valid"),
        ("stored", "sha256 = '\\x00'", "assets_sha256_valid"),
        ("stored", "key = 'a/elsewhere'", "assets_key_valid"),
        ("stored", "key = replace(key, id::text, user_id::text)", "assets_key_valid"),
        ("stored", "metadata = '[]'", "assets_metadata_valid"),
        ("stored", "revision = 0", "assets_revision_positive"),
        ("stored", "updated_at = created_at - interval '1 s'", "assets_times_ordered"),
    ] {
        let refused = refused_by(&client, state, change).await;
        // A row may break several rules at once, of which any is named.
        let refused = refused.unwrap_or_else(|| panic!("{state}: {change} is taken"));
        let both = [constraint, "assets_state_whole"];
        assert!(both.contains(&refused.as_str()), "{state}: {change}: {refused}");
    }
    assert_eq!(refused_by(&client, "external", "bytes = 0").await, None);
    assert_eq!(refused_by(&client, "external", "bytes = NULL, path = NULL").await, None);
}
