//! Jobs of Atelier: asked for by gRPC, one call each, until all of them have ended.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use proto::atelier::generation::v1::job_service_client::JobServiceClient;
use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{CreateJobRequest, ImageSpec, JobSpec, WaitJobRequest};
use tokio::task::JoinSet;
use tokio_postgres::Client;
use tonic::Status;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::Channel;

use super::CALLERS;
use crate::books::user_id;
use crate::calls::{bearer, channel, signed};
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};

/// Connections to the server, as a service has that calls another.
const CONNECTIONS: usize = 4;

/// How many users ask, in turn.
const USERS: usize = 1_000;

/// What has not ended by then will not.
const PATIENCE: Duration = Duration::from_secs(300);

pub(super) struct Ours {
    channels: Vec<Channel>,
    key: MetadataValue<Ascii>,
    client: Client,
}

/// Calls of one connection.
pub(super) type Jobs = JobServiceClient<Channel>;

impl Ours {
    pub(super) async fn connect(
        server: SocketAddr,
        key: &str,
        postgres: &Postgres,
        database: &str,
    ) -> Result<Self, Failure> {
        let mut channels = Vec::new();
        for _ in 0..CONNECTIONS {
            channels.push(channel(server).await?);
        }
        let client = postgres.connect(database).await?;
        Ok(Self { channels, key: bearer(key)?, client })
    }

    pub(super) async fn warm_up(&self) -> Result<(), Failure> {
        self.round("warm-up", 200).await.map(|_rate| ())
    }

    /// Jobs a second, from the first that is asked for to the last that has ended. Fails unless
    /// every one of them succeeded.
    pub(super) async fn round(&self, name: &str, jobs: usize) -> Result<f64, Failure> {
        let began = Instant::now();
        let next = Arc::new(AtomicUsize::new(0));
        let mut callers = JoinSet::new();
        for number in 0..CALLERS {
            let mut client = Jobs::new(self.channels[number % self.channels.len()].clone());
            let (next, key, name) = (next.clone(), self.key.clone(), name.to_owned());
            callers.spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= jobs {
                        return Ok::<_, Status>(());
                    }
                    let job = picture(number % USERS, format!("{name}-{number}"));
                    client.create_job(signed(job, &key)).await?;
                }
            });
        }
        while let Some(caller) = callers.join_next().await {
            caller.context("a caller panicked")?.context("no job was taken on")?;
        }
        self.all_ended().await?;
        let seconds = began.elapsed().as_secs_f64();
        let good = "SELECT count(*) FROM jobs WHERE state = 'succeeded' AND hold = 'captured' \
             AND request_id LIKE $1 || '-%'";
        let row = self.client.query_one(good, &[&name]).await.context("jobs cannot be counted")?;
        let good: i64 = row.get(0);
        if usize::try_from(good) != Ok(jobs) {
            return Err(Failure::new(format!("of {jobs} jobs only {good} succeeded")));
        }
        Ok(jobs as f64 / seconds)
    }

    async fn all_ended(&self) -> Result<(), Failure> {
        let until = Instant::now() + PATIENCE;
        let open = "SELECT EXISTS (SELECT FROM jobs WHERE state = 'queued') \
             OR EXISTS (SELECT FROM jobs WHERE state IN ('running', 'storing'))";
        while Instant::now() < until {
            let row = self.client.query_one(open, &[]).await.context("jobs cannot be read")?;
            if !row.get::<_, bool>(0) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Failure::new(format!("jobs have not ended after {PATIENCE:?}")))
    }

    /// The microseconds from accepted to begun, of jobs that come one by one to workers that have
    /// nothing to do.
    pub(super) async fn idle(&self, jobs: usize) -> Result<Vec<u32>, Failure> {
        let mut client = Jobs::new(self.channels[0].clone());
        for number in 0..jobs {
            let asked = picture(number % USERS, format!("idle-{number}"));
            let user_id = asked.user_id.clone();
            let created = client.create_job(signed(asked, &self.key)).await;
            let created = created.context("no job was taken on")?.into_inner();
            let job_id = created.job.map(|job| job.id).unwrap_or_default();
            let wait = WaitJobRequest { user_id, job_id, ..WaitJobRequest::default() };
            client.wait_job(signed(wait, &self.key)).await.context("a job does not end")?;
            // Not in step with anything that the workers do by the clock.
            tokio::time::sleep(Duration::from_millis(7 + number as u64 % 13)).await;
        }
        let waits = "SELECT (extract(epoch FROM started_at - created_at) * 1000000)::bigint \
             FROM jobs WHERE request_id LIKE 'idle-%'";
        let rows = self.client.query(waits, &[]).await.context("the waits cannot be read")?;
        let waits = rows.iter().map(|row| row.try_get::<_, i64>(0));
        let waits: Vec<i64> = waits.collect::<Result<_, _>>().context("a job was never begun")?;
        Ok(waits.into_iter().map(|wait| u32::try_from(wait).unwrap_or(u32::MAX)).collect())
    }
}

/// Asks for one picture.
pub(super) fn picture(user: usize, request_id: String) -> CreateJobRequest {
    let image = ImageSpec { prompt: "A lighthouse at dusk".to_owned(), ..ImageSpec::default() };
    CreateJobRequest {
        user_id: user_id(user as u64 + 1),
        request_id,
        spec: Some(JobSpec { kind: Some(Kind::Image(image)) }),
        model: "gpt-image".to_owned(),
        ..CreateJobRequest::default()
    }
}
