//! Keys of accounts: sent, and never shown.

use std::fmt;
use std::str::FromStr;

use http::HeaderValue;
use sha2::{Digest, Sha256};

/// A vendor's key: 1 to 4096 visible ASCII characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 4096 visible ASCII characters")]
pub struct KeyError;

impl Key {
    /// Access tokens of Google's cloud have a thousand.
    const CHARS_MAX: usize = 4096;

    /// Tells keys apart and tells nothing else of them.
    pub(crate) fn fingerprint(&self) -> String {
        let hash = Sha256::new().chain_update(b"atelier.provider.key\0").chain_update(&self.0);
        hex::encode(&hash.finalize()[..8])
    }

    /// The value of the header that carries it.
    pub(crate) fn header(&self, scheme: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::try_from(format!("{scheme}{}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// The text without the key, should it be in there.
    pub(crate) fn strike(&self, text: &str) -> String {
        text.replace(&self.0, "[key]")
    }
}

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let visible = text.bytes().all(|b| b.is_ascii_graphic());
        let fits = (1..=Self::CHARS_MAX).contains(&text.len());
        if visible && fits { Ok(Self(text.to_owned())) } else { Err(KeyError) }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_not_shown() {
        let key: Key = "tvly-secret".parse().unwrap();
        assert_eq!(format!("{key:?}"), "Key(..)");
        assert_eq!(key.strike("not tvly-secret?"), "not [key]?");
        let header = key.header("Bearer ").unwrap();
        assert_eq!(header, "Bearer tvly-secret");
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert!(!key.fingerprint().contains("secret"));
        assert_eq!(key.fingerprint().len(), 16);
        assert_ne!(key.fingerprint(), "other".parse::<Key>().unwrap().fingerprint());
        for text in ["", "a b", "a\n", "ä"] {
            assert_eq!(text.parse::<Key>(), Err(KeyError), "{text:?}");
        }
    }
}
