//! The account of a user: its status, sign-ins, and what the user prefers.

use kernel::UserId;
use ports::{StoreError, Tx};
use tracing::instrument;
use users::activity::Action;
use users::decide::{self, Edit, Prefer, SetStatus};
use users::{User, action};

use super::{UpdateUserError, Users};
use crate::billing::rezone_in;
use crate::unit::unit;

impl Users {
    /// Changes what the user prefers. What others see of the user's characters follows at once, and
    /// so does by which days the user's units count.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn prefer(&self, command: &Prefer) -> Result<User, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let user = lock(tx, command.user).await?;
            let shown = user.standing().shows();
            let zone = user.preferences.time_zone.clone();
            let now = self.clock.now();
            let edit = decide::prefer(user, command, now)?;
            if let Edit::Changed(user) = &edit
                && user.preferences.time_zone != zone
            {
                rezone_in(tx, user.id, user.preferences.time_zone.as_str(), now).await?;
            }
            self.store(tx, shown, edit, action!("user.preferences_changed")).await
        })
    }

    /// Sets the account's status, as an operator decides.
    #[instrument(skip_all, fields(user.id = %command.user, user.status = %command.status))]
    pub async fn set_status(&self, command: &SetStatus) -> Result<User, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let user = lock(tx, command.user).await?;
            let shown = user.standing().shows();
            let edit = decide::set_status(user, command, self.clock.now())?;
            self.store(tx, shown, edit, action!("user.status_changed")).await
        })
    }

    /// Notes that the user signed in now.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn record_login(&self, user: UserId) -> Result<User, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let user = lock(tx, user).await?;
            let user = decide::record_login(user, self.clock.now())?;
            tx.update_user(&user).await?;
            self.log(tx, &user, action!("user.logged_in")).await?;
            Ok(user)
        })
    }

    async fn store(
        &self,
        tx: &mut dyn Tx,
        shown: bool,
        edit: Edit,
        action: Action,
    ) -> Result<User, UpdateUserError> {
        match edit {
            Edit::Changed(user) => {
                tx.update_user(&user).await?;
                show(tx, &user, shown).await?;
                self.log(tx, &user, action).await?;
                Ok(user)
            }
            Edit::Unchanged(user) => Ok(user),
        }
    }
}

pub(super) async fn lock(tx: &mut dyn Tx, user: UserId) -> Result<User, UpdateUserError> {
    tx.lock_user(user).await?.ok_or(UpdateUserError::NotFound)
}

/// Lets the user's characters follow where what others see of them changes.
async fn show(tx: &mut dyn Tx, user: &User, shown_before: bool) -> Result<(), StoreError> {
    let shown = user.standing().shows();
    if shown == shown_before { Ok(()) } else { tx.show_characters(user.id, shown).await }
}
