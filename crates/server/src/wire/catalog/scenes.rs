//! Scenes on the wire.

use app::catalog::{Named, Update};
use catalog::{Cast, Scene, SceneFields, SceneImage};
use kernel::{AssetId, CharacterId, Page, Position, SceneId, Timestamp, UserId};
use proto::atelier::catalog::v1 as pb;

use super::{maybe_choice, parse_named, parse_one, render_mark, style_from_proto, style_to_proto};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations, given};
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::render_timestamp;

/// What a mask may name, in the order of the domain's fields.
pub(super) const NAMES: [&str; 5] = ["name", "description", "prompt", "style", "character_ids"];

/// A page of scenes.
pub type AskedScenes = Asked<Position<SceneId>>;

pub fn parse_create(request: pb::CreateSceneRequest) -> Result<(UserId, SceneFields), Violations> {
    let pb::CreateSceneRequest { user_id, details } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let details =
        fields.required("details", details, |fields, details| parse_details(fields, details, None));
    fields.finish(|| Some((user?, details?)))
}

pub fn parse_get(request: pb::GetSceneRequest) -> Result<(UserId, SceneId), Violations> {
    let pb::GetSceneRequest { user_id, scene_id } = request;
    parse_one(&user_id, ("scene_id", &scene_id))
}

pub fn parse_update(
    request: pb::UpdateSceneRequest,
) -> Result<Update<SceneId, SceneFields>, Violations> {
    let pb::UpdateSceneRequest { user_id, scene_id, details, update_mask, etag } = request;
    let id = ("scene_id", scene_id.as_str());
    let mask = (update_mask, &NAMES[..]);
    super::parse_update(&user_id, id, details, mask, &etag, |fields, details, mask| {
        parse_details(fields, details, Some(mask))
    })
}

pub fn parse_delete(request: pb::DeleteSceneRequest) -> Result<Named<SceneId>, Violations> {
    let pb::DeleteSceneRequest { user_id, scene_id, etag } = request;
    parse_named(&user_id, ("scene_id", &scene_id), &etag)
}

pub fn render_page(
    asked: &AskedScenes,
    page: Page<Scene, Position<SceneId>>,
    now: Timestamp,
) -> pb::ListScenesResponse {
    let (scenes, next_page_token) = asked.fill(page, now, Scene::position, render_scene);
    pb::ListScenesResponse { scenes, next_page_token }
}

pub fn parse_list(
    request: pb::ListScenesRequest,
    now: Timestamp,
) -> Result<(UserId, Option<CharacterId>, AskedScenes), Refusal> {
    let bound =
        pb::ListScenesRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListScenes", &bound);
    let pb::ListScenesRequest { user_id, character_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let character = fields.optional("character_id", given(&character_id));
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let whole = user.zip(character).ok_or_else(Refusal::internal)?;
    Ok((whole.0, whole.1, asked))
}

pub fn parse_add_image(
    request: pb::AddSceneImageRequest,
) -> Result<(UserId, SceneId, AssetId), Violations> {
    let pb::AddSceneImageRequest { user_id, scene_id, asset_id } = request;
    parse_image(&user_id, &scene_id, &asset_id)
}

pub fn parse_remove_image(
    request: pb::RemoveSceneImageRequest,
) -> Result<(UserId, SceneId, AssetId), Violations> {
    let pb::RemoveSceneImageRequest { user_id, scene_id, asset_id } = request;
    parse_image(&user_id, &scene_id, &asset_id)
}

pub fn render_scene(scene: Scene) -> pb::Scene {
    let Scene { user, id, fields, images, mark } = scene;
    let SceneFields { name, description, prompt, style, cast } = fields;
    let (etag, create_time, update_time) = render_mark(mark);
    pb::Scene {
        id: id.to_string(),
        user_id: user.to_string(),
        details: Some(pb::SceneDetails {
            name: name.map(|text| text.to_string()),
            description: description.map(|text| text.to_string()),
            prompt: prompt.map(|text| text.to_string()),
            style: Some(style_to_proto(style).into()),
            character_ids: cast.as_slice().iter().map(ToString::to_string).collect(),
        }),
        etag,
        create_time,
        update_time,
        images: images.into_iter().map(render_image).collect(),
    }
}

fn render_image(image: SceneImage) -> pb::SceneImage {
    let SceneImage { asset, added_at } = image;
    pb::SceneImage { asset_id: asset.to_string(), add_time: Some(render_timestamp(added_at)) }
}

fn parse_image(
    user_id: &str,
    scene_id: &str,
    asset_id: &str,
) -> Result<(UserId, SceneId, AssetId), Violations> {
    let mut fields = Fields::new();
    let user = fields.parse("user_id", user_id);
    let scene = fields.parse("scene_id", scene_id);
    let asset = fields.parse("asset_id", asset_id);
    fields.finish(|| Some((user?, scene?, asset?)))
}

fn parse_details(
    fields: &mut Fields,
    details: pb::SceneDetails,
    // Nothing of a scene must be there.
    _mask: Option<&Mask>,
) -> Option<SceneFields> {
    let pb::SceneDetails { name, description, prompt, style, character_ids } = details;
    let name = fields.optional("name", name.as_deref());
    let description = fields.optional("description", description.as_deref());
    let prompt = fields.optional("prompt", prompt.as_deref());
    let style = maybe_choice(fields, "style", style, style_from_proto);
    let ids: Vec<Option<CharacterId>> = (character_ids.iter().enumerate())
        .map(|(index, id)| fields.parse(&format!("character_ids[{index}]"), id))
        .collect();
    let ids: Option<Vec<CharacterId>> = ids.into_iter().collect();
    let cast = ids.and_then(|ids| fields.check("character_ids", Cast::parse(ids)));
    Some(SceneFields {
        name: name?,
        description: description?,
        prompt: prompt?,
        style: style?.unwrap_or_default(),
        cast: cast?,
    })
}
