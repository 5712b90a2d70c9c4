//! What happened, for those who follow along: hints in the order of their commits. The truth is in
//! the rows. Who tells of what is in the use cases; `docs/events.md` has the list.

use uuid::Uuid;

use crate::{Json, Line, Timestamp, UserId};

/// What happened, such as `job.succeeded`. Its first word names the kind of the subject.
pub type EventKind = Line<64>;

/// What is told of an event.
pub type EventDetails = Json<4_096>;

/// Something that happened to something of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub user: UserId,
    pub kind: EventKind,
    /// The id of what it happened to.
    pub subject: Uuid,
    /// The revision of the subject, which tells old news from new.
    pub revision: i64,
    pub details: Option<EventDetails>,
    pub at: Timestamp,
}

/// Where an event stands. What comes later stands later, and nothing ever appears before what has
/// been told. Whoever follows along keeps it and does not look into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct EventPosition {
    /// The transaction that told of it, or the last that had ended by then if that is later.
    pub transaction: u64,
    /// Counts everything that is ever told.
    pub number: u64,
}
