//! The darkroom: files of media are decoded, measured and made smaller.
//!
//! Pure functions from bytes to bytes, each within limits that hold whatever the bytes say; where
//! they run is in `local`. What can be read from a file without decoding it is in `assets`; where
//! bytes are kept, in `media-s3`.

mod develop;
mod drawings;
mod films;
mod flaw;
mod local;
mod pictures;
mod prints;
mod sheet;
mod sounds;

pub use develop::develop;
pub use drawings::clean;
pub use local::{LocalDarkroom, Patience};
pub use sheet::sheet;
