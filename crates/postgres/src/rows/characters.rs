//! Rows of characters.

use catalog::{Character, CharacterFields, Mark};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{AssetId, CharacterId, UserId};
use ports::StoreError;
use serde_json::Value;
use uuid::Uuid;

use crate::schema::characters;
use crate::types::{
    etag, from_json, from_labels, from_pg, json, labels, moment, optional, parsed, to_pg,
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = characters,
    primary_key(user_id, id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct CharacterRow {
    user_id: Uuid,
    id: Uuid,
    name: Option<String>,
    description: Option<String>,
    prompt: String,
    style: String,
    status: String,
    image_asset_id: Option<Uuid>,
    thumbnail_asset_id: Option<Uuid>,
    reference_asset_id: Option<Uuid>,
    tags: Vec<Option<String>>,
    metadata: Option<Value>,
    age: Option<String>,
    gender: Option<String>,
    occupation: Option<String>,
    personality: Vec<Option<String>>,
    physical_traits: Option<Value>,
    clothing: Option<String>,
    background: Option<String>,
    is_public: bool,
    is_favourite: bool,
    in_library: bool,
    is_showcased: bool,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
    deleted_at: Option<PgTimestamp>,
}

impl From<&Character> for CharacterRow {
    fn from(character: &Character) -> Self {
        let Character { user, id, fields, mark, deleted_at } = character;
        let text = |line: &Option<_>| line.as_ref().map(ToString::to_string);
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            name: fields.name.as_ref().map(ToString::to_string),
            description: fields.description.as_ref().map(ToString::to_string),
            prompt: fields.prompt.to_string(),
            style: fields.style.to_string(),
            status: fields.status.to_string(),
            image_asset_id: from_asset(fields.image),
            thumbnail_asset_id: from_asset(fields.thumbnail),
            reference_asset_id: from_asset(fields.reference),
            tags: from_labels(&fields.tags),
            metadata: from_json(fields.metadata.as_ref()),
            age: fields.age.as_ref().map(ToString::to_string),
            gender: fields.gender.as_ref().map(ToString::to_string),
            occupation: fields.occupation.as_ref().map(ToString::to_string),
            personality: from_labels(&fields.personality),
            physical_traits: from_json(fields.physical_traits.as_ref()),
            clothing: text(&fields.clothing),
            background: text(&fields.background),
            is_public: fields.public,
            is_favourite: fields.favourite,
            in_library: fields.in_library,
            is_showcased: fields.showcased,
            revision: mark.etag.revision(),
            created_at: to_pg(mark.created_at),
            updated_at: to_pg(mark.updated_at),
            deleted_at: deleted_at.map(to_pg),
        }
    }
}

impl TryFrom<CharacterRow> for Character {
    type Error = StoreError;

    fn try_from(row: CharacterRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            id: CharacterId::from_uuid(row.id),
            fields: CharacterFields {
                name: optional("a name", row.name)?,
                description: optional("a description", row.description)?,
                prompt: parsed("a prompt", &row.prompt)?,
                style: parsed("a style", &row.style)?,
                status: parsed("a status", &row.status)?,
                image: asset(row.image_asset_id),
                thumbnail: asset(row.thumbnail_asset_id),
                reference: asset(row.reference_asset_id),
                tags: labels(row.tags)?,
                metadata: json(row.metadata)?,
                age: optional("an age", row.age)?,
                gender: optional("a gender", row.gender)?,
                occupation: optional("an occupation", row.occupation)?,
                personality: labels(row.personality)?,
                physical_traits: json(row.physical_traits)?,
                clothing: optional("clothing", row.clothing)?,
                background: optional("a background", row.background)?,
                public: row.is_public,
                favourite: row.is_favourite,
                in_library: row.in_library,
                showcased: row.is_showcased,
            },
            mark: mark(row.revision, row.created_at, row.updated_at)?,
            deleted_at: moment(row.deleted_at)?,
        })
    }
}

pub(crate) fn mark(
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
) -> Result<Mark, StoreError> {
    Ok(Mark {
        etag: etag(revision)?,
        created_at: from_pg(created_at)?,
        updated_at: from_pg(updated_at)?,
    })
}

pub(crate) fn asset(id: Option<Uuid>) -> Option<AssetId> {
    id.map(AssetId::from_uuid)
}

pub(crate) fn from_asset(id: Option<AssetId>) -> Option<Uuid> {
    id.map(|id| *id.as_uuid())
}
