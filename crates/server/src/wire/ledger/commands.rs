//! The requests that move credits.

use kernel::{Credits, CreditsError, RequestId, Span, Timestamp, TransactionId, UserId};
use ledger::{Action, GrantTerms, Label, Operation, ReleaseOutcome};
use proto::atelier::ledger::v1 as pb;

use super::names;
use super::operation::{self, label};
use crate::wire::fields::{Fields, Violations};
use crate::wire::time::parse_span;
use crate::wire::time::{check_order, optional_moment as moment};

/// How long a hold may be good by itself: a month covers the slowest provider and its support.
const LEASE_MIN: Span = Span::from_secs(1);
const LEASE_MAX: Span = Span::from_secs(30 * 24 * 60 * 60);

/// What a hold is good for if nobody says: longer than any provider takes that is not broken.
const LEASE_DEFAULT: Span = Span::from_secs(15 * 60);

/// A command as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub user: UserId,
    pub request: RequestId,
    pub expected_version: Option<u64>,
    pub validate_only: bool,
    pub action: Action,
}

/// A request that moves credits.
pub trait CommandRequest {
    /// Reads the request with all its violations.
    fn read(self, fields: &mut Fields) -> Option<Order>;
}

pub fn parse_command(request: impl CommandRequest) -> Result<Order, Violations> {
    let mut fields = Fields::new();
    let order = request.read(&mut fields);
    fields.finish(|| order)
}

impl CommandRequest for pb::DeductRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self { user_id, request_id, amount, operation, expected_version, validate_only } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let amount = fields.check("amount", Credits::parse_positive(&amount));
        let operation = operation::read(fields, operation);
        Some(head?.asks(Action::Deduct { amount: amount?, operation: operation? }))
    }
}

impl CommandRequest for pb::ReserveRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self {
            user_id,
            request_id,
            amount,
            operation,
            lease,
            over_capture_policy,
            late_capture_policy,
            expected_version,
            validate_only,
        } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let amount = fields.check("amount", Credits::parse_positive(&amount));
        let operation = operation::read(fields, operation);
        let lease = match lease {
            None => Some(LEASE_DEFAULT),
            Some(lease) => read_lease(fields, lease),
        };
        let over =
            fields.choice("over_capture_policy", over_capture_policy, names::parse_over_capture);
        let late =
            fields.choice("late_capture_policy", late_capture_policy, names::parse_late_capture);
        Some(head?.asks(Action::Reserve {
            amount: amount?,
            lease: lease?,
            over_capture: over?,
            late_capture: late?,
            operation: operation?,
        }))
    }
}

impl CommandRequest for pb::CaptureRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self { user_id, request_id, transaction_id, amount, expected_version, validate_only } =
            self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let hold = fields.parse::<TransactionId>("transaction_id", &transaction_id);
        let amount = fields.optional("amount", amount.as_deref());
        Some(head?.asks(Action::Capture { hold: hold?, amount: amount? }))
    }
}

impl CommandRequest for pb::ReleaseRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self { user_id, request_id, transaction_id, failed, expected_version, validate_only } =
            self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let hold = fields.parse::<TransactionId>("transaction_id", &transaction_id);
        let outcome = if failed { ReleaseOutcome::Failed } else { ReleaseOutcome::Cancelled };
        Some(head?.asks(Action::Release { hold: hold?, outcome }))
    }
}

impl CommandRequest for pb::ExtendHoldRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self { user_id, request_id, transaction_id, lease, expected_version, validate_only } =
            self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let hold = fields.parse::<TransactionId>("transaction_id", &transaction_id);
        let lease = match lease {
            None => fields.check("lease", Err("is required")),
            Some(lease) => read_lease(fields, lease),
        };
        Some(head?.asks(Action::ExtendHold { hold: hold?, lease: lease? }))
    }
}

impl CommandRequest for pb::RefundRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self {
            user_id,
            request_id,
            transaction_id,
            amount,
            reference,
            description,
            expected_version,
            validate_only,
        } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let charge = fields.parse::<TransactionId>("transaction_id", &transaction_id);
        let amount = amount.map(|amount| Credits::parse_positive(&amount)).transpose();
        let amount = fields.check("amount", amount);
        let reference = label(fields, "reference", reference.as_deref());
        let description = label(fields, "description", description.as_deref());
        let operation =
            Operation { reference: reference?, description: description?, ..Operation::default() };
        Some(head?.asks(Action::Refund { charge: charge?, amount: amount?, operation }))
    }
}

impl CommandRequest for pb::PurchaseRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self {
            user_id,
            request_id,
            amount,
            operation,
            expire_time,
            expected_version,
            validate_only,
        } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let amount = fields.check("amount", Credits::parse_positive(&amount));
        let operation = operation::read(fields, operation);
        let expires_at = moment(fields, "expire_time", expire_time);
        Some(head?.asks(Action::Purchase {
            amount: amount?,
            expires_at: expires_at?,
            operation: operation?,
        }))
    }
}

impl CommandRequest for pb::GrantRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self {
            user_id,
            request_id,
            amount,
            source,
            operation,
            priority,
            effective_time,
            expire_time,
            expected_version,
            validate_only,
        } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let amount = fields.check("amount", Credits::parse_positive(&amount));
        let source = pb::LotSource::try_from(source).ok().and_then(names::parse_grant_source);
        let source = fields.check("source", source.ok_or("must be SIGNUP, PLAN or PROMOTION"));
        let operation = operation::read(fields, operation);
        let priority = priority.map(u16::try_from).transpose();
        let priority = fields.check("priority", priority.map_err(|_| "must be 0 to 65535"));
        let effective_at = moment(fields, "effective_time", effective_time);
        let expires_at = moment(fields, "expire_time", expire_time);
        let given: (Option<Timestamp>, Option<Timestamp>) =
            (effective_at.flatten(), expires_at.flatten());
        check_order(fields, ("effective_time", given.0), ("expire_time", given.1));
        Some(head?.asks(Action::Grant(GrantTerms {
            source: source?,
            amount: amount?,
            priority: priority?,
            effective_at: effective_at?,
            expires_at: expires_at?,
            operation: operation?,
        })))
    }
}

impl CommandRequest for pb::AdjustRequest {
    fn read(self, fields: &mut Fields) -> Option<Order> {
        let Self {
            user_id,
            request_id,
            amount,
            reason,
            reference,
            expected_version,
            validate_only,
        } = self;
        let head = Head::read(fields, &user_id, &request_id, expected_version, validate_only);
        let (down, size) = match amount.strip_prefix('-') {
            Some(size) => (true, size),
            None => (false, amount.as_str()),
        };
        let amount = Credits::parse_positive(size).map_err(signed_problem);
        let amount = fields.check("amount", amount);
        let description = fields.check("reason", Label::parse(&reason));
        let reference = label(fields, "reference", reference.as_deref());
        let operation = Operation {
            reference: reference?,
            description: Some(description?),
            ..Operation::default()
        };
        let amount = amount?;
        Some(head?.asks(if down {
            Action::AdjustDown { amount, operation }
        } else {
            Action::AdjustUp { amount, operation }
        }))
    }
}

/// What every command has.
struct Head {
    user: UserId,
    request: RequestId,
    expected_version: Option<u64>,
    validate_only: bool,
}

impl Head {
    fn read(
        fields: &mut Fields,
        user_id: &str,
        request_id: &str,
        expected_version: Option<i64>,
        validate_only: bool,
    ) -> Option<Self> {
        let user = fields.parse("user_id", user_id);
        let request = fields.parse("request_id", request_id);
        let version = expected_version.map(u64::try_from).transpose();
        let version = fields.check("expected_version", version.map_err(|_| "must not be negative"));
        Some(Self { user: user?, request: request?, expected_version: version?, validate_only })
    }

    fn asks(self, action: Action) -> Order {
        let Self { user, request, expected_version, validate_only } = self;
        Order { user, request, expected_version, validate_only, action }
    }
}

fn read_lease(fields: &mut Fields, lease: prost_types::Duration) -> Option<Span> {
    fields.check("lease", parse_span(lease, LEASE_MIN, LEASE_MAX))
}

fn signed_problem(error: CreditsError) -> String {
    match error {
        CreditsError::NotPositive => "must not be zero".to_owned(),
        CreditsError::Malformed | CreditsError::TooManyPlaces | CreditsError::TooLarge => {
            error.to_string()
        }
    }
}

#[cfg(test)]
mod tests;
