//! Where users are kept.

use async_trait::async_trait;
use kernel::{Page, PageSize, Position, UserId};
use users::{Email, Identity, User};

use crate::StoreError;

/// One user an email address, in any case of letters.
pub const USERS_EMAIL_UNIQUE: &str = "users_email_unique";
/// One user a username, in any case of letters.
pub const USERS_USERNAME_UNIQUE: &str = "users_username_unique";
/// One user an identity.
pub const USER_IDENTITIES_PKEY: &str = "user_identities_pkey";

/// Users, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserTx: Send {
    /// Locks the user until the unit of work ends. `None` if there is no such user.
    ///
    /// Whoever changes anything of a user in step with the user locks the user first.
    async fn lock_user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Reads the user who has the identity, without locking.
    async fn find_user_by_identity(
        &mut self,
        identity: &Identity,
    ) -> Result<Option<User>, StoreError>;

    /// Stores a new user with all identities.
    ///
    /// MUST fail with [`StoreError::Conflict`] and store nothing where another user has the email
    /// address ([`USERS_EMAIL_UNIQUE`]), the username ([`USERS_USERNAME_UNIQUE`]) or an identity
    /// ([`USER_IDENTITIES_PKEY`]), after waiting for any unit of work that is about to have it. Of
    /// several conflicts it names any. The unit of work can then only be rolled back.
    async fn insert_user(&mut self, user: &User) -> Result<(), StoreError>;

    /// Stores the fields, the revision and the update time of a user who is locked. The identities
    /// stay.
    ///
    /// MUST fail with [`StoreError::Conflict`] as [`UserTx::insert_user`] does.
    async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;

    /// Deletes a user who is locked, with the identities and everything the user owns that no
    /// other role keeps.
    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError>;
}

/// Users, as committed. A user comes with the identities of the same moment.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait UserReads: Send + Sync {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StoreError>;

    /// Finds the user by the address in any case of letters.
    async fn find_user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError>;

    async fn find_user_by_identity(&self, identity: &Identity) -> Result<Option<User>, StoreError>;

    /// Lists users in descending order of position, those after `after` only.
    ///
    /// A user who is there all along is listed exactly once, whatever comes and goes meanwhile.
    async fn list_users(
        &self,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError>;
}
