//! Providers over real sockets, against servers on this machine.

#![expect(clippy::unwrap_used, reason = "clippy takes helpers of tests for no tests")]

#[path = "providers/afterwards.rs"]
mod afterwards;
#[path = "providers/creation.rs"]
mod creation;
#[path = "providers/expectations.rs"]
mod expectations;
#[path = "providers/files.rs"]
mod files;
#[path = "providers/scenarios.rs"]
mod scenarios;
#[path = "providers/site.rs"]
mod site;
#[path = "providers/vendors.rs"]
mod vendors;
#[path = "providers/vocabulary.rs"]
mod vocabulary;
#[path = "providers/world.rs"]
mod world;
