//! Deleting a user and everything the user owns.

use ports::{AsStoreError, StoreError, Tx};
use tracing::instrument;
use users::decide::{self, Delete};
use users::{Rejection, action};

use super::{Users, deed};
use crate::activity;
use crate::unit::unit;

/// Why a user was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    #[error("there is no such user")]
    NotFound,
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the user could not be deleted")]
    Store(#[from] StoreError),
}

impl Users {
    /// Deletes the user. Of the account of credits an anonymous tombstone remains.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn delete(&self, command: &Delete) -> Result<(), DeleteUserError> {
        unit!(self.store, |tx| self.delete_in(tx, command))
    }

    async fn delete_in(&self, tx: &mut dyn Tx, command: &Delete) -> Result<(), DeleteUserError> {
        let user = tx.lock_user(command.user).await?.ok_or(DeleteUserError::NotFound)?;
        decide::delete(&user, command)?;
        tx.forget_account(user.id, self.clock.now()).await?;
        tx.delete_user(user.id).await?;
        // Last, for whatever else was told of the user goes with the user.
        Ok(activity::tell(tx, self.clock.now(), deed(&user, action!("user.deleted"))).await?)
    }
}

impl AsStoreError for DeleteUserError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound | Self::Rejected(_) => None,
        }
    }
}
