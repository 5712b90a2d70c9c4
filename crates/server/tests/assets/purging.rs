//! What is deleted for good takes its bytes along, and others see pictures and not whose they are.

use std::time::Duration;

use serde_json::{Value, json};

use super::flow::{Files, files};
use super::http;
use crate::whole::stand::poll;
use crate::whole::wire::served::Served;
use crate::wire::assets::PICTURE;

/// Bytes go within seconds; far more than that on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

impl Files<'_> {
    /// Calls a service with `$user` for the owner, and other names of the world.
    async fn of(&self, path: &str, request: Value) -> Value {
        let request = self.0.fill(&request);
        let answer = self.0.call(path, &request).await;
        answer.unwrap_or_else(|status| panic!("{path} {request}: {status:?}"))
    }

    /// A stored picture: its id, and an address of its bytes that works.
    async fn picture(&self) -> (String, String) {
        let id = self.store(PICTURE, "image/png").await["id"].as_str().unwrap().to_owned();
        let answer = self.ok("CreateDownload", json!({"asset_id": id})).await;
        let url = answer["url"].as_str().unwrap().to_owned();
        assert_eq!(http::get(&url).await, (200, PICTURE.to_vec()));
        (id, url)
    }

    /// Deletes a thing and purges it: its service and what it is called.
    async fn purge(&self, service: &str, what: &str, id: &Value) {
        let field = format!("{}_id", what.to_lowercase());
        for verb in ["Delete", "Purge"] {
            let request = json!({"user_id": "$user", &field: id});
            self.of(&format!("{service}/{verb}{what}"), request).await;
        }
    }

    async fn output(&self, project: &Value, body: Value) -> Value {
        let request = json!({
            "user_id": "$user", "project_id": project, "prompt": "A sea", "success": true,
            "body": body,
        });
        self.of("library.v1.LibraryService/CreateOutput", request).await["output"]["id"].clone()
    }
}

async fn is_there(url: &str) -> bool {
    http::get(url).await.0 == 200
}

async fn goes(url: &str) {
    assert!(poll(PATIENCE, async || !is_there(url).await).await, "the bytes stay: {url}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_purged_takes_the_bytes_along_that_only_it_has() {
    let served = Served::start().await;
    let files = files(&served).await;
    let [image, thumbnail, film, source, sound] = [
        files.picture().await,
        files.picture().await,
        files.picture().await,
        files.picture().await,
        files.picture().await,
    ];
    let project = json!({"user_id": "$user", "name": "Comics"});
    let project = files.of("projects.v1.ProjectService/CreateProject", project).await;
    let project = project["project"]["id"].clone();
    let body = json!({"image": {"asset_id": image.0, "thumbnail_asset_id": thumbnail.0}});
    files.output(&project, body).await;
    let video = json!({"video": {
        "files": [{"asset_id": film.0}], "sources": [{"asset_id": source.0}],
    }});
    let video = files.output(&project, video).await;
    files.output(&project, json!({"voiceover": {"asset_id": sound.0}})).await;
    let mia = json!({
        "user_id": "$user", "details": {"prompt": "a robot", "image_asset_id": image.0},
    });
    let mia = files.of("catalog.v1.CharacterService/CreateCharacter", mia).await;
    let mia = mia["character"]["id"].clone();

    files.purge("library.v1.LibraryService", "Output", &video).await;
    goes(&film.1).await;
    files.purge("projects.v1.ProjectService", "Project", &project).await;
    goes(&thumbnail.1).await;
    goes(&sound.1).await;
    assert!(is_there(&image.1).await, "the character shows it");
    assert!(is_there(&source.1).await, "the video was made of it and not it of the video");
    files.purge("catalog.v1.CharacterService", "Character", &mia).await;
    goes(&image.1).await;

    let left = files.ok("ListAssets", json!({"provider": "atelier", "show_deleted": true})).await;
    let left = left["assets"].as_array().unwrap();
    assert_eq!(left.iter().map(|asset| &asset["id"]).collect::<Vec<_>>(), [&json!(source.0)]);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn others_see_pictures_and_not_whose_they_are() {
    let served = Served::start().await;
    let files = files(&served).await;
    let (image, _) = files.picture().await;
    let user = files.0.names["user"].clone();
    let preferences = json!({
        "user_id": "$user", "update_mask": "visibility,galleryShowcase",
        "preferences": {"visibility": "VISIBILITY_PUBLIC", "gallery_showcase": true},
    });
    files.of("users.v1.UserService/UpdatePreferences", preferences).await;
    let mia = json!({
        "user_id": "$user",
        "details": {"prompt": "a robot", "image_asset_id": image, "public": true},
    });
    files.of("catalog.v1.CharacterService/CreateCharacter", mia).await;
    let project = json!({"user_id": "$user", "name": "Comics", "public": true});
    let project = files.of("projects.v1.ProjectService/CreateProject", project).await;
    let project = project["project"]["id"].clone();
    files.output(&project, json!({"image": {"asset_id": image}})).await;
    let link = json!({"user_id": "$user", "project_id": project});
    let link = files.of("projects.v1.ProjectService/CreateShareLink", link).await;

    let gallery = files.of("catalog.v1.CharacterService/ListPublicCharacters", json!({})).await;
    let shared = "projects.v1.ProjectService/GetSharedProject";
    let by_link = files.of(shared, json!({"token": link["token"]})).await;
    let public = files.of(shared, json!({"public_project_id": project})).await;
    for (seen, things) in [(gallery, "characters"), (by_link, "outputs"), (public, "outputs")] {
        let addresses = seen[things][0]["addresses"].as_array().unwrap();
        assert_eq!(addresses.len(), 1, "{seen}");
        assert_eq!(addresses[0]["asset_id"], json!(image));
        assert!(addresses[0]["expire_time"].is_string(), "{seen}");
        let url = addresses[0]["url"].as_str().unwrap();
        assert_eq!(http::get(url).await, (200, PICTURE.to_vec()));
        assert!(!seen.to_string().contains(&user), "{seen}");
    }

    let status = json!({"user_id": "$user", "status": "ACCOUNT_STATUS_BANNED"});
    files.of("users.v1.UserService/SetAccountStatus", status).await;
    let gallery = files.of("catalog.v1.CharacterService/ListPublicCharacters", json!({})).await;
    assert_eq!(gallery["characters"], json!([]));
    let listed = files.of("projects.v1.ProjectService/ListPublicProjects", json!({})).await;
    assert_eq!(listed["projects"], json!([]));
    for request in [json!({"token": link["token"]}), json!({"public_project_id": project})] {
        let refused = files.0.call(shared, &request).await.expect_err("the owner is banned");
        assert_eq!(crate::whole::calls::reason(&refused), "SHARE_LINK_NOT_FOUND");
    }
    served.end().await;
}
