//! Refusals of the use cases on jobs, and of those who follow what happens.

use app::JobError;
use app::jobs::FollowError;
use generation::Rejection;
use tonic::Status;

use super::{Chain, ErrorReason, IntoStatus, Refusal};

impl From<JobError> for Refusal {
    fn from(error: JobError) -> Self {
        let text = error.to_string();
        match error {
            JobError::UserNotFound => Self::new(ErrorReason::UserNotFound, text),
            JobError::JobNotFound => Self::new(ErrorReason::JobNotFound, text),
            JobError::ProjectNotFound => Self::new(ErrorReason::ProjectNotFound, text),
            JobError::ConversationNotFound => Self::new(ErrorReason::ConversationNotFound, text),
            JobError::SourceNotFound(id) => {
                Self::new(ErrorReason::AssetNotFound, text).with("asset_id", id)
            }
            JobError::SubjectNotFound => Self::new(ErrorReason::JobSubjectNotFound, text),
            JobError::Rejected(rejection) => rejection.into(),
            JobError::Barred(rejection) => rejection.into(),
            JobError::Billing(error) => error.into(),
            JobError::Ledger(rejection) => rejection.into(),
            JobError::Asset(error) => error.into(),
            JobError::Store(error) => error.into(),
        }
    }
}

impl IntoStatus for JobError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let text = rejection.to_string();
        match rejection {
            Rejection::RequestIdReused(request) => {
                Self::new(ErrorReason::RequestIdReused, text).with("request_id", request)
            }
            Rejection::ModelUnknown { model } => {
                Self::new(ErrorReason::ModelNotFound, text).with("model", model)
            }
            Rejection::ModelRetired { model, replacement } => {
                let replacement = replacement.map(|name| name.to_string()).unwrap_or_default();
                Self::new(ErrorReason::ModelRetired, text)
                    .with("model", model)
                    .with("replacement", replacement)
            }
            Rejection::ModelUnable { model, ability } => Self::new(ErrorReason::ModelUnable, text)
                .with("model", model)
                .with("ability", ability),
            Rejection::ModelUnavailable { model } => {
                Self::new(ErrorReason::ModelUnavailable, text).with("model", model)
            }
            Rejection::ModelLimit { model, what, max } => Self::new(ErrorReason::ModelLimit, text)
                .with("model", model)
                .with("what", what)
                .with("limit", max),
            Rejection::Ended { state } => {
                Self::new(ErrorReason::JobEnded, text).with("state", state.public())
            }
            Rejection::NotRetryable { state } => {
                Self::new(ErrorReason::JobNotRetryable, text).with("state", state.public())
            }
            Rejection::NotStuck => Self::new(ErrorReason::JobNotStuck, text),
            // Between workers. A caller who meets one was overtaken by whoever works on the job.
            Rejection::LeaseLost
            | Rejection::OutOfOrder { .. }
            | Rejection::CancelAsked
            | Rejection::DeadlinePassed => {
                tracing::warn!(error = %Chain(&rejection), "a caller was told what workers are");
                Self::new(ErrorReason::Contention, "the job has changed meanwhile")
            }
        }
    }
}

/// Why a stream of events ends: with the token that goes on from there.
pub fn cut_off(error: FollowError, resume_token: String) -> Status {
    let text = error.to_string();
    match error {
        FollowError::TooSlow => Refusal::new(ErrorReason::StreamTooSlow, text)
            .with("resume_token", resume_token)
            .into_status(),
        FollowError::Store(error) => error.into_status(),
    }
}
