//! Files come and go as clients move them: by addresses of the store, and by addresses of the web.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::http;
use crate::whole::calls::{metadata, reason};
use crate::whole::wire::served::Served;
use crate::wire::assets::PICTURE;
use crate::wire::world::World;

const FILM: &[u8] = include_bytes!("../../../assets/tests/files/tail.mp4");

/// The methods of the service on one user's files.
pub(super) struct Files<'a>(pub(super) World<'a>);

impl Files<'_> {
    pub(super) async fn call(
        &self,
        method: &str,
        mut request: Value,
    ) -> Result<Value, tonic::Status> {
        request["user_id"] = json!(self.0.names["user"]);
        self.0.call(&format!("assets.v1.AssetService/{method}"), &request).await
    }

    pub(super) async fn ok(&self, method: &str, request: Value) -> Value {
        self.call(method, request).await.unwrap_or_else(|status| panic!("{method}: {status:?}"))
    }

    pub(super) async fn refused(&self, method: &str, request: Value) -> tonic::Status {
        self.call(method, request).await.expect_err(method)
    }

    /// Announces a file: its id and the upload.
    async fn announce(&self, bytes: &[u8], content_type: &str) -> (String, Value) {
        let answer = self
            .ok(
                "CreateUpload",
                json!({
                    "name": "Kätzchen.bin", "content_type": content_type,
                    "size_bytes": bytes.len(), "sha256": hex::encode(Sha256::digest(bytes)),
                }),
            )
            .await;
        assert_eq!(answer["asset"]["state"], "ASSET_STATE_PENDING");
        (answer["asset"]["id"].as_str().unwrap().to_owned(), answer["upload"].clone())
    }

    pub(super) async fn store(&self, bytes: &[u8], content_type: &str) -> Value {
        let (id, upload) = self.announce(bytes, content_type).await;
        assert_eq!(put(&upload, bytes).await, 200);
        self.ok("FinalizeUpload", json!({"asset_id": id})).await["asset"].clone()
    }

    /// The bytes at an address that the service gives.
    async fn download(&self, id: &Value) -> (u16, Vec<u8>) {
        let answer = self.ok("CreateDownload", json!({"asset_id": id, "attachment": true})).await;
        http::get(answer["url"].as_str().unwrap()).await
    }
}

async fn put(upload: &Value, bytes: &[u8]) -> u16 {
    let headers = upload["headers"].as_object().unwrap();
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    http::put(upload["url"].as_str().unwrap(), headers, bytes).await.0
}

pub(super) async fn files<'a>(served: &'a Served) -> Files<'a> {
    Files(World::new(served, &served.key, &[]).await)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_becomes_an_asset_that_says_what_its_bytes_say() {
    let served = Served::start().await;
    let files = files(&served).await;
    let picture = files.store(PICTURE, "image/png").await;
    assert_eq!(picture["state"], "ASSET_STATE_STORED");
    assert_eq!((&picture["width"], &picture["height"]), (&json!(17), &json!(9)));
    assert_eq!(picture["kind"], "ASSET_KIND_IMAGE");
    let film = files.store(FILM, "video/mp4").await;
    assert_eq!((&film["width"], &film["height"]), (&json!(32), &json!(18)));
    assert_eq!(film["duration"], "2s");
    assert_eq!(files.download(&film["id"]).await, (200, FILM.to_vec()));

    let copy = files.ok("CopyAsset", json!({"asset_id": film["id"]})).await["asset"].clone();
    assert_ne!(copy["path"], film["path"]);
    for same in ["sha256", "width", "duration", "name"] {
        assert_eq!(copy[same], film[same], "{same}");
    }
    files.ok("DeleteAsset", json!({"asset_id": film["id"]})).await;
    let refused = files.refused("CreateDownload", json!({"asset_id": film["id"]})).await;
    assert_eq!(reason(&refused), "ASSET_DELETED");
    assert_eq!(files.download(&copy["id"]).await, (200, FILM.to_vec()));

    let listed = files.ok("ListAssets", json!({"provider": "atelier"})).await;
    let ids: Vec<&Value> =
        listed["assets"].as_array().unwrap().iter().map(|asset| &asset["id"]).collect();
    assert_eq!(ids, [&copy["id"], &picture["id"]], "newest first, live ones only");
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_becomes_an_asset_but_what_was_announced() {
    let served = Served::start().await;
    let files = files(&served).await;
    let (id, upload) = files.announce(PICTURE, "image/png").await;
    let early = files.refused("FinalizeUpload", json!({"asset_id": id})).await;
    assert_eq!(reason(&early), "UPLOAD_MISSING");

    let mut other = PICTURE.to_vec();
    *other.last_mut().unwrap() ^= 1;
    assert!((400..500).contains(&put(&upload, &other).await), "the store takes other bytes");
    let refused = files.refused("FinalizeUpload", json!({"asset_id": id})).await;
    assert!(["UPLOAD_MISSING", "UPLOAD_DIFFERS"].contains(&reason(&refused).as_str()));

    assert_eq!(put(&upload, PICTURE).await, 200);
    let asset = files.ok("FinalizeUpload", json!({"asset_id": id})).await["asset"].clone();
    let again = files.ok("FinalizeUpload", json!({"asset_id": id})).await["asset"].clone();
    assert_eq!(again, asset);

    let page = b"<html><script>alert(1)</script>";
    let (id, upload) = files.announce(page, "image/png").await;
    assert_eq!(put(&upload, page).await, 200, "the store does not look into files");
    let refused = files.refused("FinalizeUpload", json!({"asset_id": id})).await;
    assert_eq!(reason(&refused), "MEDIA_UNREADABLE");
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_the_web_are_imported_and_closed_networks_are_not_asked() {
    let served = Served::start().await;
    let files = files(&served).await;
    let film = files.store(FILM, "video/mp4").await;
    let answer = files.ok("CreateDownload", json!({"asset_id": film["id"]})).await;
    let url = answer["url"].as_str().unwrap();
    let imported = files.ok("ImportFromUrl", json!({"url": url})).await["asset"].clone();
    assert_eq!(imported["name"], json!(film["path"].as_str().unwrap().rsplit('/').next()));
    assert_eq!((&imported["sha256"], &imported["width"]), (&film["sha256"], &film["width"]));

    let port = served.s3.address().port();
    for url in [
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "https://10.0.0.1/".to_owned(),
        "https://[::1]/".to_owned(),
        // The same store by another address, which nobody has opened.
        format!("http://127.0.0.2:{port}/"),
    ] {
        let refused = files.refused("ImportFromUrl", json!({"url": url})).await;
        assert_eq!(reason(&refused), "URL_FORBIDDEN", "{url}");
    }
    let missing = url.replace(".mp4", ".mp3");
    let refused = files.refused("ImportFromUrl", json!({"url": missing})).await;
    assert_eq!(reason(&refused), "FETCH_FAILED");
    assert_eq!(metadata(&refused, "cause"), "the server answers 403");
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_keep_is_noted_and_its_address_handed_on() {
    let served = Served::start().await;
    let files = files(&served).await;
    let url = "https://blob.example/a.mov";
    let noted = json!({"provider": "vercel_blob", "url": url, "name": "a.mov"});
    let asset = files.ok("RegisterExternal", noted).await["asset"].clone();
    assert_eq!((&asset["state"], &asset["url"]), (&json!("ASSET_STATE_EXTERNAL"), &json!(url)));
    let download = files.ok("CreateDownload", json!({"asset_id": asset["id"]})).await;
    assert_eq!((&download["url"], &download["expire_time"]), (&json!(url), &Value::Null));
    for method in ["CopyAsset", "FinalizeUpload"] {
        let refused = files.refused(method, json!({"asset_id": asset["id"]})).await;
        assert_eq!(reason(&refused), "ASSET_EXTERNAL", "{method}");
    }
    let of = async |provider: &str| {
        let listed = files.ok("ListAssets", json!({"provider": provider})).await;
        listed["assets"].as_array().unwrap().len()
    };
    assert_eq!((of("vercel_blob").await, of("atelier").await), (1, 0));
    served.end().await;
}
