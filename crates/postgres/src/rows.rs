//! Rows as they are stored. Loading checks: a row that no value of the domain can be made of is
//! corrupt, and says so.

pub(crate) mod activity;
pub(crate) mod api_keys;
pub(crate) mod assets;
pub(crate) mod characters;
pub(crate) mod collections;
pub(crate) mod jobs;
pub(crate) mod ledger;
pub(crate) mod library;
pub(crate) mod prices;
pub(crate) mod profiles;
pub(crate) mod projects;
pub(crate) mod scenes;
pub(crate) mod themes;
pub(crate) mod users;
