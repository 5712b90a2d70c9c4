//! What answers and refusals of the store mean.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use ports::MediaError;

/// The answer, or `None` where there is no such object.
pub(crate) fn found<T, E, R>(answer: Result<T, SdkError<E, R>>) -> Result<Option<T>, MediaError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) => match error.as_service_error().and_then(ProvideErrorMetadata::code) {
            Some("NoSuchKey" | "NotFound") => Ok(None),
            Some(_) | None => Err(media_error(error)),
        },
    }
}

pub(crate) fn media_error<E, R>(error: SdkError<E, R>) -> MediaError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let busy = ["InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout"];
    let refused = error
        .as_service_error()
        .is_some_and(|service| !service.code().is_some_and(|code| busy.contains(&code)));
    if refused {
        MediaError::Refused(Box::new(error))
    } else {
        MediaError::Unavailable(Box::new(error))
    }
}

/// The store's own word for a range that begins behind the end.
pub(crate) fn is_behind_the_end<E, R>(error: &SdkError<E, R>) -> bool
where
    E: ProvideErrorMetadata,
{
    error.as_service_error().and_then(ProvideErrorMetadata::code) == Some("InvalidRange")
}
