//! Rows of themes and variants.

use catalog::{Theme, ThemeFields, Variant, VariantFields};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, QueryableByName, Selectable};
use kernel::{CharacterId, ThemeId, UserId, VariantId};
use ports::StoreError;
use serde_json::Value;
use uuid::Uuid;

use super::characters::{asset, from_asset, mark};
use crate::schema::{themes, variants};
use crate::types::{from_json, json, optional, parsed, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = themes,
    primary_key(user_id, id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct ThemeRow {
    user_id: Uuid,
    id: Uuid,
    character_id: Uuid,
    name: String,
    name_key: String,
    description: Option<String>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

#[derive(Debug, Queryable, QueryableByName, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = variants,
    primary_key(user_id, id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct VariantRow {
    user_id: Uuid,
    id: Uuid,
    character_id: Uuid,
    theme_id: Uuid,
    number: i32,
    prompt: String,
    image_asset_id: Option<Uuid>,
    thumbnail_asset_id: Option<Uuid>,
    metadata: Option<Value>,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

impl From<&Theme> for ThemeRow {
    fn from(theme: &Theme) -> Self {
        let Theme { user, id, character, fields, mark } = theme;
        let ThemeFields { name, description } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            character_id: *character.as_uuid(),
            name: name.to_string(),
            name_key: name.key(),
            description: description.as_ref().map(ToString::to_string),
            revision: mark.etag.revision(),
            created_at: to_pg(mark.created_at),
            updated_at: to_pg(mark.updated_at),
        }
    }
}

impl TryFrom<ThemeRow> for Theme {
    type Error = StoreError;

    fn try_from(row: ThemeRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            id: ThemeId::from_uuid(row.id),
            character: CharacterId::from_uuid(row.character_id),
            fields: ThemeFields {
                name: parsed("a name", &row.name)?,
                description: optional("a description", row.description)?,
            },
            mark: mark(row.revision, row.created_at, row.updated_at)?,
        })
    }
}

impl From<&Variant> for VariantRow {
    fn from(variant: &Variant) -> Self {
        let Variant { user, id, character, theme, number, fields, mark } = variant;
        let VariantFields { prompt, image, thumbnail, metadata } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            character_id: *character.as_uuid(),
            theme_id: *theme.as_uuid(),
            number: *number,
            prompt: prompt.to_string(),
            image_asset_id: from_asset(*image),
            thumbnail_asset_id: from_asset(*thumbnail),
            metadata: from_json(metadata.as_ref()),
            revision: mark.etag.revision(),
            created_at: to_pg(mark.created_at),
            updated_at: to_pg(mark.updated_at),
        }
    }
}

impl TryFrom<VariantRow> for Variant {
    type Error = StoreError;

    fn try_from(row: VariantRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: UserId::from_uuid(row.user_id),
            id: VariantId::from_uuid(row.id),
            character: CharacterId::from_uuid(row.character_id),
            theme: ThemeId::from_uuid(row.theme_id),
            number: row.number,
            fields: VariantFields {
                prompt: parsed("a prompt", &row.prompt)?,
                image: asset(row.image_asset_id),
                thumbnail: asset(row.thumbnail_asset_id),
                metadata: json(row.metadata)?,
            },
            mark: mark(row.revision, row.created_at, row.updated_at)?,
        })
    }
}
