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
mod id;
mod json;
mod kind;
mod life;
mod page;
mod request;
mod text;
mod timestamp;
mod total;

pub use change::Change;
pub use credits::{Credits, CreditsError, Delta};
pub use etag::{Etag, EtagError};
pub use id::{
    ActivityId, ApiKeyId, AssetId, CharacterId, ConversationId, FeatureId, IdError, JobId, LotId,
    OutputId, PlanId, PriceVersionId, ProjectId, ShareLinkId, SubscriptionEventId, TransactionId,
    UserId,
};
pub use json::Json;
pub use kind::OutputKind;
pub use life::{Life, LifeError};
pub use page::{Page, PageSize, PageSizeError, Position};
pub use request::{Digest, RequestId, RequestIdError};
pub use text::{Line, Prose, TextError};
pub use timestamp::{Span, Timestamp};
pub use total::Total;
