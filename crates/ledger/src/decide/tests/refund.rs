//! Refunds: whole, in parts, never more than was charged.

use kernel::ProjectId;
use uuid::Uuid;

use crate::fixtures::*;
use crate::{
    Action, EntryKind, Label, LotSource, Operation, Rejection, TransactionKind, TransactionStatus,
};

#[test]
fn a_refund_is_a_transaction_of_its_own_beside_its_charge() {
    let mut desk = Desk::with("10");
    let charge = desk.done(deduct("4"));
    let told = desk.post(refund(charge, "1.50")).unwrap().transaction;
    assert_eq!((told.kind, told.status), (TransactionKind::Refund, TransactionStatus::Completed));
    assert_eq!((told.amount.to_string().as_str(), told.parent), ("1.50", Some(charge)));
    assert_eq!((told.captured, told.refunded), (credits("0"), credits("0")));
    assert_eq!(desk.balance(), both("7.50", "0.00"));
    assert_eq!(desk.book.account().spent, credits("2.50"));
    assert_eq!(desk.kinds().last(), Some(&EntryKind::Refunded));
    let charge = desk.transaction(charge);
    assert_eq!((charge.status, charge.refunded), (TransactionStatus::Completed, credits("1.50")));
    assert_eq!(charge.captured, credits("4"));
}

#[test]
fn parts_never_come_to_more_than_was_charged() {
    let mut desk = Desk::with("10");
    let charge = desk.done(deduct("4"));
    let exceeds = |refunded: &str, requested: &str| {
        let [charged, refunded, requested] = ["4", refunded, requested].map(credits);
        Rejection::RefundExceedsCharge { charged, refunded, requested }
    };
    assert_eq!(desk.refused(refund(charge, "4.01")), exceeds("0", "4.01"));
    desk.done(refund(charge, "3"));
    assert_eq!(desk.refused(refund(charge, "1.01")), exceeds("3", "1.01"));
    assert_eq!(desk.refused(refund(charge, "0")), exceeds("3", "0"));
    desk.done(refund(charge, "1"));
    assert_eq!(desk.transaction(charge).status, TransactionStatus::Refunded);
    assert_eq!(desk.refused(refund(charge, "0.01")), exceeds("4", "0.01"));
    assert_eq!(desk.refused(refund_all(charge)), exceeds("4", "0"));
    assert_eq!(desk.balance(), both("10.00", "0.00"));
}

#[test]
fn a_refund_without_an_amount_is_of_all_that_is_left() {
    let mut desk = Desk::with("10");
    let charge = desk.done(deduct("4"));
    desk.done(refund(charge, "1"));
    let told = desk.post(refund_all(charge)).unwrap().transaction;
    assert_eq!(told.amount.to_string(), "3.00");
    assert_eq!(desk.transaction(charge).status, TransactionStatus::Refunded);
}

#[test]
fn a_captured_hold_is_refunded_up_to_what_was_captured() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("6", 50));
    desk.done(capture(hold, "2"));
    let [charged, refunded, requested] = ["2", "0", "3"].map(credits);
    let refusal = Rejection::RefundExceedsCharge { charged, refunded, requested };
    assert_eq!(desk.refused(refund(hold, "3")), refusal);
    desk.done(refund(hold, "2"));
    assert_eq!(desk.balance(), both("10.00", "0.00"));
}

#[test]
fn only_charges_can_be_refunded() {
    let mut desk = Desk::with("20");
    let charge = desk.done(deduct("1"));
    let open = desk.done(reserve("1", 5_000));
    let released = desk.done(reserve("1", 5_000));
    desk.done(release(released));
    let failed = desk.done(reserve("1", 5_000));
    let outcome = crate::ReleaseOutcome::Failed;
    desk.done(Action::Release { hold: failed, outcome });
    let lapsed = desk.done(reserve("1", 10));
    let scheduled = desk.done(grant("1", Some(4_000), None));
    let nothing = desk.done(reserve("1", 5_000));
    desk.done(capture(nothing, "0"));
    let back = desk.done(refund(charge, "0.50"));
    let [bought, given, up, down] =
        [purchase("1"), grant("1", None, None), adjust_up("1"), adjust_down("1")]
            .map(|action| desk.done(action));
    desk.now = 3_000;
    use TransactionKind as K;
    use TransactionStatus as S;
    for (target, kind, status) in [
        (open, K::Deduction, S::Pending),
        (released, K::Deduction, S::Cancelled),
        (failed, K::Deduction, S::Failed),
        (lapsed, K::Deduction, S::Cancelled),
        (scheduled, K::Grant, S::Pending),
        (back, K::Refund, S::Completed),
        (bought, K::Purchase, S::Completed),
        (given, K::Grant, S::Completed),
        (up, K::Adjustment, S::Completed),
        (down, K::Adjustment, S::Completed),
    ] {
        let refusal = Rejection::NotRefundable { kind, status };
        assert_eq!(desk.refused(refund_all(target)), refusal);
    }
    let [charged, refunded, requested] = [credits("0"); 3];
    let refusal = Rejection::RefundExceedsCharge { charged, refunded, requested };
    assert_eq!(desk.refused(refund_all(nothing)), refusal);
    assert_eq!(desk.refused(refund_all(nobody())), Rejection::TransactionNotFound(nobody()));
}

#[test]
fn a_refund_is_filed_under_what_its_charge_was_for_with_its_own_words() {
    let mut desk = Desk::with("10");
    let charged = Operation {
        operation_type: Some(Label::parse("IMAGE").unwrap()),
        model: Some(Label::parse("imagen").unwrap()),
        operation_id: Some(Label::parse("op-1").unwrap()),
        edit_price: true,
        project: Some(ProjectId::from_uuid(Uuid::from_u128(5))),
        reference: Some(Label::parse("invoice").unwrap()),
        description: Some(Label::parse("a cat").unwrap()),
        metadata: Some("{}".to_owned()),
    };
    let words = Operation {
        model: Some(Label::parse("other").unwrap()),
        reference: Some(Label::parse("ticket").unwrap()),
        description: Some(Label::parse("it was a dog").unwrap()),
        ..Operation::default()
    };
    let charge = desk.done(Action::Deduct { amount: credits("1"), operation: charged.clone() });
    let back = desk.done(Action::Refund { charge, amount: None, operation: words.clone() });
    let Operation { reference, description, metadata, .. } = words;
    let filed = Operation { reference, description, metadata, ..charged.clone() };
    assert_eq!(desk.transaction(back).operation, filed);
    assert_eq!(desk.transaction(charge).operation, charged);
}

#[test]
fn a_refund_into_an_expired_lot_is_good_for_the_grace() {
    let mut desk = Desk::empty();
    let lot = desk.lot(grant("4", None, Some(100)));
    desk.done(purchase("1"));
    let charge = desk.done(deduct("4"));
    desk.now = 100;
    let back = desk.done(refund(charge, "3"));
    let grace = desk.row(lot_of(back));
    assert_eq!((grace.source, grace.amount), (LotSource::Refund, credits("3")));
    assert_eq!(grace.expires_at, Some(at(1_100)));
    assert_eq!(desk.parts(back), [(lot_of(back), "3.00".to_owned())]);
    assert_eq!(desk.left(lot), "0.00");
}

#[test]
fn scenario_15_three_reports_of_one_failure_are_one_refund() {
    let mut desk = Desk::with("10");
    let charge = desk.done(deduct("4"));
    desk.now = 10_000;
    // The same report twice, then the same news by another way under another id.
    let first = desk.post_as("webhook-1", refund_all(charge)).unwrap();
    let again = desk.post_as("webhook-1", refund_all(charge)).unwrap();
    assert_eq!(
        (first.transaction, false, true),
        (again.transaction, first.replayed, again.replayed)
    );
    let [charged, refunded, requested] = ["4", "4", "0"].map(credits);
    let refusal = Rejection::RefundExceedsCharge { charged, refunded, requested };
    assert_eq!(desk.post_as("poll-1", refund_all(charge)), Err(refusal));
    assert_eq!(desk.balance(), both("10.00", "0.00"));
    let refunds = desk.kinds().into_iter().filter(|kind| *kind == EntryKind::Refunded);
    assert_eq!(refunds.count(), 1);
}

#[test]
fn scenario_17_a_refunded_job_run_again_is_charged_under_its_own_hold() {
    let mut desk = Desk::with("10");
    let first = desk.done(reserve("4", 50));
    desk.done(capture(first, "4"));
    desk.done(refund_all(first));
    let second = desk.done(reserve("4", 500));
    assert_ne!(first, second);
    // The first attempt's late answer settles nothing.
    let refusal = Rejection::HoldCaptured { captured: credits("4") };
    assert_eq!(desk.refused(capture(first, "4")), refusal);
    assert_eq!(desk.refused(release(first)), refusal);
    assert_eq!(desk.balance(), both("6.00", "4.00"));
    desk.done(capture(second, "4"));
    assert_eq!(desk.balance(), both("6.00", "0.00"));
    assert_eq!(desk.transaction(first).status, TransactionStatus::Refunded);
}
