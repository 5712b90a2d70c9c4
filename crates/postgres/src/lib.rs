//! The Postgres adapter: implements the store ports with diesel.
//!
//! Rows stay private to this crate: `rows` turns them into domain values and back, `store` holds
//! one file of statements for each role of a unit of work.

mod bell;
mod config;
mod error;
mod instrument;
pub mod migrate;
mod pool;
mod ring;
mod rows;
mod schema;
mod sql;
mod store;
mod tx;
mod types;

pub use config::{Config, ConfigError};
pub use pool::{PoolState, Postgres};
