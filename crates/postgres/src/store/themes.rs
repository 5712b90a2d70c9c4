//! Themes, and the gallery of one character.

use std::collections::HashMap;

use async_trait::async_trait;
use catalog::{Shelf, Theme, Variant};
use diesel::dsl::count_star;
use diesel::prelude::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel::sql_types::{Array, BigInt, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{CharacterId, Page, PageSize, Position, ThemeId, UserId, VariantId};
use ports::{StoreError, ThemeReads, ThemeTx};
use uuid::Uuid;

use super::newest::newest_first;
use super::only_one;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::themes::{ThemeRow, VariantRow};
use crate::schema::{themes, variants};
use crate::sql::sql;
use crate::tx::PgTx;
use crate::types::count;

/// The newest variants of each of some themes.
const NEWEST: &str = "\
    SELECT v.* FROM unnest($1) t (id) CROSS JOIN LATERAL ( \
        SELECT * FROM variants v WHERE v.user_id = $2 AND v.theme_id = t.id \
        ORDER BY v.created_at DESC, v.id DESC LIMIT $3) v \
    ORDER BY v.created_at DESC, v.id DESC";

#[async_trait]
impl ThemeTx for PgTx {
    async fn lock_theme(&mut self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError> {
        let query = themes::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .for_no_key_update()
            .select(ThemeRow::as_select());
        let row: Option<ThemeRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(Theme::try_from).transpose()
    }

    async fn count_themes(
        &mut self,
        user: UserId,
        character: CharacterId,
    ) -> Result<u64, StoreError> {
        let query = themes::table
            .filter(themes::user_id.eq(*user.as_uuid()))
            .filter(themes::character_id.eq(*character.as_uuid()))
            .select(count_star());
        let counted: i64 = RunQueryDsl::first(query, self.conn()).await.map_err(store_error)?;
        count(counted)
    }

    async fn insert_theme(&mut self, theme: &Theme) -> Result<(), StoreError> {
        let insert = diesel::insert_into(themes::table).values(ThemeRow::from(theme));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update_theme(&mut self, theme: &Theme) -> Result<(), StoreError> {
        let key = (*theme.user.as_uuid(), *theme.id.as_uuid());
        let update = diesel::update(themes::table.find(key)).set(ThemeRow::from(theme));
        only_one(RunQueryDsl::execute(update, self.conn()).await)
    }

    async fn delete_theme(&mut self, user: UserId, id: ThemeId) -> Result<(), StoreError> {
        let delete = diesel::delete(themes::table.find((*user.as_uuid(), *id.as_uuid())));
        only_one(RunQueryDsl::execute(delete, self.conn()).await)
    }
}

#[async_trait]
impl ThemeReads for Postgres {
    async fn find_theme(&self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError> {
        let query =
            themes::table.find((*user.as_uuid(), *id.as_uuid())).select(ThemeRow::as_select());
        let mut conn = self.keyed().await?;
        let row: Option<ThemeRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(Theme::try_from).transpose()
    }

    async fn list_themes(
        &self,
        user: UserId,
        character: CharacterId,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Theme, Position<ThemeId>>, StoreError> {
        let query = themes::table.select(ThemeRow::as_select());
        let query = newest_first!(query, themes, size, after)
            .filter(themes::user_id.eq(*user.as_uuid()))
            .filter(themes::character_id.eq(*character.as_uuid()));
        let mut conn = self.connection().await?;
        let rows: Vec<ThemeRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Theme::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Theme::position))
    }

    async fn list_shelves(
        &self,
        user: UserId,
        character: CharacterId,
        newest: u16,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Shelf, Position<ThemeId>>, StoreError> {
        let query = themes::table.select(ThemeRow::as_select());
        let query = newest_first!(query, themes, size, after)
            .filter(themes::user_id.eq(*user.as_uuid()))
            .filter(themes::character_id.eq(*character.as_uuid()));
        let mut snapshot = self.begin_snapshot().await?;
        let outcome = async {
            let rows: Vec<ThemeRow> =
                RunQueryDsl::load(query, snapshot.conn()).await.map_err(store_error)?;
            let themes = rows.into_iter().map(Theme::try_from).collect::<Result<_, _>>()?;
            let Page { items, next } = Page::from_one_more(themes, size, Theme::position);
            let items = shelves(snapshot.conn(), user, items, newest).await?;
            Ok(Page { items, next })
        }
        .await;
        snapshot.end(outcome).await
    }

    async fn find_variant(
        &self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError> {
        let query =
            variants::table.find((*user.as_uuid(), *id.as_uuid())).select(VariantRow::as_select());
        let mut conn = self.keyed().await?;
        let row: Option<VariantRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(Variant::try_from).transpose()
    }

    async fn list_variants(
        &self,
        user: UserId,
        theme: ThemeId,
        size: PageSize,
        after: Option<Position<VariantId>>,
    ) -> Result<Page<Variant, Position<VariantId>>, StoreError> {
        let query = variants::table.select(VariantRow::as_select());
        let query = newest_first!(query, variants, size, after)
            .filter(variants::user_id.eq(*user.as_uuid()))
            .filter(variants::theme_id.eq(*theme.as_uuid()));
        let mut conn = self.connection().await?;
        let rows: Vec<VariantRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Variant::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Variant::position))
    }
}

/// The themes with their variants.
async fn shelves(
    conn: &mut AsyncPgConnection,
    user: UserId,
    themes: Vec<Theme>,
    newest: u16,
) -> Result<Vec<Shelf>, StoreError> {
    let user = *user.as_uuid();
    let ids: Vec<Uuid> = themes.iter().map(|theme| *theme.id.as_uuid()).collect();
    let query = variants::table
        .filter(variants::user_id.eq(user))
        .filter(variants::theme_id.eq_any(&ids))
        .group_by(variants::theme_id)
        .select((variants::theme_id, count_star()));
    let counts: Vec<(Uuid, i64)> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let counts: HashMap<Uuid, i64> = counts.into_iter().collect();

    let query = sql(NEWEST)
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<SqlUuid, _>(user)
        .bind::<BigInt, _>(i64::from(newest));
    let newest: Vec<VariantRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let mut by_theme: HashMap<ThemeId, Vec<Variant>> = HashMap::new();
    for row in newest {
        let variant = Variant::try_from(row)?;
        by_theme.entry(variant.theme).or_default().push(variant);
    }

    themes
        .into_iter()
        .map(|theme| {
            let variants = count(counts.get(theme.id.as_uuid()).copied().unwrap_or_default())?;
            let newest = by_theme.remove(&theme.id).unwrap_or_default();
            Ok(Shelf { theme, variants, newest })
        })
        .collect()
}
