//! Rows of scenes. They come with who is in them and with their images.

use catalog::{Cast, Scene, SceneFields, SceneImage};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{AsChangeset, Insertable, Queryable, Selectable};
use kernel::{AssetId, CharacterId, SceneId, UserId};
use ports::StoreError;
use uuid::Uuid;

use super::characters::mark;
use crate::schema::scenes;
use crate::types::{corrupt, from_pg, optional, parsed, to_pg};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(treat_none_as_default_value = false)]
#[diesel(
    table_name = scenes,
    primary_key(user_id, id),
    treat_none_as_null = true,
    check_for_backend(diesel::pg::Pg)
)]
pub(crate) struct SceneRow {
    user_id: Uuid,
    id: Uuid,
    name: Option<String>,
    description: Option<String>,
    prompt: Option<String>,
    style: String,
    revision: i64,
    created_at: PgTimestamp,
    updated_at: PgTimestamp,
}

impl From<&Scene> for SceneRow {
    fn from(scene: &Scene) -> Self {
        let Scene { user, id, fields, images: _, mark } = scene;
        let SceneFields { name, description, prompt, style, cast: _ } = fields;
        Self {
            user_id: *user.as_uuid(),
            id: *id.as_uuid(),
            name: name.as_ref().map(ToString::to_string),
            description: description.as_ref().map(ToString::to_string),
            prompt: prompt.as_ref().map(ToString::to_string),
            style: style.to_string(),
            revision: mark.etag.revision(),
            created_at: to_pg(mark.created_at),
            updated_at: to_pg(mark.updated_at),
        }
    }
}

/// A scene from its row, who is in it in order, and its images, oldest first.
pub(crate) fn scene(
    row: SceneRow,
    cast: Vec<Uuid>,
    images: Vec<(Uuid, PgTimestamp)>,
) -> Result<Scene, StoreError> {
    let cast = cast.into_iter().map(CharacterId::from_uuid).collect();
    let images = images.into_iter().map(|(asset, at)| {
        Ok(SceneImage { asset: AssetId::from_uuid(asset), added_at: from_pg(at)? })
    });
    Ok(Scene {
        user: UserId::from_uuid(row.user_id),
        id: SceneId::from_uuid(row.id),
        fields: SceneFields {
            name: optional("a name", row.name)?,
            description: optional("a description", row.description)?,
            prompt: optional("a prompt", row.prompt)?,
            style: parsed("a style", &row.style)?,
            cast: Cast::parse(cast).map_err(|problem| corrupt(format!("a cast ({problem})")))?,
        },
        images: images.collect::<Result<_, StoreError>>()?,
        mark: mark(row.revision, row.created_at, row.updated_at)?,
    })
}

impl SceneRow {
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }
}
