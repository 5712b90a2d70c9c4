//! Finding and listing users. Reads only: no unit of work.

use kernel::{Page, PageSize, Position, UserId};
use ports::{StoreError, UserFilter};
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

/// What came of asking for several users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserBatch {
    pub found: Vec<User>,
    pub missing: Vec<UserId>,
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
        filter: &UserFilter,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError> {
        self.reads.list_users(filter, size, after).await
    }

    /// Finds several users, in the order in which they are asked for.
    #[instrument(skip_all)]
    pub async fn batch_get(&self, ids: &[UserId]) -> Result<UserBatch, StoreError> {
        let there = self.reads.find_users(ids).await?;
        let mut batch = UserBatch::default();
        for id in ids {
            match there.iter().find(|user| user.id == *id) {
                Some(user) => batch.found.push(user.clone()),
                None => batch.missing.push(*id),
            }
        }
        Ok(batch)
    }
}
