//! What single reads refuse, and that nothing of an account or a transaction is lost on the wire.
//! Also what the tests of the folder share.

use kernel::{Credits, Delta, Digest, LotId, Span};
use ledger::{
    EntryKind, HoldEnd, LateCapture, LotSource, LotState, Operation, OverCapture, TransactionStatus,
};
use testkit::fixtures::user_id;

use super::*;
use crate::status::Refusal;

pub(super) fn lines(violations: Violations) -> Vec<String> {
    let Refusal { violations, .. } = violations.into();
    violations.into_iter().map(|v| format!("{}: {}", v.field, v.description)).collect()
}

pub(super) fn user() -> String {
    user_id(1).to_string()
}

pub(super) fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

/// 2026-01-01 and so many seconds.
pub(super) fn at(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
    base.saturating_add(Span::from_secs(seconds))
}

pub(super) fn wire_time(seconds: u32) -> Option<prost_types::Timestamp> {
    Some(render_timestamp(at(seconds)))
}

/// A moment that no calendar of the wire has.
pub(super) fn no_time() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: 0, nanos: -1 })
}

pub(super) fn transaction_id(number: u64) -> TransactionId {
    TransactionId::from_uuid(*user_id(number).as_uuid())
}

/// A deduction that was captured and partly refunded.
pub(super) fn charge() -> Transaction {
    let lot = LotId::from_uuid(*user_id(7).as_uuid());
    Transaction {
        id: transaction_id(2),
        user: user_id(1),
        kind: TransactionKind::Deduction,
        status: TransactionStatus::Completed,
        amount: Delta::minus(credits("2")),
        balance_after: credits("8"),
        operation: Operation {
            model: Some(ledger::Label::parse("imagen").unwrap()),
            metadata: Some(r#"{"a":1}"#.to_owned()),
            description: Some(ledger::Label::parse("A cat").unwrap()),
            ..Operation::default()
        },
        parent: None,
        hold: Some(Hold {
            amount: credits("3"),
            lease_until: at(900),
            over_capture: OverCapture::Cap,
            late_capture: LateCapture::AcceptIfCovered,
            end: Some(HoldEnd::Captured),
        }),
        captured: credits("2"),
        refunded: credits("0.5"),
        allocations: vec![Allocation { lot, amount: credits("2"), returned: credits("0.5") }],
        created_at: at(1),
        processed_at: Some(at(2)),
    }
}

const NO_UUID: &str = "not a UUID of the form xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
pub(super) const NIL: &str = "00000000-0000-0000-0000-000000000000";

/// The line of a field that is no id.
pub(super) fn no_uuid(field: &str) -> String {
    format!("{field}: {NO_UUID}")
}

#[test]
fn a_balance_is_asked_for_now_or_as_of_a_moment() {
    let parse =
        |user_id: String, as_of| parse_get_balance(pb::GetBalanceRequest { user_id, as_of });
    assert_eq!(parse(user(), None), Ok((user_id(1), None)));
    assert_eq!(parse(user(), wire_time(5)), Ok((user_id(1), Some(at(5)))));
    let refused = lines(parse(NIL.to_owned(), no_time()).unwrap_err());
    assert_eq!(refused[0], no_uuid("user_id"));
    assert!(refused[1].starts_with("as_of: must be a moment"), "{refused:?}");
}

#[test]
fn a_transaction_is_named_by_both_ids() {
    let parse = |user_id: &str, transaction_id: &str| {
        let (user_id, transaction_id) = (user_id.to_owned(), transaction_id.to_owned());
        parse_get_transaction(pb::GetTransactionRequest { user_id, transaction_id })
    };
    let id = transaction_id(2);
    assert_eq!(parse(&user(), &id.to_string()), Ok((user_id(1), id)));
    for wrong in ["", "1", NIL, "{01890a5d-ac96-774b-bcce-b302099a8057}"] {
        let refused = lines(parse(wrong, wrong).unwrap_err());
        assert_eq!(refused, [no_uuid("user_id"), no_uuid("transaction_id")], "{wrong:?}");
    }
}

#[test]
fn every_part_of_an_account_is_told() {
    let account = Account {
        user: user_id(1),
        available: credits("1"),
        held: credits("2"),
        version: 7,
        earned: credits("10"),
        spent: credits("3"),
        forfeited: credits("4"),
        updated_at: at(9),
        head: Digest::ZERO,
    };
    let message = render_account(account);
    let expected = pb::Account {
        user_id: user(),
        available: "1.00".to_owned(),
        held: "2.00".to_owned(),
        version: 7,
        lifetime_earned: "10.00".to_owned(),
        lifetime_spent: "3.00".to_owned(),
        lifetime_forfeited: "4.00".to_owned(),
        update_time: wire_time(9),
    };
    assert_eq!(message, expected);
}

#[test]
fn every_part_of_a_transaction_is_told() {
    let message = render_transaction(charge());
    assert_eq!((message.amount.as_str(), message.balance_after.as_str()), ("-2.00", "8.00"));
    assert_eq!((message.captured.as_str(), message.refunded.as_str()), ("2.00", "0.50"));
    assert_eq!(message.kind(), pb::TransactionKind::Deduction);
    assert_eq!(message.status(), pb::TransactionStatus::Completed);
    let hold = message.hold.unwrap();
    assert_eq!(hold.amount, "3.00");
    assert_eq!(hold.state(), pb::HoldState::Captured);
    assert_eq!(hold.over_capture_policy(), pb::OverCapturePolicy::Cap);
    assert_eq!(hold.late_capture_policy(), pb::LateCapturePolicy::AcceptIfCovered);
    assert_eq!(hold.lease_expire_time, wire_time(900));
    assert_eq!(message.allocations[0].returned, "0.50");
    assert_eq!((message.create_time, message.process_time), (wire_time(1), wire_time(2)));

    let refund = Transaction {
        kind: TransactionKind::Refund,
        parent: Some(transaction_id(2)),
        hold: None,
        operation: Operation::default(),
        ..charge()
    };
    let message = render_transaction(refund);
    assert_eq!(message.refunded_transaction_id, Some(transaction_id(2).to_string()));
    assert_eq!((message.captured.as_str(), message.operation), ("", None));
}

#[test]
fn every_part_of_a_lot_and_of_an_entry_is_told() {
    let lot = Lot {
        id: LotId::from_uuid(*user_id(3).as_uuid()),
        user: user_id(1),
        source: LotSource::Plan,
        amount: credits("5"),
        remaining: credits("4"),
        priority: 40,
        effective_at: at(1),
        expires_at: Some(at(2)),
        opened_at: at(0),
        state: LotState::Scheduled,
    };
    let message = render_lot(lot);
    assert_eq!((message.amount.as_str(), message.remaining.as_str()), ("5.00", "4.00"));
    assert_eq!((message.source(), message.state()), (pb::LotSource::Plan, pb::LotState::Scheduled));
    assert_eq!((message.effective_time, message.expire_time), (wire_time(1), wire_time(2)));
    assert_eq!((message.priority, message.create_time), (40, wire_time(0)));

    let entry = Entry {
        user: user_id(1),
        version: 4,
        transaction: transaction_id(2),
        kind: EntryKind::Held,
        available: Delta::minus(credits("3")),
        held: Delta::plus(credits("3")),
        available_after: credits("7"),
        held_after: credits("3"),
        at: at(6),
        hash: Digest::from_bytes([9; 32]),
    };
    let message = render_entry(entry);
    assert_eq!((message.kind.as_str(), message.version), ("held", 4));
    assert_eq!(
        (message.available_change.as_str(), message.held_change.as_str()),
        ("-3.00", "3.00")
    );
    assert_eq!((message.available_after.as_str(), message.held_after.as_str()), ("7.00", "3.00"));
    assert_eq!(message.transaction_id, transaction_id(2).to_string());
    assert_eq!((message.effective_time, &message.hash[..]), (wire_time(6), &[9; 32][..]));
}
