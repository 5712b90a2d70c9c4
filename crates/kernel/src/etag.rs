//! Which revision of a mutable thing a caller has seen.

use std::fmt;
use std::str::FromStr;

/// A revision counter as callers see it: opaque to them, `"3"` inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Etag(i64);

/// The text was never an etag of this service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an etag that this service gave out")]
pub struct EtagError;

impl Etag {
    pub const FIRST: Self = Self(1);

    /// `None` below 1: revisions count from [`Etag::FIRST`].
    pub const fn from_revision(revision: i64) -> Option<Self> {
        if revision >= 1 { Some(Self(revision)) } else { None }
    }

    pub const fn revision(self) -> i64 {
        self.0
    }

    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "r{}", self.0)
    }
}

impl FromStr for Etag {
    type Err = EtagError;

    fn from_str(text: &str) -> Result<Self, EtagError> {
        let digits = text.strip_prefix('r').ok_or(EtagError)?;
        let revision = digits.parse().ok().and_then(Self::from_revision).ok_or(EtagError)?;
        // One form only: `r007` and `r+7` were never given out.
        if revision.to_string() == text { Ok(revision) } else { Err(EtagError) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn etags_read_back_and_other_texts_do_not() {
        assert_eq!(Etag::FIRST.next().to_string().parse(), Ok(Etag(2)));
        for text in ["", "r", "1", "r0", "r-1", "r01", "r+1", "r99999999999999999999"] {
            assert_eq!(text.parse::<Etag>(), Err(EtagError), "{text:?}");
        }
    }
}
