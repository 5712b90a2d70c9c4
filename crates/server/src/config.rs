//! Settings: read once, every problem reported at once, every value with its origin.
//!
//! Defaults < file < environment < flags < what the command itself fixes. `table` lists the
//! settings, `load` lays the layers over each other, `typed` makes one struct per concern of them.
//! This is the only place that reads the process's environment.

mod docs;
mod file;
mod kind;
mod load;
mod problem;
mod rules;
mod secret;
mod show;
mod sources;
mod table;
#[cfg(test)]
mod tests;
mod typed;

pub use docs::markdown;
pub use load::{Loaded, Value, load};
pub use problem::{Origin, Problem, Problems};
pub use secret::Secret;
pub use show::{json, text};
pub use sources::{File, Flag, Sources};
pub use typed::{
    Account, Auth, Billing, Config, Database, Drain, Ledger, Limits, LogFormat, S3, Server,
};
pub use typed::{Telemetry, Tls};

/// What settings of providers may say: vendors, abilities, surfaces, ways to edit.
#[cfg(test)]
pub(crate) fn words() -> [&'static [&'static str]; 4] {
    [table::VENDORS, table::ABILITIES, table::SURFACES, table::EDITS]
}
