//! The rows of `AssetService`.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::cases::{check, is_barred};
use super::row::{Row, Step, Twice};
use super::world::World;
use crate::assets::http;

/// A picture of 17 by 9.
pub(crate) const PICTURE: &[u8] = include_bytes!("../../../assets/tests/files/a.png");

const NOT_FOUND: &str = "ASSET_NOT_FOUND";

const UPLOADED: Step = Step::Do(upload);
const STORED: Step = Step::Call(
    "assets.v1.AssetService/FinalizeUpload",
    r#"{"user_id": "$user", "asset_id": "$asset"}"#,
    &[("etag", "asset.etag")],
);
const DELETED: Step = Step::Call(
    "assets.v1.AssetService/DeleteAsset",
    r#"{"user_id": "$user", "asset_id": "$asset"}"#,
    &[],
);
const RESTORED: Step = Step::Call(
    "assets.v1.AssetService/RestoreAsset",
    r#"{"user_id": "$user", "asset_id": "$asset"}"#,
    &[],
);
const DOWNLOAD: Step = Step::Call(
    "assets.v1.AssetService/CreateDownload",
    r#"{"user_id": "$user", "asset_id": "$asset"}"#,
    &[("download", "url")],
);

fn announcement() -> Value {
    json!({
        "user_id": "$user", "name": "cat.png", "content_type": "image/png",
        "size_bytes": PICTURE.len(), "sha256": hex::encode(Sha256::digest(PICTURE)),
        "metadata": {"style": "ink"},
    })
}

/// Announces a picture and uploads it, as a client does.
fn upload<'a>(world: &'a mut World<'_>) -> BoxFuture<'a, ()> {
    async move {
        let request = world.fill(&announcement());
        let answer = world.call("assets.v1.AssetService/CreateUpload", &request).await.unwrap();
        let id = answer["asset"]["id"].as_str().unwrap().to_owned();
        world.names.insert("asset".to_owned(), id);
        let upload = &answer["upload"];
        let headers = upload["headers"].as_object().unwrap();
        let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
        let url = upload["url"].as_str().unwrap();
        let (code, text) = http::put(url, headers, PICTURE).await;
        assert_eq!(code, 200, "{}", String::from_utf8_lossy(&text));
    }
    .boxed()
}

/// Of an asset, with what may be wrong with its names.
fn named(row: Row, steps: &[Step]) -> Row {
    // Whoever changes something looks at the account first.
    let nobody = if is_barred(row.method) { "USER_NOT_FOUND" } else { NOT_FOUND };
    row.with(steps)
        .bad("user_id", "7")
        .bad("asset_id", "7")
        .missing("asset_id", NOT_FOUND)
        .others(NOT_FOUND)
        .nobody(Some(nobody))
}

pub(crate) fn rows() -> Vec<Row> {
    let of_asset = || json!({"user_id": "$user", "asset_id": "$asset"});
    let read = |method| Row::read(method, of_asset());
    let write = |method, twice| Row::write(method, of_asset(), twice);
    let stored = &[UPLOADED, STORED];
    let deleted = &[UPLOADED, STORED, DELETED];
    vec![
        Row::write("assets.v1.AssetService/CreateUpload", announcement(), Twice::Both)
            .bad("user_id", "7")
            .bad("name", " ")
            .bad("content_type", "image/svg+xml")
            .bad("size_bytes", 0)
            .bad("size_bytes", 64 * 1024 * 1024 + 1)
            .bad("sha256", "A".repeat(64)),
        named(write("assets.v1.AssetService/FinalizeUpload", Twice::Both), &[UPLOADED])
            .nobody(Some(NOT_FOUND))
            .after(DELETED, "ASSET_DELETED"),
        named(
            Row::read(
                "assets.v1.AssetService/CreateDownload",
                json!({"user_id": "$user", "asset_id": "$asset", "lifetime": "60s"}),
            ),
            stored,
        )
        .bad("lifetime", "1s")
        .after(DELETED, "ASSET_DELETED"),
        named(read("assets.v1.AssetService/GetAsset"), stored),
        Row::read(
            "assets.v1.AssetService/BatchGetAssets",
            json!({"user_id": "$user", "asset_ids": ["$asset", "$nobody"]}),
        )
        .with(stored)
        .bad("user_id", "7")
        .bad("asset_ids[0]", "7")
        .bad("asset_ids", json!([]))
        .nobody(None),
        Row::read("assets.v1.AssetService/ListAssets", json!({"user_id": "$user"}))
            .with(stored)
            .bad("user_id", "7")
            .bad("provider", "Vercel")
            .bad_at("kinds[0]", "kinds", json!(["ASSET_KIND_UNSPECIFIED"]))
            .nobody(None),
        named(
            Row::write(
                "assets.v1.AssetService/UpdateAsset",
                json!({
                    "user_id": "$user", "asset_id": "$asset", "update_mask": "name,metadata",
                    "asset": {"name": "dog.png", "metadata": {"style": "oil"}}, "etag": "$etag",
                }),
                Twice::Once("ETAG_MISMATCH"),
            ),
            stored,
        )
        .bad("asset.name", "")
        .bad("etag", "7")
        .bad_at("update_mask.paths[0]", "update_mask", "id")
        .bad_at("update_mask", "update_mask", ""),
        named(write("assets.v1.AssetService/DeleteAsset", Twice::Both), stored).bad("etag", "7"),
        named(write("assets.v1.AssetService/RestoreAsset", Twice::Both), deleted).bad("etag", "7"),
        named(write("assets.v1.AssetService/PurgeAsset", Twice::Once(NOT_FOUND)), deleted)
            .bad("etag", "7")
            .after(RESTORED, "ASSET_NOT_DELETED"),
        named(write("assets.v1.AssetService/CopyAsset", Twice::Both), stored)
            .nobody(Some(NOT_FOUND))
            .after(DELETED, "ASSET_DELETED"),
        Row::write(
            "assets.v1.AssetService/RegisterExternal",
            json!({
                "user_id": "$user", "provider": "vercel_blob", "url": "https://example.com/a.mov",
                "path": "films/a.mov", "name": "a.mov", "content_type": "video/quicktime",
                "size_bytes": 7, "metadata": {"a": 1},
            }),
            Twice::Both,
        )
        .bad("user_id", "7")
        .bad("provider", "atelier")
        .bad("url", "https://me:secret@example.com/")
        .bad("path", " ")
        .bad("name", "")
        .bad("content_type", "video")
        .bad("size_bytes", -1),
        Row::write(
            "assets.v1.AssetService/ImportFromUrl",
            json!({"user_id": "$user", "url": "$download", "name": "cat.png"}),
            Twice::Both,
        )
        .with(stored)
        .with(&[DOWNLOAD])
        .bad("user_id", "7")
        .bad("url", "file:///etc/passwd")
        .bad("name", " "),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rpc_of_assets_keeps_its_promises() {
    check(rows()).await;
}
