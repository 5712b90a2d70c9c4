//! Thousands of streams that watch a job each: what they cost, and how soon they hear.

use std::time::{Duration, Instant, SystemTime};

use proto::atelier::generation::v1::{
    BatchCreateJobsRequest, CancelJobRequest, Job, JobState, WatchJobRequest, job_outcome,
};
use serde_json::{Map, Value, json};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::ours::{Jobs, picture};
use crate::calls::{bearer, channel, signed};
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::machine::resident_mib;
use crate::server::{Place, Program};
use crate::stats::percentile;

/// How many streams share a connection.
const STREAMS: usize = 100;

/// How many jobs each user has.
const JOBS_OF_USER: usize = 10;

/// How many jobs are called off, one by one, to see when it is heard.
const CALLED_OFF: usize = 300;

/// A stream that says nothing for so long is broken.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is asked of the server: as many calls at once as there are streams.
const ROOM: [(&str, &str); 2] =
    [("limits.max_in_flight", "100000"), ("limits.max_connections", "2000")];

/// Opens the streams on a server of their own, and calls some of the jobs off.
pub(super) async fn measure(
    count: usize,
    program: &Program,
    postgres: &Postgres,
    database: &str,
    key: &str,
    flat: &mut Map<String, Value>,
) -> Result<(), Failure> {
    let url = postgres.url(database);
    let server = program.start_as(Place::Server, "watched", &url, "warn", &ROOM).await?;
    let key = bearer(key)?;
    let mut jobs = Jobs::new(channel(server.address).await?);
    let watched = create(&mut jobs, &key, count).await?;
    let before = resident_mib(server.pid)?;
    let (tell, mut told) = mpsc::unbounded_channel();
    let mut watching = JoinSet::new();
    for jobs in watched.chunks(STREAMS) {
        let channel = channel(server.address).await?;
        for job in jobs {
            let request = WatchJobRequest {
                user_id: job.user_id.clone(),
                job_id: job.id.clone(),
                ..WatchJobRequest::default()
            };
            let (mut client, key, tell) = (Jobs::new(channel.clone()), key.clone(), tell.clone());
            watching.spawn(async move {
                let mut stream = client.watch_job(signed(request, &key)).await?.into_inner();
                while let Some(message) = stream.message().await? {
                    if let Some(job) = message.job {
                        // Whoever counts has gone once there is nothing left to count.
                        let _ = tell.send((job.id.clone(), job.state(), Instant::now()));
                    }
                }
                Ok::<_, tonic::Status>(())
            });
        }
    }
    for _ in 0..count {
        heard(&mut told).await?;
    }
    flat.insert("watchers".into(), count.into());
    flat.insert("server_rss_mib".into(), json!(before));
    flat.insert("watchers_rss_mib".into(), json!(resident_mib(server.pid)?));

    let mut latencies = Vec::new();
    for job in watched.iter().step_by((count / CALLED_OFF).max(1)) {
        let cancel = CancelJobRequest { user_id: job.user_id.clone(), job_id: job.id.clone() };
        let began = Instant::now();
        jobs.cancel_job(signed(cancel, &key)).await.context("a job is not called off")?;
        let (id, state, at) = heard(&mut told).await?;
        if (id.as_str(), state) != (job.id.as_str(), JobState::Cancelled) {
            return Err(Failure::new(format!("{id} was heard of as {state:?}, not {}", job.id)));
        }
        let took = at.duration_since(began).as_micros();
        latencies.push(u32::try_from(took).unwrap_or(u32::MAX));
    }
    latencies.sort_unstable();
    let ms = |percent| f64::from(percentile(&latencies, percent)) / 1000.0;
    flat.insert("watch_event_p50_ms".into(), json!(ms(50.0)));
    flat.insert("watch_event_p99_ms".into(), json!(ms(99.0)));
    watching.abort_all();
    Ok(())
}

async fn heard(
    told: &mut mpsc::UnboundedReceiver<(String, JobState, Instant)>,
) -> Result<(String, JobState, Instant), Failure> {
    let told = tokio::time::timeout(PATIENCE, told.recv()).await.context("a stream is silent")?;
    told.ok_or_else(|| Failure::new("every stream has ended"))
}

/// Jobs that do not begin before tomorrow.
async fn create(
    jobs: &mut Jobs,
    key: &tonic::metadata::MetadataValue<tonic::metadata::Ascii>,
    count: usize,
) -> Result<Vec<Job>, Failure> {
    #[expect(clippy::disallowed_methods, reason = "there is nobody whose clock it would be")]
    let tomorrow = prost_types::Timestamp::from(SystemTime::now() + Duration::from_secs(86_400));
    let mut created = Vec::new();
    for first in (0..count).step_by(STREAMS) {
        let requests = (first..(first + STREAMS).min(count)).map(|number| {
            let mut job = picture(number / JOBS_OF_USER, format!("watched-{number}"));
            job.not_before_time = Some(tomorrow);
            job
        });
        let request = BatchCreateJobsRequest { requests: requests.collect() };
        let answer = jobs.batch_create_jobs(signed(request, key)).await;
        for outcome in answer.context("no jobs were taken on")?.into_inner().outcomes {
            match outcome.outcome {
                Some(job_outcome::Outcome::Job(job)) => created.push(job),
                Some(job_outcome::Outcome::Refusal(refusal)) => {
                    return Err(Failure::new(format!("a job was refused: {}", refusal.message)));
                }
                None => return Err(Failure::new("a job without an outcome")),
            }
        }
    }
    Ok(created)
}
