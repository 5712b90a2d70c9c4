//! Why a command on an asset is refused.

use kernel::Etag;

use crate::Unreadable;

/// A refusal that is no failure: the caller can tell what to do from it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the asset is at revision {current}, not {expected}")]
    EtagMismatch { expected: Etag, current: Etag },
    #[error("the asset is deleted")]
    Deleted,
    #[error("the asset is not deleted")]
    NotDeleted,
    /// The upload was announced and is not finished.
    #[error("the asset's bytes are not there yet")]
    NotStored,
    /// What is asked for can be done only to bytes in our store.
    #[error("the asset's bytes are kept by another provider")]
    External,
    /// Nothing has been uploaded to the address.
    #[error("nothing has been uploaded")]
    UploadMissing,
    /// Something else has been uploaded than was announced.
    #[error("the upload's {what} is {found}, not {expected}")]
    UploadDiffers { what: &'static str, expected: String, found: String },
    #[error("the file {0}")]
    Unreadable(Unreadable),
}
