//! The life of a record that a user owns: its revision, its times, and soft deletion.
//!
//! What a record is about is decided where it belongs; how it ages is the same everywhere.

use crate::{Etag, Timestamp};

/// Where a record is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Grows by one with each change.
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// When it was deleted, if it is. Lists leave it out; it can be restored, or purged for good.
    pub deleted_at: Option<Timestamp>,
}

/// Why a record cannot be changed as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LifeError {
    #[error("the record is at revision {current}, not {expected}")]
    EtagMismatch { expected: Etag, current: Etag },
    #[error("the record is deleted: restore it first")]
    Deleted,
    #[error("the record is not deleted: only what is can be purged")]
    NotDeleted,
}

impl Life {
    pub fn begin(now: Timestamp) -> Self {
        Self { etag: Etag::FIRST, created_at: now, updated_at: now, deleted_at: None }
    }

    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }

    /// What becomes of the record when it is edited; `None` if the edit `changes` nothing.
    pub fn edit(
        self,
        expected: Option<Etag>,
        changes: bool,
        now: Timestamp,
    ) -> Result<Option<Self>, LifeError> {
        self.check(expected)?;
        match self.deleted_at {
            Some(_) => Err(LifeError::Deleted),
            None => Ok(changes.then(|| self.changed(now))),
        }
    }

    /// What becomes of the record when it is deleted; `None` if it is already.
    pub fn delete(self, expected: Option<Etag>, now: Timestamp) -> Result<Option<Self>, LifeError> {
        self.check(expected)?;
        let deleted = |life: Self| Self { deleted_at: Some(life.updated_at), ..life };
        Ok((!self.is_deleted()).then(|| deleted(self.changed(now))))
    }

    /// What becomes of the record when it is restored; `None` if it is not deleted.
    pub fn restore(
        self,
        expected: Option<Etag>,
        now: Timestamp,
    ) -> Result<Option<Self>, LifeError> {
        self.check(expected)?;
        let restored = |life: Self| Self { deleted_at: None, ..life };
        Ok(self.is_deleted().then(|| restored(self.changed(now))))
    }

    /// Lets go of a record for good: in two steps, so that no slip of a hand loses anything.
    pub fn purge(self, expected: Option<Etag>) -> Result<(), LifeError> {
        self.check(expected)?;
        if self.is_deleted() { Ok(()) } else { Err(LifeError::NotDeleted) }
    }

    fn check(&self, expected: Option<Etag>) -> Result<(), LifeError> {
        match expected {
            Some(expected) if expected != self.etag => {
                Err(LifeError::EtagMismatch { expected, current: self.etag })
            }
            Some(_) | None => Ok(()),
        }
    }

    fn changed(self, now: Timestamp) -> Self {
        // A clock that was set back must not take the last change back.
        Self { etag: self.etag.next(), updated_at: now.max(self.updated_at), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn moment(seconds: u32) -> Timestamp {
        Timestamp::MIN.saturating_add(Span::from_secs(seconds))
    }

    #[test]
    fn a_record_is_edited_deleted_restored_and_purged() {
        let new = Life::begin(moment(10));
        assert_eq!(new.edit(None, false, moment(11)), Ok(None));
        let edited = new.edit(Some(new.etag), true, moment(11)).unwrap().unwrap();
        assert_eq!((edited.etag, edited.updated_at), (new.etag.next(), moment(11)));
        assert_eq!(edited.purge(None), Err(LifeError::NotDeleted));
        assert_eq!(edited.restore(None, moment(12)), Ok(None));

        let deleted = edited.delete(None, moment(12)).unwrap().unwrap();
        assert_eq!((deleted.deleted_at, deleted.etag), (Some(moment(12)), edited.etag.next()));
        assert_eq!(deleted.delete(None, moment(13)), Ok(None));
        assert_eq!(deleted.edit(None, true, moment(13)), Err(LifeError::Deleted));
        assert_eq!(deleted.purge(None), Ok(()));

        let restored = deleted.restore(None, moment(13)).unwrap().unwrap();
        assert_eq!((restored.deleted_at, restored.created_at), (None, moment(10)));
    }

    #[test]
    fn a_stale_revision_is_refused_before_anything_else() {
        let new = Life::begin(moment(10));
        let stale = Some(new.etag.next());
        let why = LifeError::EtagMismatch { expected: new.etag.next(), current: new.etag };
        assert_eq!(new.edit(stale, true, moment(11)), Err(why));
        assert_eq!(new.delete(stale, moment(11)), Err(why));
        assert_eq!(new.restore(stale, moment(11)), Err(why));
        assert_eq!(new.purge(stale), Err(why));
    }

    #[test]
    fn a_clock_that_was_set_back_takes_nothing_back() {
        let edited = Life::begin(moment(10)).edit(None, true, moment(5)).unwrap().unwrap();
        assert_eq!(edited.updated_at, moment(10));
    }
}
