//! Finding and listing users. Reads only: no unit of work.

use kernel::{Page, PageSize, Position, UserId};
use ports::StoreError;
use tracing::instrument;
use users::{Email, Identity, User};

use super::Users;

/// Why no user was found.
#[derive(Debug, thiserror::Error)]
pub enum FindUserError {
    #[error("there is no such user")]
    NotFound,
    #[error("the user could not be read")]
    Store(#[from] StoreError),
}

impl Users {
    #[instrument(skip_all, fields(user.id = %id))]
    pub async fn get(&self, id: UserId) -> Result<User, FindUserError> {
        self.reads.find_user(id).await?.ok_or(FindUserError::NotFound)
    }

    #[instrument(skip_all)]
    pub async fn get_by_email(&self, email: &Email) -> Result<User, FindUserError> {
        self.reads.find_user_by_email(email).await?.ok_or(FindUserError::NotFound)
    }

    #[instrument(skip_all, fields(identity.issuer = %identity.issuer))]
    pub async fn get_by_identity(&self, identity: &Identity) -> Result<User, FindUserError> {
        self.reads.find_user_by_identity(identity).await?.ok_or(FindUserError::NotFound)
    }

    /// Lists users newest first, those after a position only.
    #[instrument(skip_all)]
    pub async fn list(
        &self,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError> {
        self.reads.list_users(size, after).await
    }
}
