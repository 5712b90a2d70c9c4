//! Changing the fields of a user that a patch names.

use ports::{
    AsStoreError, StoreError, Tx, USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE,
};
use tracing::instrument;
use users::decide::{self, Edit, Update};
use users::{Rejection, User, action};

use super::Users;
use crate::unit::{from_store, unit};

/// Why a user was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateUserError {
    #[error("there is no such user")]
    NotFound,
    #[error("another user has the email address")]
    EmailTaken,
    #[error("another user has the username")]
    UsernameTaken,
    #[error("another user has the identity")]
    IdentityTaken,
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("the user could not be changed")]
    Store(#[source] StoreError),
}

impl Users {
    /// Changes the user and answers what the user has become.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn update(&self, command: &Update) -> Result<User, UpdateUserError> {
        unit!(self.store, |tx| self.update_in(tx, command))
    }

    async fn update_in(&self, tx: &mut dyn Tx, command: &Update) -> Result<User, UpdateUserError> {
        let user = tx.lock_user(command.user).await?.ok_or(UpdateUserError::NotFound)?;
        let now = self.clock.now();
        match decide::update(user, command, now)? {
            Edit::Changed(user) => {
                tx.update_user(&user).await?;
                self.log(tx, &user, action!("user.updated")).await?;
                Ok(user)
            }
            Edit::Unchanged(user) => Ok(user),
        }
    }
}

from_store! {
    UpdateUserError,
    USERS_EMAIL_UNIQUE => EmailTaken,
    USERS_USERNAME_UNIQUE => UsernameTaken,
    USER_IDENTITIES_PKEY => IdentityTaken,
}

impl AsStoreError for UpdateUserError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::NotFound
            | Self::EmailTaken
            | Self::UsernameTaken
            | Self::IdentityTaken
            | Self::Rejected(_) => None,
        }
    }
}
