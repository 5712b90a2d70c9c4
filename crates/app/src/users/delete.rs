//! Deleting a user and everything the user owns.

use ports::{AsStoreError, StoreError, Tx, finish, retry};
use tracing::instrument;
use users::Rejection;
use users::decide::{self, Delete};

use super::Users;

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
        retry(|| self.try_delete(command)).await
    }

    async fn try_delete(&self, command: &Delete) -> Result<(), DeleteUserError> {
        let mut tx = self.store.begin().await?;
        let outcome = self.delete_in(&mut *tx, command).await;
        finish(tx, outcome).await
    }

    async fn delete_in(&self, tx: &mut dyn Tx, command: &Delete) -> Result<(), DeleteUserError> {
        let user = tx.lock_user(command.user).await?.ok_or(DeleteUserError::NotFound)?;
        decide::delete(&user, command)?;
        tx.forget_account(user.id, self.clock.now()).await?;
        tx.delete_user(user.id).await?;
        Ok(())
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
