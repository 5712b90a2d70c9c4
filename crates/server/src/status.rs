//! Statuses: how a refusal of any part becomes what a caller reads.
//!
//! The reasons and their codes are the catalogue of `proto/atelier/common/v1/error.proto`, read
//! from its descriptors. Nothing else in the server names a status code for a refusal of its own.

mod access;
mod activity;
mod assets;
mod billing;
mod catalog;
mod catalogue;
mod jobs;
mod ledger;
mod library;
mod models;
mod projects;
mod users;

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use ports::StoreError;
pub use proto::atelier::common::v1::ErrorReason;
use tonic::Status;
use tonic_types::{ErrorDetails, FieldViolation as WireViolation, StatusExt};

pub use catalogue::{Spec, reason_from_name, spec};
pub(crate) use jobs::cut_off;

/// The domain of every `google.rpc.ErrorInfo` that this service sends.
pub const DOMAIN: &str = "atelier";

// 1 KiB: a message of 16 KiB or more is lost on the way, and percent-encoding can triple it.
pub(crate) const MESSAGE_BYTES_MAX: usize = 1024;

// 4 KiB for the message and all details: with base64 and the caller's own headers well below the
// 16 KiB that clients take as a header list.
pub(crate) const STATUS_BYTES_MAX: usize = 4096;

// What the violations may take of that; the rest is the message (twice, for the details repeat
// it) and the `ErrorInfo`.
const VIOLATIONS_BYTES_MAX: usize = 1280;

// One violation: its field's path and its description, each.
const VIOLATION_TEXT_BYTES_MAX: usize = 200;

// One value of an `ErrorInfo`; no catalogue entry has more than three.
const METADATA_VALUE_BYTES_MAX: usize = 128;

// 1 s: long enough for a batch to commit or a server to restart, short enough not to be noticed.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// One thing wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The path of the field, as in `items[2].amount`.
    pub field: String,
    /// What is wrong with it, for people.
    pub description: String,
}

impl FieldViolation {
    pub fn new(field: impl Into<String>, description: impl Into<String>) -> Self {
        Self { field: field.into(), description: description.into() }
    }
}

/// Why a call is refused, before it is rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub reason: ErrorReason,
    /// For people. Holds no secret and nothing of the server's inside.
    pub message: Cow<'static, str>,
    /// The `metadata` of the `ErrorInfo`: exactly the keys that the catalogue declares.
    pub metadata: Vec<(&'static str, String)>,
    pub violations: Vec<FieldViolation>,
    /// When to try again. Only for reasons that the catalogue calls retryable, which wait a second
    /// unless told otherwise.
    pub retry_delay: Option<Duration>,
}

impl Refusal {
    pub fn new(reason: ErrorReason, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            reason,
            message: message.into(),
            metadata: Vec::new(),
            violations: Vec::new(),
            retry_delay: None,
        }
    }

    /// `INVALID_FIELDS`, with every violation that was found.
    pub fn fields(violations: Vec<FieldViolation>) -> Self {
        let message = match violations.as_slice() {
            [only] => format!("{}: {}", only.field, only.description),
            several => format!("{} fields are not valid", several.len()),
        };
        Self { violations, ..Self::new(ErrorReason::InvalidFields, message) }
    }

    /// `INTERNAL`. The cause is to be logged by whoever knows it: the caller sees a request id
    /// only, which the server adds on the way out.
    pub fn internal() -> Self {
        Self::new(ErrorReason::Internal, "internal error")
    }

    /// `DEADLINE_EXCEEDED`.
    pub fn deadline_exceeded() -> Self {
        Self::new(ErrorReason::DeadlineExceeded, "the deadline passed")
    }

    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl ToString) -> Self {
        self.metadata.push((key, value.to_string()));
        self
    }

    #[must_use]
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_delay = Some(delay);
        self
    }
}

/// Ends as a status. A trait of this crate, for neither side is ours.
pub trait IntoStatus {
    fn into_status(self) -> Status;
}

impl IntoStatus for Refusal {
    fn into_status(self) -> Status {
        let spec = spec(self.reason);
        debug_assert!(
            self.reason == ErrorReason::Internal || spec.declares(&self.metadata),
            "{} declares the metadata {:?}, not {:?}",
            spec.name,
            spec.metadata,
            self.metadata
        );
        let message = truncated(self.message, MESSAGE_BYTES_MAX);
        let mut details = ErrorDetails::new();
        let metadata: HashMap<String, String> = (self.metadata.into_iter())
            .map(|(key, value)| {
                (key.to_owned(), truncated(value.into(), METADATA_VALUE_BYTES_MAX).into_owned())
            })
            .collect();
        details.set_error_info(spec.name, DOMAIN, metadata);
        if spec.retryable {
            details.set_retry_info(Some(self.retry_delay.unwrap_or(RETRY_DELAY)));
        }
        if !self.violations.is_empty() {
            details.set_bad_request(capped(self.violations));
        }
        Status::with_error_details(spec.code, message, details)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Contention(_) => {
                Self::new(ErrorReason::Contention, "lost a race several times in a row")
            }
            StoreError::DeadlineExceeded => Self::deadline_exceeded(),
            StoreError::Unavailable(_) | StoreError::CommitUnknown(_) => {
                tracing::warn!(error = %Chain(&error), "the store failed a call");
                Self::new(ErrorReason::DependencyUnavailable, "the store does not answer")
            }
            StoreError::Conflict { .. } | StoreError::Corrupt { .. } => {
                tracing::error!(error = %Chain(&error), "the store refused what the rules allow");
                Self::internal()
            }
        }
    }
}

impl IntoStatus for StoreError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

/// An error with its causes in one line, for the log: `Display` of an error leaves them out.
pub struct Chain<'a>(pub &'a dyn Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

fn capped(violations: Vec<FieldViolation>) -> Vec<WireViolation> {
    let all = violations.len();
    let mut kept = Vec::new();
    let mut bytes = 0;
    for FieldViolation { field, description } in violations {
        let field = truncated(field.into(), VIOLATION_TEXT_BYTES_MAX).into_owned();
        let description = truncated(description.into(), VIOLATION_TEXT_BYTES_MAX).into_owned();
        bytes += field.len() + description.len();
        if bytes > VIOLATIONS_BYTES_MAX {
            kept.push(WireViolation::new("", format!("and {} more", all - kept.len())));
            break;
        }
        kept.push(WireViolation::new(field, description));
    }
    kept
}

/// `text`, cut at a character's boundary so that it takes at most `bytes_max`.
pub(crate) fn truncated(text: Cow<'_, str>, bytes_max: usize) -> Cow<'_, str> {
    const MARK: &str = "…";
    if text.len() <= bytes_max {
        return text;
    }
    let end = text.floor_char_boundary(bytes_max - MARK.len());
    Cow::Owned(format!("{}{MARK}", &text[..end]))
}

#[cfg(test)]
mod tests;
