//! The use cases: begin, load, decide, write, finish.
//!
//! Nothing here knows SQL or the wire. What a command comes to is decided in the domain crates;
//! what a unit of work promises is written in `ports`.

pub mod access;
mod activity;
pub mod assets;
pub mod billing;
pub mod catalog;
pub mod jobs;
pub mod ledger;
mod library;
mod models;
mod profiles;
mod projects;
mod purge;
mod standing;
mod unit;
mod users;

pub use activity::{ActivityLog, RecordActivity, RecordActivityError};
pub use assets::{AssetError, Assets};
pub use catalog::{Catalog, CatalogError, CatalogReads};
pub use jobs::{JobError, Jobs};
pub use ledger::{Ledger, LedgerError};
pub use library::{Charged, Library, LibraryError};
pub use models::{ModelFilter, Models, ModelsError, ProbedProvider, Reach, WarnedModel};
pub use profiles::Profiles;
pub use projects::{
    AppendTurn, Conversations, Counted, CreatedShareLink, Features, Named, NewConversation,
    NewFeature, Projects, ProjectsError, SharedBy, SharedProject,
};
pub use standing::{StandingError, may};
pub use unit::Batch;
pub use users::{
    CreateUserError, Created, DeleteUserError, FindUserError, SignupGrant, UpdateUserError,
    UpsertUserError, UserBatch, Users,
};
