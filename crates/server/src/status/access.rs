//! Refusals of the use cases on API keys.

use access::{Rejection, Scopes};
use app::access::{IssueApiKeyError, RevokeApiKeyError, RotateApiKeyError};
use tonic::Status;

use super::{ErrorReason, FieldViolation, IntoStatus, Refusal};

impl IntoStatus for IssueApiKeyError {
    fn into_status(self) -> Status {
        match self {
            Self::Rejected(rejection) => rejection.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for RotateApiKeyError {
    fn into_status(self) -> Status {
        match self {
            Self::NotFound => not_found(),
            Self::Rejected(rejection) => rejection.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for RevokeApiKeyError {
    fn into_status(self) -> Status {
        match self {
            Self::NotFound => not_found(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for Rejection {
    fn into_status(self) -> Status {
        match self {
            Self::NoScope => {
                Refusal::fields(vec![FieldViolation::new("scopes", "must name at least one scope")])
            }
            Self::ScopesBeyondIssuer { missing } => scope_missing(missing),
            Self::Inactive { .. } => Refusal::new(ErrorReason::ApiKeyInactive, self.to_string()),
        }
        .into_status()
    }
}

fn not_found() -> Status {
    Refusal::new(ErrorReason::ApiKeyNotFound, "there is no such API key").into_status()
}

fn scope_missing(missing: Scopes) -> Refusal {
    let text = format!("a key cannot have scopes that its issuer lacks: {missing}");
    Refusal::new(ErrorReason::ScopeMissing, text).with("scope", missing)
}
