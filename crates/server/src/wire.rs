//! Messages to values of the domain, and back: `parse_*` refuses with every violation at once,
//! `render_*` cannot fail.
//!
//! Messages are taken apart completely, so that a new field does not build until someone decides
//! what it means. Nothing here calls a use case.

pub mod access;
pub mod activity;
pub mod assets;
pub mod billing;
pub mod catalog;
pub mod conversations;
pub mod events;
pub mod features;
pub mod fields;
pub mod jobs;
pub mod json;
pub mod ledger;
pub mod library;
pub mod models;
pub mod page;
pub mod profiles;
pub mod projects;
pub mod time;
pub mod users;
