//! The queue in memory: the rules of the port, one after the other.

use std::time::Duration;

use async_trait::async_trait;
use generation::{Job, JobState, Lease};
use kernel::{JobId, Span, Timestamp, UserId};
use ports::{Claim, JobQueue, StoreError};

use super::{Jobs, is_busy, take};
use crate::fake::store::FakeStore;

/// How long a wait lasts at most: nothing tells the fake that there is news.
pub(crate) const WAIT: Duration = Duration::from_millis(2);

impl Jobs {
    fn claim_due(&mut self, claim: &Claim) -> Vec<Job> {
        let due = |job: &&mut Job| {
            let begun = matches!(job.state, JobState::Running | JobState::Storing);
            begun && job.work.due_at <= claim.now
        };
        let mut due: Vec<&mut Job> = self.jobs.values_mut().filter(due).collect();
        due.sort_by_key(|job| job.work.due_at);
        due.into_iter().take(claim.limit).map(|job| take(job, claim.lease, claim.until)).collect()
    }

    fn claim_new(&mut self, claim: &Claim, limit: usize) -> Vec<Job> {
        let mut waiting: Vec<(Option<Timestamp>, UserId)> = self
            .lanes
            .iter()
            .filter(|(_, lane)| lane.due_at.is_some_and(|due_at| due_at <= claim.now))
            .map(|(user, lane)| (lane.served_at, *user))
            .collect();
        waiting.sort_unstable();
        let served = waiting.into_iter().filter_map(|(_, user)| self.serve(user, claim));
        served.take(limit).collect()
    }

    fn serve(&mut self, user: UserId, claim: &Claim) -> Option<Job> {
        let now = claim.now;
        let busy = self.of(user).filter(|job| is_busy(job, now)).count();
        let full_up = busy >= usize::from(claim.running_max);
        let closed = |job: &Job| {
            let gauge = job.route().and_then(|route| self.gauges.get(&route.provider));
            let until = gauge.and_then(|gauge| gauge.closed_until).filter(|until| *until > now);
            let last = job.routes.last().map(|route| &route.provider);
            let is_last = job.route().map(|route| &route.provider) == last;
            until.is_some_and(|until| until <= claim.patient_until || is_last)
        };
        let queued = self.of(user).filter(|job| job.state == JobState::Queued);
        // Who has no room waits for the end of a job, or of a lease that nobody gives back.
        let awaited = queued.clone().filter(|job| !full_up || job.work.lease.is_some());
        let next_due = awaited.map(|job| job.work.due_at).min();
        let ready = queued.filter(|job| job.work.due_at <= now && !closed(job));
        let rank = |job: &&Job| (job.not_before.saturating_add(job.priority.handicap()), job.id);
        let picked = ready.min_by_key(rank).map(|job| job.id).filter(|_| !full_up);
        let lane = self.lanes.get_mut(&user)?;
        let Some(id) = picked else {
            let soon = now.saturating_add(Span::from_secs(1));
            lane.due_at = next_due.map(|due_at| due_at.max(soon));
            return None;
        };
        lane.served_at = Some(now);
        self.jobs.get_mut(&(user, id)).map(|job| take(job, claim.lease, claim.until))
    }
}

#[async_trait]
impl JobQueue for FakeStore {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Job>, StoreError> {
        self.check_up()?;
        let _turn = self.turn.lock().await;
        let jobs = &mut self.state.lock().await.jobs;
        let mut taken = jobs.claim_due(claim);
        taken.extend(jobs.claim_new(claim, claim.limit.saturating_sub(taken.len())));
        Ok(taken)
    }

    async fn renew(&self, leases: &[Lease], until: Timestamp) -> Result<Vec<JobId>, StoreError> {
        self.check_up()?;
        let _turn = self.turn.lock().await;
        let jobs = &mut self.state.lock().await.jobs.jobs;
        let mine = |job: &&mut Job| job.work.lease.is_some_and(|lease| leases.contains(&lease));
        let kept = jobs.values_mut().filter(mine).map(|job| {
            job.work.due_at = until;
            job.id
        });
        Ok(kept.collect())
    }

    async fn wait(&self, at_most: Duration) -> Result<(), StoreError> {
        tokio::time::sleep(at_most.min(WAIT)).await;
        Ok(())
    }
}
