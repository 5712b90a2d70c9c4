//! The roles of a unit of work, and the plain reads, one file for each noun.

mod activity;
mod api_keys;
mod assets;
mod billing;
mod characters;
mod collections;
mod events;
mod gallery;
mod gauges;
mod jobs;
mod ledger;
mod library;
mod models;
mod newest;
mod profiles;
mod projects;
mod scenes;
mod statistics;
mod themes;
mod users;
mod variants;

use diesel::QueryResult;
use ports::StoreError;

use crate::error::store_error;
use crate::types::corrupt;

/// Narrows a boxed list that goes by position, newest first, to what is after a position.
macro_rules! after {
    ($query:ident, $after:expr, $at:expr, $id:expr) => {
        if let Some(Position { created_at, id }) = $after {
            let at = to_pg(created_at);
            // The first condition says no more than the second, but in a form that the index
            // serves.
            $query = $query.filter($at.le(at)).filter($at.lt(at).or($id.lt(*id.as_uuid())));
        }
    };
}
use after;

/// Of a change of the one row that is locked.
fn only_one(changed: QueryResult<usize>) -> Result<(), StoreError> {
    match changed.map_err(store_error)? {
        1 => Ok(()),
        rows => Err(corrupt(format!("{rows} rows where one is locked"))),
    }
}
