//! The roles of a unit of work, and the plain reads, one file for each noun.

mod activity;
mod api_keys;
mod assets;
mod characters;
mod collections;
mod gallery;
mod ledger;
mod newest;
mod profiles;
mod scenes;
mod statistics;
mod themes;
mod users;
mod variants;
