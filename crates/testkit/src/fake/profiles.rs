//! Profiles in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use kernel::UserId;
use ports::{ProfileReads, ProfileTx, StoreError};
use users::Profile;

use crate::fake::store::{FakeStore, FakeTx};

/// The table of profiles.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profiles(BTreeMap<UserId, Profile>);

impl Profiles {
    /// What goes with a user.
    pub(crate) fn forget(&mut self, user: UserId) {
        self.0.remove(&user);
    }
}

#[async_trait]
impl ProfileTx for FakeTx {
    async fn load_profile(&mut self, user: UserId) -> Result<Option<Profile>, StoreError> {
        Ok(self.state.profiles.0.get(&user).cloned())
    }

    async fn store_profile(&mut self, profile: &Profile) -> Result<(), StoreError> {
        self.state.profiles.0.insert(profile.user, profile.clone());
        Ok(())
    }
}

#[async_trait]
impl ProfileReads for FakeStore {
    async fn find_profile(&self, user: UserId) -> Result<Option<Profile>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.profiles.0.get(&user).cloned())
    }
}
