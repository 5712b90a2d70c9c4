//! Page tokens: base64url of version, list, time of issue, cursor and checksum.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::{
    ActivityId, ApiKeyId, AssetId, CharacterId, CollectionId, ConversationId, Etag, FeatureId,
    JobId, LotId, OutputId, Position, ProjectId, SceneId, ShareLinkId, Span, SubscriptionEventId,
    ThemeId, Timestamp, TransactionId, UserId, VariantId,
};
use prost::Message;
use sha2::{Digest, Sha256};
use tonic::Status;
use uuid::Uuid;

use crate::status::{ErrorReason, IntoStatus, Refusal};

/// Counts up when cursors change their meaning: older tokens are then refused.
const VERSION: u8 = 1;

/// Three days: long enough for a slow export, short enough that no token outlives a release.
const AGE_MAX: Span = Span::from_secs(3 * 24 * 60 * 60);

/// Well above every token there is; longer texts are not even decoded.
const TEXT_BYTES_MAX: usize = 512;

// Against mix-ups and damage, not against forgery: 64 bits are plenty.
const DIGEST_BYTES: usize = 8;

/// The text is no token of this list, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page token is not of this list and these filters, or older than three days")]
pub struct PageTokenError;

/// A place in a list, as bytes.
pub trait Cursor: Sized {
    fn encode(&self) -> Vec<u8>;
    /// `None` for bytes that [`Cursor::encode`] did not make.
    fn decode(bytes: &[u8]) -> Option<Self>;
}

/// Makes and reads the tokens of one list with one set of filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    binding: [u8; DIGEST_BYTES],
}

impl Tokens {
    /// The tokens of `list` for requests that equal `filters` but for page size and page token,
    /// which the caller leaves out of it. A request must have no map: its bytes would vary.
    pub fn of(list: &str, filters: &impl Message) -> Self {
        let filters = filters.encode_to_vec();
        Self { binding: digest(&[list.as_bytes(), &[0], &filters]) }
    }

    pub fn seal(&self, cursor: &impl Cursor, now: Timestamp) -> String {
        let mut token = vec![VERSION];
        token.extend(self.binding);
        token.extend(now.as_micros().to_be_bytes());
        token.extend(cursor.encode());
        let checksum: [u8; DIGEST_BYTES] = digest(&[&token]);
        token.extend(checksum);
        URL_SAFE_NO_PAD.encode(token)
    }

    /// Where the page that `text` asks for starts; `None` for the empty text, the first page.
    pub fn open<C: Cursor>(&self, text: &str, now: Timestamp) -> Result<Option<C>, PageTokenError> {
        if text.is_empty() {
            return Ok(None);
        }
        self.read(text, now).map(Some).ok_or(PageTokenError)
    }

    fn read<C: Cursor>(&self, text: &str, now: Timestamp) -> Option<C> {
        if text.len() > TEXT_BYTES_MAX {
            return None;
        }
        let token = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, checksum) = token.split_last_chunk::<DIGEST_BYTES>()?;
        if *checksum != digest(&[body]) {
            return None;
        }
        let (version, body) = body.split_first()?;
        let (binding, body) = body.split_first_chunk::<DIGEST_BYTES>()?;
        let (issued, cursor) = body.split_first_chunk::<8>()?;
        let issued = Timestamp::from_micros(i64::from_be_bytes(*issued))?;
        let ours = *version == VERSION && *binding == self.binding;
        // A moment ahead is another server's clock.
        let fresh = now.since(issued) <= AGE_MAX;
        if ours && fresh { C::decode(cursor) } else { None }
    }
}

impl From<PageTokenError> for Refusal {
    fn from(error: PageTokenError) -> Self {
        Self::new(ErrorReason::InvalidPageToken, error.to_string())
    }
}

impl IntoStatus for PageTokenError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

macro_rules! positions {
    ($($id:ty),*) => {$(
        impl Cursor for Position<$id> {
            fn encode(&self) -> Vec<u8> {
                let micros = self.created_at.as_micros().to_be_bytes();
                [&micros[..], self.id.as_uuid().as_bytes()].concat()
            }

            fn decode(bytes: &[u8]) -> Option<Self> {
                let (micros, id) = bytes.split_first_chunk::<8>()?;
                Some(Self {
                    created_at: Timestamp::from_micros(i64::from_be_bytes(*micros))?,
                    id: <$id>::from_uuid(Uuid::from_slice(id).ok()?),
                })
            }
        }
    )*};
}

positions!(
    ActivityId,
    ApiKeyId,
    AssetId,
    CharacterId,
    CollectionId,
    ConversationId,
    FeatureId,
    JobId,
    LotId,
    OutputId,
    ProjectId,
    SceneId,
    ShareLinkId,
    SubscriptionEventId,
    ThemeId,
    TransactionId,
    UserId,
    VariantId
);

/// Of a list across kinds, whose ids have no type of their own.
impl Cursor for Position<Uuid> {
    fn encode(&self) -> Vec<u8> {
        [&self.created_at.as_micros().to_be_bytes()[..], self.id.as_bytes()].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (micros, id) = bytes.split_first_chunk::<8>()?;
        let created_at = Timestamp::from_micros(i64::from_be_bytes(*micros))?;
        Some(Self { created_at, id: Uuid::from_slice(id).ok()? })
    }
}

/// Of a stream of revisions.
impl Cursor for Etag {
    fn encode(&self) -> Vec<u8> {
        self.revision().to_be_bytes().to_vec()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        Self::from_revision(i64::from_be_bytes(bytes.try_into().ok()?))
    }
}

/// Of a list that goes by number.
impl Cursor for u32 {
    fn encode(&self) -> Vec<u8> {
        self.to_be_bytes().to_vec()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_be_bytes)
    }
}

fn digest<const BYTES: usize>(parts: &[&[u8]]) -> [u8; BYTES] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut short = [0; BYTES];
    for (to, from) in short.iter_mut().zip(hash.finalize()) {
        *to = from;
    }
    short
}
