//! Providers over real sockets, against servers on this machine.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

#[path = "providers/creation.rs"]
mod creation;
#[path = "providers/files.rs"]
mod files;
#[path = "providers/site.rs"]
mod site;
#[path = "providers/vocabulary.rs"]
mod vocabulary;
#[path = "providers/world.rs"]
mod world;
