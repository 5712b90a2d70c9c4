//! What is wrong with a file, in few words.

use assets::Stop;
use ports::{Cause, DarkroomError};

/// A file that breaks the rules of its format, as a phrase after "the file".
pub(crate) fn unreadable<T>(what: &'static str) -> Result<T, DarkroomError> {
    Err(DarkroomError::Unreadable { what, cause: None })
}

/// The same, with what a decoder says of it.
pub(crate) fn undecodable(
    what: &'static str,
) -> impl FnOnce(Box<dyn std::error::Error + Send + Sync>) -> DarkroomError {
    move |cause: Cause| DarkroomError::Unreadable { what, cause: Some(cause) }
}

/// A file that would take more than it is given, as a phrase after "the file".
pub(crate) fn too_much<T>(what: &'static str) -> Result<T, DarkroomError> {
    Err(DarkroomError::TooMuch { what })
}

/// What reading without decoding says of a file that is there as a whole.
pub(crate) fn read<T>(read: Result<T, Stop>) -> Result<T, DarkroomError> {
    read.or_else(|stop| match stop {
        Stop::Unreadable(problem) => unreadable(problem.0),
        // What a whole file lacks lies beyond its end.
        Stop::Need { .. } => unreadable("ends too early"),
    })
}
