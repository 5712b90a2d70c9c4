//! Jobs, lanes, gauges and models in memory.

pub(crate) mod queue;

use std::collections::BTreeMap;

use async_trait::async_trait;
use generation::{Gauge, Job, JobState, Lease, Model, ModelName, ProviderName};
use kernel::{JobId, Page, PageSize, Position, RequestId, Timestamp, UserId};
use ports::{
    GaugeTx, JOBS_REQUEST_UNIQUE, JobFilter, JobReads, JobTx, ModelReads, ModelTx, StoreError,
};

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx};

/// The tables of generation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Jobs {
    jobs: BTreeMap<(UserId, JobId), Job>,
    lanes: BTreeMap<UserId, Lane>,
    gauges: BTreeMap<ProviderName, Gauge>,
    models: BTreeMap<ModelName, Model>,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy)]
struct Lane {
    /// `None`: until somebody wakes it.
    due_at: Option<Timestamp>,
    served_at: Option<Timestamp>,
}

impl Jobs {
    pub(crate) fn forget(&mut self, user: UserId) {
        self.jobs.retain(|key, _| key.0 != user);
        self.lanes.remove(&user);
    }

    fn of(&self, user: UserId) -> impl Iterator<Item = &Job> + Clone {
        self.jobs.values().filter(move |job| job.user == user)
    }
}

fn is_busy(job: &Job, now: Timestamp) -> bool {
    let begun = matches!(job.state, JobState::Running | JobState::Storing);
    let taken = job.state == JobState::Queued && job.work.lease.is_some() && job.work.due_at > now;
    (begun || taken) && !job.is_stuck()
}

#[async_trait]
impl JobTx for FakeTx {
    async fn find_job_by_request(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Job>, StoreError> {
        Ok(self.state.jobs.of(user).find(|job| job.request_id == *request).cloned())
    }

    async fn insert_job(&mut self, job: &Job) -> Result<(), StoreError> {
        if self.state.jobs.of(job.user).any(|other| other.request_id == job.request_id) {
            return Err(StoreError::Conflict { constraint: JOBS_REQUEST_UNIQUE });
        }
        self.state.jobs.jobs.insert((job.user, job.id), job.clone());
        Ok(())
    }

    async fn lock_job(&mut self, user: UserId, id: JobId) -> Result<Option<Job>, StoreError> {
        Ok(self.state.jobs.jobs.get(&(user, id)).cloned())
    }

    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        self.state.jobs.jobs.insert((job.user, job.id), job.clone());
        Ok(())
    }

    async fn wake_lane(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        let fresh = Lane { due_at: Some(at), served_at: None };
        let lane = self.state.jobs.lanes.entry(user).or_insert(fresh);
        lane.due_at = Some(lane.due_at.map_or(at, |due_at| due_at.min(at)));
        Ok(())
    }

    async fn wake_waiting(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        if self.state.jobs.of(user).any(|job| job.state == JobState::Queued) {
            self.wake_lane(user, at).await?;
        }
        Ok(())
    }
}

#[async_trait]
impl GaugeTx for FakeTx {
    async fn lock_gauge(
        &mut self,
        provider: &ProviderName,
        now: Timestamp,
    ) -> Result<Gauge, StoreError> {
        let gauges = &mut self.state.jobs.gauges;
        let fresh = || Gauge::new(provider.clone(), now);
        Ok(gauges.entry(provider.clone()).or_insert_with(fresh).clone())
    }

    async fn find_gauge(&mut self, provider: &ProviderName) -> Result<Option<Gauge>, StoreError> {
        Ok(self.state.jobs.gauges.get(provider).cloned())
    }

    async fn count_at_provider(&mut self, provider: &ProviderName) -> Result<u32, StoreError> {
        let there = |job: &&Job| {
            let at = job.route().is_some_and(|route| route.provider == *provider);
            at && job.state == JobState::Running && !job.is_stuck()
        };
        let count = self.state.jobs.jobs.values().filter(there).count();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn put_gauge(&mut self, gauge: &Gauge) -> Result<(), StoreError> {
        self.state.jobs.gauges.insert(gauge.provider.clone(), gauge.clone());
        Ok(())
    }
}

#[async_trait]
impl ModelTx for FakeTx {
    async fn insert_model(&mut self, model: &Model) -> Result<bool, StoreError> {
        let models = &mut self.state.jobs.models;
        let fresh = !models.contains_key(&model.name);
        models.entry(model.name.clone()).or_insert_with(|| model.clone());
        Ok(fresh)
    }

    async fn lock_models(&mut self) -> Result<Vec<Model>, StoreError> {
        Ok(self.state.jobs.models.values().cloned().collect())
    }

    async fn update_model(&mut self, model: &Model) -> Result<(), StoreError> {
        self.state.jobs.models.insert(model.name.clone(), model.clone());
        Ok(())
    }
}

#[async_trait]
impl ModelReads for FakeStore {
    async fn find_model(&self, name: &ModelName) -> Result<Option<Model>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.jobs.models.get(name).cloned())
    }

    async fn list_models(&self) -> Result<Vec<Model>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.jobs.models.values().cloned().collect())
    }
}

#[async_trait]
impl JobReads for FakeStore {
    async fn find_jobs(&self, user: UserId, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(ids.iter().filter_map(|id| state.jobs.jobs.get(&(user, *id)).cloned()).collect())
    }

    async fn find_jobs_of(&self, keys: &[(UserId, JobId)]) -> Result<Vec<Job>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(keys.iter().filter_map(|key| state.jobs.jobs.get(key).cloned()).collect())
    }

    async fn list_jobs(
        &self,
        user: UserId,
        filter: &JobFilter,
        size: PageSize,
        after: Option<Position<JobId>>,
    ) -> Result<Page<Job, Position<JobId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let wanted = state.jobs.of(user).filter(|job| fits(job, filter));
        Ok(newest_first(wanted, size, after, Job::position))
    }

    async fn list_stuck(&self, limit: usize) -> Result<Vec<Job>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let mut stuck: Vec<Job> =
            state.jobs.jobs.values().filter(|job| job.is_stuck()).cloned().collect();
        stuck.sort_by_key(|job| job.updated_at);
        stuck.truncate(limit);
        Ok(stuck)
    }
}

fn fits(job: &Job, filter: &JobFilter) -> bool {
    let JobFilter { kinds, states, project, conversation, model, from, until } = filter;
    (kinds.is_empty() || kinds.contains(&job.kind()))
        && (states.is_empty() || states.contains(&job.state))
        && project.is_none_or(|project| job.places.project == Some(project))
        && conversation.is_none_or(|one| job.places.conversation == Some(one))
        && model.as_ref().is_none_or(|model| job.model == *model)
        && from.is_none_or(|from| job.created_at >= from)
        && until.is_none_or(|until| job.created_at < until)
}

/// Gives the job to whoever claims it.
fn take(job: &mut Job, lease: Lease, until: Timestamp) -> Job {
    job.work.crashes += u16::from(job.work.lease.is_some());
    job.work.lease = Some(lease);
    job.work.due_at = until;
    job.work.generation += 1;
    job.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn fresh() -> Box<FakeStore> {
        Box::new(FakeStore::new())
    }

    crate::jobs_contract!(fresh);
}
