//! What is told of jobs to those who follow along.

use kernel::{Event, Json};

use crate::Job;

/// The event of what a job has become, if there is news.
pub fn job_event(before: Option<&Job>, after: &Job) -> Option<Event> {
    let seen = |job: &Job| (job.state.public(), job.progress, job.cancel_asked_at.is_some());
    if before.is_some_and(|before| seen(before) == seen(after)) {
        return None;
    }
    let reason = after.ending.as_ref().map_or("", |ending| ending.reason.as_str());
    let progress = after.progress.to_string();
    let fields =
        [("kind", after.kind().as_str()), ("progress", progress.as_str()), ("reason", reason)];
    let told: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    Some(Event {
        user: after.user,
        kind: format!("job.{}", after.state.public()).parse().ok()?,
        subject: *after.id.as_uuid(),
        revision: after.etag.revision(),
        details: Json::of_texts(&told),
        at: after.updated_at,
    })
}
