//! What happened, for those who follow along: hints in the order of their commits. The truth is in
//! the rows.

use kernel::{JobId, Json, Line, Timestamp, UserId};

use crate::Job;

/// What is told of an event.
pub type EventDetails = Json<4_096>;

/// Something that happened to something of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub user: UserId,
    /// Such as `job.succeeded`: its first word is the kind of the subject.
    pub kind: Line<64>,
    pub subject: JobId,
    /// The revision of the subject, which tells old news from new.
    pub revision: i64,
    pub details: Option<EventDetails>,
    pub at: Timestamp,
}

/// Where an event stands: by the transaction that committed it, then by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EventPosition {
    pub transaction: u64,
    pub number: u64,
}

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
        subject: after.id,
        revision: after.etag.revision(),
        details: Json::of_texts(&told),
        at: after.updated_at,
    })
}
