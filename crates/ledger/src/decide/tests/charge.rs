//! Deducting and reserving.

use crate::fixtures::*;
use crate::{
    EntryKind, HoldEnd, Label, LateCapture, Operation, OverCapture, Rejection, TransactionKind,
    TransactionStatus,
};

#[test]
fn a_deduction_takes_its_amount_at_once() {
    let mut desk = Desk::with("10");
    let outcome = desk.post(deduct("3.50")).unwrap();
    assert_eq!(desk.balance(), both("6.50", "0.00"));
    assert_eq!(outcome.balance, desk.book.account().balance());
    assert_eq!((outcome.balance.version, outcome.replayed), (2, false));
    let told = &outcome.transaction;
    assert_eq!(
        (told.kind, told.status),
        (TransactionKind::Deduction, TransactionStatus::Completed)
    );
    assert_eq!(told.amount.to_string(), "-3.50");
    assert_eq!((told.captured, told.balance_after), (credits("3.50"), credits("6.50")));
    assert_eq!((told.created_at, told.processed_at), (at(0), Some(at(0))));
    assert_eq!((told.hold, told.parent), (None, None));
    assert_eq!(desk.kinds(), [EntryKind::Purchased, EntryKind::Deducted]);
    assert_eq!(desk.book.account().spent, credits("3.50"));
}

#[test]
fn a_charge_of_the_whole_balance_leaves_nothing_and_one_of_more_is_refused() {
    for action in [deduct, |amount: &str| reserve(amount, 50)] {
        let mut desk = Desk::with("10");
        let (required, available) = (credits("10.01"), credits("10"));
        let refusal = Rejection::InsufficientCredits { required, available };
        assert_eq!(desk.refused(action("10.01")), refusal);
        desk.done(action("10"));
        assert_eq!(desk.balance().0, "0.00");
        let (required, available) = (credits("0.01"), credits("0"));
        let refusal = Rejection::InsufficientCredits { required, available };
        assert_eq!(desk.refused(action("0.01")), refusal);
    }
}

#[test]
fn a_hold_sets_its_amount_aside_for_its_lease() {
    let mut desk = Desk::with("10");
    let policies = (OverCapture::Cap, LateCapture::AcceptIfCovered);
    let outcome = desk.post(reserve_with("4", 50, policies.0, policies.1)).unwrap();
    assert_eq!(desk.balance(), both("6.00", "4.00"));
    let told = &outcome.transaction;
    assert_eq!((told.kind, told.status), (TransactionKind::Deduction, TransactionStatus::Pending));
    assert_eq!((told.amount.to_string().as_str(), told.captured), ("-4.00", credits("0")));
    assert_eq!(told.processed_at, None);
    let hold = told.hold.unwrap();
    assert_eq!((hold.amount, hold.lease_until, hold.end), (credits("4"), at(50), None));
    assert_eq!((hold.over_capture, hold.late_capture), policies);
    assert_eq!(desk.kinds(), [EntryKind::Purchased, EntryKind::Held]);
    assert_eq!(desk.book.account().spent, credits("0"));
}

#[test]
fn what_is_held_cannot_be_spent_twice() {
    let mut desk = Desk::with("10");
    desk.done(reserve("6", 50));
    let (required, available) = (credits("5"), credits("4"));
    let refusal = Rejection::InsufficientCredits { required, available };
    assert_eq!(desk.refused(reserve("5", 50)), refusal);
    assert_eq!(desk.refused(deduct("5")), refusal);
}

#[test]
fn a_transaction_keeps_what_it_was_for() {
    let mut desk = Desk::with("10");
    let description = Some(Label::parse("a cat").unwrap());
    let operation = Operation { description, ..Operation::default() };
    let amount = credits("1");
    let id = desk.done(crate::Action::Deduct { amount, operation: operation.clone() });
    assert_eq!(desk.transaction(id).operation, operation);
}

#[test]
fn commands_of_one_microsecond_are_dated_one_after_the_other() {
    let mut desk = Desk::with("10");
    let ids = [deduct("1"), reserve("1", 50), deduct("1")].map(|action| desk.done(action));
    let dates = ids.map(|id| desk.transaction(id).created_at);
    assert_eq!(dates, [at(0), at(1), at(2)]);
    assert!(ids.is_sorted());
    // The lease runs from the hold's own date.
    assert_eq!(desk.transaction(ids[1]).hold.unwrap().lease_until, at(51));
}

#[test]
fn a_clock_that_is_behind_cannot_date_anything_before_what_has_happened() {
    let mut desk = Desk::with("10").at(1_000);
    desk.done(deduct("1"));
    desk.now = -5_000;
    let late = desk.done(deduct("1"));
    assert_eq!(desk.transaction(late).created_at, at(1_001));
}

#[test]
fn a_command_at_a_stale_version_is_refused_and_one_at_the_current_passes() {
    let mut desk = Desk::with("10");
    desk.done(deduct("1"));
    for (expected, passes) in [(1, false), (3, false), (2, true)] {
        let command = desk.command(&format!("v{expected}"), deduct("1")).expecting(Some(expected));
        let answer = desk.decide(&command).map(|outcome| outcome.balance.version);
        let stale = Rejection::StaleVersion { expected, current: 2 };
        assert_eq!(answer, if passes { Ok(3) } else { Err(stale) });
    }
}

#[test]
fn what_the_clock_has_brought_about_counts_as_versions() {
    let mut desk = Desk::with("10");
    desk.done(reserve("1", 50));
    desk.now = 50;
    let stale = desk.command("stale", deduct("1")).expecting(Some(2));
    let refusal = Rejection::StaleVersion { expected: 2, current: 3 };
    assert_eq!(desk.decide(&stale), Err(refusal));
    let current = desk.command("current", deduct("1")).expecting(Some(3));
    assert_eq!(desk.decide(&current).unwrap().balance.version, 4);
}

#[test]
fn scenario_18_what_was_refused_or_never_granted_is_never_captured() {
    let mut desk = Desk::with("10");
    let grant = desk.done(grant("5", None, None));
    let charge = desk.done(deduct("1"));
    desk.refused(reserve("50", 50));
    for (target, refusal) in [
        (nobody(), Rejection::TransactionNotFound(nobody())),
        (grant, Rejection::NotAHold),
        (charge, Rejection::NotAHold),
    ] {
        assert_eq!(desk.refused(capture(target, "1")), refusal);
        assert_eq!(desk.refused(release(target)), refusal);
        assert_eq!(desk.refused(extend(target, 10)), refusal);
    }
}

#[test]
fn scenario_23_two_hundred_charges_of_seven_hundredths_are_exactly_fourteen() {
    let mut desk = Desk::with("14");
    for _ in 0..200 {
        desk.done(deduct("0.07"));
    }
    assert_eq!(desk.balance(), both("0.00", "0.00"));
    assert_eq!(desk.book.account().spent, credits("14"));
}

#[test]
fn scenario_16_money_state_and_totals_change_together_or_not_at_all() {
    let mut desk = Desk::with("100");
    let charge = desk.done(deduct("10"));
    let hold = desk.done(reserve("20", 1_000));
    let other = desk.done(reserve("5", 100));
    let expiring = grant("7", None, Some(500));
    for (micros, action) in [
        (1, refund(charge, "4")),
        (2, capture(hold, "15")),
        (3, expiring),
        (4, adjust_up("3")),
        (5, adjust_down("2")),
        (6, release(hold)),
        (7, deduct("1000")),
        (200, release(other)),
        (600, refund_all(hold)),
        (601, refund(charge, "7")),
    ] {
        desk.now = micros;
        let before = desk.book.clone();
        if desk.post(action).is_err() {
            assert_eq!(desk.book, before);
        }
        let account = desk.book.account();
        assert!(account.books_close(), "{account:?}");
        assert_eq!(desk.findings(), []);
    }
    let account = desk.book.account();
    let totals =
        [account.available, account.held, account.earned, account.spent, account.forfeited];
    assert_eq!(totals, ["97", "0", "110", "6", "7"].map(credits));
    assert_eq!(desk.transaction(other).hold.unwrap().end, Some(HoldEnd::Lapsed));
}
