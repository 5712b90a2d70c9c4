//! Where the profiles of users are kept.

use async_trait::async_trait;
use kernel::UserId;
use users::Profile;

use crate::StoreError;

/// Profiles, in a unit of work that has locked the user.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProfileTx: Send {
    /// Reads the profile. `None` if nothing of it was ever stored.
    async fn load_profile(&mut self, user: UserId) -> Result<Option<Profile>, StoreError>;

    /// Stores the whole profile, whether or not there is one.
    async fn store_profile(&mut self, profile: &Profile) -> Result<(), StoreError>;
}

/// Profiles, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ProfileReads: Send + Sync {
    /// Finds the profile. `None` if nothing of it was ever stored, or there is no such user.
    async fn find_profile(&self, user: UserId) -> Result<Option<Profile>, StoreError>;
}
