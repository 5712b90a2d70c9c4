//! The registry of features on the wire.

use app::{Named, NewFeature};
use kernel::{FeatureId, Page, Position, Timestamp, UserId};
use ports::FeatureFilter;
use projects::{Feature, FeatureFields, FeaturePatch, Tag, Tags};
use proto::atelier::projects::v1 as pb;

use super::fields::{Fields, Mask, Violations, given, named, one};
use super::page::{Asked, Tokens};
use super::time::render_timestamp;
use crate::status::Refusal;

/// What a mask of `UpdateFeatureRequest` may name.
const PATCH_FIELDS: [&str; 3] = ["name", "description", "tags"];

/// A page of a user's features.
pub struct AskedFeatures {
    pub user: UserId,
    pub filter: FeatureFilter,
    pub page: Asked<Position<FeatureId>>,
}

pub fn parse_create(request: pb::CreateFeatureRequest) -> Result<NewFeature, Violations> {
    let pb::CreateFeatureRequest { user_id, workspace, name, description, tags } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let workspace = fields.parse("workspace", &workspace);
    let name = fields.parse("name", &name);
    let description = fields.optional("description", description.as_deref());
    let tags = parse_tags(&mut fields, &tags);
    fields.finish(|| {
        let fields = FeatureFields { name: name?, description: description?, tags: tags? };
        Some(NewFeature { user: user?, workspace: workspace?, fields })
    })
}

pub fn parse_get(request: pb::GetFeatureRequest) -> Result<(UserId, FeatureId), Violations> {
    let pb::GetFeatureRequest { user_id, feature_id } = request;
    one(&user_id, "feature_id", &feature_id)
}

pub fn parse_list(
    request: pb::ListFeaturesRequest,
    now: Timestamp,
) -> Result<AskedFeatures, Refusal> {
    let filters =
        pb::ListFeaturesRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("projects.ListFeatures", &filters);
    let pb::ListFeaturesRequest { user_id, page_size, page_token, workspace, name, tag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let workspace = fields.optional("workspace", workspace.as_deref());
    let name = fields.optional("name", name.as_deref());
    let tag = fields.optional("tag", tag.as_deref());
    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    let filter = || Some(FeatureFilter { workspace: workspace?, name: name?, tag: tag? });
    let (user, filter) = user.zip(filter()).ok_or_else(Refusal::internal)?;
    Ok(AskedFeatures { user, filter, page })
}

pub fn parse_update(
    request: pb::UpdateFeatureRequest,
) -> Result<(Named<FeatureId>, FeaturePatch), Violations> {
    let pb::UpdateFeatureRequest { user_id, feature_id, feature, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("feature_id", &feature_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch =
        fields.required("feature", feature, |fields, patch| parse_patch(fields, &mask, patch));
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((Named { user: user?, id: id?, expected: expected? }, patch?)))
}

pub fn parse_delete(request: pb::DeleteFeatureRequest) -> Result<Named<FeatureId>, Violations> {
    let pb::DeleteFeatureRequest { user_id, feature_id, etag } = request;
    named(&user_id, "feature_id", &feature_id, &etag)
}

pub fn render_feature(feature: Feature) -> pb::Feature {
    let Feature { id, user, workspace, fields, life } = feature;
    let FeatureFields { name, description, tags } = fields;
    pb::Feature {
        id: id.to_string(),
        user_id: user.to_string(),
        workspace: workspace.to_string(),
        name: name.to_string(),
        description: description.map(|text| text.to_string()),
        tags: tags.iter().map(ToString::to_string).collect(),
        etag: life.etag.to_string(),
        create_time: Some(render_timestamp(life.created_at)),
        update_time: Some(render_timestamp(life.updated_at)),
    }
}

pub fn render_list(
    asked: &Asked<Position<FeatureId>>,
    page: Page<Feature, Position<FeatureId>>,
    now: Timestamp,
) -> pb::ListFeaturesResponse {
    let (features, next_page_token) = asked.fill(page, now, Feature::position, render_feature);
    pb::ListFeaturesResponse { features, next_page_token }
}

fn parse_patch(fields: &mut Fields, mask: &Mask, patch: pb::FeaturePatch) -> Option<FeaturePatch> {
    let pb::FeaturePatch { name, description, tags } = patch;
    let name = fields.set(mask, "name", &name);
    let description = fields.change(mask, "description", description.as_deref());
    let tags = if mask.names("tags") { parse_tags(fields, &tags).map(Some) } else { Some(None) };
    Some(FeaturePatch { name: name?, description: description?, tags: tags? })
}

fn parse_tags(fields: &mut Fields, tags: &[String]) -> Option<Tags> {
    let read = tags.iter().enumerate();
    let read = read.map(|(index, tag)| fields.parse::<Tag>(&format!("tags[{index}]"), tag));
    // All are read before any is missed: each has its violations to note.
    let tags = read.collect::<Vec<_>>().into_iter().collect::<Option<Vec<_>>>()?;
    fields.check("tags", Tags::new(tags))
}
