//! Links by which anybody who has one sees a project, read only and without its owner's identity.
//!
//! The token is shown once; what is kept is its hash. It has 256 random bits, so that a plain hash
//! cannot be guessed back.

use std::fmt;
use std::str::FromStr;

use kernel::{Digest, Position, ProjectId, ShareLinkId, Timestamp, UserId};
use sha2::Digest as _;

/// The secret part of a link: 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct ShareToken([u8; 32]);

/// The text is no token. Says nothing of the text, which may be nearly one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be the 64 hexadecimal digits of a share link")]
pub struct ShareTokenError;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareLink {
    pub id: ShareLinkId,
    pub user: UserId,
    pub project: ProjectId,
    /// SHA-256 of the token's bytes.
    pub hash: Digest,
    pub created_at: Timestamp,
    /// From when on the link opens nothing, if it expires.
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ShareToken {
    pub const fn new(random: [u8; 32]) -> Self {
        Self(random)
    }

    pub fn hash(&self) -> Digest {
        Digest::from_bytes(sha2::Sha256::digest(self.0).into())
    }

    /// The token, to be shown once to whom it belongs.
    pub fn reveal(&self) -> String {
        hex::encode(self.0)
    }
}

impl FromStr for ShareToken {
    type Err = ShareTokenError;

    /// One text per token: lower-case digits only.
    fn from_str(text: &str) -> Result<Self, ShareTokenError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| ShareTokenError)?;
        if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(ShareTokenError);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for ShareToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShareToken(…)")
    }
}

impl ShareLink {
    /// Where the link stands in lists.
    pub fn position(&self) -> Position<ShareLinkId> {
        Position { created_at: self.created_at, id: self.id }
    }

    /// Whether the link opens its project at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// The link once it is revoked; `None` if it is already.
    pub fn revoke(&self, now: Timestamp) -> Option<Self> {
        let at = now.max(self.created_at);
        self.revoked_at.is_none().then(|| Self { revoked_at: Some(at), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use kernel::Span;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_token_reads_back_and_keeps_to_itself() {
        let token = ShareToken::new([0xab; 32]);
        assert_eq!(token.reveal().parse::<ShareToken>(), Ok(token.clone()));
        assert_eq!(format!("{token:?}"), "ShareToken(…)");
        assert_ne!(token.hash(), ShareToken::new([0xac; 32]).hash());
        for text in ["", "ab", &"AB".repeat(32), &"zz".repeat(32), &"ab".repeat(33)] {
            assert_eq!(text.parse::<ShareToken>(), Err(ShareTokenError), "{text:?}");
        }
    }

    #[test]
    fn a_link_is_open_until_its_end() {
        let end = Timestamp::MIN.saturating_add(Span::from_secs(10));
        let link = ShareLink {
            id: ShareLinkId::from_uuid(Uuid::from_u128(1)),
            user: UserId::from_uuid(Uuid::from_u128(2)),
            project: ProjectId::from_uuid(Uuid::from_u128(3)),
            hash: ShareToken::new([1; 32]).hash(),
            created_at: Timestamp::MIN,
            expires_at: Some(end),
            revoked_at: None,
        };
        assert!(link.is_open(Timestamp::MIN) && !link.is_open(end));
        let revoked = link.revoke(Timestamp::MIN).unwrap();
        assert!(!revoked.is_open(Timestamp::MIN));
        assert_eq!(revoked.revoke(end), None);
        assert!(ShareLink { expires_at: None, ..link }.is_open(Timestamp::MAX));
    }
}
