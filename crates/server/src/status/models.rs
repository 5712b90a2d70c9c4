//! Refusals of the use cases on models.

use app::ModelsError;
use generation::ModelRejection;
use tonic::Status;

use super::{ErrorReason, IntoStatus, Refusal};

impl From<ModelRejection> for Refusal {
    fn from(rejection: ModelRejection) -> Self {
        let text = rejection.to_string();
        let (name, cause) = match rejection {
            ModelRejection::EtagMismatch { current } => {
                return Self::new(ErrorReason::EtagMismatch, text).with("current", current);
            }
            ModelRejection::TooMany { max } => {
                return Self::new(ErrorReason::TooManyModels, text).with("limit", max);
            }
            ModelRejection::NameTaken => return Self::new(ErrorReason::ModelNameTaken, text),
            ModelRejection::RoutesMissing => {
                return Self::new(ErrorReason::ModelRoutesMissing, text);
            }
            ModelRejection::ReplacementUnknown { name } => (name, "unknown"),
            ModelRejection::ReplacementRetired { name } => (name, "retired"),
            ModelRejection::ReplacementCycle { name } => (name, "cycle"),
            ModelRejection::ReplacementUnable { name, ability: _ } => (name, "unable"),
        };
        Self::new(ErrorReason::ModelReplacementUnfit, text)
            .with("replacement", name)
            .with("cause", cause)
    }
}

impl From<ModelsError> for Refusal {
    fn from(error: ModelsError) -> Self {
        let text = error.to_string();
        match error {
            ModelsError::NotFound(name) => {
                Self::new(ErrorReason::ModelNotFound, text).with("model", name)
            }
            ModelsError::ProviderNotFound(name) => {
                Self::new(ErrorReason::ProviderNotFound, text).with("provider", name)
            }
            ModelsError::Rejected(rejection) => rejection.into(),
            ModelsError::Store(error) => error.into(),
        }
    }
}

impl IntoStatus for ModelsError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}
