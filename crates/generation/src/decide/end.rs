//! The ends of a job. There is one way out, and it closes the hold: with the share of what was
//! delivered, or with nothing.

use kernel::{Credits, Timestamp};

use super::{changed, check_open, progress, release, step_in};
use crate::{
    Cancelled, Credit, Ending, HoldState, Job, JobState, Reason, Rejection, StepState, Submission,
};

/// How a job is closed.
pub(super) struct Close {
    state: JobState,
    ending: Option<Ending>,
    credit: Credit,
}

/// What the ledger is to do with a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payment {
    /// Nothing was set aside, or it stays so.
    None,
    Capture(Credits),
    /// All of it goes back.
    Release {
        cancelled: bool,
    },
}

/// What an operator decides about a job that nobody knows the outcome of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Nothing was made: the credits go back, and nobody was paid.
    Release,
    /// Something was made and cannot be had: the credits go back all the same.
    WriteOff,
    /// Nothing was made, so it may be asked for again.
    TryAgain,
}

impl Close {
    pub(super) fn success() -> Self {
        Self { state: JobState::Succeeded, ending: None, credit: Credit::Release }
    }

    pub(super) fn because(state: JobState, reason: Reason, message: &str) -> Self {
        let message = message.chars().take(1_000).collect::<String>().parse().ok();
        Self { state, ending: Some(Ending { reason, message }), credit: Credit::Release }
    }

    pub(super) fn credited(self, credit: Credit) -> Self {
        Self { credit, ..self }
    }
}

/// Ends a job. What is delivered is charged by its share, the rest is not.
pub(super) fn end(mut job: Job, close: Close, now: Timestamp) -> Job {
    let Close { state, ending, credit } = close;
    for step in job.steps.iter_mut().filter(|step| step.state == StepState::Open) {
        step.state = StepState::Failed;
    }
    let (delivered, asked) = job.tally();
    let charge = job.money.share(delivered, asked);
    if job.money.hold == HoldState::Reserved {
        (job.money.hold, job.money.captured) = match credit {
            _ if delivered > 0 && !charge.is_zero() => (HoldState::Captured, charge),
            Credit::WriteOff => (HoldState::WrittenOff, Credits::ZERO),
            Credit::Release | Credit::Hold => (HoldState::Released, Credits::ZERO),
        };
    }
    job.money.quota_taken &= delivered > 0;
    job.state = state;
    job.ending = ending;
    job.progress = progress(&job, 0);
    job.work.lease = None;
    let job = changed(job, now);
    Job { ended_at: Some(job.updated_at), ..job }
}

/// What the ledger must do so that it agrees with what a job has become.
pub fn payment(before: &Job, after: &Job) -> Payment {
    match (before.money.hold, after.money.hold) {
        (HoldState::Reserved, HoldState::Captured) => Payment::Capture(after.money.captured),
        (HoldState::Reserved, HoldState::Released | HoldState::WrittenOff) => {
            Payment::Release { cancelled: after.state == JobState::Cancelled }
        }
        (HoldState::Reserved, HoldState::Reserved | HoldState::Free)
        | (
            HoldState::Free | HoldState::Captured | HoldState::Released | HoldState::WrittenOff,
            _,
        ) => Payment::None,
    }
}

/// A job whose hold had lapsed when it was to be charged, and could not be covered: what it made
/// stays with the user, and the loss is ours.
pub fn unpaid(mut job: Job) -> Job {
    if job.money.hold == HoldState::Captured {
        (job.money.hold, job.money.captured) = (HoldState::WrittenOff, Credits::ZERO);
    }
    job
}

/// The user wants it no more. A job that nobody is at ends at once; of the others it is noted, and
/// whoever is at it decides.
pub fn cancel(mut job: Job, now: Timestamp) -> Result<Job, Rejection> {
    check_open(&job)?;
    let begun = job.active().is_some_and(|(_, step)| match step.submission {
        Submission::NotStarted | Submission::NotSent | Submission::Rejected => false,
        Submission::InFlight
        | Submission::Accepted
        | Submission::ProviderDone
        | Submission::Ambiguous => true,
    });
    if !begun {
        return Ok(end(job, Close::because(JobState::Cancelled, Reason::Cancelled, ""), now));
    }
    if job.cancel_asked_at.is_some() {
        return Ok(job);
    }
    job.cancel_asked_at = Some(now);
    let job = changed(job, now);
    let due_at = job.work.due_at;
    Ok(if job.work.lease.is_some() { job } else { release(job, due_at) })
}

/// Ends a job that was to be cancelled, after the provider was asked to stop. Whether that has
/// worked makes no difference to the user.
pub fn cancelled(job: Job, how: Option<Cancelled>, now: Timestamp) -> Result<Job, Rejection> {
    check_open(&job)?;
    let credit = match how {
        None | Some(Cancelled::Stopped) => Credit::Release,
        Some(Cancelled::Asked | Cancelled::Ended | Cancelled::Unsupported) => Credit::WriteOff,
    };
    let close = Close::because(JobState::Cancelled, Reason::Cancelled, "");
    Ok(end(job, close.credited(credit), now))
}

/// Its time is over. What comes late is not fetched and not charged.
pub fn expire(job: Job, how: Option<Cancelled>, now: Timestamp) -> Result<Job, Rejection> {
    check_open(&job)?;
    let credit = match how {
        None | Some(Cancelled::Stopped) => Credit::Release,
        Some(Cancelled::Asked | Cancelled::Ended | Cancelled::Unsupported) => Credit::WriteOff,
    };
    let close = Close::because(JobState::Expired, Reason::DeadlineExceeded, "");
    Ok(end(job, close.credited(credit), now))
}

/// Ends a job for a reason of our own: nobody knows the outcome, workers die of it, a source is
/// gone.
pub fn give_up(job: Job, reason: Reason, now: Timestamp) -> Result<Job, Rejection> {
    check_open(&job)?;
    let maybe_made = job.active().is_some_and(|(_, step)| match step.submission {
        Submission::NotStarted | Submission::NotSent | Submission::Rejected => false,
        Submission::InFlight
        | Submission::Accepted
        | Submission::ProviderDone
        | Submission::Ambiguous => true,
    });
    let credit = if maybe_made { Credit::WriteOff } else { Credit::Release };
    Ok(end(job, Close::because(JobState::Failed, reason, "").credited(credit), now))
}

/// An operator's word on a job that is stuck.
pub fn resolve(mut job: Job, how: Resolution, now: Timestamp) -> Result<Job, Rejection> {
    check_open(&job)?;
    if !job.is_stuck() {
        return Err(Rejection::NotStuck);
    }
    let close = Close::because(JobState::Failed, Reason::Operator, "");
    match how {
        Resolution::Release => Ok(end(job, close, now)),
        Resolution::WriteOff => Ok(end(job, close.credited(Credit::WriteOff), now)),
        Resolution::TryAgain => {
            let step = step_in(&mut job, &[Submission::Ambiguous])?;
            step.submission = Submission::NotSent;
            step.quarantined_until = None;
            step.attempts = 0;
            Ok(release(changed(job, now), now))
        }
    }
}
