//! The studio: the built-in provider that needs no network, no key and no model.
//!
//! Pure functions from an order and a seed to files that decode. It is a stand-in, and says so in
//! every file it makes.

#![forbid(unsafe_code)]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "`draw::draw` sends every thing to its family; within one, the rest are of one shape"
)]

pub mod cancel;
pub mod character;
pub mod collage;
pub mod edit;
pub mod error;
pub mod image;
pub mod paint;
mod provider;
pub mod speech;
pub mod text;
pub mod video;
mod words;

pub use cancel::Work;
pub use error::StudioError;
pub use provider::{Settings, Studio};
