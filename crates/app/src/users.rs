//! Use cases on users, a file each. Their order of locks is in `migrations/README.md`.

mod account;
mod create;
mod delete;
mod find;
mod identities;
mod update;
mod upsert;

use std::sync::Arc;

use kernel::Credits;
use ledger::Rules;
use ports::{Clock, Ids, Store, UserReads};

pub use create::{CreateUserError, Created};
pub use delete::DeleteUserError;
pub use find::{FindUserError, UserBatch};
pub use update::UpdateUserError;
pub use upsert::UpsertUserError;

/// The use cases on users.
pub struct Users {
    store: Arc<dyn Store>,
    reads: Arc<dyn UserReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    signup: Option<SignupGrant>,
}

/// What every new user is given, in the same step in which the user is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignupGrant {
    /// More than nothing.
    pub amount: Credits,
    pub rules: Rules,
}

impl Users {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn UserReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids, signup: None }
    }

    /// The same, giving new users something.
    #[must_use]
    pub fn granting(self, signup: Option<SignupGrant>) -> Self {
        Self { signup, ..self }
    }
}

#[cfg(test)]
mod tests;
