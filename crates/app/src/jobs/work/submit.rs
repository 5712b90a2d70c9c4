//! Asking a provider to make something, and finding again what was asked for.

use std::time::Duration;

use generation::decide;
use generation::{
    Call, Class, Failure, Gauge, Job, Picture, Recovered, Rejection, Role, Started, Turn,
};
use kernel::{AssetId, PageSize, Span, Timestamp};
use ports::{TurnFilter, Tx};
use projects::TurnKind;
use tokio::time::timeout;

use super::super::providers::SetUp;
use super::super::write::Shelf;
use super::super::{JobError, Jobs};
use super::held::Held;
use super::{SagaStep, WorkError};
use crate::unit::unit;

/// How much longer than its own patience a provider is waited for.
const MERCY: Duration = Duration::from_secs(10);

/// How many earlier turns a chat is told.
const TURNS_TOLD: i32 = 40;

/// Clocks of vendors and ours may differ by so much.
const SKEW: Span = Span::from_secs(60);

impl Held<'_> {
    /// Notes that the provider is about to be asked, then asks.
    pub(super) async fn submit(&self, job: &Job) -> Result<Job, WorkError> {
        let set_up = match self.set_up(job) {
            Ok(set_up) => set_up,
            Err(_) => return self.start_refused(job).await,
        };
        // Everything that it takes is read before: what is noted as sent is sent at once.
        let pictures = match self.pictures(job).await? {
            Some(pictures) => pictures,
            None => {
                let gone = generation::Reason::SourceGone;
                return self.change(job, |job, now| decide::give_up(job, gone, now)).await;
            }
        };
        let before = self.turns(job).await?;
        let (noted, failures) = self.note_start(job, set_up).await?;
        let Some(call) = self.call(&noted, pictures, before) else { return Ok(noted) };
        self.saga.reached(SagaStep::InFlightNoted, &noted).await?;
        let started = timeout(call.patience + MERCY, set_up.provider.start(&call)).await;
        let started = started.unwrap_or_else(|_elapsed| {
            Err(Failure::new(Class::Ambiguous, "the provider did not answer in time"))
        });
        self.saga.reached(SagaStep::Answered, &noted).await?;
        let (rules, draw) = (&self.jobs.rules, self.draw());
        match started {
            Ok(answer) => {
                if failures > 0 {
                    self.praise(&noted).await;
                }
                match answer {
                    Started::Made(made) => self.keep(&noted, made).await,
                    Started::Accepted(operation) => {
                        let job = self
                            .change(&noted, |job, now| {
                                decide::accepted(job, operation.clone(), rules, draw, now)
                            })
                            .await?;
                        self.saga.reached(SagaStep::OperationNoted, &job).await?;
                        Ok(job)
                    }
                }
            }
            Err(failure) => {
                self.note(&noted, &failure).await;
                self.change(&noted, |job, now| decide::failed(job, &failure, rules, draw, now))
                    .await
            }
        }
    }

    /// Looks for a submission whose answer was lost.
    pub(super) async fn recover(&self, job: &Job) -> Result<Job, WorkError> {
        let Some((_, step)) = job.active() else { return Ok(job.clone()) };
        let found = match (self.set_up(job), self.call_of(job, Vec::new(), Vec::new())) {
            (Ok(set_up), Some(lost)) => {
                let since = step.submitted_at.unwrap_or(job.created_at).saturating_sub(SKEW);
                set_up.provider.recover(&lost, since).await
            }
            (Err(_), _) | (_, None) => Ok(Recovered::Unknown),
        };
        let (rules, draw) = (&self.jobs.rules, self.draw());
        match found {
            Ok(found) => {
                self.change(job, |job, now| decide::recovered(job, found.clone(), rules, draw, now))
                    .await
            }
            // It could not be asked: later, and before the time is over.
            Err(failure) => {
                tracing::warn!(%failure, "a submission could not be looked for");
                let until = step.quarantined_until.unwrap_or(self.now());
                let pause = rules.back_off_max;
                self.change(job, |job, now| {
                    Ok(decide::release(job, now.saturating_add(pause).min(until)))
                })
                .await
            }
        }
    }

    /// The provider was taken away: as if it did not take our key.
    async fn start_refused(&self, job: &Job) -> Result<Job, WorkError> {
        let (rules, draw) = (&self.jobs.rules, self.draw());
        let gone = Failure::new(Class::AuthFailed, "the provider is not set up any more");
        self.change(job, |job, now| {
            let started = decide::start(job, now)?;
            decide::failed(started, &gone, rules, draw, now)
        })
        .await
    }

    /// Notes the submission, if the provider has a place for it; lets go of the job until it has.
    /// Answers how many failures in a row the provider has behind it.
    async fn note_start(&self, seen: &Job, set_up: &SetUp) -> Result<(Job, u16), WorkError> {
        let jobs = self.jobs;
        let outcome = unit!(jobs.store, JobError, |tx| {
            let before = super::super::write::lock(tx, seen.user, seen.id).await?;
            decide::check_lease(&before, self.lease)?;
            let now = jobs.clock.now();
            let started = decide::start(before.clone(), now)?;
            let (failures, permit) = permit_in(tx, jobs, &before, set_up, now).await?;
            let after = match permit {
                Ok(()) => started,
                Err(until) => decide::no_place(before.clone(), until, &jobs.rules, now),
            };
            let shelf = Shelf::new();
            let none = super::super::deliver::Subject::None;
            let after = jobs.write_in(tx, (&before, after), none, &shelf, &[]).await?;
            Ok((after, failures))
        });
        match outcome {
            // Too late to begin: the next turn ends it.
            Err(JobError::Rejected(Rejection::DeadlinePassed)) => Ok((seen.clone(), 0)),
            outcome => Ok(outcome?),
        }
    }

    /// The pictures that the step is to be made from. `None` where one is gone.
    async fn pictures(&self, job: &Job) -> Result<Option<Vec<Picture>>, WorkError> {
        let Some((_, step)) = job.active() else { return Ok(None) };
        let first = job.steps.first().and_then(|first| first.asset());
        let ids: Vec<AssetId> = generation::sources(&job.request, step.part, first);
        if ids.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let found = self.jobs.reads.find_assets(job.user, &ids).await.map_err(JobError::from)?;
        let mut pictures = Vec::with_capacity(ids.len());
        for id in ids {
            let asset = found.iter().find(|asset| asset.id == id);
            let Some(asset) = asset else { return Ok(None) };
            match self.jobs.assets.bytes_of(asset).await.map_err(JobError::from)? {
                Some((bytes, media)) => {
                    pictures.push(Picture { bytes, media_type: media.as_str().to_owned() });
                }
                None => return Ok(None),
            }
        }
        Ok(Some(pictures))
    }

    /// What was said in the job's conversation until now, oldest first.
    async fn turns(&self, job: &Job) -> Result<Vec<Turn>, WorkError> {
        let (Some(conversation), generation::JobKind::Chat) = (job.places.conversation, job.kind())
        else {
            return Ok(Vec::new());
        };
        let filter = TurnFilter { kind: Some(TurnKind::GeneralChat), newest_first: true };
        let size = PageSize::parse(TURNS_TOLD).unwrap_or(PageSize::DEFAULT);
        let reads = &self.jobs.reads;
        let page = reads.list_turns(job.user, conversation, &filter, size, None).await;
        let mut items = page.map_err(JobError::from)?.items;
        items.reverse();
        Ok(items
            .into_iter()
            .flat_map(|turn| {
                [
                    Turn { role: Role::User, text: turn.input.to_string() },
                    Turn { role: Role::Model, text: turn.response.to_string() },
                ]
            })
            .collect())
    }

    /// The call of the step that has just been noted. `None` if it was not: there was no place.
    fn call(&self, job: &Job, pictures: Vec<Picture>, before: Vec<Turn>) -> Option<Call> {
        decide::check_lease(job, self.lease).ok()?;
        let (_, step) = job.active()?;
        if step.submission != generation::Submission::InFlight {
            return None;
        }
        self.call_of(job, pictures, before)
    }

    /// The call of the step that is under way.
    fn call_of(&self, job: &Job, pictures: Vec<Picture>, before: Vec<Turn>) -> Option<Call> {
        let (_, step) = job.active()?;
        Some(Call {
            model: job.route()?.model.to_string(),
            ask: generation::ask(&job.request, step.part, pictures, before),
            marker: step.marker.clone()?,
            patience: self.jobs.rules.patience_with_answers.into(),
            metadata: job.metadata.clone(),
        })
    }

    /// Tells all processes what a failure says of the provider. Lost where the store is down: the
    /// next failure says the same.
    pub(super) async fn note(&self, job: &Job, failure: &Failure) {
        tracing::info!(class = failure.class.as_str(), %failure, "a provider failed");
        let now = self.now();
        self.gauge(job, |gauge| gauge.failed(&failure.class, now)).await;
    }

    async fn praise(&self, job: &Job) {
        self.gauge(job, Gauge::succeeded).await;
    }

    async fn gauge(&self, job: &Job, change: impl Fn(Gauge) -> Gauge + Sync) {
        let Some(route) = job.route() else { return };
        let change = &change;
        let outcome = unit!(self.jobs.store, JobError, |tx| {
            let before = tx.lock_gauge(&route.provider, self.jobs.clock.now()).await?;
            let after = change(before.clone());
            if after != before {
                tx.put_gauge(&after).await?;
            }
            Ok(())
        });
        if let Err(error) = outcome {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(error, "a provider's gauge could not be kept");
        }
    }
}

/// Whether the provider has a place now. Nothing is locked where nothing is limited.
async fn permit_in(
    tx: &mut dyn Tx,
    jobs: &Jobs,
    job: &Job,
    set_up: &SetUp,
    now: Timestamp,
) -> Result<(u16, Result<(), Timestamp>), JobError> {
    let Some(route) = job.route() else { return Ok((0, Ok(()))) };
    let limits = set_up.limits;
    let limited = limits.running_max.is_some() || limits.starts_max.is_some();
    let known = tx.find_gauge(&route.provider).await?;
    let calm = known.is_none_or(|gauge| gauge.failures == 0 && gauge.closed_until.is_none());
    if calm && !limited {
        return Ok((0, Ok(())));
    }
    let gauge = tx.lock_gauge(&route.provider, jobs.clock.now()).await?;
    let running = match limits.running_max {
        Some(_) => tx.count_at_provider(&route.provider).await?,
        None => 0,
    };
    // A job that is there already takes no other place.
    let own = u32::from(job.state == generation::JobState::Running);
    let failures = gauge.failures;
    let (after, permit) = gauge.permit(limits, running.saturating_sub(own), now);
    tx.put_gauge(&after).await?;
    Ok((failures, permit))
}
