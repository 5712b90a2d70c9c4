//! Files that are uploaded to fal's storage, in one of its two ways.

use serde_json::json;

use crate::media::Media;
use crate::reply::Reply;
use crate::request::Request;
use crate::vendor::{Make, Operation};

pub(super) fn prepare(operation: Operation, request: &Request) -> Make {
    let bytes = request.raw();
    let content_type = request.header("content-type").unwrap_or_default();
    // Where the address was given out before, the bytes are kept under it.
    let promised = request.path.get(2).cloned();
    Box::new(move |turn| match operation.name {
        "upload.token" => Reply::json(
            200,
            &json!({
                "token": "mock-cdn-token", "token_type": "Bearer", "base_url": turn.base(),
                "expires_at": "2099-01-01T00:00:00+00:00",
            }),
        ),
        "upload.initiate" => {
            let name = turn.world.serial();
            Reply::json(
                200,
                &json!({
                    "upload_url": format!("{}/files/upload/{name}", turn.base()),
                    "file_url": format!("{}/outputs/{name}", turn.base()),
                }),
            )
        }
        _ => {
            let media = Media { content_type, bytes };
            let url = turn.publish_as(promised, media);
            Reply::json(200, &json!({ "access_url": url }))
        }
    })
}
