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
use ports::{Clock, Ids, Store, StoreError, Tx, UserReads};
use users::User;
use users::activity::Action;

use crate::activity::{self, Deed};

use crate::billing::Allowances;

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
    allowances: Option<Arc<Allowances>>,
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
        Self { store, reads, clock, ids, signup: None, allowances: None }
    }

    /// Logs that `action` was done to the user, in the unit of work that does it.
    async fn log(&self, tx: &mut dyn Tx, user: &User, action: Action) -> Result<(), StoreError> {
        let deed = deed(user, action);
        activity::record(tx, &*self.ids, self.clock.now(), deed).await
    }

    /// The same, giving new users something.
    #[must_use]
    pub fn granting(self, signup: Option<SignupGrant>) -> Self {
        Self { signup, ..self }
    }

    /// The same, giving new users what events that waited for them entitle to.
    #[must_use]
    pub fn settling(self, allowances: Arc<Allowances>) -> Self {
        Self { allowances: Some(allowances), ..self }
    }
}

/// That `action` was done to the user.
fn deed(user: &User, action: Action) -> Deed {
    Deed::on(user.id, action, user.id.as_uuid(), user.etag.revision())
}

#[cfg(test)]
mod tests;
