//! Named sets of characters, in an order.

use kernel::{AssetId, CharacterId, CollectionId, Position, Timestamp, UserId};

use crate::{Description, Mark, Name};

/// How many characters a collection may have.
pub const ENTRIES_MAX: usize = 10_000;

/// A named set of one user's characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    pub user: UserId,
    pub id: CollectionId,
    pub fields: CollectionFields,
    pub mark: Mark,
}

kernel::fields! {
    /// The fields of a collection that callers set.
    CollectionFields {
        name: Name,
        description: Option<Description>,
        public: bool,
        cover: Option<AssetId>,
    }
}

/// A character's one entry in a collection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub character: CharacterId,
    /// Orders the entries. It stays while others come and go, so that pages stay stable too.
    pub place: i64,
    pub added_at: Timestamp,
}

/// How far apart places are at first: room for 32 entries between two, each time at the same spot.
pub const PLACE_STEP: i64 = 1 << 32;

/// Where a new entry is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Places {
    /// How many entries there are.
    pub count: u64,
    /// The place of the entry that it is to follow.
    pub after: Option<i64>,
    /// The place of the entry that it is to precede.
    pub before: Option<i64>,
}

impl Collection {
    pub fn position(&self) -> Position<CollectionId> {
        Position { created_at: self.mark.created_at, id: self.id }
    }
}
