//! Scenes. They are read together with who is in them and with their images, all of one moment.

use std::collections::HashMap;

use async_trait::async_trait;
use catalog::{Scene, SceneImage};
use diesel::data_types::PgTimestamp;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{AssetId, CharacterId, Page, PageSize, Position, SceneId, UserId};
use ports::{SceneReads, SceneTx, StoreError};
use uuid::Uuid;

use super::newest::newest_first;
use super::only_one;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::scenes::{SceneRow, scene};
use crate::schema::{scene_characters, scene_images, scenes};
use crate::tx::PgTx;
use crate::types::to_pg;

#[async_trait]
impl SceneTx for PgTx {
    async fn lock_scene(&mut self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError> {
        let query = scenes::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .for_no_key_update()
            .select(SceneRow::as_select());
        let row: Option<SceneRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        let found = whole(self.conn(), user, row.into_iter().collect()).await?;
        Ok(found.into_iter().next())
    }

    async fn insert_scene(&mut self, scene: &Scene) -> Result<(), StoreError> {
        let insert = diesel::insert_into(scenes::table).values(SceneRow::from(scene));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        insert_cast(self.conn(), scene).await
    }

    async fn update_scene(&mut self, scene: &Scene, recast: bool) -> Result<(), StoreError> {
        let (user, id) = (*scene.user.as_uuid(), *scene.id.as_uuid());
        let update = diesel::update(scenes::table.find((user, id))).set(SceneRow::from(scene));
        only_one(RunQueryDsl::execute(update, self.conn()).await)?;
        if !recast {
            return Ok(());
        }
        let delete = diesel::delete(scene_characters::table)
            .filter(scene_characters::user_id.eq(user))
            .filter(scene_characters::scene_id.eq(id));
        RunQueryDsl::execute(delete, self.conn()).await.map_err(store_error)?;
        insert_cast(self.conn(), scene).await
    }

    async fn delete_scene(&mut self, user: UserId, id: SceneId) -> Result<(), StoreError> {
        let delete = diesel::delete(scenes::table.find((*user.as_uuid(), *id.as_uuid())));
        only_one(RunQueryDsl::execute(delete, self.conn()).await)
    }

    async fn insert_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        image: &SceneImage,
    ) -> Result<(), StoreError> {
        let insert = diesel::insert_into(scene_images::table).values((
            scene_images::user_id.eq(*user.as_uuid()),
            scene_images::scene_id.eq(*id.as_uuid()),
            scene_images::asset_id.eq(*image.asset.as_uuid()),
            scene_images::added_at.eq(to_pg(image.added_at)),
        ));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn delete_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        asset: AssetId,
    ) -> Result<bool, StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid(), *asset.as_uuid());
        let delete = diesel::delete(scene_images::table.find(key));
        let deleted = RunQueryDsl::execute(delete, self.conn()).await.map_err(store_error)?;
        Ok(deleted > 0)
    }
}

#[async_trait]
impl SceneReads for Postgres {
    async fn find_scene(&self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError> {
        let query =
            scenes::table.find((*user.as_uuid(), *id.as_uuid())).select(SceneRow::as_select());
        let mut snapshot = self.begin_snapshot().await?;
        let outcome = async {
            let row: Option<SceneRow> =
                RunQueryDsl::first(query, snapshot.conn()).await.optional().map_err(store_error)?;
            whole(snapshot.conn(), user, row.into_iter().collect()).await
        }
        .await;
        Ok(snapshot.end(outcome).await?.into_iter().next())
    }

    async fn list_scenes(
        &self,
        user: UserId,
        character: Option<CharacterId>,
        size: PageSize,
        after: Option<Position<SceneId>>,
    ) -> Result<Page<Scene, Position<SceneId>>, StoreError> {
        let query = scenes::table.select(SceneRow::as_select());
        let mut query =
            newest_first!(query, scenes, size, after).filter(scenes::user_id.eq(*user.as_uuid()));
        if let Some(character) = character {
            let with = scene_characters::table
                .filter(scene_characters::user_id.eq(*user.as_uuid()))
                .filter(scene_characters::character_id.eq(*character.as_uuid()))
                .select(scene_characters::scene_id);
            query = query.filter(scenes::id.eq_any(with));
        }
        let mut snapshot = self.begin_snapshot().await?;
        let outcome = async {
            let rows: Vec<SceneRow> =
                RunQueryDsl::load(query, snapshot.conn()).await.map_err(store_error)?;
            whole(snapshot.conn(), user, rows).await
        }
        .await;
        let items = snapshot.end(outcome).await?;
        Ok(Page::from_one_more(items, size, Scene::position))
    }
}

async fn insert_cast(conn: &mut AsyncPgConnection, scene: &Scene) -> Result<(), StoreError> {
    use scene_characters::dsl as c;
    let cast = scene.fields.cast.as_slice();
    if cast.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = (0_i32..)
        .zip(cast)
        .map(|(position, character)| {
            (
                c::user_id.eq(*scene.user.as_uuid()),
                c::scene_id.eq(*scene.id.as_uuid()),
                c::character_id.eq(*character.as_uuid()),
                c::position.eq(position),
            )
        })
        .collect();
    let insert = diesel::insert_into(c::scene_characters).values(rows);
    RunQueryDsl::execute(insert, conn).await.map_err(store_error)?;
    Ok(())
}

/// Whole scenes of their rows, in the order of these.
async fn whole(
    conn: &mut AsyncPgConnection,
    user: UserId,
    rows: Vec<SceneRow>,
) -> Result<Vec<Scene>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = rows.iter().map(SceneRow::id).collect();
    let query = scene_characters::table
        .filter(scene_characters::user_id.eq(*user.as_uuid()))
        .filter(scene_characters::scene_id.eq_any(&ids))
        .order(scene_characters::position)
        .select((scene_characters::scene_id, scene_characters::character_id));
    let cast: Vec<(Uuid, Uuid)> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let query = scene_images::table
        .filter(scene_images::user_id.eq(*user.as_uuid()))
        .filter(scene_images::scene_id.eq_any(&ids))
        .order((scene_images::added_at, scene_images::asset_id))
        .select((scene_images::scene_id, scene_images::asset_id, scene_images::added_at));
    let images: Vec<(Uuid, Uuid, PgTimestamp)> =
        RunQueryDsl::load(query, conn).await.map_err(store_error)?;

    let mut casts: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    for (of, character) in cast {
        casts.entry(of).or_default().push(character);
    }
    let mut albums: HashMap<Uuid, Vec<(Uuid, PgTimestamp)>> = HashMap::new();
    for (of, asset, at) in images {
        albums.entry(of).or_default().push((asset, at));
    }
    rows.into_iter()
        .map(|row| {
            let cast = casts.remove(&row.id()).unwrap_or_default();
            let images = albums.remove(&row.id()).unwrap_or_default();
            scene(row, cast, images)
        })
        .collect()
}
