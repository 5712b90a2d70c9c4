//! Where users are kept.

use async_trait::async_trait;
use kernel::{Page, PageSize, Position, Timestamp, UserId};
use users::{AccountStatus, Email, Identity, Standing, User};

use crate::StoreError;

/// One user an email address, in any case of letters.
pub const USERS_EMAIL_UNIQUE: &str = "users_email_unique";
/// One user a username, in any case of letters.
pub const USERS_USERNAME_UNIQUE: &str = "users_username_unique";
/// One user an identity.
pub const USER_IDENTITIES_PKEY: &str = "user_identities_pkey";

/// Only users for whom all of this holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserFilter {
    pub status: Option<AccountStatus>,
    /// Created at this moment or later.
    pub created_from: Option<Timestamp>,
    /// Created before this moment.
    pub created_before: Option<Timestamp>,
    /// The email address or the username begins so, in any case of ASCII letters.
    pub prefix: Option<String>,
}

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

    /// Reads how the user stands and keeps that from changing until the unit of work ends; others
    /// may read it meanwhile. `None` if there is no such user.
    async fn share_user(&mut self, id: UserId) -> Result<Option<Standing>, StoreError>;

    /// Stores the fields, the account, the preferences, the revision and the update time of a user
    /// who is locked. The identities stay.
    ///
    /// MUST fail with [`StoreError::Conflict`] as [`UserTx::insert_user`] does.
    async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;

    /// Gives a locked user one more identity, the last in order.
    ///
    /// MUST fail with [`StoreError::Conflict`] where another user has it ([`USER_IDENTITIES_PKEY`]).
    async fn insert_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError>;

    /// Takes an identity of a locked user away.
    async fn delete_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError>;

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

    /// Finds those of the users who are there, in no order.
    async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError>;

    /// Lists users in descending order of position, those after `after` only.
    ///
    /// A user who is there all along is listed exactly once, whatever comes and goes meanwhile.
    async fn list_users(
        &self,
        filter: &UserFilter,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError>;
}
