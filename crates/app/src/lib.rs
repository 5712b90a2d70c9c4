//! The use cases: begin, load, decide, write, finish.
//!
//! Nothing here knows SQL or the wire. What a command comes to is decided in the domain crates;
//! what a unit of work promises is written in `ports`.

pub mod access;
mod activity;
pub mod assets;
pub mod catalog;
pub mod ledger;
mod profiles;
mod standing;
mod unit;
mod users;

pub use activity::{ActivityLog, RecordActivity, RecordActivityError};
pub use assets::{AssetError, Assets};
pub use catalog::{Catalog, CatalogError, CatalogReads};
pub use ledger::{Ledger, LedgerError};
pub use profiles::Profiles;
pub use standing::{StandingError, may};
pub use users::{
    CreateUserError, Created, DeleteUserError, FindUserError, SignupGrant, UpdateUserError,
    UpsertUserError, UserBatch, Users,
};
