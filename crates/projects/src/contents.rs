//! What a project contains, across kinds.

use kernel::{OutputKind, Position, Timestamp};

/// What something in a project is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentKind {
    Conversation,
    Output(OutputKind),
}

/// Something in a project. `I` is the type of ids that fits every kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content<I> {
    pub kind: ContentKind,
    pub id: I,
    pub created_at: Timestamp,
}

/// How many of a kind there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentCount {
    pub kind: ContentKind,
    pub count: u64,
}

impl<I: Copy> Content<I> {
    /// Where it stands in lists.
    pub fn position(&self) -> Position<I> {
        Position { created_at: self.created_at, id: self.id }
    }
}
