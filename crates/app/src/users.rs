//! Use cases on users, a file each. Their order of locks is in `migrations/README.md`.

mod create;
mod delete;
mod find;
mod update;

use std::sync::Arc;

use ports::{Clock, Ids, Store, UserReads};

pub use create::{CreateUserError, Created};
pub use delete::DeleteUserError;
pub use find::FindUserError;
pub use update::UpdateUserError;

/// The use cases on users.
pub struct Users {
    store: Arc<dyn Store>,
    reads: Arc<dyn UserReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Users {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn UserReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }
}

#[cfg(test)]
mod tests;
