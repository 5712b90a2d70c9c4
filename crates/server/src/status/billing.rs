//! Refusals of the use cases on billing.

use app::billing::BillingError;
use billing::Rejection;
use tonic::Status;

use super::{ErrorReason, FieldViolation, IntoStatus, Refusal};

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let text = rejection.to_string();
        let field =
            |field: &str, text: String| Self::fields(vec![FieldViolation::new(field, text)]);
        match rejection {
            Rejection::EtagMismatch { current, .. } => {
                Self::new(ErrorReason::EtagMismatch, text).with("current", current)
            }
            Rejection::OperationTypeRetired => Self::new(ErrorReason::OperationTypeRetired, text),
            Rejection::Unpriced => Self::new(ErrorReason::Unpriced, text),
            Rejection::NotDivisible { .. } | Rejection::TotalTooLarge => field("quantity", text),
            Rejection::EditCoversItself => field("terms.covers_edit", text),
            Rejection::PriceInThePast => field("valid_from", text),
            Rejection::PriceChangeTooLarge { old, new } => {
                Self::new(ErrorReason::PriceChangeTooLarge, text).with("old", old).with("new", new)
            }
            Rejection::PlanRequired { .. } => field("event.plan_id", text),
            Rejection::EventInTheFuture => field("event.occur_time", text),
            Rejection::QuotaExhausted { limit, used, resets_at } => {
                Self::new(ErrorReason::QuotaExhausted, text)
                    .with("limit", limit)
                    .with("used", used)
                    .with("reset_time", resets_at)
            }
        }
    }
}

impl From<BillingError> for Refusal {
    fn from(error: BillingError) -> Self {
        let reason = match error {
            BillingError::Rejected(rejection) => return rejection.into(),
            BillingError::Store(error) => return error.into(),
            BillingError::IdReused(ref id) => {
                return Self::new(ErrorReason::RequestIdReused, error.to_string())
                    .with("request_id", id);
            }
            BillingError::UserNotFound => ErrorReason::UserNotFound,
            BillingError::OperationTypeNotFound => ErrorReason::OperationTypeNotFound,
            BillingError::OperationTypeTaken => ErrorReason::OperationTypeTaken,
            BillingError::PlanNotFound => ErrorReason::PlanNotFound,
            BillingError::PlanExternalIdTaken => ErrorReason::PlanExternalIdTaken,
            BillingError::TakeNotFound => ErrorReason::QuotaTakeNotFound,
        };
        Self::new(reason, error.to_string())
    }
}

impl IntoStatus for BillingError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}
