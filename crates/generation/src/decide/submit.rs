//! Asking a provider: once each time that it is noted, and never again without proof that nothing
//! came of the last time.

use kernel::Timestamp;

use super::trouble::failed;
use super::{changed, release, step_in};
use crate::{
    Class, Failure, Job, JobState, Marker, Operation, Recovered, Rejection, Rules, Submission,
};

/// Notes that the provider is about to be asked. To be written before the first byte is sent.
pub fn start(mut job: Job, now: Timestamp) -> Result<Job, Rejection> {
    let id = job.id;
    let (asked, deadline) = (job.cancel_asked_at, job.deadline);
    let place = job.active().map_or(0, |(place, _)| place);
    let step =
        step_in(&mut job, &[Submission::NotStarted, Submission::NotSent, Submission::Rejected])?;
    if asked.is_some() {
        return Err(Rejection::CancelAsked);
    }
    if now >= deadline {
        return Err(Rejection::DeadlinePassed);
    }
    step.submission = Submission::InFlight;
    step.attempts = step.attempts.saturating_add(1);
    step.submissions = step.submissions.saturating_add(1);
    step.misses = 0;
    step.marker = marker(id, place, step.submissions);
    step.operation = None;
    step.submitted_at = Some(now);
    job.state = JobState::Running;
    job.started_at = job.started_at.or(Some(now));
    Ok(changed(job, now))
}

/// The provider has no place before `until`. Whoever has another way and would wait long goes there.
pub fn no_place(mut job: Job, until: Timestamp, rules: &Rules, now: Timestamp) -> Job {
    let routes = job.routes.len();
    let long = until.since(now) > rules.patience_with_limits;
    let waiting = [Submission::NotStarted, Submission::NotSent, Submission::Rejected];
    match step_in(&mut job, &waiting) {
        Ok(step) if long && usize::from(step.route).saturating_add(1) < routes => {
            step.route = step.route.saturating_add(1);
            step.attempts = 0;
            changed(job, now)
        }
        Ok(_) | Err(_) => release(job, until),
    }
}

/// The provider goes on without us. To be written before anybody asks how far it is.
pub fn accepted(
    mut job: Job,
    operation: Operation,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::InFlight, Submission::Ambiguous])?;
    step.submission = Submission::Accepted;
    step.operation = Some(operation);
    step.quarantined_until = None;
    let due_at = now.saturating_add(rules.poll_pause(kernel::Span::ZERO, draw));
    Ok(release(changed(job, now), due_at))
}

/// Whoever submitted it has not come back, so nobody knows what came of it.
pub fn lost(mut job: Job, rules: &Rules, now: Timestamp) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::InFlight])?;
    step.submission = Submission::Ambiguous;
    step.quarantined_until = Some(now.saturating_add(rules.quarantine));
    Ok(changed(job, now))
}

/// What a provider knows of a submission whose answer was lost.
pub fn recovered(
    mut job: Job,
    found: Recovered,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::Ambiguous])?;
    let until = step.quarantined_until.unwrap_or(now);
    match found {
        Recovered::Found(operation) => accepted(job, operation, rules, draw, now),
        Recovered::Nothing => {
            let nothing = Failure::new(Class::Transient, "the provider has never heard of it");
            failed(job, &nothing, rules, draw, now)
        }
        Recovered::Unknown => Ok(release(changed(job, now), until)),
    }
}

/// The same for the same submission in every process.
fn marker(job: kernel::JobId, place: usize, submission: u16) -> Option<Marker> {
    format!("{job}.{}.{submission}", place.saturating_add(1)).parse().ok()
}
