//! Refusals of the use cases on the ledger.

use app::LedgerError;
use app::ledger::{BatchError, Refusal as NotCarriedOut, UsageError};
use ledger::Rejection;
use tonic::Status;

use super::{ErrorReason, FieldViolation, IntoStatus, Refusal, spec};

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        let text = rejection.to_string();
        match rejection {
            Rejection::RequestIdReused(request) => {
                Self::new(ErrorReason::RequestIdReused, text).with("request_id", request)
            }
            Rejection::StaleVersion { expected, current } => {
                Self::new(ErrorReason::StaleVersion, text)
                    .with("expected", expected)
                    .with("current", current)
            }
            Rejection::InsufficientCredits { required, available } => {
                Self::new(ErrorReason::InsufficientCredits, text)
                    .with("required", required)
                    .with("available", available)
            }
            Rejection::TransactionNotFound(_) => Self::new(ErrorReason::TransactionNotFound, text),
            Rejection::NotAHold => Self::new(ErrorReason::NotAHold, text),
            Rejection::HoldCaptured { captured } => {
                Self::new(ErrorReason::HoldCaptured, text).with("captured", captured)
            }
            Rejection::HoldReleased => Self::new(ErrorReason::HoldReleased, text),
            Rejection::HoldLapsed { at } => {
                Self::new(ErrorReason::HoldLapsed, text).with("lapse_time", at)
            }
            Rejection::CaptureExceedsHold { held, requested } => {
                Self::new(ErrorReason::CaptureExceedsHold, text)
                    .with("held", held)
                    .with("requested", requested)
            }
            Rejection::NotRefundable { kind, status } => {
                Self::new(ErrorReason::NotRefundable, text)
                    .with("kind", kind.as_str())
                    .with("status", status.as_str())
            }
            Rejection::RefundExceedsCharge { charged, refunded, requested } => {
                Self::new(ErrorReason::RefundExceedsCharge, text)
                    .with("charged", charged)
                    .with("refunded", refunded)
                    .with("requested", requested)
            }
            Rejection::ExpiresTooSoon { .. } => {
                Self::fields(vec![FieldViolation::new("expire_time", text)])
            }
            Rejection::BalanceLimit => Self::new(ErrorReason::BalanceLimit, text),
        }
    }
}

impl From<LedgerError> for Refusal {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::UserNotFound => Self::new(ErrorReason::UserNotFound, error.to_string()),
            LedgerError::Barred(rejection) => rejection.into(),
            LedgerError::Rejected(rejection) => rejection.into(),
            LedgerError::Overloaded => Self::new(ErrorReason::Overloaded, error.to_string()),
            LedgerError::Store(error) => error.into(),
        }
    }
}

impl From<NotCarriedOut> for Refusal {
    fn from(refusal: NotCarriedOut) -> Self {
        LedgerError::from(refusal).into()
    }
}

impl IntoStatus for LedgerError {
    fn into_status(self) -> Status {
        Refusal::from(self).into_status()
    }
}

impl IntoStatus for BatchError {
    fn into_status(self) -> Status {
        match self {
            Self::Aborted { index, refusal } => {
                let Refusal { reason, message, .. } = refusal.into();
                let message = format!("command {index} was refused: {message}");
                Refusal::new(ErrorReason::BatchAborted, message)
                    .with("index", index)
                    .with("reason", spec(reason).name)
                    .into_status()
            }
            Self::Overloaded => LedgerError::Overloaded.into_status(),
            Self::Store(error) => error.into_status(),
        }
    }
}

impl IntoStatus for UsageError {
    fn into_status(self) -> Status {
        let field = |field: &str, error: &Self| {
            Refusal::fields(vec![FieldViolation::new(field, error.to_string())]).into_status()
        };
        match self {
            Self::TooLong => field("start_time", &self),
            Self::TooManyGroups => field("group_by", &self),
            Self::Ledger(error) => error.into_status(),
        }
    }
}

#[cfg(test)]
mod tests;
