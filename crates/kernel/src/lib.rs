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
mod event;
mod fields;
mod id;
mod json;
mod kind;
mod labels;
mod life;
mod named;
mod page;
mod request;
mod text;
mod timestamp;
mod total;

pub use change::Change;
pub use credits::{Credits, CreditsError, Delta};
pub use etag::{Etag, EtagError};
pub use event::{Event, EventDetails, EventKind, EventPosition};
pub use fields::{Fields, Patch};
pub use id::{
    ActivityId, ApiKeyId, AssetId, CharacterId, CollectionId, ConversationId, FeatureId, IdError,
    JobId, LotId, OutputId, PlanId, PriceVersionId, ProjectId, SceneId, ShareLinkId,
    SubscriptionEventId, ThemeId, TransactionId, UserId, VariantId,
};
pub use json::Json;
pub use kind::OutputKind;
pub use labels::{Labels, LabelsError};
pub use life::{Life, LifeError};
pub use named::UnknownName;
pub use page::{Page, PageSize, PageSizeError, Position};
pub use request::{Digest, RequestId, RequestIdError};
pub use text::{Line, Prose, TextError};
pub use timestamp::{Span, Timestamp};
pub use total::Total;
