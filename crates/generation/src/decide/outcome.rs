//! What comes of a submission: how far it is, what was made, what of it is ours.

use kernel::{Span, Timestamp};

use super::end::end;
use super::trouble::{failed, note};
use super::{changed, progress, release, step_in};
use crate::decide::end::Close;
use crate::{
    Class, Credit, Delivered, Failure, Job, JobState, Reason, Rejection, Rules, StepState,
    Submission,
};

/// It goes on. The provider's own pause counts where it names one.
pub fn polled(
    mut job: Job,
    percent: Option<u8>,
    again_after: Option<Span>,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::Accepted])?;
    step.misses = 0;
    let age = step.submitted_at.map_or(Span::ZERO, |at| now.since(at));
    let pause = again_after.map_or_else(
        || rules.poll_pause(age, draw),
        |pause| pause.clamp(rules.poll_min, rules.poll_max),
    );
    job.progress = progress(&job, percent.unwrap_or_default());
    Ok(release(changed(job, now), now.saturating_add(pause)))
}

/// The provider could not be asked, or says that it failed.
///
/// What is wrong with us, such as a key, says nothing about the operation: it goes on, and is asked
/// about until the deadline. What is the operation's own is final, and proof that nothing was made.
pub fn poll_failed(
    mut job: Job,
    failure: &Failure,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    match failure.class {
        Class::ContentRefused { .. }
        | Class::ProviderFailed { .. }
        | Class::InvalidArgument
        | Class::OutputLost => failed(job, failure, rules, draw, now),
        Class::RateLimited { .. }
        | Class::QuotaExhausted { .. }
        | Class::AuthFailed
        | Class::ModelRetired
        | Class::Transient
        | Class::Ambiguous => {
            let step = step_in(&mut job, &[Submission::Accepted])?;
            step.misses = step.misses.saturating_add(1);
            let pause = rules.back_off(step.misses, draw);
            note(step, failure);
            Ok(release(changed(job, now), now.saturating_add(pause)))
        }
    }
}

/// It was made. Nothing is asked of anybody again from here on, whatever becomes of the files.
pub fn made(mut job: Job, pieces: Vec<Delivered>, now: Timestamp) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::InFlight, Submission::Accepted])?;
    step.submission = Submission::ProviderDone;
    step.misses = 0;
    // A provider that gives more than was asked for is not paid for it, and nor are we.
    step.pieces = pieces.into_iter().take(usize::from(step.asked)).collect();
    job.state = JobState::Storing;
    Ok(changed(job, now))
}

/// A file could not be had. It is fetched again; nothing is made again.
pub fn fetch_failed(
    mut job: Job,
    failure: &Failure,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::ProviderDone])?;
    step.misses = step.misses.saturating_add(1);
    let pause = rules.back_off(step.misses, draw);
    let again = step.misses < rules.fetches_max;
    note(step, failure);
    if again {
        Ok(release(changed(job, now), now.saturating_add(pause)))
    } else {
        Ok(lost_output(job, failure, now))
    }
}

/// What of the step's pieces is ours in the end; the rest is lost for good.
pub fn stored(mut job: Job, pieces: Vec<Delivered>, now: Timestamp) -> Result<Job, Rejection> {
    let step = step_in(&mut job, &[Submission::ProviderDone])?;
    let ours: Vec<Delivered> = pieces.into_iter().filter(|piece| !piece.is_remote()).collect();
    if ours.is_empty() {
        let lost = Failure::new(Class::OutputLost, "nothing of what was made could be had");
        return Ok(lost_output(job, &lost, now));
    }
    step.state = StepState::Stored;
    step.pieces = ours;
    job.progress = progress(&job, 0);
    if job.active().is_some() {
        job.state = JobState::Running;
        return Ok(changed(job, now));
    }
    Ok(end(job, Close::success(), now))
}

fn lost_output(job: Job, failure: &Failure, now: Timestamp) -> Job {
    let close = Close::because(JobState::Failed, Reason::OutputLost, &failure.message);
    end(job, close.credited(Credit::WriteOff), now)
}
