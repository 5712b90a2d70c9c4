//! Refusals of the use cases on assets.

use app::AssetError;
use assets::Rejection;
use ports::{FetchError, MediaError};
use tonic::Status;

use super::{Chain, ErrorReason, IntoStatus, Refusal};

impl IntoStatus for AssetError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

impl From<AssetError> for Refusal {
    fn from(error: AssetError) -> Self {
        let text = error.to_string();
        match error {
            AssetError::UserNotFound => Self::new(ErrorReason::UserNotFound, text),
            AssetError::NotFound { id } => {
                Self::new(ErrorReason::AssetNotFound, text).with("asset_id", id)
            }
            AssetError::Barred(rejection) => rejection.into(),
            AssetError::Rejected(rejection) => rejection.into(),
            AssetError::Unsupported => Self::new(ErrorReason::MediaUnsupported, text),
            AssetError::TooLarge { limit } => {
                Self::new(ErrorReason::MediaTooLarge, text).with("limit_bytes", limit)
            }
            AssetError::NoMediaStore => Self::new(ErrorReason::MediaStoreAbsent, text),
            AssetError::Fetch(error) => error.into(),
            AssetError::Media(error) => error.into(),
            AssetError::Store(error) => error.into(),
        }
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let text = rejection.to_string();
        match rejection {
            Rejection::EtagMismatch { current, .. } => {
                Self::new(ErrorReason::EtagMismatch, text).with("current", current)
            }
            Rejection::Deleted => Self::new(ErrorReason::AssetDeleted, text),
            Rejection::NotDeleted => Self::new(ErrorReason::AssetNotDeleted, text),
            Rejection::NotStored => Self::new(ErrorReason::AssetNotStored, text),
            Rejection::External => Self::new(ErrorReason::AssetExternal, text),
            Rejection::UploadMissing => Self::new(ErrorReason::UploadMissing, text),
            Rejection::UploadDiffers { what, expected, found } => {
                Self::new(ErrorReason::UploadDiffers, text)
                    .with("what", what)
                    .with("expected", expected)
                    .with("found", found)
            }
            Rejection::Unreadable(_) => Self::new(ErrorReason::MediaUnreadable, text),
        }
    }
}

impl From<FetchError> for Refusal {
    fn from(error: FetchError) -> Self {
        // The chain is for the log: what a name resolves to is none of the caller's business.
        tracing::info!(error = %Chain(&error), "a file of the web was not fetched");
        let text = error.to_string();
        match error {
            FetchError::Forbidden(_) => Self::new(ErrorReason::UrlForbidden, text),
            FetchError::TooLarge { limit } => {
                Self::new(ErrorReason::MediaTooLarge, text).with("limit_bytes", limit)
            }
            FetchError::Status(_)
            | FetchError::TooManyRedirects
            | FetchError::TimedOut
            | FetchError::Unreachable(_) => {
                Self::new(ErrorReason::FetchFailed, "the file could not be fetched")
                    .with("cause", text)
            }
        }
    }
}

impl From<MediaError> for Refusal {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::Unavailable(_) => {
                tracing::warn!(error = %Chain(&error), "the media store failed a call");
                Self::new(ErrorReason::DependencyUnavailable, "the media store does not answer")
            }
            MediaError::Refused(_) | MediaError::TooLarge { .. } => {
                tracing::error!(error = %Chain(&error), "the media store refused what it should take");
                Self::new(ErrorReason::DependencyUnavailable, "the media store refuses")
            }
        }
    }
}
