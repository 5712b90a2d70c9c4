//! The account of a user: its status, sign-ins, and what the user prefers.

use kernel::UserId;
use ports::{StoreError, Tx};
use tracing::instrument;
use users::User;
use users::decide::{self, Edit, Prefer, SetStatus};

use super::{UpdateUserError, Users};
use crate::unit::unit_of_work;

impl Users {
    /// Changes what the user prefers. What others see of the user's characters follows at once.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn prefer(&self, command: &Prefer) -> Result<User, UpdateUserError> {
        unit_of_work!(self, UpdateUserError, |tx| {
            let user = lock(tx, command.user).await?;
            let shown = user.standing().shows();
            store(tx, shown, decide::prefer(user, command, self.clock.now())?).await
        })
    }

    /// Sets the account's status, as an operator decides.
    #[instrument(skip_all, fields(user.id = %command.user, user.status = %command.status))]
    pub async fn set_status(&self, command: &SetStatus) -> Result<User, UpdateUserError> {
        unit_of_work!(self, UpdateUserError, |tx| {
            let user = lock(tx, command.user).await?;
            let shown = user.standing().shows();
            store(tx, shown, decide::set_status(user, command, self.clock.now())?).await
        })
    }

    /// Notes that the user signed in now.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn record_login(&self, user: UserId) -> Result<User, UpdateUserError> {
        unit_of_work!(self, UpdateUserError, |tx| {
            let user = lock(tx, user).await?;
            let user = decide::record_login(user, self.clock.now())?;
            tx.update_user(&user).await?;
            Ok(user)
        })
    }
}

pub(super) async fn lock(tx: &mut dyn Tx, user: UserId) -> Result<User, UpdateUserError> {
    tx.lock_user(user).await?.ok_or(UpdateUserError::NotFound)
}

async fn store(tx: &mut dyn Tx, shown: bool, edit: Edit) -> Result<User, UpdateUserError> {
    match edit {
        Edit::Changed(user) => {
            tx.update_user(&user).await?;
            show(tx, &user, shown).await?;
            Ok(user)
        }
        Edit::Unchanged(user) => Ok(user),
    }
}

/// Lets the user's characters follow where what others see of them changes.
async fn show(tx: &mut dyn Tx, user: &User, shown_before: bool) -> Result<(), StoreError> {
    let shown = user.standing().shows();
    if shown == shown_before { Ok(()) } else { tx.show_characters(user.id, shown).await }
}
