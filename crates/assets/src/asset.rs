//! An asset, where its bytes are, and a change of what callers say of it.

use kernel::{AssetId, Change, Digest, Etag, Json, Position, Timestamp, UserId};

use crate::{ContentType, Facts, FileName, Kind, MediaType, ObjectPath, Provider, Url};

/// Whatever the product keeps with an asset: a JSON object of at most 8 KiB.
pub type Metadata = Json<8192>;

/// A file of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    pub user: UserId,
    pub id: AssetId,
    pub name: FileName,
    /// If the caller gave any.
    pub metadata: Option<Metadata>,
    pub place: Place,
    /// Since when it is deleted. Its bytes stay until it is purged.
    pub deleted_at: Option<Timestamp>,
    /// Grows by one with each change.
    pub etag: Etag,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Where the bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In our store, or to be.
    Ours { key: String, content: Content, state: State },
    /// With somebody else, and whatever they say of them.
    Elsewhere {
        provider: Provider,
        url: Url,
        path: Option<ObjectPath>,
        content_type: Option<ContentType>,
        bytes: Option<u64>,
    },
}

/// What the bytes are, as announced and as they were found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    pub media: MediaType,
    pub bytes: u64,
    /// SHA-256.
    pub digest: Digest,
}

/// How far bytes in our store are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// They were announced and may be uploaded until then.
    Pending { until: Timestamp },
    /// They are there, were checked, and do not change any more.
    Stored { at: Timestamp, facts: Facts },
}

/// A change of what callers say of an asset.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetPatch {
    /// `None` keeps the name: it cannot be cleared.
    pub name: Option<FileName>,
    pub metadata: Change<Metadata>,
}

impl Asset {
    /// Where the asset stands in lists.
    pub fn position(&self) -> Position<AssetId> {
        Position { created_at: self.created_at, id: self.id }
    }

    /// `None` for what others keep without saying of what type it is.
    pub fn content_type(&self) -> Option<&str> {
        match &self.place {
            Place::Ours { content, .. } => Some(content.media.as_str()),
            Place::Elsewhere { content_type, .. } => content_type.as_ref().map(ContentType::as_str),
        }
    }

    /// By the content type. What is of none that is known is a document.
    pub fn kind(&self) -> Kind {
        match &self.place {
            Place::Ours { content, .. } => content.media.kind(),
            Place::Elsewhere { content_type, .. } => {
                let class = content_type.as_ref().and_then(|text| text.as_str().split('/').next());
                let named = Kind::ALL.into_iter().find(|kind| Some(kind.as_str()) == class);
                named.unwrap_or(Kind::Document)
            }
        }
    }

    pub fn is_pending(&self) -> bool {
        match &self.place {
            Place::Ours { state: State::Pending { .. }, .. } => true,
            Place::Ours { state: State::Stored { .. }, .. } | Place::Elsewhere { .. } => false,
        }
    }
}
