//! What commands refuse alike: heads, amounts, ids, operations. The rest is in `meanings`.

mod meanings;

use testkit::fixtures::user_id;

use super::*;
use crate::wire::ledger::tests::{NIL, credits, lines, no_uuid, transaction_id, user};

const NOT_DECIMAL: &str =
    "must be a decimal such as \"12.50\": digits, then at most one point and more digits";

/// Amounts that no command takes, with what is said of them.
const ODD_AMOUNTS: [(&str, &str); 18] = [
    ("", NOT_DECIMAL),
    (" 1", NOT_DECIMAL),
    ("NaN", NOT_DECIMAL),
    ("nan", NOT_DECIMAL),
    ("inf", NOT_DECIMAL),
    ("Infinity", NOT_DECIMAL),
    ("-inf", NOT_DECIMAL),
    ("1e3", NOT_DECIMAL),
    ("1E-2", NOT_DECIMAL),
    ("0x10", NOT_DECIMAL),
    ("+1", NOT_DECIMAL),
    ("--1", NOT_DECIMAL),
    ("1,5", NOT_DECIMAL),
    (".5", NOT_DECIMAL),
    ("0.005", "must have at most two places after the point"),
    ("1.999", "must have at most two places after the point"),
    ("10000000000", "must be at most 9999999999.99"),
    ("1234567890123456789012345678901234567890", "must be at most 9999999999.99"),
];

fn id() -> String {
    transaction_id(2).to_string()
}

fn deduct() -> pb::DeductRequest {
    pb::DeductRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: "2.5".to_owned(),
        ..Default::default()
    }
}

fn reserve() -> pb::ReserveRequest {
    pb::ReserveRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: "2".to_owned(),
        ..Default::default()
    }
}

fn capture() -> pb::CaptureRequest {
    pb::CaptureRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        transaction_id: id(),
        ..Default::default()
    }
}

fn extend() -> pb::ExtendHoldRequest {
    pb::ExtendHoldRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        transaction_id: id(),
        lease: Some(prost_types::Duration { seconds: 60, nanos: 0 }),
        ..Default::default()
    }
}

fn refund() -> pb::RefundRequest {
    pb::RefundRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        transaction_id: id(),
        ..Default::default()
    }
}

fn purchase() -> pb::PurchaseRequest {
    pb::PurchaseRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: "5".to_owned(),
        ..Default::default()
    }
}

fn grant() -> pb::GrantRequest {
    pb::GrantRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: "5".to_owned(),
        source: pb::LotSource::Promotion.into(),
        ..Default::default()
    }
}

fn adjust() -> pb::AdjustRequest {
    pb::AdjustRequest {
        user_id: user(),
        request_id: "r1".to_owned(),
        amount: "5".to_owned(),
        reason: "goodwill".to_owned(),
        ..Default::default()
    }
}

fn action(request: impl CommandRequest) -> Action {
    parse_command(request).unwrap().action
}

fn refused(request: impl CommandRequest) -> Vec<String> {
    lines(parse_command(request).unwrap_err())
}

/// What each command that has an amount says of `text`.
fn refused_amounts(text: &str) -> Vec<Vec<String>> {
    let amount = text.to_owned();
    vec![
        refused(pb::DeductRequest { amount: amount.clone(), ..deduct() }),
        refused(pb::ReserveRequest { amount: amount.clone(), ..reserve() }),
        refused(pb::CaptureRequest { amount: Some(amount.clone()), ..capture() }),
        refused(pb::RefundRequest { amount: Some(amount.clone()), ..refund() }),
        refused(pb::PurchaseRequest { amount: amount.clone(), ..purchase() }),
        refused(pb::GrantRequest { amount: amount.clone(), ..grant() }),
        refused(pb::AdjustRequest { amount, ..adjust() }),
    ]
}

#[test]
fn scenario_23_odd_amounts_are_refused_by_every_command_and_never_rounded() {
    for (text, problem) in ODD_AMOUNTS {
        for refused in refused_amounts(text) {
            assert_eq!(refused, [format!("amount: {problem}")], "{text:?}");
        }
    }
}

#[test]
fn scenario_23_signs_and_zeros_are_refused_where_they_have_no_place() {
    let negative = "-5".to_owned();
    let said = format!("amount: {NOT_DECIMAL}");
    assert_eq!(refused(pb::DeductRequest { amount: negative.clone(), ..deduct() }), [&*said]);
    assert_eq!(refused(pb::ReserveRequest { amount: negative.clone(), ..reserve() }), [&*said]);
    let capture_amount = Some(negative.clone());
    assert_eq!(refused(pb::CaptureRequest { amount: capture_amount, ..capture() }), [&*said]);
    let refund_amount = Some(negative.clone());
    assert_eq!(refused(pb::RefundRequest { amount: refund_amount, ..refund() }), [&*said]);
    assert_eq!(refused(pb::PurchaseRequest { amount: negative.clone(), ..purchase() }), [&*said]);
    assert_eq!(refused(pb::GrantRequest { amount: negative, ..grant() }), [&*said]);

    for zero in ["0", "0.0", "0.00"] {
        let zero = zero.to_owned();
        let said = "amount: must be more than zero";
        assert_eq!(refused(pb::DeductRequest { amount: zero.clone(), ..deduct() }), [said]);
        assert_eq!(refused(pb::ReserveRequest { amount: zero.clone(), ..reserve() }), [said]);
        let amount = Some(zero.clone());
        assert_eq!(refused(pb::RefundRequest { amount, ..refund() }), [said]);
        assert_eq!(refused(pb::PurchaseRequest { amount: zero.clone(), ..purchase() }), [said]);
        assert_eq!(refused(pb::GrantRequest { amount: zero.clone(), ..grant() }), [said]);
        for zero in [zero.clone(), format!("-{zero}")] {
            let said = "amount: must not be zero";
            assert_eq!(refused(pb::AdjustRequest { amount: zero, ..adjust() }), [said]);
        }
    }
}

#[test]
fn every_command_needs_a_user_a_request_id_and_a_version_that_can_be() {
    let (user_id, request_id) = (NIL.to_owned(), "a b".to_owned());
    let version = Some(-1);
    macro_rules! head_refused {
        ($($request:expr),*) => {$({
            let mut request = $request;
            request.user_id.clone_from(&user_id);
            request.request_id.clone_from(&request_id);
            request.expected_version = version;
            assert_eq!(
                refused(request),
                [
                    no_uuid("user_id"),
                    "request_id: must be 1 to 128 visible ASCII characters without spaces".into(),
                    "expected_version: must not be negative".into(),
                ]
            );
        })*};
    }
    let release = pb::ReleaseRequest { transaction_id: id(), ..Default::default() };
    head_refused!(
        deduct(),
        reserve(),
        capture(),
        release,
        extend(),
        refund(),
        purchase(),
        grant(),
        adjust()
    );
}

#[test]
fn commands_on_a_transaction_need_its_id() {
    for wrong in ["", "1", NIL, "01890a5dac96774bbcceb302099a8057"] {
        let said = [no_uuid("transaction_id")];
        let transaction_id = wrong.to_owned();
        let named = pb::CaptureRequest { transaction_id: transaction_id.clone(), ..capture() };
        assert_eq!(refused(named), said);
        let named = pb::ReleaseRequest {
            user_id: user(),
            request_id: "r1".to_owned(),
            transaction_id: transaction_id.clone(),
            ..Default::default()
        };
        assert_eq!(refused(named), said);
        let named = pb::ExtendHoldRequest { transaction_id: transaction_id.clone(), ..extend() };
        assert_eq!(refused(named), said);
        assert_eq!(refused(pb::RefundRequest { transaction_id, ..refund() }), said);
    }
}

#[test]
fn every_wrong_part_of_an_operation_is_named_at_once() {
    let kind = prost_types::value::Kind::NumberValue(f64::NAN);
    let value = prost_types::Value { kind: Some(kind) };
    let operation = pb::Operation {
        operation_type: Some(String::new()),
        model: Some("x".repeat(129)),
        operation_id: Some("a\nb".to_owned()),
        edit_price: true,
        project_id: Some(NIL.to_owned()),
        reference: Some("é".repeat(129)),
        description: Some("x".repeat(1_001)),
        metadata: Some(prost_types::Struct { fields: [("k".to_owned(), value)].into() }),
    };
    let said = [
        "operation.operation_type: must not be empty".to_owned(),
        "operation.model: must have at most 128 characters".to_owned(),
        "operation.operation_id: must not contain control characters".to_owned(),
        no_uuid("operation.project_id"),
        "operation.reference: must have at most 128 characters".to_owned(),
        "operation.description: must have at most 1000 characters".to_owned(),
        "operation.metadata: must not have numbers that are not finite".to_owned(),
    ];
    let operation = Some(operation);
    let asked = pb::DeductRequest { operation: operation.clone(), ..deduct() };
    assert_eq!(refused(asked), said);
    let asked = pb::ReserveRequest { operation: operation.clone(), ..reserve() };
    assert_eq!(refused(asked), said);
    let asked = pb::PurchaseRequest { operation: operation.clone(), ..purchase() };
    assert_eq!(refused(asked), said);
    assert_eq!(refused(pb::GrantRequest { operation, ..grant() }), said);
}

#[test]
fn an_operation_reads_back_as_it_was_rendered() {
    let operation = pb::Operation {
        operation_type: Some("IMAGE_GENERATION".to_owned()),
        model: Some("imagen".to_owned()),
        operation_id: Some("op-1".to_owned()),
        edit_price: true,
        project_id: Some(user()),
        reference: Some("x".repeat(128)),
        description: Some("é".repeat(1_000)),
        metadata: crate::wire::json::render(r#"{"a":[1,{"b":null}]}"#),
    };
    let asked = pb::DeductRequest { operation: Some(operation.clone()), ..deduct() };
    let Action::Deduct { amount, operation: read } = action(asked) else { panic!("no deduction") };
    assert_eq!(amount, credits("2.50"));
    assert_eq!(operation::render(read), Some(operation));
}

#[test]
fn the_rest_of_an_order_is_kept() {
    let asked = pb::DeductRequest { expected_version: Some(0), validate_only: true, ..deduct() };
    let order = parse_command(asked).unwrap();
    assert_eq!((order.user, order.request.as_str()), (user_id(1), "r1"));
    assert_eq!((order.expected_version, order.validate_only), (Some(0), true));
}
