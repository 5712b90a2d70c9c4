//! A user with credits and what they ask for, over real connections.

use std::time::{Duration, Instant};

use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{
    CreateJobRequest, GetJobRequest, Job, JobSpec, JobState, WaitJobRequest,
};
use proto::atelier::ledger::v1::{Account, GetBalanceRequest};

use super::following::rich;
use crate::whole::calls::{Api, reason};

/// Long enough for a film in a debug build on a busy machine, and never waited out.
pub(super) const PATIENCE: Duration = Duration::from_secs(240);

/// Somebody with a thousand credits who asks for jobs.
pub(crate) struct Customer {
    pub(crate) api: Api,
    pub(crate) user: String,
    asked: u32,
}

impl Customer {
    pub(crate) async fn new(api: &Api, subject: &str) -> Self {
        Self { api: api.clone(), user: rich(api, subject).await, asked: 0 }
    }

    /// What would be asked with the next request id.
    pub(crate) fn order(&mut self, model: &str, kind: Kind) -> CreateJobRequest {
        self.asked += 1;
        CreateJobRequest {
            user_id: self.user.clone(),
            request_id: format!("job-{}", self.asked),
            spec: Some(JobSpec { kind: Some(kind) }),
            model: model.to_owned(),
            ..Default::default()
        }
    }

    /// Asks for it. Models and prices come a little after the server.
    pub(crate) async fn ask(&self, order: CreateJobRequest) -> Job {
        let begun = Instant::now();
        loop {
            match self.api.jobs.clone().create_job(order.clone()).await {
                Ok(created) => return created.into_inner().job.unwrap(),
                Err(status)
                    if ["MODEL_NOT_FOUND", "OPERATION_TYPE_NOT_FOUND"]
                        .contains(&reason(&status).as_str()) =>
                {
                    assert!(begun.elapsed() < Duration::from_secs(30), "{status:?}");
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(status) => panic!("{status:?}"),
            }
        }
    }

    /// Asks for it and waits for its end, however it ends.
    pub(crate) async fn end_of(&self, order: CreateJobRequest) -> Job {
        let job = self.ask(order).await;
        self.ended(&job).await
    }

    /// Asks for it, waits for its end, and takes nothing but success.
    pub(crate) async fn have(&mut self, model: &str, kind: Kind) -> Job {
        let order = self.order(model, kind);
        let job = self.end_of(order).await;
        assert_eq!(job.state(), JobState::Succeeded, "{job:#?}");
        job
    }

    pub(crate) async fn ended(&self, job: &Job) -> Job {
        let begun = Instant::now();
        loop {
            let wait = WaitJobRequest {
                user_id: job.user_id.clone(),
                job_id: job.id.clone(),
                patience: Some(prost_types::Duration { seconds: 5, nanos: 0 }),
            };
            let waited = self.api.jobs.clone().wait_job(wait).await.unwrap();
            let waited = waited.into_inner().job.unwrap();
            if is_over(&waited) {
                return waited;
            }
            assert!(begun.elapsed() < PATIENCE, "{waited:#?}");
        }
    }

    pub(crate) async fn read(&self, job: &Job) -> Job {
        let named = GetJobRequest { user_id: job.user_id.clone(), job_id: job.id.clone() };
        self.api.jobs.clone().get_job(named).await.unwrap().into_inner().job.unwrap()
    }

    pub(crate) async fn account(&self) -> Account {
        let request = GetBalanceRequest { user_id: self.user.clone(), as_of: None };
        let answer = self.api.ledger.clone().get_balance(request).await.unwrap();
        answer.into_inner().account.unwrap()
    }
}

pub(crate) fn is_over(job: &Job) -> bool {
    matches!(job.state(), JobState::Succeeded | JobState::Failed | JobState::Cancelled)
}

/// What was charged in the end.
pub(crate) fn captured(job: &Job) -> &str {
    &job.charge.as_ref().unwrap().captured
}
