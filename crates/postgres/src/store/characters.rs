//! Characters. Those of everybody are in `gallery`, counts in `statistics`.

use async_trait::async_trait;
use catalog::{Character, CharacterFilter, Gallery, Statistics, TextQuery};
use diesel::dsl::{AsSelect, IntoBoxed, Select, not, sql};
use diesel::pg::Pg;
use diesel::prelude::{
    ExpressionMethods, OptionalExtension, PgArrayExpressionMethods, QueryDsl, SelectableHelper,
};
use diesel::sql_types::{Bool, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{CharacterId, Page, PageSize, Position, UserId};
use ports::{CharacterReads, CharacterTx, StoreError};
use uuid::Uuid;

use super::newest::newest_first;
use super::{gallery, only_one, statistics};
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::characters::CharacterRow;
use crate::schema::characters;
use crate::tx::PgTx;
use crate::types::from_labels;

/// A query of characters that is still to be narrowed.
pub(super) type Query<'a> =
    IntoBoxed<'a, Select<characters::table, AsSelect<CharacterRow, Pg>>, Pg>;

#[async_trait]
impl CharacterTx for PgTx {
    async fn lock_character(
        &mut self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError> {
        let query = characters::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .for_no_key_update()
            .select(CharacterRow::as_select());
        let row: Option<CharacterRow> =
            RunQueryDsl::first(query, self.conn()).await.optional().map_err(store_error)?;
        row.map(Character::try_from).transpose()
    }

    async fn share_characters(
        &mut self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<CharacterId>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let query = characters::table
            .filter(characters::user_id.eq(*user.as_uuid()))
            .filter(characters::id.eq_any(ids))
            .filter(characters::deleted_at.is_null())
            .order(characters::id)
            .for_key_share()
            .select(characters::id);
        let there: Vec<Uuid> = RunQueryDsl::load(query, self.conn()).await.map_err(store_error)?;
        Ok(there.into_iter().map(CharacterId::from_uuid).collect())
    }

    async fn insert_character(
        &mut self,
        character: &Character,
        shown: bool,
    ) -> Result<(), StoreError> {
        let insert = diesel::insert_into(characters::table)
            .values((CharacterRow::from(character), characters::owner_shows.eq(shown)));
        RunQueryDsl::execute(insert, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn update_character(&mut self, character: &Character) -> Result<(), StoreError> {
        let key = (*character.user.as_uuid(), *character.id.as_uuid());
        let update = diesel::update(characters::table.find(key)).set(CharacterRow::from(character));
        only_one(RunQueryDsl::execute(update, self.conn()).await)
    }

    async fn purge_character(&mut self, user: UserId, id: CharacterId) -> Result<(), StoreError> {
        let delete = diesel::delete(characters::table.find((*user.as_uuid(), *id.as_uuid())));
        only_one(RunQueryDsl::execute(delete, self.conn()).await)
    }

    async fn show_characters(&mut self, user: UserId, shown: bool) -> Result<(), StoreError> {
        let update = diesel::update(characters::table)
            .filter(characters::user_id.eq(*user.as_uuid()))
            .filter(characters::owner_shows.ne(shown))
            .set(characters::owner_shows.eq(shown));
        RunQueryDsl::execute(update, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl CharacterReads for Postgres {
    async fn find_character(
        &self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError> {
        let query = characters::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(CharacterRow::as_select());
        let mut conn = self.keyed().await?;
        let row: Option<CharacterRow> =
            RunQueryDsl::first(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(Character::try_from).transpose()
    }

    async fn find_characters(
        &self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<Character>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let query = characters::table
            .filter(characters::user_id.eq(*user.as_uuid()))
            .filter(characters::id.eq_any(ids))
            .select(CharacterRow::as_select());
        let mut conn = self.keyed().await?;
        let rows: Vec<CharacterRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        rows.into_iter().map(Character::try_from).collect()
    }

    async fn list_characters(
        &self,
        user: UserId,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Character, Position<CharacterId>>, StoreError> {
        let query = characters::table.select(CharacterRow::as_select());
        let query = newest_first!(query, characters, size, after)
            .filter(characters::user_id.eq(*user.as_uuid()));
        let query =
            if filter.deleted { query } else { query.filter(characters::deleted_at.is_null()) };
        let query = match filter.public {
            Some(true) => query.filter(characters::is_public),
            Some(false) => query.filter(not(characters::is_public)),
            None => query,
        };
        let mut conn = self.connection().await?;
        let search = match filter.text {
            Some(_) => Search::of(&mut conn, user).await?,
            None => Search::ByIndex,
        };
        let query = narrowed(query, filter, search);
        let rows: Vec<CharacterRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Character::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Character::position))
    }

    async fn list_public_characters(
        &self,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Gallery, Position<CharacterId>>, StoreError> {
        let mut conn = self.connection().await?;
        gallery::list(&mut conn, filter, size, after).await
    }

    async fn count_catalog(&self, user: UserId) -> Result<Option<Statistics>, StoreError> {
        let mut conn = self.connection().await?;
        statistics::count(&mut conn, user).await
    }
}

/// How words are looked for.
#[derive(Clone, Copy)]
pub(super) enum Search {
    ByIndex,
    /// In the rows that there are otherwise.
    InRows,
}

/// Of more characters than this the words are looked up in an index.
// 2,000 rows are read in milliseconds. An unfinished word is looked up among those of all users, so
// that for whoever has a hundred characters the index would take longer than the rows.
const ROWS_MAX: i64 = 2_000;

impl Search {
    async fn of(conn: &mut AsyncPgConnection, user: UserId) -> Result<Self, StoreError> {
        let one_more = characters::table
            .filter(characters::user_id.eq(*user.as_uuid()))
            .offset(ROWS_MAX)
            .limit(1)
            .select(characters::id);
        let many: Vec<Uuid> = RunQueryDsl::load(one_more, conn).await.map_err(store_error)?;
        Ok(if many.is_empty() { Self::InRows } else { Self::ByIndex })
    }

    /// What the words are taken from. Adding nothing to them keeps the planner from the index.
    const fn words(self) -> &'static str {
        match self {
            Self::ByIndex => "words @@ to_tsquery('simple', ",
            Self::InRows => "(words || ''::tsvector) @@ to_tsquery('simple', ",
        }
    }
}

/// Narrows to what the filter says of a character's own fields.
// A flag stands in the text and not among the binds, or an index on it alone would not serve.
pub(super) fn narrowed<'a>(
    query: Query<'a>,
    filter: &CharacterFilter,
    search: Search,
) -> Query<'a> {
    let CharacterFilter {
        tags_all,
        tags_any,
        style,
        status,
        public: _,
        favourite,
        in_library,
        showcased,
        text,
        deleted: _,
    } = filter;
    let mut query = query;
    if !tags_all.is_empty() {
        query = query.filter(characters::tags.contains(from_labels(tags_all)));
    }
    if !tags_any.is_empty() {
        query = query.filter(characters::tags.overlaps_with(from_labels(tags_any)));
    }
    if let Some(style) = style {
        query = query.filter(characters::style.eq(style.as_str()));
    }
    if let Some(status) = status {
        query = query.filter(characters::status.eq(status.as_str()));
    }
    query = match favourite {
        Some(true) => query.filter(characters::is_favourite),
        Some(false) => query.filter(not(characters::is_favourite)),
        None => query,
    };
    query = match in_library {
        Some(true) => query.filter(characters::in_library),
        Some(false) => query.filter(not(characters::in_library)),
        None => query,
    };
    query = match showcased {
        Some(true) => query.filter(characters::is_showcased),
        Some(false) => query.filter(not(characters::is_showcased)),
        None => query,
    };
    if let Some(text) = text {
        let matches = sql::<Bool>(search.words());
        query = query.filter(matches.bind::<Text, _>(tsquery(text)).sql(")"));
    }
    query
}

/// All words, the last as the beginning of one. Words have no quotes and no backslashes.
fn tsquery(text: &TextQuery) -> String {
    let words = text.words().iter().map(|word| format!("'{word}'"));
    words.collect::<Vec<_>>().join(" & ") + ":*"
}
