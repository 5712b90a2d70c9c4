//! Collections and their entries.

use async_trait::async_trait;
use catalog::{Character, Collection, Entry, Places};
use diesel::dsl::{count_star, max};
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl,
    SelectableHelper,
};
use diesel::sql_types::{BigInt, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use kernel::{CharacterId, CollectionId, Page, PageSize, Position, UserId};
use ports::{CollectionReads, CollectionTx, EntryPosition, StoreError};

use super::newest::newest_first;
use super::only_one;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::characters::CharacterRow;
use crate::rows::collections::{CollectionRow, EntryRow};
use crate::schema::{characters, collection_entries, collections};
use crate::sql::sql;
use crate::tx::PgTx;
use crate::types::{count, to_pg};

const RENUMBER: &str = "\
    UPDATE collection_entries e SET place = n.place * $1 \
    FROM (SELECT character_id, row_number() OVER (ORDER BY place) AS place \
        FROM collection_entries WHERE user_id = $2 AND collection_id = $3) n \
    WHERE e.user_id = $4 AND e.collection_id = $5 AND e.character_id = n.character_id";

#[async_trait]
impl CollectionTx for PgTx {
    async fn lock_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        let query = collections::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .for_no_key_update()
            .select(CollectionRow::as_select());
        let row: Option<CollectionRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(Collection::try_from).transpose()
    }

    async fn insert_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        let row = CollectionRow::from(collection);
        let insert = diesel::insert_into(collections::table).values(row);
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        let key = (*collection.user.as_uuid(), *collection.id.as_uuid());
        let update =
            diesel::update(collections::table.find(key)).set(CollectionRow::from(collection));
        only_one(RunQueryDsl::execute(update, self.conn()).await)
    }

    async fn delete_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<(), StoreError> {
        let delete = diesel::delete(collections::table.find((*user.as_uuid(), *id.as_uuid())));
        only_one(RunQueryDsl::execute(delete, self.conn()).await)
    }

    async fn find_places(
        &mut self,
        user: UserId,
        id: CollectionId,
        before: Option<CharacterId>,
    ) -> Result<Option<Places>, StoreError> {
        use collection_entries::dsl as e;
        let (user, id) = (*user.as_uuid(), *id.as_uuid());
        let of_it =
            || e::collection_entries.filter(e::user_id.eq(user).and(e::collection_id.eq(id)));
        let before: Option<i64> = match before {
            Some(character) => {
                let query = of_it().filter(e::character_id.eq(*character.as_uuid()));
                let place = RunQueryDsl::first(query.select(e::place), self.conn()).await;
                let Some(place) = place.optional().map_err(store_error)? else { return Ok(None) };
                Some(place)
            }
            None => None,
        };
        let counted = of_it().select(count_star());
        let counted: i64 = RunQueryDsl::first(counted, self.conn()).await.map_err(store_error)?;
        let after = of_it().filter(e::place.lt(before.unwrap_or(i64::MAX))).select(max(e::place));
        let after: Option<i64> =
            RunQueryDsl::first(after, self.conn()).await.map_err(store_error)?;
        Ok(Some(Places { count: count(counted)?, after, before }))
    }

    async fn renumber_entries(
        &mut self,
        user: UserId,
        id: CollectionId,
        step: i64,
    ) -> Result<(), StoreError> {
        let (user, id) = (*user.as_uuid(), *id.as_uuid());
        let query = sql(RENUMBER)
            .bind::<BigInt, _>(step)
            .bind::<SqlUuid, _>(user)
            .bind::<SqlUuid, _>(id)
            .bind::<SqlUuid, _>(user)
            .bind::<SqlUuid, _>(id);
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn insert_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        use collection_entries::dsl as e;
        let insert = diesel::insert_into(e::collection_entries).values((
            e::user_id.eq(*user.as_uuid()),
            e::collection_id.eq(*id.as_uuid()),
            e::character_id.eq(*entry.character.as_uuid()),
            e::place.eq(entry.place),
            e::added_at.eq(to_pg(entry.added_at)),
        ));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn delete_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        character: CharacterId,
    ) -> Result<bool, StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid(), *character.as_uuid());
        let delete = diesel::delete(collection_entries::table.find(key));
        let deleted = RunQueryDsl::execute(delete, self.conn()).await.map_err(store_error)?;
        Ok(deleted > 0)
    }
}

#[async_trait]
impl CollectionReads for Postgres {
    async fn find_collection(
        &self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        let query = collections::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(CollectionRow::as_select());
        let mut conn = self.keyed().await?;
        let row: Option<CollectionRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(Collection::try_from).transpose()
    }

    async fn list_collections(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<CollectionId>>,
    ) -> Result<Page<Collection, Position<CollectionId>>, StoreError> {
        let query = collections::table.select(CollectionRow::as_select());
        let query = newest_first!(query, collections, size, after)
            .filter(collections::user_id.eq(*user.as_uuid()));
        let mut conn = self.connection().await?;
        let rows: Vec<CollectionRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Collection::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Collection::position))
    }

    async fn list_entries(
        &self,
        user: UserId,
        id: CollectionId,
        size: PageSize,
        after: Option<EntryPosition>,
    ) -> Result<Page<(Entry, Character), EntryPosition>, StoreError> {
        use collection_entries::dsl as e;
        // PageSize is at most 1,000.
        let one_more = i64::try_from(size.get()).unwrap_or(i64::MAX).saturating_add(1);
        let query = e::collection_entries
            .inner_join(
                characters::table
                    .on(characters::user_id.eq(e::user_id).and(characters::id.eq(e::character_id))),
            )
            .filter(e::user_id.eq(*user.as_uuid()))
            .filter(e::collection_id.eq(*id.as_uuid()))
            .filter(e::place.gt(after.map_or(i64::MIN, |EntryPosition(place)| place)))
            .filter(characters::deleted_at.is_null())
            .order(e::place)
            .limit(one_more)
            .select((EntryRow::as_select(), CharacterRow::as_select()));
        let mut conn = self.connection().await?;
        let rows: Vec<(EntryRow, CharacterRow)> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows
            .into_iter()
            .map(|(entry, character)| Ok((entry.try_into()?, character.try_into()?)))
            .collect::<Result<Vec<(Entry, Character)>, StoreError>>()?;
        Ok(Page::from_one_more(items, size, |(entry, _)| EntryPosition(entry.place)))
    }
}
