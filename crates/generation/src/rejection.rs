//! Why nothing is done to a job, or none is accepted.

use kernel::RequestId;

use crate::{Ability, JobState, ModelName, Submission};

/// An expected answer, with what a caller needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    #[error("the request id {0} was used with another payload")]
    RequestIdReused(RequestId),
    #[error("there is no model {model}")]
    ModelUnknown { model: ModelName },
    #[error("the model {model} is retired")]
    ModelRetired { model: ModelName, replacement: Option<ModelName> },
    #[error("the model {model} cannot do {ability}")]
    ModelUnable { model: ModelName, ability: Ability },
    #[error("nobody who has the model {model} is set up")]
    ModelUnavailable { model: ModelName },
    #[error("the model {model} takes at most {max} of {what}")]
    ModelLimit { model: ModelName, what: &'static str, max: u32 },
    #[error("somebody else works on the job by now")]
    LeaseLost,
    #[error("the job is {state}, and stays so")]
    Ended { state: JobState },
    #[error("the job is {state}: only one that has ended without success is tried again")]
    NotRetryable { state: JobState },
    #[error("a submission that is {submission} cannot become that")]
    OutOfOrder { submission: Submission },
    #[error("cancelling was asked for")]
    CancelAsked,
    #[error("the job's time is over")]
    DeadlinePassed,
    #[error("the job is not stuck: it goes on by itself")]
    NotStuck,
}
