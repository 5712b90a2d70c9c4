//! The rows of the catalogue of models.

use serde_json::{Value, json};

use super::cases::check;
use super::row::{Row, Step, Twice};

const MODEL: Step = Step::Call(
    "generation.v1.ModelService/CreateModel",
    r#"{"name": "$salt", "fields": {"abilities": ["MODEL_ABILITY_IMAGE"],
        "routes": [{"position": 1, "weight": 1, "provider": "studio",
            "provider_model": "studio-image"}]}}"#,
    &[("model_etag", "model.etag")],
);

fn fields() -> Value {
    json!({
        "abilities": ["MODEL_ABILITY_IMAGE", "MODEL_ABILITY_EDIT"], "images_max": 4,
        "millis_max": 10_000, "characters_max": 500,
        "routes": [
            {"position": 1, "weight": 9, "provider": "fal", "provider_model": "fal-ai/flux/dev"},
            {"position": 2, "weight": 1, "provider": "studio", "provider_model": "studio-image"},
        ],
    })
}

pub(crate) fn rows() -> Vec<Row> {
    let bad = |row: Row| {
        row.bad("fields", json!(null))
            .bad("fields.images_max", 0)
            .bad("fields.millis_max", 0)
            .bad("fields.characters_max", 0)
            .bad("fields.abilities", json!([]))
            .bad_at("fields.routes[0].provider", "fields.routes", json!([{"provider_model": "m"}]))
    };
    let life = json!({"state": "MODEL_STATE_RETIRED", "shutdown_date": "2026-12-31"});
    vec![
        Row::read(
            "generation.v1.ModelService/ListModels",
            json!({
                "page_size": 5, "states": ["MODEL_STATE_ACTIVE"],
                "abilities": ["MODEL_ABILITY_IMAGE"],
            }),
        ),
        Row::read("generation.v1.ModelService/GetModel", json!({"name": "$salt"}))
            .with(&[MODEL])
            .bad("name", "")
            .missing("name", "MODEL_NOT_FOUND"),
        bad(Row::write(
            "generation.v1.ModelService/CreateModel",
            json!({"name": "$salt", "fields": fields(), "life": life}),
            Twice::Once("MODEL_NAME_TAKEN"),
        ))
        .bad("name", "")
        .bad("life.shutdown_date", "2026-02-30"),
        bad(Row::write(
            "generation.v1.ModelService/UpdateModel",
            json!({
                "name": "$salt", "fields": fields(), "etag": "$model_etag",
                "update_mask": "abilities,imagesMax,millisMax,charactersMax,routes",
            }),
            Twice::Once("ETAG_MISMATCH"),
        ))
        .with(&[MODEL])
        .bad("name", "")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "name")
        .missing("name", "MODEL_NOT_FOUND"),
        Row::write(
            "generation.v1.ModelService/SetModelLife",
            json!({"name": "$salt", "life": life, "etag": "$model_etag"}),
            Twice::Once("ETAG_MISMATCH"),
        )
        .with(&[MODEL])
        .bad("name", "")
        .bad("etag", "7")
        .bad("life", json!(null))
        .bad("life.replacement", "")
        .missing("name", "MODEL_NOT_FOUND"),
        Row::read("generation.v1.ModelService/ProbeProviders", json!({"providers": ["studio"]}))
            .bad_at("providers[0]", "providers", json!([""])),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_models_keeps_its_promises() {
    check(rows()).await;
}
