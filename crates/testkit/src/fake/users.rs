//! Users in memory.

use std::collections::BTreeMap;

use async_trait::async_trait;
use billing::Zone;
use kernel::{Page, PageSize, Position, Timestamp, UserId};
use ports::{
    StoreError, USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE, UserFilter,
    UserReads, UserTx,
};
use users::{AccountStatus, Email, Identity, Standing, User};

use crate::fake::store::{FakeStore, FakeTx};

/// The table of users.
#[derive(Debug, Clone, Default)]
pub(crate) struct Users(BTreeMap<UserId, User>);

impl Users {
    pub(crate) fn exists(&self, id: UserId) -> bool {
        self.0.contains_key(&id)
    }

    /// The user's time zone.
    pub(crate) fn zone(&self, id: UserId) -> Option<Zone> {
        let user = self.0.get(&id)?;
        Some(user.preferences.time_zone.as_str().parse().expect("both know the same zones"))
    }

    /// When the user was created.
    pub(crate) fn since(&self, id: UserId) -> Option<Timestamp> {
        self.0.get(&id).map(|user| user.created_at)
    }

    pub(crate) fn status(&self, id: UserId) -> Option<AccountStatus> {
        self.0.get(&id).map(|user| user.account.status)
    }

    pub(crate) fn display_name(&self, id: UserId) -> Option<String> {
        self.0.get(&id)?.fields.display_name.as_ref().map(ToString::to_string)
    }

    fn find(&self, wanted: impl Fn(&User) -> bool) -> Option<User> {
        self.0.values().find(|user| wanted(user)).cloned()
    }

    /// What another user has already, as the real store's unique keys have it.
    fn check_unique(&self, user: &User) -> Result<(), StoreError> {
        for other in self.0.values().filter(|other| other.id != user.id) {
            let same =
                |mine: Option<String>, theirs: Option<String>| mine.is_some() && mine == theirs;
            let (mine, theirs) = (&user.fields, &other.fields);
            let email = |email: &Email| email.key();
            if same(mine.email.as_ref().map(email), theirs.email.as_ref().map(email)) {
                return Err(StoreError::Conflict { constraint: USERS_EMAIL_UNIQUE });
            }
            let username = |username: &users::Username| username.key();
            if same(mine.username.as_ref().map(username), theirs.username.as_ref().map(username)) {
                return Err(StoreError::Conflict { constraint: USERS_USERNAME_UNIQUE });
            }
            if user.identities.iter().any(|identity| other.identities.contains(identity)) {
                return Err(StoreError::Conflict { constraint: USER_IDENTITIES_PKEY });
            }
        }
        Ok(())
    }
}

#[async_trait]
impl UserTx for FakeTx {
    async fn lock_user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        Ok(self.state.users.0.get(&id).cloned())
    }

    async fn find_user_by_identity(
        &mut self,
        identity: &Identity,
    ) -> Result<Option<User>, StoreError> {
        Ok(self.state.users.find(|user| user.identities.contains(identity)))
    }

    async fn insert_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.state.users.check_unique(user)?;
        let taken = self.state.users.0.insert(user.id, user.clone());
        assert!(taken.is_none(), "a user's id was used twice: {taken:?}");
        Ok(())
    }

    async fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        self.state.users.check_unique(user)?;
        let present = self.state.users.0.get(&user.id).expect("the user is locked");
        // An update says nothing of the identities.
        let identities = present.identities.clone();
        self.state.users.0.insert(user.id, User { identities, ..user.clone() });
        Ok(())
    }

    async fn share_user(&mut self, id: UserId) -> Result<Option<Standing>, StoreError> {
        Ok(self.state.users.0.get(&id).map(User::standing))
    }

    async fn insert_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError> {
        let mut user = self.state.users.0.get(&id).expect("the user is locked").clone();
        user.identities.push(identity.clone());
        self.state.users.check_unique(&user)?;
        self.state.users.0.insert(id, user);
        Ok(())
    }

    async fn delete_identity(&mut self, id: UserId, identity: &Identity) -> Result<(), StoreError> {
        let user = self.state.users.0.get_mut(&id).expect("the user is locked");
        user.identities.retain(|has| has != identity);
        Ok(())
    }

    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        self.state.users.0.remove(&id);
        self.state.billing.forget(id);
        self.state.catalog.forget(id);
        self.state.profiles.forget(id);
        self.state.activities.forget(id);
        self.state.assets.forget_user(id);
        self.state.events.forget(id);
        self.state.jobs.forget(id);
        self.state.library.forget(id);
        self.state.projects.forget(id);
        Ok(())
    }
}

#[async_trait]
impl UserReads for FakeStore {
    async fn find_user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.users.0.get(&id).cloned())
    }

    async fn find_user_by_email(&self, email: &Email) -> Result<Option<User>, StoreError> {
        self.check_up()?;
        let wanted = email.key();
        let state = self.state.lock().await;
        Ok(state
            .users
            .find(|user| user.fields.email.as_ref().map(Email::key).as_ref() == Some(&wanted)))
    }

    async fn find_user_by_identity(&self, identity: &Identity) -> Result<Option<User>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.users.find(|user| user.identities.contains(identity)))
    }

    async fn find_users(&self, ids: &[UserId]) -> Result<Vec<User>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(ids.iter().filter_map(|id| state.users.0.get(id)).cloned().collect())
    }

    async fn list_users(
        &self,
        filter: &UserFilter,
        size: PageSize,
        after: Option<Position<UserId>>,
    ) -> Result<Page<User, Position<UserId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let key = |position: Position<UserId>| (position.created_at, position.id);
        let mut items: Vec<User> = state
            .users
            .0
            .values()
            .filter(|user| matches(user, filter))
            .filter(|user| after.is_none_or(|after| key(user.position()) < key(after)))
            .cloned()
            .collect();
        items.sort_by_key(|user| std::cmp::Reverse(key(user.position())));
        Ok(Page::from_one_more(items, size, User::position))
    }
}

fn matches(user: &User, filter: &UserFilter) -> bool {
    let UserFilter { status, created_from, created_before, prefix } = filter;
    let prefix = prefix.as_ref().map(|prefix| prefix.to_ascii_lowercase());
    let keys = || {
        let email = user.fields.email.as_ref().map(Email::key);
        email.into_iter().chain(user.fields.username.as_ref().map(users::Username::key))
    };
    status.is_none_or(|status| status == user.account.status)
        && created_from.is_none_or(|from| user.created_at >= from)
        && created_before.is_none_or(|before| user.created_at < before)
        && prefix.is_none_or(|prefix| keys().any(|key| key.starts_with(&prefix)))
}
