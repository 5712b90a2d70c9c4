//! The rows of the catalogue's services. Those of sets are in `sets`.

mod sets;

use serde_json::{Value, json};

use super::cases::check;
use super::row::{Row, Step, Twice};

pub(super) const MIA: Step = Step::Call(
    "catalog.v1.CharacterService/CreateCharacter",
    r#"{"user_id": "$user", "details": {"name": "Mia", "prompt": "a robot"}}"#,
    &[("mia", "character.id"), ("mia_etag", "character.etag")],
);
const MIA_DELETED: Step = Step::Call(
    "catalog.v1.CharacterService/DeleteCharacter",
    r#"{"user_id": "$user", "character_id": "$mia"}"#,
    &[("gone_etag", "character.etag")],
);
const WINTER: Step = Step::Call(
    "catalog.v1.ThemeService/CreateTheme",
    r#"{"user_id": "$user", "character_id": "$mia", "details": {"name": "Winter"}}"#,
    &[("winter", "theme.id"), ("winter_etag", "theme.etag")],
);
const SMILE: Step = Step::Call(
    "catalog.v1.VariantService/CreateVariant",
    r#"{"user_id": "$user", "theme_id": "$winter", "details": {"prompt": "make her smile"}}"#,
    &[("smile", "variant.id"), ("smile_etag", "variant.etag")],
);
const WINTER_DELETED: Step = Step::Call(
    "catalog.v1.ThemeService/DeleteTheme",
    r#"{"user_id": "$user", "theme_id": "$winter"}"#,
    &[],
);

const CHARACTER_MASK: &str = "name,description,prompt,style,status,imageAssetId,thumbnailAssetId,\
    referenceAssetId,tags,metadata,age,gender,occupation,personality,physicalTraits,clothing,\
    background,public,favourite,inLibrary,showcased";

pub(super) fn long(chars: usize) -> Value {
    json!("x".repeat(chars))
}

fn details() -> Value {
    json!({
        "name": "Mia", "description": "A robot.", "prompt": "a robot, shy", "style": "STYLE_ANIME",
        "status": "GENERATION_STATUS_COMPLETED", "image_asset_id": "$picture",
        "thumbnail_asset_id": "$picture", "reference_asset_id": "$picture", "tags": ["Robot", "shy"],
        "metadata": {"conversation": "c1", "n": [1, 2.5]}, "age": "20", "gender": "female",
        "occupation": "pilot", "personality": ["shy"], "physical_traits": {"eyes": "green"},
        "clothing": "a suit", "background": "Built on Mars.", "public": true, "favourite": true,
        "in_library": true, "showcased": true,
    })
}

/// What may be wrong with the details of a character.
fn bad_details(row: Row) -> Row {
    row.bad("details.name", long(201))
        .bad("details.description", long(4_001))
        .bad("details.prompt", long(10_001))
        .bad("details.style", 0)
        .bad("details.status", 0)
        .bad("details.image_asset_id", "7")
        .bad("details.thumbnail_asset_id", "")
        .bad("details.reference_asset_id", "x")
        .bad("details.tags", json!([" "]))
        .bad("details.metadata", json!({"long": "x".repeat(16 * 1024)}))
        .bad("details.age", "a\nb")
        .bad("details.gender", "")
        .bad("details.occupation", " ")
        .bad("details.personality", json!([long(65)]))
        .bad("details.physical_traits", json!({"long": "x".repeat(16 * 1024)}))
        .bad("details.clothing", long(10_001))
        .bad("details.background", "")
        .missing("details.image_asset_id", "ASSET_NOT_FOUND")
        .missing("details.thumbnail_asset_id", "ASSET_NOT_FOUND")
        .missing("details.reference_asset_id", "ASSET_NOT_FOUND")
}

fn one(method: &'static str) -> Row {
    Row::read(method, json!({"user_id": "$user", "character_id": "$mia"}))
        .with(&[MIA])
        .bad("user_id", "7")
        .bad("character_id", "7")
        .missing("character_id", "CHARACTER_NOT_FOUND")
        .others("CHARACTER_NOT_FOUND")
}

pub(crate) fn rows() -> Vec<Row> {
    [characters(), themes(), variants(), sets::rows()].concat()
}

fn characters() -> Vec<Row> {
    let create = json!({"user_id": "$user", "details": details()});
    let update = json!({
        "user_id": "$user", "character_id": "$mia", "details": details(),
        "update_mask": CHARACTER_MASK, "etag": "$mia_etag",
    });
    let mut delete = one("catalog.v1.CharacterService/DeleteCharacter").bad("etag", "7");
    delete.twice = Twice::Once("CHARACTER_DELETED");
    let mut restore =
        one("catalog.v1.CharacterService/RestoreCharacter").with(&[MIA_DELETED]).bad("etag", "7");
    restore.twice = Twice::Once("CHARACTER_NOT_DELETED");
    let mut purge =
        one("catalog.v1.CharacterService/PurgeCharacter").with(&[MIA_DELETED]).bad("etag", "7");
    purge.twice = Twice::Once("CHARACTER_NOT_FOUND");
    vec![
        bad_details(Row::write("catalog.v1.CharacterService/CreateCharacter", create, Twice::Both))
            .bad("user_id", "7")
            .bad("details", json!(null))
            .others("ASSET_NOT_FOUND"),
        one("catalog.v1.CharacterService/GetCharacter").nobody(Some("CHARACTER_NOT_FOUND")),
        Row::read(
            "catalog.v1.CharacterService/BatchGetCharacters",
            json!({"user_id": "$user", "character_ids": ["$mia", "$nobody"]}),
        )
        .with(&[MIA])
        .nobody(None)
        .bad("user_id", "7")
        .bad("character_ids", json!([]))
        .bad_at("character_ids[1]", "character_ids[1]", "7"),
        Row::read(
            "catalog.v1.CharacterService/ListCharacters",
            json!({
                "user_id": "$user", "page_size": 5, "show_deleted": true,
                "filter": {
                    "tags_all": ["robot"], "tags_any": ["shy"], "style": "STYLE_ANIME",
                    "status": "GENERATION_STATUS_FAILED", "public": true, "favourite": true,
                    "in_library": true, "showcased": false, "text": "red hair",
                },
            }),
        )
        .bad("user_id", "7")
        .bad("filter.tags_all", json!([""]))
        .bad("filter.tags_any", json!([long(65)]))
        .bad("filter.style", 0)
        .bad("filter.status", 0)
        .bad("filter.text", "!?")
        .bad("page_size", -1),
        Row::read(
            "catalog.v1.CharacterService/ListPublicCharacters",
            json!({"page_size": 5, "filter": {"tags_any": ["robot"], "text": "red"}}),
        )
        .bad("filter.tags_any", json!([""]))
        .bad("filter.public", true)
        .bad("filter.favourite", true)
        .bad("filter.in_library", false)
        .bad("page_size", -1),
        bad_details(Row::write(
            "catalog.v1.CharacterService/UpdateCharacter",
            update,
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[MIA])
        .bad("user_id", "7")
        .bad("character_id", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad_at("update_mask", "update_mask", "")
        .bad("etag", "7")
        .missing("character_id", "CHARACTER_NOT_FOUND")
        .others("CHARACTER_NOT_FOUND")
        .after(MIA_DELETED, "CHARACTER_DELETED"),
        delete,
        restore,
        purge,
        Row::read("catalog.v1.CharacterService/GetUserStatistics", json!({"user_id": "$user"}))
            .bad("user_id", "7"),
    ]
}

fn themes() -> Vec<Row> {
    let details = json!({"name": "Summer", "description": "Hats"});
    let create = json!({"user_id": "$user", "character_id": "$mia", "details": details});
    let update = json!({
        "user_id": "$user", "theme_id": "$winter", "details": details,
        "update_mask": "name,description", "etag": "$winter_etag",
    });
    let named = |method| {
        Row::read(method, json!({"user_id": "$user", "theme_id": "$winter"}))
            .with(&[MIA, WINTER])
            .bad("user_id", "7")
            .bad("theme_id", "7")
            .missing("theme_id", "THEME_NOT_FOUND")
            .others("THEME_NOT_FOUND")
    };
    let mut delete = named("catalog.v1.ThemeService/DeleteTheme").bad("etag", "7");
    delete.twice = Twice::Once("THEME_NOT_FOUND");
    vec![
        Row::write("catalog.v1.ThemeService/CreateTheme", create, Twice::Once("THEME_NAME_TAKEN"))
            .with(&[MIA])
            .bad("user_id", "7")
            .bad("character_id", "7")
            .bad("details.name", "")
            .bad("details.description", long(4_001))
            .bad("details", json!(null))
            .missing("character_id", "CHARACTER_NOT_FOUND")
            .others("CHARACTER_NOT_FOUND")
            .after(MIA_DELETED, "CHARACTER_DELETED"),
        named("catalog.v1.ThemeService/GetTheme").nobody(Some("THEME_NOT_FOUND")),
        one("catalog.v1.ThemeService/ListThemes")
            .nobody(Some("CHARACTER_NOT_FOUND"))
            .bad("page_size", -1),
        one("catalog.v1.ThemeService/ListGallery")
            .with(&[WINTER, SMILE])
            .nobody(Some("CHARACTER_NOT_FOUND"))
            .bad("newest_max", -1)
            .bad("page_size", -1),
        Row::write("catalog.v1.ThemeService/UpdateTheme", update, Twice::Once("ETAG_MISMATCH"))
            .with(&[MIA, WINTER])
            .bad("user_id", "7")
            .bad("theme_id", "7")
            .bad("details.name", long(201))
            .bad("details.description", "")
            .bad_at("update_mask.paths[0]", "update_mask", "id")
            .bad("etag", "7")
            .missing("theme_id", "THEME_NOT_FOUND")
            .others("THEME_NOT_FOUND"),
        delete,
    ]
}

fn variants() -> Vec<Row> {
    let details = json!({
        "prompt": "make her laugh", "image_asset_id": "$picture", "thumbnail_asset_id": "$picture",
        "metadata": {"seed": 7},
    });
    let create = json!({"user_id": "$user", "theme_id": "$winter", "details": details});
    let update = json!({
        "user_id": "$user", "variant_id": "$smile", "details": details,
        "update_mask": "prompt,imageAssetId,thumbnailAssetId,metadata", "etag": "$smile_etag",
    });
    let bad = |row: Row| {
        row.bad("user_id", "7")
            .bad("details.prompt", "")
            .bad("details.image_asset_id", "7")
            .bad("details.thumbnail_asset_id", "7")
            .bad("details.metadata", json!({"long": "x".repeat(16 * 1024)}))
            .bad("details", json!(null))
            .missing("details.image_asset_id", "ASSET_NOT_FOUND")
            .missing("details.thumbnail_asset_id", "ASSET_NOT_FOUND")
    };
    let named = |method| {
        Row::read(method, json!({"user_id": "$user", "variant_id": "$smile"}))
            .with(&[MIA, WINTER, SMILE])
            .bad("user_id", "7")
            .bad("variant_id", "7")
            .missing("variant_id", "VARIANT_NOT_FOUND")
            .others("VARIANT_NOT_FOUND")
    };
    let mut delete = named("catalog.v1.VariantService/DeleteVariant").bad("etag", "7");
    delete.twice = Twice::Once("VARIANT_NOT_FOUND");
    vec![
        bad(Row::write("catalog.v1.VariantService/CreateVariant", create, Twice::Both))
            .with(&[MIA, WINTER])
            .bad("theme_id", "7")
            .missing("theme_id", "THEME_NOT_FOUND")
            .others("THEME_NOT_FOUND")
            .after(WINTER_DELETED, "THEME_NOT_FOUND")
            .after(MIA_DELETED, "CHARACTER_NOT_FOUND"),
        named("catalog.v1.VariantService/GetVariant").nobody(Some("VARIANT_NOT_FOUND")),
        Row::read(
            "catalog.v1.VariantService/ListVariants",
            json!({"user_id": "$user", "theme_id": "$winter", "page_size": 5}),
        )
        .with(&[MIA, WINTER])
        .nobody(Some("THEME_NOT_FOUND"))
        .bad("user_id", "7")
        .bad("theme_id", "7")
        .bad("page_size", -1)
        .missing("theme_id", "THEME_NOT_FOUND")
        .others("THEME_NOT_FOUND"),
        bad(Row::write(
            "catalog.v1.VariantService/UpdateVariant",
            update,
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[MIA, WINTER, SMILE])
        .bad("variant_id", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "number")
        .bad("etag", "7")
        .missing("variant_id", "VARIANT_NOT_FOUND")
        .others("VARIANT_NOT_FOUND")
        .after(WINTER_DELETED, "VARIANT_NOT_FOUND"),
        delete,
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_the_catalogue_keeps_its_promises() {
    check(rows()).await;
}
