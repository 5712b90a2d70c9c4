//! What follows from a failure: who is asked next and when, or how the job ends. By the table of
//! classes alone.

use kernel::{Span, Timestamp};

use super::end::{Close, end};
use super::{changed, release, step_in};
use crate::{
    Class, Failure, Job, JobState, Reason, Rejection, Retry, Rules, Step, Submission, Trouble,
};

/// A submission failed, or what it began did.
pub fn failed(
    mut job: Job,
    failure: &Failure,
    rules: &Rules,
    draw: u64,
    now: Timestamp,
) -> Result<Job, Rejection> {
    let (deadline, routes) = (job.deadline, job.routes.len());
    let asked_to_cancel = job.cancel_asked_at.is_some();
    let step =
        step_in(&mut job, &[Submission::InFlight, Submission::Accepted, Submission::Ambiguous])?;
    note(step, failure);
    let verdict = failure.verdict();
    if verdict.retry == Retry::Recover {
        step.submission = Submission::Ambiguous;
        let until = now.saturating_add(rules.quarantine);
        step.quarantined_until = Some(step.quarantined_until.unwrap_or(until));
        // At once: what can be found again is found soonest by asking.
        let due_at = now.saturating_add(rules.poll_min);
        return Ok(release(changed(job, now), due_at));
    }
    step.quarantined_until = None;
    step.operation = None;
    step.submission = match failure.class {
        Class::Transient => Submission::NotSent,
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::RateLimited { .. }
        | Class::QuotaExhausted { .. }
        | Class::AuthFailed
        | Class::ModelRetired
        | Class::Ambiguous
        | Class::ProviderFailed { .. }
        | Class::OutputLost => Submission::Rejected,
    };
    let other = verdict.fall_back && usize::from(step.route).saturating_add(1) < routes;
    let same = match verdict.retry {
        Retry::BackOff if step.attempts < rules.attempts_max => {
            Some(rules.back_off(step.attempts, draw))
        }
        Retry::AfterPause => {
            let pause = pause(&failure.class, rules, step.misses, draw);
            // Waiting counts for the limiter and not as an attempt.
            step.attempts = step.attempts.saturating_sub(1);
            step.misses = step.misses.saturating_add(1);
            let worth = pause <= rules.patience_with_limits || !other;
            (worth && now.saturating_add(pause) < deadline).then_some(pause)
        }
        Retry::BackOff | Retry::No | Retry::Recover | Retry::Refetch => None,
    };
    if asked_to_cancel {
        let close = Close::because(JobState::Cancelled, Reason::Cancelled, "");
        return Ok(end(job, close, now));
    }
    if let Some(pause) = same {
        return Ok(release(changed(job, now), now.saturating_add(pause)));
    }
    if other {
        step.route = step.route.saturating_add(1);
        step.attempts = 0;
        return Ok(release(changed(job, now), now));
    }
    let (state, reason) = told(&failure.class);
    let close = Close::because(state, reason, &failure.message).credited(verdict.credits);
    Ok(end(job, close, now))
}

/// Keeps what went wrong last.
pub(super) fn note(step: &mut Step, failure: &Failure) {
    let message = failure.message.chars().take(1_000).collect::<String>();
    let class = failure.class.as_str().parse();
    let message = message.parse().or_else(|_| failure.class.as_str().parse());
    if let (Ok(class), Ok(message)) = (class, message) {
        step.trouble = Some(Trouble { class, message });
    }
}

/// How a job ends that nobody is asked for again, and what callers are told.
fn told(class: &Class) -> (JobState, Reason) {
    match class {
        Class::InvalidArgument => (JobState::Failed, Reason::InvalidArgument),
        Class::ContentRefused { .. } => (JobState::Refused, Reason::ContentRefused),
        Class::RateLimited { .. } => (JobState::Failed, Reason::RateLimited),
        Class::QuotaExhausted { .. } | Class::AuthFailed | Class::Transient => {
            (JobState::Failed, Reason::ProviderUnavailable)
        }
        Class::ModelRetired => (JobState::Failed, Reason::ModelRetired),
        Class::Ambiguous => (JobState::Failed, Reason::OutcomeUnknown),
        Class::ProviderFailed { .. } => (JobState::Failed, Reason::ProviderFailed),
        Class::OutputLost => (JobState::Failed, Reason::OutputLost),
    }
}

/// The provider's pause, bounded; ours where it names none.
fn pause(class: &Class, rules: &Rules, tries: u16, draw: u64) -> Span {
    let named = match class {
        Class::RateLimited { retry_after } => *retry_after,
        Class::InvalidArgument
        | Class::ContentRefused { .. }
        | Class::QuotaExhausted { .. }
        | Class::AuthFailed
        | Class::ModelRetired
        | Class::Transient
        | Class::Ambiguous
        | Class::ProviderFailed { .. }
        | Class::OutputLost => None,
    };
    let named = named.and_then(|pause| Span::from_micros(i64::try_from(pause.as_micros()).ok()?));
    named.map_or_else(
        || rules.back_off(tries.saturating_add(1), draw),
        |pause| pause.min(rules.pause_max),
    )
}
