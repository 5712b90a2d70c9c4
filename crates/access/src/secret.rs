//! A key's secret, and the keyed hash that is all that is kept of it.
//!
//! The secret names its key, so that one row is looked up and one hash compared. Whoever reads the
//! stored hashes can neither call with them nor try guesses without the pepper.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::ApiKeyId;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use uuid::Uuid;

// Scanners for leaked secrets find a fixed prefix.
const PREFIX: &str = "atl_";
// 32 bytes as base64 without padding.
const RANDOM_CHARS: usize = 43;
const ID_CHARS: usize = 32;

/// What a caller sends: `atl_<32 hex digits of the key's id>_<43 characters of base64url>`.
#[derive(Clone)]
pub struct ApiKeySecret {
    id: ApiKeyId,
    random: [u8; 32],
}

/// The text is not a secret. Says nothing of the text, which may be half of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is not an API key")]
pub struct SecretError;

/// The server's own secret: without it the stored hashes are of no use.
#[derive(Clone)]
pub struct Pepper(Hmac<Sha256>);

/// The bytes are too few for a pepper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be at least 32 bytes")]
pub struct PepperError;

/// HMAC-SHA256 over id and random bytes under the pepper. Compares in constant time.
#[derive(Clone, Copy)]
pub struct KeyHash([u8; 32]);

impl ApiKeySecret {
    pub const fn new(id: ApiKeyId, random: [u8; 32]) -> Self {
        Self { id, random }
    }

    pub const fn id(&self) -> ApiKeyId {
        self.id
    }

    /// The whole secret, to be shown once to whom it belongs.
    pub fn reveal(&self) -> String {
        let random = URL_SAFE_NO_PAD.encode(self.random);
        format!("{PREFIX}{}_{random}", self.id.as_uuid().as_simple())
    }
}

impl FromStr for ApiKeySecret {
    type Err = SecretError;

    /// One text per secret: lower-case digits only, no padding, no stray bits.
    fn from_str(text: &str) -> Result<Self, SecretError> {
        let rest = text.strip_prefix(PREFIX).ok_or(SecretError)?;
        let (id, rest) = rest.split_at_checked(ID_CHARS).ok_or(SecretError)?;
        let random = rest.strip_prefix('_').ok_or(SecretError)?;
        let plain = id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if !plain || random.len() != RANDOM_CHARS {
            return Err(SecretError);
        }
        let id = Uuid::try_parse(id).map_err(|_| SecretError)?;
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(random, &mut bytes) {
            Ok(32) => Ok(Self { id: ApiKeyId::from_uuid(id), random: bytes }),
            Ok(_) | Err(_) => Err(SecretError),
        }
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeySecret({}, ********)", self.id)
    }
}

impl Pepper {
    // As long as the hash: a shorter key would be the weakest part, a longer one adds nothing.
    const BYTES_MIN: usize = 32;

    pub fn new(bytes: &[u8]) -> Result<Self, PepperError> {
        if bytes.len() < Self::BYTES_MIN {
            return Err(PepperError);
        }
        Hmac::new_from_slice(bytes).map(Self).map_err(|_| PepperError)
    }

    /// The hash to keep of `secret`, or to compare with the one that was kept.
    pub fn hash(&self, secret: &ApiKeySecret) -> KeyHash {
        let mut mac = self.0.clone();
        mac.update(secret.id.as_uuid().as_bytes());
        mac.update(&secret.random);
        KeyHash(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(********)")
    }
}

impl KeyHash {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for KeyHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for KeyHash {}

impl fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyHash(********)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "atl_01890a5dac96774bbcceb302099a8057_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc";

    fn id() -> ApiKeyId {
        "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()
    }

    #[test]
    fn a_secret_reads_back_as_it_was_shown() {
        let secret = ApiKeySecret::new(id(), [7; 32]);
        assert_eq!(secret.reveal(), TEXT);
        let read: ApiKeySecret = TEXT.parse().unwrap();
        assert_eq!((read.id, read.random), (id(), [7; 32]));
        // Both characters in which base64url differs from base64, one of which also separates.
        let text = ApiKeySecret::new(id(), [0xff; 32]).reveal();
        assert_eq!(text.parse::<ApiKeySecret>().unwrap().random, [0xff; 32]);
    }

    #[test]
    fn other_texts_are_not_secrets() {
        let stray_bits = format!("{}d", &TEXT[..79]);
        for text in [
            "",
            "atl_",
            &TEXT[4..],
            &TEXT[..79],
            &format!("{TEXT}w"),
            &format!("{TEXT}="),
            &format!(" {TEXT}"),
            &TEXT.replace("5dac", "5DAC"),
            &TEXT.replace("57_", "57-"),
            &TEXT.replace("BwcH", "Bw+H"),
            &TEXT.replace("5dac", "5dag"),
            &TEXT.replace("5dac", "5d\u{e9}"),
            &stray_bits,
        ] {
            assert_eq!(text.parse::<ApiKeySecret>().err(), Some(SecretError), "{text:?}");
        }
    }

    #[test]
    fn the_hash_depends_on_pepper_id_and_random_bytes() {
        let pepper = Pepper::new(&[1; 32]).unwrap();
        let secret = ApiKeySecret::new(id(), [7; 32]);
        let hash = pepper.hash(&secret);
        assert_eq!(hash, pepper.hash(&TEXT.parse().unwrap()));
        assert_ne!(hash, Pepper::new(&[2; 32]).unwrap().hash(&secret));
        assert_ne!(hash, pepper.hash(&ApiKeySecret::new(id(), [8; 32])));
        let other = ApiKeyId::from_uuid(Uuid::from_u128(1));
        assert_ne!(hash, pepper.hash(&ApiKeySecret::new(other, [7; 32])));
        // Changing what is hashed would lock every caller out, so it is written down here.
        assert_eq!(hex(&hash), "277c8e93a38dec6b90ceb5acb92db73c5a710a09d7d2e798e4851ae18afdc0ac");
    }

    fn hex(hash: &KeyHash) -> String {
        hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn short_peppers_are_refused() {
        assert_eq!(Pepper::new(&[1; 31]).err(), Some(PepperError));
        assert!(Pepper::new(&[1; 32]).is_ok() && Pepper::new(&[1; 200]).is_ok());
    }

    #[test]
    fn nothing_secret_is_printed() {
        let secret = ApiKeySecret::new(id(), [7; 32]);
        let pepper = Pepper::new(&[1; 32]).unwrap();
        assert_eq!(format!("{secret:?}"), format!("ApiKeySecret({}, ********)", id()));
        assert_eq!(format!("{pepper:?}"), "Pepper(********)");
        assert_eq!(format!("{:?}", pepper.hash(&secret)), "KeyHash(********)");
    }
}
