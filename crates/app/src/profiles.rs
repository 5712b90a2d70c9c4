//! Use cases on profiles: what users tell about themselves, and what the product awards and counts.

use std::sync::Arc;

use kernel::{Etag, Patch, UserId};
use ports::{Clock, Ids, ProfileReads, Store, Tx, UserReads};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, Badge, BadgeKind, Profile, ProfileFields, Rejection, action};

use crate::activity::{self, Deed};
use crate::unit::unit;
use crate::{FindUserError, UpdateUserError};

/// The use cases on profiles.
pub struct Profiles {
    store: Arc<dyn Store>,
    users: Arc<dyn UserReads>,
    reads: Arc<dyn ProfileReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

impl Profiles {
    pub fn new(
        store: Arc<dyn Store>,
        users: Arc<dyn UserReads>,
        reads: Arc<dyn ProfileReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, users, reads, clock, ids }
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get(&self, user: UserId) -> Result<Profile, FindUserError> {
        if let Some(profile) = self.reads.find_profile(user).await? {
            return Ok(profile);
        }
        let found = self.users.find_user(user).await?.ok_or(FindUserError::NotFound)?;
        Ok(Profile::empty(found.id, found.created_at))
    }

    /// Changes the fields that the patch names.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn update(
        &self,
        user: UserId,
        patch: &Patch<ProfileFields>,
        expected: Option<Etag>,
    ) -> Result<Profile, UpdateUserError> {
        self.change(user, (Some(Ability::Change), action!("profile.updated")), |profile| {
            if let Some(expected) = expected.filter(|expected| *expected != profile.etag) {
                return Err(Rejection::EtagMismatch { expected, current: profile.etag });
            }
            let fields = patch.apply(&profile.fields);
            Ok(profile.with_fields(fields, self.clock.now()))
        })
        .await
    }

    /// Awards a badge; one of a kind that the user has already changes nothing.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn award(&self, user: UserId, badge: &Badge) -> Result<Profile, UpdateUserError> {
        // An operator does this, whatever the account may do.
        self.change(user, (None, action!("profile.badge_awarded")), |profile| {
            profile.with_badge(badge.clone(), self.clock.now())
        })
        .await
    }

    /// Takes a badge back; one that the user does not have changes nothing.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn revoke(&self, user: UserId, kind: &BadgeKind) -> Result<Profile, UpdateUserError> {
        self.change(user, (None, action!("profile.badge_revoked")), |profile| {
            Ok(profile.without_badge(kind, self.clock.now()))
        })
        .await
    }

    /// Moves what others made of the user's work: likes and downloads, never below zero.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn count(
        &self,
        user: UserId,
        likes: i32,
        downloads: i32,
    ) -> Result<Profile, UpdateUserError> {
        self.change(user, (None, action!("profile.engagement_counted")), |profile| {
            Ok(Some(profile.counting(likes, downloads)))
        })
        .await
    }

    /// Stores what `decide` makes of the profile, under the user's lock.
    async fn change(
        &self,
        user: UserId,
        (ability, action): (Option<Ability>, Action),
        decide: impl Fn(&Profile) -> Result<Option<Profile>, Rejection> + Sync,
    ) -> Result<Profile, UpdateUserError> {
        unit!(self.store, UpdateUserError, |tx| {
            let profile = load(tx, user, ability).await?;
            match decide(&profile)? {
                Some(changed) => {
                    tx.store_profile(&changed).await?;
                    let deed =
                        Deed::on(user, action.clone(), user.as_uuid(), changed.etag.revision());
                    activity::record(tx, &*self.ids, self.clock.now(), deed).await?;
                    Ok(changed)
                }
                None => Ok(profile),
            }
        })
    }
}

async fn load(
    tx: &mut dyn Tx,
    user: UserId,
    ability: Option<Ability>,
) -> Result<Profile, UpdateUserError> {
    let user = tx.lock_user(user).await?.ok_or(UpdateUserError::NotFound)?;
    if let Some(ability) = ability {
        user.account.status.check(ability)?;
    }
    let stored = tx.load_profile(user.id).await?;
    Ok(stored.unwrap_or_else(|| Profile::empty(user.id, user.created_at)))
}
