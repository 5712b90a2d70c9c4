//! Every refusal of the ledger has its reason, its code and its numbers.

use kernel::{Credits, Timestamp, TransactionId};
use ledger::{TransactionKind, TransactionStatus};
use ports::StoreError;
use testkit::fixtures::user_id;
use tonic::Code;
use tonic_types::StatusExt;

use super::*;

fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

/// The reason, the code and the metadata, sorted.
fn told(status: &Status) -> (String, Code, Vec<String>) {
    let info = status.get_details_error_info().unwrap();
    let mut metadata: Vec<String> =
        info.metadata.iter().map(|(key, value)| format!("{key}={value}")).collect();
    metadata.sort();
    (info.reason, status.code(), metadata)
}

#[test]
fn every_rejection_has_its_reason_and_its_numbers() {
    let precondition = Code::FailedPrecondition;
    let cases: [(Rejection, &str, Code, &[&str]); 12] = [
        (
            Rejection::RequestIdReused("r1".parse().unwrap()),
            "REQUEST_ID_REUSED",
            Code::AlreadyExists,
            &["request_id=r1"],
        ),
        (
            Rejection::StaleVersion { expected: 3, current: 5 },
            "STALE_VERSION",
            Code::Aborted,
            &["current=5", "expected=3"],
        ),
        (
            Rejection::InsufficientCredits { required: credits("7"), available: credits("0.5") },
            "INSUFFICIENT_CREDITS",
            precondition,
            &["available=0.50", "required=7.00"],
        ),
        (
            Rejection::TransactionNotFound(TransactionId::from_uuid(*user_id(1).as_uuid())),
            "TRANSACTION_NOT_FOUND",
            Code::NotFound,
            &[],
        ),
        (Rejection::NotAHold, "NOT_A_HOLD", precondition, &[]),
        (
            Rejection::HoldCaptured { captured: credits("2") },
            "HOLD_CAPTURED",
            precondition,
            &["captured=2.00"],
        ),
        (Rejection::HoldReleased, "HOLD_RELEASED", precondition, &[]),
        (
            Rejection::HoldLapsed { at: Timestamp::from_micros(1).unwrap() },
            "HOLD_LAPSED",
            precondition,
            &["lapse_time=1970-01-01T00:00:00.000001Z"],
        ),
        (
            Rejection::CaptureExceedsHold { held: credits("1"), requested: credits("2") },
            "CAPTURE_EXCEEDS_HOLD",
            precondition,
            &["held=1.00", "requested=2.00"],
        ),
        (
            Rejection::NotRefundable {
                kind: TransactionKind::Grant,
                status: TransactionStatus::Completed,
            },
            "NOT_REFUNDABLE",
            precondition,
            &["kind=grant", "status=completed"],
        ),
        (
            Rejection::RefundExceedsCharge {
                charged: credits("3"),
                refunded: credits("2"),
                requested: credits("1.5"),
            },
            "REFUND_EXCEEDS_CHARGE",
            precondition,
            &["charged=3.00", "refunded=2.00", "requested=1.50"],
        ),
        (Rejection::BalanceLimit, "BALANCE_LIMIT", precondition, &[]),
    ];
    for (rejection, reason, code, metadata) in cases {
        let text = rejection.to_string();
        let status = LedgerError::Rejected(rejection).into_status();
        let metadata = metadata.iter().map(|pair| (*pair).to_owned()).collect();
        assert_eq!(told(&status), (reason.to_owned(), code, metadata));
        assert_eq!(status.message(), text);
    }
}

#[test]
fn credits_that_expire_too_soon_are_a_wrong_field() {
    let rejection = Rejection::ExpiresTooSoon { expires_at: Timestamp::from_micros(1).unwrap() };
    let status = LedgerError::Rejected(rejection).into_status();
    assert_eq!(told(&status), ("INVALID_FIELDS".to_owned(), Code::InvalidArgument, vec![]));
    let violations = status.get_details_bad_request().unwrap().field_violations;
    assert_eq!(violations[0].field, "expire_time");
}

#[test]
fn what_is_no_rejection_has_its_reason_too() {
    let down = || LedgerError::Store(StoreError::Unavailable("socket".into()));
    let unsound = LedgerError::from(NotCarriedOut::Unsound("a secret"));
    for (error, reason, code) in [
        (LedgerError::UserNotFound, "USER_NOT_FOUND", Code::NotFound),
        (LedgerError::Overloaded, "OVERLOADED", Code::Unavailable),
        (down(), "DEPENDENCY_UNAVAILABLE", Code::Unavailable),
        (unsound, "INTERNAL", Code::Internal),
    ] {
        let status = error.into_status();
        assert_eq!(told(&status), (reason.to_owned(), code, vec![]));
        assert!(!status.message().contains("secret") && !status.message().contains("socket"));
    }
    assert!(LedgerError::Overloaded.into_status().get_details_retry_info().is_some());
}

#[test]
fn an_aborted_batch_names_the_command_and_its_reason() {
    let refusal = NotCarriedOut::Rejected(Rejection::HoldReleased);
    let status = BatchError::Aborted { index: 3, refusal }.into_status();
    let metadata = vec!["index=3".to_owned(), "reason=HOLD_RELEASED".to_owned()];
    assert_eq!(told(&status), ("BATCH_ABORTED".to_owned(), Code::Aborted, metadata));
    assert_eq!(status.message(), "command 3 was refused: the hold was released");
    let down = BatchError::Store(StoreError::DeadlineExceeded).into_status();
    assert_eq!(down.code(), Code::DeadlineExceeded);
}

#[test]
fn usage_that_is_too_much_is_a_wrong_field() {
    for (error, field) in
        [(UsageError::TooLong, "start_time"), (UsageError::TooManyGroups, "group_by")]
    {
        let status = error.into_status();
        let violations = status.get_details_bad_request().unwrap().field_violations;
        assert_eq!(violations[0].field, field);
    }
    let nobody = UsageError::Ledger(LedgerError::UserNotFound).into_status();
    assert_eq!(nobody.code(), Code::NotFound);
}
