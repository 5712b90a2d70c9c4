//! The roles of a unit of work, and the plain reads, one file for each noun.

mod activity;
mod api_keys;
mod assets;
mod billing;
mod ledger;
mod users;
