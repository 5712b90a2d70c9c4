//! Characters on the wire. What is rendered is in `render`.

mod render;

use app::catalog::{Named, Update};
use catalog::{CharacterFields, CharacterFilter, GenerationStatus, Prompt, Tags, Traits};
use kernel::{CharacterId, Position, Timestamp, UserId};
use proto::atelier::catalog::v1 as pb;

#[cfg(test)]
pub(super) use render::status_to_proto;
pub use render::{render_batch, render_character, render_gallery, render_page, render_statistics};

use super::{
    asset, filter, is_needed, maybe_choice, parse_ids, parse_named, parse_one, style_from_proto,
};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations};
use crate::wire::json;
use crate::wire::page::{Asked, Tokens};

/// What a mask may name, in the order of the domain's fields.
pub(super) const NAMES: [&str; 21] = [
    "name",
    "description",
    "prompt",
    "style",
    "status",
    "image_asset_id",
    "thumbnail_asset_id",
    "reference_asset_id",
    "tags",
    "metadata",
    "age",
    "gender",
    "occupation",
    "personality",
    "physical_traits",
    "clothing",
    "background",
    "public",
    "favourite",
    "in_library",
    "showcased",
];

/// A page of characters.
pub type AskedCharacters = Asked<Position<CharacterId>>;

pub fn parse_create(
    request: pb::CreateCharacterRequest,
) -> Result<(UserId, CharacterFields), Violations> {
    let pb::CreateCharacterRequest { user_id, details } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let details =
        fields.required("details", details, |fields, details| parse_details(fields, details, None));
    fields.finish(|| Some((user?, details?)))
}

pub fn parse_get(request: pb::GetCharacterRequest) -> Result<(UserId, CharacterId), Violations> {
    let pb::GetCharacterRequest { user_id, character_id } = request;
    parse_one(&user_id, ("character_id", &character_id))
}

pub fn parse_batch(
    request: pb::BatchGetCharactersRequest,
) -> Result<(UserId, Vec<CharacterId>), Violations> {
    let pb::BatchGetCharactersRequest { user_id, character_ids } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let ids = parse_ids(&mut fields, "character_ids", &character_ids);
    fields.finish(|| Some((user?, ids?)))
}

pub fn parse_list(
    request: pb::ListCharactersRequest,
    now: Timestamp,
) -> Result<(UserId, CharacterFilter, AskedCharacters), Refusal> {
    let bound =
        pb::ListCharactersRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListCharacters", &bound);
    let pb::ListCharactersRequest { user_id, filter, show_deleted, page_size, page_token } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let filter = fields.maybe("filter", filter, filter::parse);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let filter = filter.flatten().unwrap_or_default();
    let user = user.ok_or_else(Refusal::internal)?;
    Ok((user, CharacterFilter { deleted: show_deleted, ..filter }, asked))
}

pub fn parse_list_public(
    request: pb::ListPublicCharactersRequest,
    now: Timestamp,
) -> Result<(CharacterFilter, AskedCharacters), Refusal> {
    let bound = pb::ListPublicCharactersRequest {
        page_size: 0,
        page_token: String::new(),
        ..request.clone()
    };
    let tokens = Tokens::of("catalog.ListPublicCharacters", &bound);
    let pb::ListPublicCharactersRequest { filter, page_size, page_token } = request;
    let mut fields = Fields::new();
    let filter = fields.maybe("filter", filter, filter::parse_public);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    Ok((filter.flatten().unwrap_or_default(), asked))
}

pub fn parse_update(
    request: pb::UpdateCharacterRequest,
) -> Result<Update<CharacterId, CharacterFields>, Violations> {
    let pb::UpdateCharacterRequest { user_id, character_id, details, update_mask, etag } = request;
    let id = ("character_id", character_id.as_str());
    let mask = (update_mask, &NAMES[..]);
    super::parse_update(&user_id, id, details, mask, &etag, |fields, details, mask| {
        parse_details(fields, details, Some(mask))
    })
}

pub fn parse_delete(request: pb::DeleteCharacterRequest) -> Result<Named<CharacterId>, Violations> {
    let pb::DeleteCharacterRequest { user_id, character_id, etag } = request;
    parse_named(&user_id, ("character_id", &character_id), &etag)
}

pub fn parse_restore(
    request: pb::RestoreCharacterRequest,
) -> Result<Named<CharacterId>, Violations> {
    let pb::RestoreCharacterRequest { user_id, character_id, etag } = request;
    parse_named(&user_id, ("character_id", &character_id), &etag)
}

pub fn parse_purge(request: pb::PurgeCharacterRequest) -> Result<Named<CharacterId>, Violations> {
    let pb::PurgeCharacterRequest { user_id, character_id, etag } = request;
    parse_named(&user_id, ("character_id", &character_id), &etag)
}

pub fn parse_statistics(request: pb::GetUserStatisticsRequest) -> Result<UserId, Violations> {
    let pb::GetUserStatisticsRequest { user_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    fields.finish(|| user)
}

/// The details of a new character, or those that a mask names.
fn parse_details(
    fields: &mut Fields,
    details: pb::CharacterDetails,
    mask: Option<&Mask>,
) -> Option<CharacterFields> {
    let pb::CharacterDetails {
        name,
        description,
        prompt,
        style,
        status,
        image_asset_id,
        thumbnail_asset_id,
        reference_asset_id,
        tags,
        metadata,
        age,
        gender,
        occupation,
        personality,
        physical_traits,
        clothing,
        background,
        public,
        favourite,
        in_library,
        showcased,
    } = details;
    let name = fields.optional("name", name.as_deref());
    let prompt = parse_prompt(fields, prompt.as_deref(), description.as_deref(), mask);
    let description = fields.optional("description", description.as_deref());
    let style = maybe_choice(fields, "style", style, style_from_proto);
    let status = maybe_choice(fields, "status", status, status_from_proto);
    let image = asset(fields, "image_asset_id", image_asset_id.as_deref());
    let thumbnail = asset(fields, "thumbnail_asset_id", thumbnail_asset_id.as_deref());
    let reference = asset(fields, "reference_asset_id", reference_asset_id.as_deref());
    let tags = fields.check("tags", Tags::parse(tags));
    let metadata = json::optional(fields, "metadata", metadata);
    let age = fields.optional("age", age.as_deref());
    let gender = fields.optional("gender", gender.as_deref());
    let occupation = fields.optional("occupation", occupation.as_deref());
    let personality = fields.check("personality", Traits::parse(personality));
    let physical_traits = json::optional(fields, "physical_traits", physical_traits);
    let clothing = fields.optional("clothing", clothing.as_deref());
    let background = fields.optional("background", background.as_deref());
    Some(CharacterFields {
        name: name?,
        description: description?,
        prompt: prompt?,
        style: style?.unwrap_or_default(),
        status: status?.unwrap_or_default(),
        image: image?,
        thumbnail: thumbnail?,
        reference: reference?,
        tags: tags?,
        metadata: metadata?,
        age: age?,
        gender: gender?,
        occupation: occupation?,
        personality: personality?,
        physical_traits: physical_traits?,
        clothing: clothing?,
        background: background?,
        public,
        favourite,
        in_library,
        showcased,
    })
}

/// The prompt; of a new character without one its description.
fn parse_prompt(
    fields: &mut Fields,
    prompt: Option<&str>,
    description: Option<&str>,
    mask: Option<&Mask>,
) -> Option<Prompt> {
    match (prompt, description) {
        (Some(prompt), _) => fields.parse("prompt", prompt),
        // What is wrong with a description is noted as that.
        (None, Some(description)) if mask.is_none() => description.parse().ok(),
        (None, _) if is_needed(mask, "prompt") => {
            fields.note("prompt", "is required, or a description for a new character");
            None
        }
        // The mask does not name it, so that it means nothing.
        (None, _) => "-".parse().ok(),
    }
}

pub(super) fn status_from_proto(status: pb::GenerationStatus) -> Option<GenerationStatus> {
    match status {
        pb::GenerationStatus::Unspecified => None,
        pb::GenerationStatus::Pending => Some(GenerationStatus::Pending),
        pb::GenerationStatus::Processing => Some(GenerationStatus::Processing),
        pb::GenerationStatus::Completed => Some(GenerationStatus::Completed),
        pb::GenerationStatus::Failed => Some(GenerationStatus::Failed),
    }
}
