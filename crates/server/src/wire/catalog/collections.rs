//! Collections on the wire.

use app::catalog::{AddEntry, Named, Update};
use catalog::{Character, Collection, CollectionFields, Entry, Name};
use kernel::{CharacterId, CollectionId, Page, Position, Timestamp, UserId};
use ports::EntryPosition;
use proto::atelier::catalog::v1 as pb;

use super::characters::render_character;
use super::{asset, is_needed, parse_named, parse_one, render_asset, render_mark};
use crate::status::Refusal;
use crate::wire::fields::{Fields, Mask, Violations, given};
use crate::wire::page::{Asked, Cursor, Tokens};
use crate::wire::time::render_timestamp;

/// What a mask may name, in the order of the domain's fields.
pub(super) const NAMES: [&str; 4] = ["name", "description", "public", "cover_asset_id"];

/// A page of collections.
pub type AskedCollections = Asked<Position<CollectionId>>;

/// A page of a collection's characters.
pub type AskedEntries = Asked<EntryPosition>;

impl Cursor for EntryPosition {
    fn encode(&self) -> Vec<u8> {
        self.0.to_be_bytes().into()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        Some(Self(i64::from_be_bytes(bytes.try_into().ok()?)))
    }
}

pub fn parse_create(
    request: pb::CreateCollectionRequest,
) -> Result<(UserId, CollectionFields), Violations> {
    let pb::CreateCollectionRequest { user_id, details } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let details =
        fields.required("details", details, |fields, details| parse_details(fields, details, None));
    fields.finish(|| Some((user?, details?)))
}

pub fn parse_list(
    request: pb::ListCollectionsRequest,
    now: Timestamp,
) -> Result<(UserId, AskedCollections), Refusal> {
    let bound =
        pb::ListCollectionsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("catalog.ListCollections", &bound);
    let pb::ListCollectionsRequest { user_id, page_size, page_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    Ok((user.ok_or_else(Refusal::internal)?, asked))
}

pub fn parse_get(request: pb::GetCollectionRequest) -> Result<(UserId, CollectionId), Violations> {
    let pb::GetCollectionRequest { user_id, collection_id } = request;
    parse_one(&user_id, ("collection_id", &collection_id))
}

pub fn parse_update(
    request: pb::UpdateCollectionRequest,
) -> Result<Update<CollectionId, CollectionFields>, Violations> {
    let pb::UpdateCollectionRequest { user_id, collection_id, details, update_mask, etag } =
        request;
    let id = ("collection_id", collection_id.as_str());
    let mask = (update_mask, &NAMES[..]);
    super::parse_update(&user_id, id, details, mask, &etag, |fields, details, mask| {
        parse_details(fields, details, Some(mask))
    })
}

pub fn parse_delete(
    request: pb::DeleteCollectionRequest,
) -> Result<Named<CollectionId>, Violations> {
    let pb::DeleteCollectionRequest { user_id, collection_id, etag } = request;
    parse_named(&user_id, ("collection_id", &collection_id), &etag)
}

pub fn render_page(
    asked: &AskedCollections,
    page: Page<Collection, Position<CollectionId>>,
    now: Timestamp,
) -> pb::ListCollectionsResponse {
    let (collections, next_page_token) =
        asked.fill(page, now, Collection::position, render_collection);
    pb::ListCollectionsResponse { collections, next_page_token }
}

pub fn parse_add(request: pb::AddCollectionCharacterRequest) -> Result<AddEntry, Violations> {
    let pb::AddCollectionCharacterRequest {
        user_id,
        collection_id,
        character_id,
        before_character_id,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let collection = fields.parse("collection_id", &collection_id);
    let character = fields.parse("character_id", &character_id);
    let before = fields.optional("before_character_id", given(&before_character_id));
    fields.finish(|| {
        let (user, collection, character) = (user?, collection?, character?);
        Some(AddEntry { user, collection, character, before: before? })
    })
}

pub fn parse_remove(
    request: pb::RemoveCollectionCharacterRequest,
) -> Result<(UserId, CollectionId, CharacterId), Violations> {
    let pb::RemoveCollectionCharacterRequest { user_id, collection_id, character_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let collection = fields.parse("collection_id", &collection_id);
    let character = fields.parse("character_id", &character_id);
    fields.finish(|| Some((user?, collection?, character?)))
}

pub fn parse_entries(
    request: pb::ListCollectionCharactersRequest,
    now: Timestamp,
) -> Result<(UserId, CollectionId, AskedEntries), Refusal> {
    let bound = pb::ListCollectionCharactersRequest {
        page_size: 0,
        page_token: String::new(),
        ..request.clone()
    };
    let tokens = Tokens::of("catalog.ListCollectionCharacters", &bound);
    let pb::ListCollectionCharactersRequest { user_id, collection_id, page_size, page_token } =
        request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let collection = fields.parse("collection_id", &collection_id);
    let asked = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // What was wrong with the others has been refused with the page's.
    let whole = user.zip(collection).ok_or_else(Refusal::internal)?;
    Ok((whole.0, whole.1, asked))
}

pub fn render_added(entry: Entry) -> pb::AddCollectionCharacterResponse {
    let add_time = Some(render_timestamp(entry.added_at));
    pb::AddCollectionCharacterResponse { add_time }
}

pub fn render_entries(
    asked: &AskedEntries,
    page: Page<(Entry, Character), EntryPosition>,
    now: Timestamp,
) -> pb::ListCollectionCharactersResponse {
    let position = |(entry, _): &(Entry, Character)| EntryPosition(entry.place);
    let (characters, next_page_token) =
        asked.fill(page, now, position, |(entry, character)| pb::CollectionCharacter {
            character: Some(render_character(character)),
            add_time: Some(render_timestamp(entry.added_at)),
        });
    pb::ListCollectionCharactersResponse { characters, next_page_token }
}

pub fn render_collection(collection: Collection) -> pb::Collection {
    let Collection { user, id, fields, mark } = collection;
    let CollectionFields { name, description, public, cover } = fields;
    let (etag, create_time, update_time) = render_mark(mark);
    pb::Collection {
        id: id.to_string(),
        user_id: user.to_string(),
        details: Some(pb::CollectionDetails {
            name: name.to_string(),
            description: description.map(|text| text.to_string()),
            public,
            cover_asset_id: render_asset(cover),
        }),
        etag,
        create_time,
        update_time,
    }
}

fn parse_details(
    fields: &mut Fields,
    details: pb::CollectionDetails,
    mask: Option<&Mask>,
) -> Option<CollectionFields> {
    let pb::CollectionDetails { name, description, public, cover_asset_id } = details;
    let name: Option<Name> =
        if is_needed(mask, "name") { fields.parse("name", &name) } else { "-".parse().ok() };
    let description = fields.optional("description", description.as_deref());
    let cover = asset(fields, "cover_asset_id", cover_asset_id.as_deref());
    Some(CollectionFields { name: name?, description: description?, public, cover: cover? })
}
