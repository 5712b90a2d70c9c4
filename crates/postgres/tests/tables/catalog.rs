//! The tables of the catalogue: the second wall of every rule.

use catalog::{Description, Name, Passage, Prompt, Short, Style, Tags};
use kernel::Timestamp;
use ports::Store;
use testkit::fixtures::{character, insert_pictures, theme, user, user_id};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

use crate::contract::fixture::{OwnStore, fixture};

/// Texts that are valid for some columns, for none, or just not.
fn samples() -> Vec<String> {
    let mut samples: Vec<String> =
        ["", " ", "a", "anime", "Anime", "a\nb", "a\tb", "a\u{7}b", "a\u{85}b", "李小龍", "\t\n"]
            .map(str::to_owned)
            .into();
    for length in [64, 65, 200, 201, 4_000, 4_001, 10_000, 10_001] {
        samples.push("é".repeat(length));
    }
    samples
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

/// A store with two users, a character of each, and a theme of the first one's.
async fn stocked() -> OwnStore {
    let store = fixture().await;
    let at = Timestamp::from_micros(1_767_225_600_000_000).expect("is in range");
    let mut tx = store.begin().await.unwrap();
    for number in [1, 2] {
        tx.insert_user(&user(number, at)).await.unwrap();
        let one = character(user_id(number), number, at);
        insert_pictures(&mut *tx, one.user, one.fields.assets(), at).await;
        tx.insert_character(&one, false).await.unwrap();
    }
    tx.insert_theme(&theme(&character(user_id(1), 1, at), 1, at)).await.unwrap();
    tx.commit().await.unwrap();
    store
}

#[tokio::test]
async fn the_checks_of_characters_agree_with_the_domain() {
    let store = stocked().await;
    let client = store.database.client().await;
    for text in samples() {
        for (column, wrong) in [
            ("name", text.parse::<Name>().is_err()),
            ("description", text.parse::<Description>().is_err()),
            ("prompt", text.parse::<Prompt>().is_err()),
            ("age", text.parse::<Short>().is_err()),
            ("clothing", text.parse::<Passage>().is_err()),
            ("background", text.parse::<Passage>().is_err()),
        ] {
            let update = format!("UPDATE characters SET {column} = $1");
            let refused = constraint(&client, &update, &[&text]).await;
            let expected = wrong.then(|| format!("characters_{column}_valid"));
            assert_eq!(refused, expected, "{column} {text:?}");
        }
        let refused = constraint(&client, "UPDATE characters SET style = $1", &[&text]).await;
        assert_eq!(refused.is_some(), text.parse::<Style>().is_err(), "style {text:?}");
        let update = "UPDATE characters SET tags = ARRAY[$1]";
        let refused = constraint(&client, update, &[&text]).await;
        assert_eq!(refused.is_some(), Tags::parse([&text]).is_err(), "tags {text:?}");
    }
    let many: Vec<String> = (0..33).map(|number| format!("t{number}")).collect();
    let refused = constraint(&client, "UPDATE characters SET tags = $1", &[&many]).await;
    assert_eq!(refused.as_deref(), Some("characters_tags_valid"));
}

#[tokio::test]
async fn nothing_hangs_on_what_is_another_users_or_another_characters() {
    let store = stocked().await;
    let client = store.database.client().await;
    let theme_of_other = "INSERT INTO themes (user_id, id, character_id, name, name_key, revision, \
         created_at, updated_at) SELECT (SELECT user_id FROM characters ORDER BY user_id DESC \
         LIMIT 1), gen_random_uuid(), character_id, 'x', 'x', 1, now(), now() FROM themes";
    let refused = constraint(&client, theme_of_other, &[]).await;
    assert_eq!(refused.as_deref(), Some("themes_character_fkey"));
    let elsewhere = "INSERT INTO variants (user_id, id, character_id, theme_id, number, prompt, \
         revision, created_at, updated_at) SELECT t.user_id, gen_random_uuid(), \
         (SELECT id FROM characters c WHERE c.user_id <> t.user_id), t.id, 1, 'x', 1, now(), now() \
         FROM themes t";
    let refused = constraint(&client, elsewhere, &[]).await;
    assert_eq!(refused.as_deref(), Some("variants_theme_fkey"));
}
