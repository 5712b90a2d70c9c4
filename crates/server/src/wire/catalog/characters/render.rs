//! Characters, the gallery and statistics as messages.

use app::assets::Shown;
use app::catalog::Batch;
use catalog::{Character, CharacterFields, Gallery, GenerationStatus, Statistics};
use kernel::{CharacterId, Page, Position, Timestamp};
use proto::atelier::catalog::v1 as pb;

use super::AskedCharacters;
use crate::wire::assets::render_addresses;
use crate::wire::catalog::{render_asset, render_mark, style_to_proto};
use crate::wire::json;
use crate::wire::page::fitting;
use crate::wire::time::render_timestamp;

pub fn render_batch(batch: Batch<Character, CharacterId>) -> pb::BatchGetCharactersResponse {
    let Batch { found, missing } = batch;
    let (characters, unread_character_ids) =
        fitting(found, |character| character.id.to_string(), render_character);
    pb::BatchGetCharactersResponse {
        characters,
        missing_character_ids: missing.iter().map(ToString::to_string).collect(),
        unread_character_ids,
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
    shown: &Shown,
    now: Timestamp,
) -> pb::ListPublicCharactersResponse {
    let (characters, next_page_token) =
        asked.fill(page, now, |one| one.character.position(), |one| render_public(one, shown));
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

fn render_public(gallery: Gallery, shown: &Shown) -> pb::PublicCharacter {
    let Gallery { character, owner_name } = gallery;
    let Character { user: _, id, fields, mark, deleted_at: _ } = character;
    pb::PublicCharacter {
        addresses: render_addresses(shown, fields.made()),
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

pub(in crate::wire::catalog) fn status_to_proto(status: GenerationStatus) -> pb::GenerationStatus {
    match status {
        GenerationStatus::Pending => pb::GenerationStatus::Pending,
        GenerationStatus::Processing => pb::GenerationStatus::Processing,
        GenerationStatus::Completed => pb::GenerationStatus::Completed,
        GenerationStatus::Failed => pb::GenerationStatus::Failed,
    }
}
