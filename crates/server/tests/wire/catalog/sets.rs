//! The rows of `CollectionService` and `SceneService`.

use serde_json::json;

use super::super::row::{Row, Step, Twice};
use super::{MIA, long};

const HEROES: Step = Step::Call(
    "catalog.v1.CollectionService/CreateCollection",
    r#"{"user_id": "$user", "details": {"name": "Heroes"}}"#,
    &[("heroes", "collection.id"), ("heroes_etag", "collection.etag")],
);
const MIA_IN_IT: Step = Step::Call(
    "catalog.v1.CollectionService/AddCollectionCharacter",
    r#"{"user_id": "$user", "collection_id": "$heroes", "character_id": "$mia"}"#,
    &[],
);
const LEO: Step = Step::Call(
    "catalog.v1.CharacterService/CreateCharacter",
    r#"{"user_id": "$user", "details": {"description": "a lion"}}"#,
    &[("leo", "character.id")],
);
const PICNIC: Step = Step::Call(
    "catalog.v1.SceneService/CreateScene",
    r#"{"user_id": "$user", "details": {"name": "Picnic", "character_ids": ["$mia"]}}"#,
    &[("picnic", "scene.id"), ("picnic_etag", "scene.etag")],
);
const IMAGE: Step = Step::Call(
    "catalog.v1.SceneService/AddSceneImage",
    r#"{"user_id": "$user", "scene_id": "$picnic", "asset_id": "$picture"}"#,
    &[],
);

pub(super) fn rows() -> Vec<Row> {
    [collections(), scenes()].concat()
}

fn collections() -> Vec<Row> {
    let details = json!({
        "name": "Heroes", "description": "All", "public": true, "cover_asset_id": "$picture",
    });
    let update = json!({
        "user_id": "$user", "collection_id": "$heroes", "details": details,
        "update_mask": "name,description,public,coverAssetId", "etag": "$heroes_etag",
    });
    let bad = |row: Row| {
        row.bad("user_id", "7")
            .bad("details.name", long(201))
            .bad("details.description", "")
            .bad("details.cover_asset_id", "7")
            .bad("details", json!(null))
    };
    let of_it = |row: Row| {
        row.with(&[HEROES])
            .bad("user_id", "7")
            .bad("collection_id", "7")
            .missing("collection_id", "COLLECTION_NOT_FOUND")
            .others("COLLECTION_NOT_FOUND")
    };
    let named = json!({"user_id": "$user", "collection_id": "$heroes"});
    let add = json!({
        "user_id": "$user", "collection_id": "$heroes", "character_id": "$leo",
        "before_character_id": "$mia",
    });
    let remove = json!({"user_id": "$user", "collection_id": "$heroes", "character_id": "$mia"});
    let read =
        |method| of_it(Row::read(method, named.clone())).nobody(Some("COLLECTION_NOT_FOUND"));
    vec![
        bad(Row::write(
            "catalog.v1.CollectionService/CreateCollection",
            json!({"user_id": "$user", "details": details}),
            Twice::Both,
        ))
        .others("ASSET_NOT_FOUND"),
        read("catalog.v1.CollectionService/GetCollection"),
        Row::read(
            "catalog.v1.CollectionService/ListCollections",
            json!({"user_id": "$user", "page_size": 5}),
        )
        .bad("user_id", "7")
        .bad("page_size", -1),
        bad(Row::write(
            "catalog.v1.CollectionService/UpdateCollection",
            update,
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[HEROES])
        .bad("collection_id", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad("etag", "7")
        .missing("collection_id", "COLLECTION_NOT_FOUND")
        .others("COLLECTION_NOT_FOUND"),
        of_it(Row::write(
            "catalog.v1.CollectionService/DeleteCollection",
            named.clone(),
            Twice::Once("COLLECTION_NOT_FOUND"),
        ))
        .bad("etag", "7"),
        of_it(Row::write(
            "catalog.v1.CollectionService/AddCollectionCharacter",
            add,
            Twice::Once("COLLECTION_ENTRY_TAKEN"),
        ))
        .with(&[MIA, LEO, MIA_IN_IT])
        .bad("character_id", "7")
        .bad("before_character_id", "7")
        .missing("character_id", "CHARACTER_NOT_FOUND")
        .missing("before_character_id", "COLLECTION_ENTRY_NOT_FOUND"),
        of_it(Row::write(
            "catalog.v1.CollectionService/RemoveCollectionCharacter",
            remove,
            Twice::Once("COLLECTION_ENTRY_NOT_FOUND"),
        ))
        .with(&[MIA, MIA_IN_IT])
        .bad("character_id", "7")
        .missing("character_id", "COLLECTION_ENTRY_NOT_FOUND"),
        read("catalog.v1.CollectionService/ListCollectionCharacters").bad("page_size", -1),
    ]
}

fn scenes() -> Vec<Row> {
    let details = json!({
        "name": "Picnic", "description": "On a hill", "prompt": "a picnic", "style": "STYLE_VINTAGE",
        "character_ids": ["$mia"],
    });
    let update = json!({
        "user_id": "$user", "scene_id": "$picnic", "details": details,
        "update_mask": "name,description,prompt,style,characterIds", "etag": "$picnic_etag",
    });
    let bad = |row: Row| {
        row.bad("user_id", "7")
            .bad("details.name", long(201))
            .bad("details.description", "")
            .bad("details.prompt", long(10_001))
            .bad("details.style", 0)
            .bad("details.character_ids[0]", "7")
            .bad("details", json!(null))
            .missing("details.character_ids[0]", "CHARACTER_NOT_FOUND")
    };
    let of_it = |row: Row| {
        row.with(&[MIA, PICNIC])
            .bad("user_id", "7")
            .bad("scene_id", "7")
            .missing("scene_id", "SCENE_NOT_FOUND")
            .others("SCENE_NOT_FOUND")
    };
    let named = json!({"user_id": "$user", "scene_id": "$picnic"});
    let image = json!({"user_id": "$user", "scene_id": "$picnic", "asset_id": "$picture"});
    vec![
        bad(Row::write(
            "catalog.v1.SceneService/CreateScene",
            json!({"user_id": "$user", "details": details}),
            Twice::Both,
        ))
        .with(&[MIA])
        .others("CHARACTER_NOT_FOUND"),
        of_it(Row::read("catalog.v1.SceneService/GetScene", named.clone()))
            .nobody(Some("SCENE_NOT_FOUND")),
        Row::read(
            "catalog.v1.SceneService/ListScenes",
            json!({"user_id": "$user", "character_id": "$mia", "page_size": 5}),
        )
        .with(&[MIA])
        .nobody(Some("CHARACTER_NOT_FOUND"))
        .bad("user_id", "7")
        .bad("character_id", "7")
        .bad("page_size", -1)
        .missing("character_id", "CHARACTER_NOT_FOUND")
        .others("CHARACTER_NOT_FOUND"),
        bad(Row::write(
            "catalog.v1.SceneService/UpdateScene",
            update,
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[MIA, PICNIC])
        .bad("scene_id", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "images")
        .bad("etag", "7")
        .missing("scene_id", "SCENE_NOT_FOUND")
        .others("SCENE_NOT_FOUND"),
        of_it(Row::write(
            "catalog.v1.SceneService/DeleteScene",
            named,
            Twice::Once("SCENE_NOT_FOUND"),
        ))
        .bad("etag", "7"),
        of_it(Row::write(
            "catalog.v1.SceneService/AddSceneImage",
            image.clone(),
            Twice::Once("SCENE_IMAGE_TAKEN"),
        ))
        .bad("asset_id", "7")
        .missing("asset_id", "ASSET_NOT_FOUND"),
        of_it(Row::write(
            "catalog.v1.SceneService/RemoveSceneImage",
            image,
            Twice::Once("SCENE_IMAGE_NOT_FOUND"),
        ))
        .with(&[IMAGE])
        .bad("asset_id", "7")
        .missing("asset_id", "SCENE_IMAGE_NOT_FOUND"),
    ]
}
