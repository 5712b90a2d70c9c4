//! Operation types: what is sold. Rows that operators add at run time, never an enum.

use kernel::{Change, Etag, Timestamp};

use crate::{OperationTypeId, Prose, Rejection};

/// Something that a product sells, such as `IMAGE_GENERATION`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationType {
    pub id: OperationTypeId,
    pub description: Option<Prose<1000>>,
    /// Since when nothing of it is quoted any more.
    pub retired_at: Option<Timestamp>,
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What to change of an operation type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OperationTypePatch {
    pub description: Change<Prose<1000>>,
    pub retired: Option<bool>,
}

impl OperationType {
    pub fn new(id: OperationTypeId, description: Option<Prose<1000>>, now: Timestamp) -> Self {
        Self {
            id,
            description,
            retired_at: None,
            etag: Etag::FIRST,
            created_at: now,
            updated_at: now,
        }
    }

    /// The operation type after a change; the revision stays where nothing changes.
    pub fn patched(
        self,
        patch: &OperationTypePatch,
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Self, Rejection> {
        Rejection::check_etag(self.etag, expected)?;
        let retired_at = match patch.retired {
            None => self.retired_at,
            Some(false) => None,
            Some(true) => Some(self.retired_at.unwrap_or(now)),
        };
        let description = patch.description.apply(&self.description);
        if description == self.description && retired_at == self.retired_at {
            return Ok(self);
        }
        let (etag, updated_at) = (self.etag.next(), now.max(self.updated_at));
        Ok(Self { description, retired_at, etag, updated_at, ..self })
    }
}
