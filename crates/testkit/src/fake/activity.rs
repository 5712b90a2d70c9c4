//! The activity log in memory.

use async_trait::async_trait;
use kernel::{ActivityId, Page, PageSize, Position, Timestamp, UserId};
use ports::{
    ACTIVITIES_USER_FKEY, ActivityFilter, ActivityKeeping, ActivityReads, ActivityTx, StoreError,
};
use users::activity::Activity;

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx};

/// Every log, in the order of appending.
#[derive(Debug, Clone, Default)]
pub(crate) struct Activities(Vec<Activity>);

impl Activities {
    pub(crate) fn forget(&mut self, user: UserId) {
        self.0.retain(|activity| activity.user != user);
    }
}

#[async_trait]
impl ActivityTx for FakeTx {
    async fn append_activity(&mut self, activity: &Activity) -> Result<(), StoreError> {
        if !self.state.users.exists(activity.user) {
            return Err(StoreError::Conflict { constraint: ACTIVITIES_USER_FKEY });
        }
        self.state.activities.0.push(activity.clone());
        Ok(())
    }
}

#[async_trait]
impl ActivityReads for FakeStore {
    async fn list_activity(
        &self,
        user: UserId,
        filter: &ActivityFilter,
        size: PageSize,
        after: Option<Position<ActivityId>>,
    ) -> Result<Page<Activity, Position<ActivityId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let ActivityFilter { action, under, subject, from, until } = filter;
        let wanted = state.activities.0.iter().filter(|activity| {
            activity.user == user
                && action.as_ref().is_none_or(|action| activity.action == *action)
                && under.as_ref().is_none_or(|under| activity.action.is_under(under))
                && subject.as_ref().is_none_or(|s| activity.subject.as_ref() == Some(s))
                && from.is_none_or(|from| activity.at >= from)
                && until.is_none_or(|until| activity.at < until)
        });
        Ok(newest_first(wanted, size, after, Activity::position))
    }
}

#[async_trait]
impl ActivityKeeping for FakeStore {
    async fn prune_activities(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.check_up()?;
        let log = &mut self.state.lock().await.activities.0;
        let old = log.extract_if(.., |activity| activity.at < before);
        Ok(old.take(limit).count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::activity_contract!(fresh);
}
