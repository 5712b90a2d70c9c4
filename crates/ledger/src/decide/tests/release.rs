//! Releasing and extending holds.

use crate::fixtures::*;
use crate::{Action, EntryKind, HoldEnd, LotSource, ReleaseOutcome, TransactionStatus};

#[test]
fn releasing_gives_all_of_a_hold_back() {
    for (outcome, status) in [
        (ReleaseOutcome::Cancelled, TransactionStatus::Cancelled),
        (ReleaseOutcome::Failed, TransactionStatus::Failed),
    ] {
        let mut desk = Desk::with("10");
        let lot = desk.lots()[0].id;
        let hold = desk.done(reserve("4", 50));
        let told = desk.post(Action::Release { hold, outcome }).unwrap().transaction;
        assert_eq!((told.id, told.status), (hold, status));
        assert_eq!(told.hold.unwrap().end, Some(HoldEnd::Released));
        assert_eq!((told.captured, told.processed_at), (credits("0"), Some(at(1))));
        assert_eq!(told.amount.to_string(), "-4.00");
        assert_eq!(desk.balance(), both("10.00", "0.00"));
        assert_eq!(desk.left(lot), "10.00");
        assert_eq!(desk.parts(hold), []);
        assert_eq!(desk.transaction(hold).balance_after, credits("10"));
        assert_eq!(desk.kinds().last(), Some(&EntryKind::Released));
    }
}

#[test]
fn what_comes_back_after_its_lot_has_expired_opens_one_lot_with_grace() {
    let mut desk = Desk::empty();
    let lots = ["1", "2", "3"].map(|amount| desk.lot(grant(amount, None, Some(100))));
    let last = desk.lot(purchase("4"));
    let hold = desk.done(reserve("9", 5_000));
    desk.now = 200;
    desk.done(release(hold));
    let grace = desk.row(lot_of(hold)).clone();
    assert_eq!((grace.source, grace.priority), (LotSource::Refund, 10));
    assert_eq!((grace.amount, grace.remaining), (credits("6"), credits("6")));
    assert_eq!((grace.opened_at, grace.effective_at), (at(200), at(200)));
    assert_eq!(grace.expires_at, Some(at(1_200)));
    assert_eq!(lots.map(|lot| desk.left(lot)), ["0.00"; 3].map(str::to_owned));
    assert_eq!(desk.left(last), "4.00");
    assert_eq!(desk.balance(), both("10.00", "0.00"));
    // Its grace is over like any lot's time.
    desk.now = 1_199;
    assert_eq!(desk.read().0, "10.00");
    desk.now = 1_200;
    assert_eq!(desk.read().0, "4.00");
}

#[test]
fn what_comes_back_to_an_expired_lot_without_any_grace_is_gone_at_once() {
    let mut desk = Desk::empty();
    desk.rules.refund_grace = span(0);
    desk.done(grant("5", None, Some(100)));
    let hold = desk.done(reserve("5", 5_000));
    desk.now = 200;
    desk.done(release(hold));
    let lot = desk.row(lot_of(hold));
    assert_eq!((lot.effective_at, lot.expires_at), (at(200), Some(at(201))));
    desk.now = 201;
    assert_eq!(desk.read(), both("0.00", "0.00"));
}

#[test]
fn a_hold_released_at_the_very_end_of_its_lot_finds_the_lot_expired() {
    for (micros, source) in [(99, LotSource::Plan), (100, LotSource::Refund)] {
        let mut desk = Desk::empty();
        desk.done(grant("5", None, Some(100)));
        let hold = desk.done(reserve("5", 5_000));
        desk.now = micros;
        desk.done(release(hold));
        let open: Vec<_> = desk.lots().into_iter().filter(|lot| lot.is_live()).collect();
        assert_eq!(open.iter().map(|lot| lot.source).collect::<Vec<_>>(), [source]);
    }
}

#[test]
fn extending_a_hold_counts_its_lease_from_now_and_posts_nothing() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("4", 50));
    desk.now = 40;
    let outcome = desk.post(extend(hold, 100)).unwrap();
    assert_eq!(outcome.transaction.hold.unwrap().lease_until, at(140));
    assert_eq!(outcome.transaction.status, TransactionStatus::Pending);
    assert_eq!((outcome.balance.version, desk.journal.len()), (2, 2));
    desk.now = 139;
    assert_eq!(desk.read(), both("6.00", "4.00"));
    // A lease can be cut short as well.
    desk.done(extend(hold, 0));
    assert_eq!(desk.read(), both("10.00", "0.00"));
}

#[test]
fn extending_tells_the_balance_of_now_and_leaves_that_of_the_transaction() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("4", 50));
    desk.done(deduct("1"));
    let outcome = desk.post(extend(hold, 100)).unwrap();
    assert_eq!(outcome.transaction.balance_after, credits("5"));
    assert_eq!(desk.transaction(hold).balance_after, credits("6"));
}
