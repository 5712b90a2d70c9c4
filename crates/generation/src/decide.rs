//! The decisions on jobs: what is accepted, what is next, and what each thing that happens makes of
//! a job. Every way out leads through one function, so that every hold ends.

mod accept;
mod end;
mod outcome;
mod submit;
mod trouble;

use kernel::Timestamp;

use crate::{Job, JobState, Lease, Rejection, Rules, Step, Submission};

pub use accept::{Acceptance, accept, hold_lease, resumable};
pub use end::{Payment, Resolution, cancel, cancelled, expire, give_up, payment, resolve, unpaid};
pub use outcome::{fetch_failed, made, poll_failed, polled, stored};
pub use submit::{accepted, lost, no_place, recovered, start};
pub use trouble::failed;

/// What whoever has taken a job on must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask the provider.
    Start,
    /// Ask how far it is.
    Poll,
    /// Fetch and keep what was made.
    Store,
    /// Whoever submitted it has not come back: note that nobody knows what came of it.
    Lost,
    /// Look for what was submitted.
    Recover,
    /// The time for finding it again is over.
    GiveUp,
    /// Ask the provider to stop, then end it as cancelled.
    Stop,
    /// End it as cancelled: nobody is at it.
    Cancel,
    /// Ask the provider to stop where somebody is at it, then end it as expired.
    Expire,
    /// It has ended several workers: end it before it ends the next.
    Abandon,
    Nothing,
}

/// What is next for a job that has just been taken on.
pub fn next(job: &Job, rules: &Rules, now: Timestamp) -> Next {
    let Some((_, step)) = job.active().filter(|_| !job.state.is_terminal()) else {
        return Next::Nothing;
    };
    let crashed = job.work.crashes > rules.crashes_max;
    let late = now >= job.deadline;
    match step.submission {
        Submission::InFlight => Next::Lost,
        Submission::Ambiguous if step.quarantined_until.is_none_or(|until| now >= until) => {
            Next::GiveUp
        }
        Submission::Ambiguous => Next::Recover,
        Submission::ProviderDone if crashed => Next::Abandon,
        Submission::ProviderDone => Next::Store,
        Submission::Accepted if late || crashed => Next::Expire,
        Submission::Accepted if job.cancel_asked_at.is_some() => Next::Stop,
        Submission::Accepted => Next::Poll,
        Submission::NotStarted | Submission::NotSent | Submission::Rejected => {
            if job.cancel_asked_at.is_some() {
                Next::Cancel
            } else if crashed {
                Next::Abandon
            } else if late {
                Next::Expire
            } else {
                Next::Start
            }
        }
    }
}

/// Refuses whoever does not have the job any more.
pub fn check_lease(job: &Job, lease: Lease) -> Result<(), Rejection> {
    check_open(job)?;
    if job.work.lease == Some(lease) { Ok(()) } else { Err(Rejection::LeaseLost) }
}

/// Lets go of a job, which is to be looked at again at `due_at`.
pub fn release(mut job: Job, due_at: Timestamp) -> Job {
    if !job.state.is_terminal() {
        job.work.lease = None;
        job.work.crashes = 0;
        // Whoever asks to cancel does not wait for the pause to end.
        job.work.due_at = if heeds_cancel(&job) { job.updated_at } else { due_at };
    }
    job
}

/// Whether there is something to be done for a user who wants it no more. Not where nobody knows
/// what was made, nor where it is being stored: those go on as they would, pauses and all.
fn heeds_cancel(job: &Job) -> bool {
    job.cancel_asked_at.is_some()
        && job.active().is_some_and(|(_, step)| match step.submission {
            Submission::NotStarted
            | Submission::NotSent
            | Submission::Rejected
            | Submission::Accepted => true,
            Submission::InFlight | Submission::Ambiguous | Submission::ProviderDone => false,
        })
}

fn check_open(job: &Job) -> Result<(), Rejection> {
    if job.state.is_terminal() { Err(Rejection::Ended { state: job.state }) } else { Ok(()) }
}

/// The step under way, which must be in one of these states.
fn step_in<'a>(job: &'a mut Job, states: &[Submission]) -> Result<&'a mut Step, Rejection> {
    check_open(job)?;
    let state = job.state;
    let place = job.active().map(|(place, _)| place);
    let step = place.and_then(|place| job.steps.get_mut(place));
    let step = step.ok_or(Rejection::Ended { state })?;
    if states.contains(&step.submission) {
        Ok(step)
    } else {
        Err(Rejection::OutOfOrder { submission: step.submission })
    }
}

fn changed(mut job: Job, now: Timestamp) -> Job {
    job.etag = job.etag.next();
    // A clock that was set back must not take the last change back.
    job.updated_at = job.updated_at.max(now);
    job
}

/// How far a job is whose step under way is at so many of a hundred. Never goes back, and is whole
/// only at the end.
fn progress(job: &Job, percent: u8) -> u8 {
    let done = job.steps.iter().filter(|step| step.state == crate::StepState::Stored).count();
    let all = job.steps.len().max(1);
    let percent = done.saturating_mul(100).saturating_add(usize::from(percent.min(100))) / all;
    let percent = u8::try_from(percent).unwrap_or(99).min(99);
    if job.state == JobState::Succeeded { 100 } else { percent.max(job.progress) }
}

#[cfg(test)]
mod tests;
