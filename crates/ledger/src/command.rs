//! Commands: what a caller asks of an account.

#[cfg(test)]
mod tests;

use kernel::{Credits, Digest, LotId, RequestId, Span, Timestamp, TransactionId, UserId};
use sha2::{Digest as _, Sha256};

use crate::lot::LotSource;
use crate::operation::Operation;
use crate::transaction::{LateCapture, OverCapture, ReleaseOutcome};

/// A call that moves credits, with everything that a decision needs beyond the book and the clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    pub user: UserId,
    pub request: RequestId,
    /// Of the action, normalised: the same request id must always come with the same digest.
    pub digest: Digest,
    /// Refused unless the account is at this version.
    pub expected_version: Option<u64>,
    /// Tells ids apart that are made in the same microsecond.
    pub nonce: u64,
    pub action: Action,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Reserve and capture in one step.
    Deduct { amount: Credits, operation: Operation },
    /// Set credits aside.
    Reserve {
        amount: Credits,
        lease: Span,
        over_capture: OverCapture,
        late_capture: LateCapture,
        operation: Operation,
    },
    /// Charge a hold, `amount` or all that it holds. What is left returns.
    Capture { hold: TransactionId, amount: Option<Credits> },
    /// Give all of a hold back.
    Release { hold: TransactionId, outcome: ReleaseOutcome },
    /// Let a hold lapse `lease` from now instead.
    ExtendHold { hold: TransactionId, lease: Span },
    /// Give a charge back, `amount` or all that is left of it.
    Refund { charge: TransactionId, amount: Option<Credits>, operation: Operation },
    /// Credits that were paid for.
    Purchase { amount: Credits, expires_at: Option<Timestamp>, operation: Operation },
    /// Credits that are given.
    Grant(GrantTerms),
    /// Credits by an operator's word.
    AdjustUp { amount: Credits, operation: Operation },
    /// Credits taken by an operator's word.
    AdjustDown { amount: Credits, operation: Operation },
    /// All that is left of one lot, taken because what it was given for was paid back.
    TakeBack { lot: LotId, operation: Operation },
}

/// What is granted, and on which terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantTerms {
    pub source: LotSource,
    pub amount: Credits,
    /// `None`: the default of the source.
    pub priority: Option<u16>,
    /// `None`: at once.
    pub effective_at: Option<Timestamp>,
    /// `None`: never.
    pub expires_at: Option<Timestamp>,
    pub operation: Operation,
}

impl Command {
    pub fn new(user: UserId, request: RequestId, nonce: u64, action: Action) -> Self {
        let digest = action.digest();
        Self { user, request, digest, expected_version: None, nonce, action }
    }

    pub fn expecting(self, version: Option<u64>) -> Self {
        Self { expected_version: version, ..self }
    }

    /// Which transaction of the account the command is about, beside the one that it makes.
    pub fn target(&self) -> Option<TransactionId> {
        match &self.action {
            Action::Capture { hold, .. }
            | Action::Release { hold, .. }
            | Action::ExtendHold { hold, .. } => Some(*hold),
            Action::Refund { charge, .. } => Some(*charge),
            Action::Deduct { .. }
            | Action::Reserve { .. }
            | Action::Purchase { .. }
            | Action::Grant(_)
            | Action::AdjustUp { .. }
            | Action::AdjustDown { .. }
            | Action::TakeBack { .. } => None,
        }
    }
}

impl Action {
    /// Whether it needs credits that are there.
    pub const fn spends(&self) -> bool {
        match self {
            Self::Deduct { .. } | Self::Reserve { .. } => true,
            Self::Capture { .. }
            | Self::Release { .. }
            | Self::ExtendHold { .. }
            | Self::Refund { .. }
            | Self::Purchase { .. }
            | Self::Grant(_)
            | Self::AdjustUp { .. }
            | Self::AdjustDown { .. }
            | Self::TakeBack { .. } => false,
        }
    }

    /// Equal for equal payloads, however the caller wrote them: `1`, `1.0` and `1.00` are one.
    fn digest(&self) -> Digest {
        let mut payload = Payload(Sha256::new());
        match self {
            Self::Deduct { amount, operation } => {
                payload.text("deduct").credits(*amount).operation(operation);
            }
            Self::Reserve { amount, lease, over_capture, late_capture, operation } => {
                payload.text("reserve").credits(*amount).span(*lease);
                payload.text(over_capture.as_str()).text(late_capture.as_str());
                payload.operation(operation);
            }
            Self::Capture { hold, amount } => {
                payload.text("capture").transaction(*hold);
                payload.optional(amount.map(|amount| amount.to_string()).as_deref());
            }
            Self::Release { hold, outcome } => {
                payload.text("release").transaction(*hold).text(match outcome {
                    ReleaseOutcome::Cancelled => "cancelled",
                    ReleaseOutcome::Failed => "failed",
                });
            }
            Self::ExtendHold { hold, lease } => {
                payload.text("extend_hold").transaction(*hold).span(*lease);
            }
            Self::Refund { charge, amount, operation } => {
                payload.text("refund").transaction(*charge);
                payload.optional(amount.map(|amount| amount.to_string()).as_deref());
                payload.operation(operation);
            }
            Self::Purchase { amount, expires_at, operation } => {
                payload.text("purchase").credits(*amount).moment(*expires_at).operation(operation);
            }
            Self::Grant(terms) => {
                payload.text("grant").text(terms.source.as_str()).credits(terms.amount);
                payload.optional(terms.priority.map(|priority| priority.to_string()).as_deref());
                payload.moment(terms.effective_at).moment(terms.expires_at);
                payload.operation(&terms.operation);
            }
            Self::AdjustUp { amount, operation } => {
                payload.text("adjust_up").credits(*amount).operation(operation);
            }
            Self::AdjustDown { amount, operation } => {
                payload.text("adjust_down").credits(*amount).operation(operation);
            }
            Self::TakeBack { lot, operation } => {
                payload.text("take_back").text(&lot.to_string()).operation(operation);
            }
        }
        Digest::from_bytes(payload.0.finalize().into())
    }
}

/// Feeds fields to the hash so that no two different lists of them look the same to it.
struct Payload(Sha256);

impl Payload {
    fn text(&mut self, text: &str) -> &mut Self {
        self.0.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(text.as_bytes());
        self
    }

    fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.0.update([u8::from(text.is_some())]);
        self.text(text.unwrap_or_default())
    }

    fn credits(&mut self, amount: Credits) -> &mut Self {
        self.0.update(amount.hundredths().to_be_bytes());
        self
    }

    fn span(&mut self, span: Span) -> &mut Self {
        self.0.update(span.as_micros().to_be_bytes());
        self
    }

    fn moment(&mut self, at: Option<Timestamp>) -> &mut Self {
        self.0.update([u8::from(at.is_some())]);
        self.0.update(at.map_or(0, Timestamp::as_micros).to_be_bytes());
        self
    }

    fn transaction(&mut self, id: TransactionId) -> &mut Self {
        self.0.update(id.as_uuid().as_bytes());
        self
    }

    fn operation(&mut self, operation: &Operation) -> &mut Self {
        let Operation {
            operation_type,
            model,
            operation_id,
            edit_price,
            project,
            reference,
            description,
            metadata,
        } = operation;
        self.0.update([u8::from(*edit_price)]);
        self.optional(operation_type.as_ref().map(|label| label.as_str()))
            .optional(model.as_ref().map(|label| label.as_str()))
            .optional(operation_id.as_ref().map(|label| label.as_str()))
            .optional(project.map(|project| project.to_string()).as_deref())
            .optional(reference.as_ref().map(|label| label.as_str()))
            .optional(description.as_ref().map(|label| label.as_str()))
            .optional(metadata.as_deref())
    }
}
