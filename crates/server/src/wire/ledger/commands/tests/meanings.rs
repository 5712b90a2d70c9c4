//! What each command comes to, and what it alone refuses.

use ledger::{LateCapture, LotSource, OverCapture};

use super::*;
use crate::wire::ledger::tests::{at, no_time, wire_time};

#[test]
fn a_reservation_has_a_lease_and_careful_policies_by_default() {
    let expected = Action::Reserve {
        amount: credits("2"),
        lease: Span::from_secs(900),
        over_capture: OverCapture::Reject,
        late_capture: LateCapture::Reject,
        operation: Operation::default(),
    };
    assert_eq!(action(reserve()), expected);
    let asked = pb::ReserveRequest {
        lease: Some(prost_types::Duration { seconds: 1, nanos: 0 }),
        over_capture_policy: pb::OverCapturePolicy::TakeFromBalance.into(),
        late_capture_policy: pb::LateCapturePolicy::AcceptIfCovered.into(),
        ..reserve()
    };
    let expected = Action::Reserve {
        amount: credits("2"),
        lease: Span::from_secs(1),
        over_capture: OverCapture::TakeFromBalance,
        late_capture: LateCapture::AcceptIfCovered,
        operation: Operation::default(),
    };
    assert_eq!(action(asked), expected);
}

#[test]
fn leases_and_policies_have_bounds() {
    for (seconds, nanos) in [(0, 999_999_999), (-1, 0), (2_592_000, 1_000), (i64::MAX, 0)] {
        let lease = Some(prost_types::Duration { seconds, nanos });
        let said = "lease: must be a duration from 1s to 2592000s";
        assert_eq!(refused(pb::ReserveRequest { lease, ..reserve() }), [said], "{seconds}");
        assert_eq!(refused(pb::ExtendHoldRequest { lease, ..extend() }), [said], "{seconds}");
    }
    let month = Some(prost_types::Duration { seconds: 2_592_000, nanos: 0 });
    assert!(parse_command(pb::ReserveRequest { lease: month, ..reserve() }).is_ok());
    let none = pb::ExtendHoldRequest { lease: None, ..extend() };
    assert_eq!(refused(none), ["lease: is required"]);
    let asked = pb::ReserveRequest { over_capture_policy: 4, late_capture_policy: -1, ..reserve() };
    assert_eq!(
        refused(asked),
        [
            "over_capture_policy: must be one of the known values",
            "late_capture_policy: must be one of the known values"
        ]
    );
}

#[test]
fn a_capture_is_of_all_of_a_part_or_of_nothing() {
    let hold = transaction_id(2);
    for (text, amount) in [(None, None), (Some("0"), Some("0")), (Some("1.5"), Some("1.50"))] {
        let asked = pb::CaptureRequest { amount: text.map(str::to_owned), ..capture() };
        assert_eq!(action(asked), Action::Capture { hold, amount: amount.map(credits) });
    }
}

#[test]
fn a_release_says_whether_the_operation_failed() {
    for (failed, outcome) in [(true, ReleaseOutcome::Failed), (false, ReleaseOutcome::Cancelled)] {
        let asked = pb::ReleaseRequest {
            user_id: user(),
            request_id: "r1".to_owned(),
            transaction_id: id(),
            failed,
            ..Default::default()
        };
        assert_eq!(action(asked), Action::Release { hold: transaction_id(2), outcome });
    }
}

#[test]
fn a_refund_is_of_all_or_of_a_part_with_its_words() {
    let charge = transaction_id(2);
    let operation = Operation::default();
    assert_eq!(action(refund()), Action::Refund { charge, amount: None, operation });
    let asked = pb::RefundRequest {
        amount: Some("1".to_owned()),
        reference: Some("ticket 7".to_owned()),
        description: Some("blurred".to_owned()),
        ..refund()
    };
    let operation = Operation {
        reference: Some(Label::parse("ticket 7").unwrap()),
        description: Some(Label::parse("blurred").unwrap()),
        ..Operation::default()
    };
    assert_eq!(action(asked), Action::Refund { charge, amount: Some(credits("1")), operation });
    let asked = pb::RefundRequest {
        reference: Some(String::new()),
        description: Some("\0".to_owned()),
        ..refund()
    };
    assert_eq!(
        refused(asked),
        ["reference: must not be empty", "description: must not contain control characters"]
    );
}

#[test]
fn a_purchase_may_expire() {
    let asked = pb::PurchaseRequest { expire_time: wire_time(60), ..purchase() };
    let expected = Action::Purchase {
        amount: credits("5"),
        expires_at: Some(at(60)),
        operation: Operation::default(),
    };
    assert_eq!(action(asked), expected);
    let said = refused(pb::PurchaseRequest { expire_time: no_time(), ..purchase() });
    assert!(said[0].starts_with("expire_time: must be a moment"), "{said:?}");
}

#[test]
fn a_grant_has_a_source_a_priority_and_a_time() {
    let asked = pb::GrantRequest {
        priority: Some(65_535),
        effective_time: wire_time(10),
        expire_time: wire_time(11),
        ..grant()
    };
    let expected = Action::Grant(GrantTerms {
        source: LotSource::Promotion,
        amount: credits("5"),
        priority: Some(65_535),
        effective_at: Some(at(10)),
        expires_at: Some(at(11)),
        operation: Operation::default(),
    });
    assert_eq!(action(asked), expected);
    for source in [
        pb::LotSource::Unspecified,
        pb::LotSource::Purchase,
        pb::LotSource::Adjustment,
        pb::LotSource::Refund,
    ] {
        let said = refused(pb::GrantRequest { source: source.into(), ..grant() });
        assert_eq!(said, ["source: must be SIGNUP, PLAN or PROMOTION"]);
    }
    for priority in [-1, 65_536] {
        let asked = pb::GrantRequest {
            source: 99,
            priority: Some(priority),
            effective_time: wire_time(10),
            expire_time: wire_time(10),
            ..grant()
        };
        assert_eq!(
            refused(asked),
            [
                "source: must be SIGNUP, PLAN or PROMOTION",
                "priority: must be 0 to 65535",
                "expire_time: must be after effective_time"
            ]
        );
    }
}

#[test]
fn an_adjustment_has_a_sign_and_a_reason() {
    let operation =
        Operation { description: Some(Label::parse("goodwill").unwrap()), ..Operation::default() };
    let (amount, down) = (credits("5"), "-5.00".to_owned());
    assert_eq!(action(adjust()), Action::AdjustUp { amount, operation: operation.clone() });
    let asked = pb::AdjustRequest { amount: down, ..adjust() };
    assert_eq!(action(asked), Action::AdjustDown { amount, operation });
    let asked =
        pb::AdjustRequest { reason: String::new(), reference: Some("x".repeat(129)), ..adjust() };
    assert_eq!(
        refused(asked),
        ["reason: must not be empty", "reference: must have at most 128 characters"]
    );
}
