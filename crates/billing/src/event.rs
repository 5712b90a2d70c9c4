//! What a billing system tells of a subscription, each event once.

use kernel::{Digest, PlanId, SubscriptionEventId, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{Label, Rejection, Slug};

/// One event of a user's subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub id: SubscriptionEventId,
    pub source: Slug,
    /// The source's own id of the event: recorded once, however often it is delivered.
    pub external_id: Label<255>,
    pub kind: EventKind,
    pub plan: Option<PlanId>,
    pub occurred_at: Timestamp,
    pub period_start: Option<Timestamp>,
    pub period_end: Option<Timestamp>,
    pub recorded_at: Timestamp,
}

/// An event as it is delivered, with what the source sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub event: Event,
    /// The raw payload, as text.
    pub payload: Option<String>,
}

/// What happened. `docs/billing.md` has the table of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    Created,
    Renewed,
    Upgraded,
    Downgraded,
    Paused,
    Resumed,
    Cancelled,
    Ended,
    Refunded,
    PaymentFailed,
}

impl EventKind {
    pub const ALL: [Self; 10] = [
        Self::Created,
        Self::Renewed,
        Self::Upgraded,
        Self::Downgraded,
        Self::Paused,
        Self::Resumed,
        Self::Cancelled,
        Self::Ended,
        Self::Refunded,
        Self::PaymentFailed,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Renewed => "renewed",
            Self::Upgraded => "upgraded",
            Self::Downgraded => "downgraded",
            Self::Paused => "paused",
            Self::Resumed => "resumed",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
            Self::Refunded => "refunded",
            Self::PaymentFailed => "payment_failed",
        }
    }

    const fn needs_plan(self) -> bool {
        match self {
            Self::Created | Self::Upgraded | Self::Downgraded => true,
            Self::Renewed
            | Self::Paused
            | Self::Resumed
            | Self::Cancelled
            | Self::Ended
            | Self::Refunded
            | Self::PaymentFailed => false,
        }
    }
}

/// How far ahead of this one another system's clock may be.
const AHEAD: kernel::Span = kernel::Span::from_secs(60 * 60);

impl Event {
    /// Whether the event can be recorded at `now`.
    pub fn check(&self, now: Timestamp) -> Result<(), Rejection> {
        if self.kind.needs_plan() && self.plan.is_none() {
            return Err(Rejection::PlanRequired { kind: self.kind.as_str() });
        }
        if self.occurred_at > now.saturating_add(AHEAD) {
            return Err(Rejection::EventInTheFuture);
        }
        Ok(())
    }
}

impl Delivery {
    /// Of what is told and whom it is told of, but for what this service adds: the same event
    /// delivered again has the same digest.
    pub fn digest(&self, owner: &str) -> Digest {
        let Event { id: _, source, external_id, kind, plan, occurred_at, .. } = &self.event;
        let moment = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [
            owner,
            source.as_str(),
            external_id.as_str(),
            kind.as_str(),
            &plan.map(|plan| plan.to_string()).unwrap_or_default(),
            &occurred_at.to_string(),
            &moment(self.event.period_start),
            &moment(self.event.period_end),
        ] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        Digest::from_bytes(hash.finalize().into())
    }
}
