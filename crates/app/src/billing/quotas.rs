//! Daily quotas: taking units, giving them back, telling what is left.

use std::sync::Arc;

use ::billing::{Quota, QuotaSettings, Rules, Take, Tier, Zone, ZoneError, fold};
use kernel::{RequestId, Timestamp, UserId};
use ports::{Clock, History, Ids, QuotaReads, Store, StoreError, SubscriptionReads, Tx};
use tracing::instrument;
use users::action;
use users::activity::Action;

use super::BillingError;
use crate::activity::{self, Deed, UNREVISED};
use crate::unit::unit;

/// The use cases on quotas.
pub struct Quotas {
    store: Arc<dyn Store>,
    reads: Arc<dyn QuotaReads>,
    subscriptions: Arc<dyn SubscriptionReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    rules: Rules,
}

/// The answer to taking units or giving them back: the take, and the quota of its window then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub take: Take,
    pub quota: Quota,
    pub replayed: bool,
}

impl Quotas {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn QuotaReads>,
        subscriptions: Arc<dyn SubscriptionReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        rules: Rules,
    ) -> Self {
        Self { store, reads, subscriptions, clock, ids, rules }
    }

    /// What the user has of units now.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn get(&self, user: UserId) -> Result<Quota, BillingError> {
        let settings = self.reads.find_quota(user).await?.ok_or(BillingError::UserNotFound)?;
        let history = self.subscriptions.find_history(user).await?;
        let history = history.ok_or(BillingError::UserNotFound)?;
        let now = self.clock.now();
        let window = settings.window(now);
        let used = self.reads.used(user, window.start).await?;
        Ok(Quota { limit: self.limit(&history, now), used, window, zone: settings.zone })
    }

    /// Takes units of the present window, once for each request id.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn take(
        &self,
        user: UserId,
        request: &RequestId,
        units: u32,
    ) -> Result<Taken, BillingError> {
        unit!(self.store, |tx| async {
            let taken = self.take_in(tx, user, request, units).await?;
            if !taken.replayed {
                self.log(tx, user, action!("quota.taken")).await?;
            }
            Ok::<_, BillingError>(taken)
        })
    }

    /// The same in the unit of work of something else, such as a job's. Locks the quota: before the
    /// user's account.
    pub async fn take_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        request: &RequestId,
        units: u32,
    ) -> Result<Taken, BillingError> {
        let settings = tx.lock_quota(user).await?.ok_or(BillingError::UserNotFound)?;
        if let Some(take) = tx.find_take(user, request).await? {
            if take.units != units {
                return Err(BillingError::IdReused(request.to_string()));
            }
            let quota = self.quota_in(tx, &settings, take.window.start).await?;
            let quota = Quota { window: take.window, ..quota };
            return Ok(Taken { take, quota, replayed: true });
        }
        let now = self.clock.now();
        let window = settings.window(now);
        let quota = self.quota_in(tx, &settings, window.start).await?;
        let used = quota.taking(units)?;
        let take = Take {
            user,
            request: request.clone(),
            units,
            window,
            taken_at: now,
            given_back_at: None,
        };
        tx.put_used(user, window.start, used).await?;
        tx.put_take(&take).await?;
        Ok(Taken { take, quota: Quota { used, ..quota }, replayed: false })
    }

    /// Gives units back, in the window that they were taken in. However often it is asked, once.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn give_back(
        &self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Taken, BillingError> {
        unit!(self.store, |tx| async {
            let given = self.give_back_in(tx, user, request).await?;
            if !given.replayed {
                self.log(tx, user, action!("quota.given_back")).await?;
            }
            Ok::<_, BillingError>(given)
        })
    }

    /// The same in the unit of work of something else. Locks as [`Quotas::take_in`] does.
    pub async fn give_back_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        request: &RequestId,
    ) -> Result<Taken, BillingError> {
        let settings = tx.lock_quota(user).await?.ok_or(BillingError::UserNotFound)?;
        let take = tx.find_take(user, request).await?.ok_or(BillingError::TakeNotFound)?;
        let quota = self.quota_in(tx, &settings, take.window.start).await?;
        let quota = Quota { window: take.window, ..quota };
        if take.given_back_at.is_some() {
            return Ok(Taken { take, quota, replayed: true });
        }
        let used = quota.used.saturating_sub(take.units);
        tx.put_used(user, take.window.start, used).await?;
        let take = Take { given_back_at: Some(self.clock.now()), ..take };
        tx.put_take(&take).await?;
        Ok(Taken { take, quota: Quota { used, ..quota }, replayed: false })
    }

    async fn log(&self, tx: &mut dyn Tx, user: UserId, action: Action) -> Result<(), StoreError> {
        let deed = Deed::on(user, action, user.as_uuid(), UNREVISED);
        activity::record(tx, &*self.ids, self.clock.now(), deed).await
    }

    async fn quota_in(
        &self,
        tx: &mut dyn Tx,
        settings: &QuotaSettings,
        start: Timestamp,
    ) -> Result<Quota, BillingError> {
        let user = settings.user;
        let history = tx.load_history(user).await?.ok_or(BillingError::UserNotFound)?;
        let now = self.clock.now();
        let used = tx.find_used(user, start).await?;
        let (window, zone) = (settings.window(now), settings.zone.clone());
        Ok(Quota { limit: self.limit(&history, now), used, window, zone })
    }

    /// The plan's own number, or that of its tier.
    fn limit(&self, history: &History, now: Timestamp) -> Option<u32> {
        let in_force = fold(&history.events).plan_in_force(&self.rules, now);
        let plan = history.plans.iter().find(|plan| Some(plan.id) == in_force);
        let tier = plan.map_or(Tier::Free, |plan| plan.fields.tier);
        plan.and_then(|plan| plan.fields.daily_quota).or_else(|| self.rules.quota_of(tier))
    }
}

/// Counts the user's days by another zone from now on, in the unit of work that makes it the
/// user's. The running day does not end by it.
pub(crate) async fn rezone_in(
    tx: &mut dyn Tx,
    user: UserId,
    zone: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let zone: Zone = zone.parse().map_err(|cause: ZoneError| StoreError::Corrupt {
        what: format!("the time zone {zone}"),
        cause: Some(Box::new(cause)),
    })?;
    match tx.lock_quota(user).await? {
        Some(settings) if settings.zone != zone => {
            tx.update_quota(&settings.rezoned(zone, now)).await
        }
        Some(_) | None => Ok(()),
    }
}
