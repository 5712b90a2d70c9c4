//! An API key as it is kept, without its secret, and the bounds of what makes one.

use std::fmt;
use std::str::FromStr;

use kernel::{ApiKeyId, Position, Span, Timestamp};

use crate::scope::Scopes;
use crate::secret::KeyHash;

/// A key. Only `expires_at` and `revoked_at` ever change, and only to an earlier end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    pub name: KeyName,
    pub scopes: Scopes,
    pub created_at: Timestamp,
    /// From this moment on the key is refused.
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub hash: KeyHash,
}

/// Whether a key is good at some moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    Active,
    Expired,
    Revoked,
}

/// What a key is for: 1 to 100 characters, none of them a control character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyName(String);

/// The text cannot be a key's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 100 characters, none of them a control character")]
pub struct KeyNameError;

/// How long a new key is good: a second to ten years.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime(Span);

/// The span cannot be a key's lifetime.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a second to ten years (315576000 s)")]
pub struct LifetimeError;

/// How long a replaced key stays good: nothing to 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap(Span);

/// The span cannot be an overlap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be nothing to 30 days (2592000 s)")]
pub struct OverlapError;

impl ApiKey {
    pub fn state(&self, now: Timestamp) -> KeyState {
        if self.revoked_at.is_some() {
            KeyState::Revoked
        } else if self.expires_at.is_some_and(|end| end <= now) {
            KeyState::Expired
        } else {
            KeyState::Active
        }
    }

    /// Where the key stands in lists.
    pub fn position(&self) -> Position<ApiKeyId> {
        Position { created_at: self.created_at, id: self.id }
    }
}

impl KeyName {
    // 100 characters show whole in a terminal's line. Also CHECK api_keys_name_valid.
    const CHARS_MAX: usize = 100;

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyNameError;

    fn from_str(text: &str) -> Result<Self, KeyNameError> {
        // One character more than fits is enough to know, however long the text is.
        let chars = text.chars().take(Self::CHARS_MAX + 1).count();
        let fits = (1..=Self::CHARS_MAX).contains(&chars) && !text.chars().any(char::is_control);
        fits.then(|| Self(text.to_owned())).ok_or(KeyNameError)
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Lifetime {
    pub const MIN: Span = Span::from_secs(1);
    // Ten years of 365.25 days: past any key's use, far from the end of time.
    pub const MAX: Span = Span::from_secs(315_576_000);

    pub fn from_span(span: Span) -> Result<Self, LifetimeError> {
        if (Self::MIN..=Self::MAX).contains(&span) { Ok(Self(span)) } else { Err(LifetimeError) }
    }

    pub const fn as_span(self) -> Span {
        self.0
    }
}

impl Overlap {
    /// A day: callers are deployed anew within it, and a leaked key does not stay for long.
    pub const DEFAULT: Self = Self(Span::from_secs(86_400));
    pub const MIN: Span = Span::ZERO;
    pub const MAX: Span = Span::from_secs(2_592_000);

    pub fn from_span(span: Span) -> Result<Self, OverlapError> {
        if (Self::MIN..=Self::MAX).contains(&span) { Ok(Self(span)) } else { Err(OverlapError) }
    }

    pub const fn as_span(self) -> Span {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_counted_in_characters_and_have_no_control_characters() {
        for text in ["a", "web frontend", &"é".repeat(100)] {
            assert_eq!(text.parse::<KeyName>().map(|name| name.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "a\n", "a\u{0}", "a\u{85}", &"a".repeat(101)] {
            assert_eq!(text.parse::<KeyName>(), Err(KeyNameError), "{text:?}");
        }
    }

    #[test]
    fn lifetimes_and_overlaps_have_ends() {
        let micros = |micros| Span::from_micros(micros).unwrap();
        for (span, good) in [
            (0, false),
            (999_999, false),
            (1_000_000, true),
            (315_576_000_000_000, true),
            (315_576_000_000_001, false),
        ] {
            assert_eq!(Lifetime::from_span(micros(span)).is_ok(), good, "{span}");
        }
        for (span, good) in [(0, true), (2_592_000_000_000, true), (2_592_000_000_001, false)] {
            assert_eq!(Overlap::from_span(micros(span)).is_ok(), good, "{span}");
        }
    }
}
