//! Rows of collections and their entries.

use catalog::{Collection, CollectionFields, Entry};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{CharacterId, CollectionId, UserId};
use ports::StoreError;
use uuid::Uuid;

use super::characters::{asset, from_asset, mark};
use crate::schema::{collection_entries, collections};
use crate::types::{from_pg, optional, parsed, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = collections,
    primary_key(user_id, id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct CollectionRow {
    user_id: Uuid,
    id: Uuid,
    name: String,
    description: Option<String>,
    is_public: bool,
    cover_asset_id: Option<Uuid>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = collection_entries, check_for_backend(diesel::pg::Pg))]
pub(crate) struct EntryRow {
    character_id: Uuid,
    place: i64,
    added_at: PgTimestamp,
}

impl From<&Collection> for CollectionRow {
    fn from(collection: &Collection) -> Self {
        let Collection { user, id, fields, mark } = collection;
        let CollectionFields { name, description, public, cover } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            is_public: *public,
            cover_asset_id: from_asset(*cover),
            revision: mark.etag.revision(),
            created_at: to_pg(mark.created_at),
            updated_at: to_pg(mark.updated_at),
        }
    }
}

impl TryFrom<CollectionRow> for Collection {
    type Error = StoreError;

    fn try_from(row: CollectionRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            id: CollectionId::from_uuid(row.id),
            fields: CollectionFields {
                name: parsed("a name", &row.name)?,
                description: optional("a description", row.description)?,
                public: row.is_public,
                cover: asset(row.cover_asset_id),
            },
            mark: mark(row.revision, row.created_at, row.updated_at)?,
        })
    }
}

impl TryFrom<EntryRow> for Entry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        let EntryRow { character_id, place, added_at } = row;
        let character = CharacterId::from_uuid(character_id);
        Ok(Self { character, place, added_at: from_pg(added_at)? })
    }
}
