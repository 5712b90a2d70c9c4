//! Assets: files that belong to users, kept in our store or in somebody else's.
//!
//! Values that cannot be wrong, what can be read from bytes, and pure decisions. Bytes themselves
//! are moved elsewhere; here is only what they must be.

mod asset;
pub mod decide;
mod key;
mod media_type;
mod parts;
pub mod probe;
mod rejection;
mod sniff;
mod texts;

pub use asset::{Asset, AssetPatch, Content, Metadata, Place, State};
pub use key::{PREFIX, storage_key};
pub use media_type::{Kind, MediaType, MediaTypeError};
pub use parts::{Parts, Stop, Unreadable};
pub use probe::{Facts, Size, probe, probe_whole};
pub use rejection::Rejection;
pub use sniff::sniff;
pub use texts::{ContentType, FileName, ObjectPath, Provider, TextError, Url, UrlError};
