//! The public gallery: characters of everybody who lets them be shown.

use std::collections::HashMap;

use catalog::{Character, CharacterFilter, Gallery};
use diesel::prelude::{ExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{CharacterId, Page, PageSize, Position};
use ports::StoreError;
use uuid::Uuid;

use super::characters::{Search, narrowed};
use super::newest::newest_first;
use crate::error::store_error;
use crate::rows::characters::CharacterRow;
use crate::schema::{characters, users};

pub(super) async fn list(
    conn: &mut AsyncPgConnection,
    filter: &CharacterFilter,
    size: PageSize,
    after: Option<Position<CharacterId>>,
) -> Result<Page<Gallery, Position<CharacterId>>, StoreError> {
    let query = characters::table.select(CharacterRow::as_select());
    let query = newest_first!(query, characters, size, after).filter(characters::is_listed);
    let rows: Vec<CharacterRow> = RunQueryDsl::load(narrowed(query, filter, Search::ByIndex), conn)
        .await
        .map_err(store_error)?;
    let found: Vec<Character> =
        rows.into_iter().map(Character::try_from).collect::<Result<_, _>>()?;

    // The row itself says that it may be shown; only the names of the owners come from elsewhere.
    let mut owners: Vec<Uuid> = found.iter().map(|one| *one.user.as_uuid()).collect();
    owners.sort_unstable();
    owners.dedup();
    let names =
        users::table.filter(users::id.eq_any(owners)).select((users::id, users::display_name));
    let names: Vec<(Uuid, Option<String>)> =
        RunQueryDsl::load(names, conn).await.map_err(store_error)?;
    let mut names: HashMap<Uuid, Option<String>> = names.into_iter().collect();
    let items = found.into_iter().map(|character| Gallery {
        owner_name: names.entry(*character.user.as_uuid()).or_default().clone(),
        character,
    });
    Ok(Page::from_one_more(items.collect(), size, |one| one.character.position()))
}
