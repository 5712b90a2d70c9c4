//! The ways in which a user signs in: one more, or one less.

use kernel::UserId;
use tracing::instrument;
use users::decide::{self, Edit};
use users::{Identity, User, action};

use super::account::lock;
use super::{UpdateUserError, Users};
use crate::unit::unit;

impl Users {
    /// Gives the user one more identity. One that the user has already changes nothing.
    #[instrument(skip_all, fields(user.id = %user, identity.issuer = %identity.issuer))]
    pub async fn add_identity(
        &self,
        user: UserId,
        identity: &Identity,
    ) -> Result<User, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let user = lock(tx, user).await?;
            match decide::add_identity(user, identity, self.clock.now())? {
                Edit::Changed(user) => {
                    tx.insert_identity(user.id, identity).await?;
                    tx.update_user(&user).await?;
                    self.log(tx, &user, action!("user.identity_added")).await?;
                    Ok(user)
                }
                Edit::Unchanged(user) => Ok(user),
            }
        })
    }

    /// Takes an identity away, never the last.
    #[instrument(skip_all, fields(user.id = %user, identity.issuer = %identity.issuer))]
    pub async fn remove_identity(
        &self,
        user: UserId,
        identity: &Identity,
    ) -> Result<User, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let user = lock(tx, user).await?;
            let user = decide::remove_identity(user, identity, self.clock.now())?;
            tx.delete_identity(user.id, identity).await?;
            tx.update_user(&user).await?;
            self.log(tx, &user, action!("user.identity_removed")).await?;
            Ok(user)
        })
    }
}
