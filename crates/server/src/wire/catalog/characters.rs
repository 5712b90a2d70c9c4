//! Characters on the wire.

use app::catalog::{Batch, Named, Update};
use catalog::{
    Character, CharacterFields, CharacterFilter, Gallery, GenerationStatus, Prompt, Statistics,
    Tags, Traits,
};
use kernel::{CharacterId, Page, Position, Timestamp, UserId};
use proto::atelier::catalog::v1 as pb;

use super::{
    asset, filter, is_needed, maybe_choice, parse_ids, parse_named, parse_one, render_asset,
    render_mark, style_from_proto, style_to_proto,
};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations};
use crate::wire::json;
use crate::wire::page::{Asked, Tokens};
use crate::wire::time::render_timestamp;

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
    let filter = fields.maybe("filter", filter, filter::parse).flatten().unwrap_or_default();
    filter::refuse_private(&mut fields, &filter);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    Ok((filter, asked))
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

pub fn render_batch(batch: Batch<Character, CharacterId>) -> pb::BatchGetCharactersResponse {
    let Batch { found, missing } = batch;
    pb::BatchGetCharactersResponse {
        characters: found.into_iter().map(render_character).collect(),
        missing_character_ids: missing.iter().map(ToString::to_string).collect(),
    }
}

pub fn render_page(
    asked: &AskedCharacters,
    page: Page<Character, Position<CharacterId>>,
    now: Timestamp,
) -> pb::ListCharactersResponse {
    let (characters, next_page_token) =
        asked.fill(page, now, Character::position, render_character);
    pb::ListCharactersResponse { characters, next_page_token }
}

pub fn render_gallery(
    asked: &AskedCharacters,
    page: Page<Gallery, Position<CharacterId>>,
    now: Timestamp,
) -> pb::ListPublicCharactersResponse {
    let (characters, next_page_token) =
        asked.fill(page, now, |one| one.character.position(), render_public);
    pb::ListPublicCharactersResponse { characters, next_page_token }
}

pub fn render_statistics(statistics: Statistics) -> pb::UserStatistics {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let Statistics {
        characters,
        public,
        favourites,
        in_library,
        featured,
        deleted,
        themes,
        variants,
        collections,
        scenes,
        images,
    } = statistics;
    pb::UserStatistics {
        characters: number(characters),
        public_characters: number(public),
        favourite_characters: number(favourites),
        library_characters: number(in_library),
        featured_characters: number(featured),
        deleted_characters: number(deleted),
        themes: number(themes),
        variants: number(variants),
        collections: number(collections),
        scenes: number(scenes),
        images: number(images),
    }
}

pub fn render_character(character: Character) -> pb::Character {
    let Character { user, id, fields, mark, deleted_at } = character;
    let (etag, create_time, update_time) = render_mark(mark);
    pb::Character {
        id: id.to_string(),
        user_id: user.to_string(),
        details: Some(render_details(fields)),
        etag,
        create_time,
        update_time,
        delete_time: deleted_at.map(render_timestamp),
    }
}

fn render_details(fields: CharacterFields) -> pb::CharacterDetails {
    pb::CharacterDetails {
        name: fields.name.map(|text| text.to_string()),
        description: fields.description.map(|text| text.to_string()),
        prompt: Some(fields.prompt.to_string()),
        style: Some(style_to_proto(fields.style).into()),
        status: Some(status_to_proto(fields.status).into()),
        image_asset_id: render_asset(fields.image),
        thumbnail_asset_id: render_asset(fields.thumbnail),
        reference_asset_id: render_asset(fields.reference),
        tags: fields.tags.iter().map(str::to_owned).collect(),
        metadata: fields.metadata.and_then(|object| json::render(object.as_str())),
        age: fields.age.map(|text| text.to_string()),
        gender: fields.gender.map(|text| text.to_string()),
        occupation: fields.occupation.map(|text| text.to_string()),
        personality: fields.personality.iter().map(str::to_owned).collect(),
        physical_traits: fields.physical_traits.and_then(|object| json::render(object.as_str())),
        clothing: fields.clothing.map(|text| text.to_string()),
        background: fields.background.map(|text| text.to_string()),
        public: fields.public,
        favourite: fields.favourite,
        in_library: fields.in_library,
        showcased: fields.showcased,
    }
}

fn render_public(gallery: Gallery) -> pb::PublicCharacter {
    let Gallery { character, owner_name } = gallery;
    let Character { user: _, id, fields, mark, deleted_at: _ } = character;
    pb::PublicCharacter {
        id: id.to_string(),
        name: fields.name.map(|text| text.to_string()),
        description: fields.description.map(|text| text.to_string()),
        style: style_to_proto(fields.style).into(),
        image_asset_id: render_asset(fields.image),
        thumbnail_asset_id: render_asset(fields.thumbnail),
        tags: fields.tags.iter().map(str::to_owned).collect(),
        age: fields.age.map(|text| text.to_string()),
        gender: fields.gender.map(|text| text.to_string()),
        occupation: fields.occupation.map(|text| text.to_string()),
        personality: fields.personality.iter().map(str::to_owned).collect(),
        background: fields.background.map(|text| text.to_string()),
        showcased: fields.showcased,
        owner_display_name: owner_name,
        create_time: Some(render_timestamp(mark.created_at)),
    }
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

pub(super) fn status_to_proto(status: GenerationStatus) -> pb::GenerationStatus {
    match status {
        GenerationStatus::Pending => pb::GenerationStatus::Pending,
        GenerationStatus::Processing => pb::GenerationStatus::Processing,
        GenerationStatus::Completed => pb::GenerationStatus::Completed,
        GenerationStatus::Failed => pb::GenerationStatus::Failed,
    }
}
