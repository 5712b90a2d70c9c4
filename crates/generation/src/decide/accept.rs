//! What a job is when it is accepted.

use kernel::{
    Credits, Digest, Etag, JobId, Line, PriceVersionId, RequestId, Span, Timestamp, UserId,
};

use crate::{
    HoldState, Job, JobMetadata, JobState, ModelName, Money, Places, Priority, Rejection, Request,
    Route, Rules, Step, StepState, Work,
};

/// Time between the last moment at which a job may end and the end of its hold.
// An hour, in which workers that were down may come back.
const SLACK: Span = Span::from_secs(60 * 60);

/// Everything that a job is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    pub user: UserId,
    pub id: JobId,
    pub request_id: RequestId,
    pub digest: Digest,
    pub request: Request,
    pub model: ModelName,
    pub routes: Vec<Route>,
    pub places: Places,
    pub metadata: Option<JobMetadata>,
    pub priority: Priority,
    /// Not to be begun before.
    pub not_before: Option<Timestamp>,
    pub operation_type: Line<64>,
    pub price: PriceVersionId,
    /// What all of it costs.
    pub total: Credits,
    /// The job that it goes on from, which has been found [`resumable`].
    pub resumes: Option<Job>,
}

/// The job. Nothing is set aside for it yet: its transaction is still to be named.
pub fn accept(accepted: Acceptance, now: Timestamp) -> Job {
    let Acceptance {
        user,
        id,
        request_id,
        digest,
        request,
        model,
        routes,
        places,
        metadata,
        priority,
        not_before,
        operation_type,
        price,
        total,
        resumes,
    } = accepted;
    let steps = steps(&request, resumes.as_ref());
    let not_before = not_before.map_or(now, |at| at.max(now));
    let mut money = Money {
        operation_type,
        price,
        amount: total,
        transaction: None,
        hold: HoldState::Free,
        captured: Credits::ZERO,
        quota_taken: false,
    };
    let carried: u32 = steps.iter().filter(|step| step.carried).map(Step::delivered).sum();
    let asked: u32 = steps.iter().map(|step| u32::from(step.asked)).sum();
    if carried > 0 {
        let paid = money.share(carried, asked);
        money.amount = total.checked_sub(paid).unwrap_or(Credits::ZERO);
    }
    Job {
        user,
        id,
        request_id,
        digest,
        deadline: not_before.saturating_add(request.kind().patience()),
        request,
        model,
        places,
        metadata,
        resumes: resumes.map(|job| job.id),
        priority,
        routes,
        money,
        state: JobState::Queued,
        ending: None,
        progress: 0,
        steps,
        work: Work { due_at: not_before, lease: None, generation: 0, crashes: 0 },
        not_before,
        cancel_asked_at: None,
        etag: Etag::FIRST,
        created_at: now,
        updated_at: now,
        started_at: None,
        ended_at: None,
    }
}

/// Whether a job can be tried again: one that has ended without success.
pub fn resumable(job: &Job) -> Result<(), Rejection> {
    match job.state {
        JobState::Failed | JobState::Refused | JobState::Cancelled | JobState::Expired => Ok(()),
        state
        @ (JobState::Queued | JobState::Running | JobState::Storing | JobState::Succeeded) => {
            Err(Rejection::NotRetryable { state })
        }
    }
}

/// How long the hold of a job must last: until the last moment at which the job may end.
pub fn hold_lease(job: &Job, rules: &Rules, now: Timestamp) -> Span {
    job.deadline.saturating_add(rules.quarantine).saturating_add(SLACK).since(now)
}

/// The steps of a request. Those that an earlier job has made are not made, or paid for, again.
fn steps(request: &Request, earlier: Option<&Job>) -> Vec<Step> {
    let made = earlier.filter(|job| job.request == *request).map(|job| job.steps.as_slice());
    let mut steps = Vec::new();
    for (place, (part, asked)) in request.steps().into_iter().enumerate() {
        let done = made.and_then(|made| made.get(place));
        let done = done.filter(|step| step.state == StepState::Stored && step.part == part);
        steps.push(match done {
            Some(step) => Step { carried: true, ..step.clone() },
            None => Step::new(part, u16::try_from(asked).unwrap_or(u16::MAX)),
        });
    }
    steps
}
