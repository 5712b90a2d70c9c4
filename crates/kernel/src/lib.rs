//! Values that every domain shares: typed ids, credits, moments, pages, request ids.
//!
//! No rule of any domain lives here, no clock, no randomness and no IO: a value is made from what
//! the caller hands in, or refused.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        clippy::as_conversions,
        clippy::indexing_slicing
    )
)]

mod change;
mod credits;
mod etag;
mod fields;
mod id;
mod named;
mod page;
mod request;
mod text;
mod timestamp;
mod total;

pub use change::Change;
pub use credits::{Credits, CreditsError, Delta};
pub use etag::{Etag, EtagError};
pub use fields::{Fields, Patch};
pub use id::{
    ApiKeyId, AssetId, CharacterId, CollectionId, IdError, LotId, ProjectId, SceneId, ThemeId,
    TransactionId, UserId, VariantId,
};
pub use named::UnknownName;
pub use page::{Page, PageSize, PageSizeError, Position};
pub use request::{Digest, RequestId, RequestIdError};
pub use text::{Block, JsonObject, Labels, Line, TextError};
pub use timestamp::{Span, Timestamp};
pub use total::Total;
