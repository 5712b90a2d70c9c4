//! `atelier.generation.v1.JobService`. Its stream is made in `streams`.

use std::sync::Arc;
use std::time::Duration;

use app::Jobs;
use app::jobs::{Accepted, Watches};
use generation::decide::Resolution;
use ports::Clock;
use proto::atelier::generation::v1 as pb;
use tonic::{Request, Response};

use super::streams::{self, Streamed};
use super::{OrStatus, Reply};
use crate::net::drain::Drain;
use crate::wire::jobs as wire;

/// How long before its deadline a call that waits answers, so that the answer still arrives.
const ANSWER_BEFORE: Duration = Duration::from_millis(500);

/// Answers `JobService`.
pub struct JobApi {
    jobs: Arc<Jobs>,
    watches: Arc<Watches>,
    clock: Arc<dyn Clock>,
    drain: Drain,
}

impl JobApi {
    pub fn new(
        jobs: Arc<Jobs>,
        watches: Arc<Watches>,
        clock: Arc<dyn Clock>,
        drain: Drain,
    ) -> Self {
        Self { jobs, watches, clock, drain }
    }
}

#[tonic::async_trait]
impl pb::job_service_server::JobService for JobApi {
    type WatchJobStream = Streamed<pb::WatchJobResponse>;

    async fn create_job(
        &self,
        request: Request<pb::CreateJobRequest>,
    ) -> Reply<pb::CreateJobResponse> {
        let asked = wire::parse_create(request.into_inner(), self.clock.now()).or_status()?;
        if asked.validate_only {
            let quote = Some(wire::render_quote(self.jobs.quote(&asked.new).await.or_status()?));
            return Ok(Response::new(pb::CreateJobResponse { job: None, quote, replayed: false }));
        }
        let Accepted { job, replayed } = self.jobs.create(&asked.new).await.or_status()?;
        let job = Some(wire::render_job(job));
        Ok(Response::new(pb::CreateJobResponse { job, quote: None, replayed }))
    }

    async fn batch_create_jobs(
        &self,
        request: Request<pb::BatchCreateJobsRequest>,
    ) -> Reply<pb::BatchCreateJobsResponse> {
        let asked = wire::parse_batch_create(request.into_inner(), self.clock.now()).or_status()?;
        let mut outcomes = Vec::with_capacity(asked.len());
        for new in &asked {
            outcomes.push(wire::render_outcome(self.jobs.create(new).await));
        }
        Ok(Response::new(pb::BatchCreateJobsResponse { outcomes }))
    }

    async fn get_job(&self, request: Request<pb::GetJobRequest>) -> Reply<pb::GetJobResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).or_status()?;
        let job = self.jobs.get(user, id).await.or_status()?;
        Ok(Response::new(pb::GetJobResponse { job: Some(wire::render_job(job)) }))
    }

    async fn batch_get_jobs(
        &self,
        request: Request<pb::BatchGetJobsRequest>,
    ) -> Reply<pb::BatchGetJobsResponse> {
        let (user, ids) = wire::parse_batch_get(request.into_inner()).or_status()?;
        let batch = self.jobs.get_several(user, &ids).await.or_status()?;
        Ok(Response::new(wire::render_batch_get(batch)))
    }

    async fn list_jobs(
        &self,
        request: Request<pb::ListJobsRequest>,
    ) -> Reply<pb::ListJobsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self.jobs.list(asked.user, &asked.filter, page.size, page.after).await;
        Ok(Response::new(wire::render_list(page, found.or_status()?, now)))
    }

    async fn wait_job(&self, request: Request<pb::WaitJobRequest>) -> Reply<pb::WaitJobResponse> {
        let (user, id, patience) = wire::parse_wait(request.into_inner()).or_status()?;
        let left = ports::deadline::remaining().unwrap_or(Duration::MAX);
        let left = left.saturating_sub(ANSWER_BEFORE);
        let at_most = patience.map_or(left, |patience| patience.min(left));
        let job = tokio::select! {
            job = self.watches.wait(user, id, at_most) => job,
            // Who waits does not hold up the end of the server.
            () = self.drain.begun() => self.jobs.get(user, id).await,
        };
        let job = job.or_status()?;
        Ok(Response::new(pb::WaitJobResponse { job: Some(wire::render_job(job)) }))
    }

    async fn watch_job(
        &self,
        request: Request<pb::WatchJobRequest>,
    ) -> Reply<Self::WatchJobStream> {
        let asked = wire::parse_watch(request.into_inner(), self.clock.now()).or_status()?;
        let watch = self.watches.watch(asked.user, asked.id, asked.seen).await.or_status()?;
        Ok(Response::new(streams::watched(watch, asked.tokens, self.clock.clone())))
    }

    async fn cancel_job(
        &self,
        request: Request<pb::CancelJobRequest>,
    ) -> Reply<pb::CancelJobResponse> {
        let (user, id) = wire::parse_cancel(request.into_inner()).or_status()?;
        let job = self.jobs.cancel(user, id).await.or_status()?;
        Ok(Response::new(pb::CancelJobResponse { job: Some(wire::render_job(job)) }))
    }

    async fn retry_job(
        &self,
        request: Request<pb::RetryJobRequest>,
    ) -> Reply<pb::RetryJobResponse> {
        let retry = wire::parse_retry(request.into_inner()).or_status()?;
        let Accepted { job, replayed } = self.jobs.retry(&retry).await.or_status()?;
        Ok(Response::new(pb::RetryJobResponse { job: Some(wire::render_job(job)), replayed }))
    }

    async fn list_stuck_jobs(
        &self,
        request: Request<pb::ListStuckJobsRequest>,
    ) -> Reply<pb::ListStuckJobsResponse> {
        let size = wire::parse_stuck(request.into_inner()).or_status()?;
        let jobs = self.jobs.stuck(size.get()).await.or_status()?;
        Ok(Response::new(wire::render_stuck(jobs)))
    }

    async fn settle_job(
        &self,
        request: Request<pb::SettleJobRequest>,
    ) -> Reply<pb::SettleJobResponse> {
        let (user, id, how) = wire::parse_settle(request.into_inner()).or_status()?;
        let job = self.jobs.resolve(user, id, how).await.or_status()?;
        Ok(Response::new(pb::SettleJobResponse { job: Some(wire::render_job(job)) }))
    }

    async fn retry_stuck_job(
        &self,
        request: Request<pb::RetryStuckJobRequest>,
    ) -> Reply<pb::RetryStuckJobResponse> {
        let (user, id) = wire::parse_retry_stuck(request.into_inner()).or_status()?;
        let job = self.jobs.resolve(user, id, Resolution::TryAgain).await.or_status()?;
        Ok(Response::new(pb::RetryStuckJobResponse { job: Some(wire::render_job(job)) }))
    }
}
