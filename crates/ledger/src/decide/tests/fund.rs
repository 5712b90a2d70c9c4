//! Inflows, scheduled ones, and an operator's corrections.

use kernel::TransactionId;

use crate::fixtures::*;
use crate::{
    Action, EntryKind, LotSource, LotState, Operation, Rejection, TransactionKind,
    TransactionStatus,
};

#[test]
fn each_inflow_opens_a_lot_and_is_earned() {
    use EntryKind as E;
    use LotSource as L;
    use TransactionKind as K;
    for (action, kind, entry, source) in [
        (purchase("5"), K::Purchase, E::Purchased, L::Purchase),
        (grant("5", None, None), K::Grant, E::Granted, L::Plan),
        (adjust_up("5"), K::Adjustment, E::AdjustedUp, L::Adjustment),
    ] {
        let mut desk = Desk::empty();
        let told = desk.post(action).unwrap().transaction;
        assert_eq!((told.kind, told.status), (kind, TransactionStatus::Completed));
        assert_eq!((told.amount.to_string().as_str(), told.balance_after), ("5.00", credits("5")));
        assert_eq!(told.processed_at, Some(at(0)));
        assert_eq!(desk.kinds(), [entry]);
        let lot = lot_of(told.id);
        assert_eq!(desk.parts(told.id), [(lot, "5.00".to_owned())]);
        let lot = desk.row(lot);
        assert_eq!((lot.source, lot.state), (source, LotState::Open));
        assert_eq!((lot.amount, lot.remaining), (credits("5"), credits("5")));
        assert_eq!((lot.opened_at, lot.effective_at, lot.expires_at), (at(0), at(0), None));
        assert_eq!(desk.book.account().earned, credits("5"));
    }
}

#[test]
fn a_purchase_can_expire() {
    let mut desk = Desk::empty();
    let buy = |until: i64| {
        let (amount, expires_at) = (credits("5"), Some(at(until)));
        Action::Purchase { amount, expires_at, operation: Operation::default() }
    };
    assert_eq!(desk.refused(buy(0)), Rejection::ExpiresTooSoon { expires_at: at(0) });
    let lot = desk.lot(buy(1));
    assert_eq!(desk.row(lot).expires_at, Some(at(1)));
}

#[test]
fn adjusting_down_takes_from_the_lots_and_is_forfeited_not_spent() {
    let mut desk = Desk::with("5");
    let lot = desk.lots()[0].id;
    let told = desk.post(adjust_down("2")).unwrap().transaction;
    assert_eq!(
        (told.kind, told.amount.to_string().as_str()),
        (TransactionKind::Adjustment, "-2.00")
    );
    assert_eq!(told.captured, credits("0"));
    assert_eq!(desk.parts(told.id), [(lot, "2.00".to_owned())]);
    assert_eq!(desk.kinds().last(), Some(&EntryKind::AdjustedDown));
    let account = desk.book.account();
    assert_eq!([account.forfeited, account.spent], [credits("2"), credits("0")]);
    let (required, available) = (credits("3.01"), credits("3"));
    let refusal = Rejection::InsufficientCredits { required, available };
    assert_eq!(desk.refused(adjust_down("3.01")), refusal);
}

#[test]
fn a_scheduled_grant_counts_from_its_time_on() {
    let mut desk = Desk::with("1");
    let told = desk.post(grant("5", Some(100), Some(200))).unwrap().transaction;
    assert_eq!((told.status, told.processed_at), (TransactionStatus::Pending, None));
    assert_eq!(desk.row(lot_of(told.id)).state, LotState::Scheduled);
    assert_eq!((desk.balance().0.as_str(), desk.book.account().version), ("1.00", 1));
    desk.now = 99;
    let (required, available) = (credits("2"), credits("1"));
    let refusal = Rejection::InsufficientCredits { required, available };
    assert_eq!(desk.refused(deduct("2")), refusal);
    desk.now = 100;
    desk.done(deduct("2"));
    let grant = desk.transaction(told.id);
    assert_eq!((grant.status, grant.processed_at), (TransactionStatus::Completed, Some(at(100))));
    assert_eq!(grant.balance_after, credits("6"));
    assert_eq!(grant.created_at, at(0));
}

#[test]
fn a_grant_scheduled_in_the_past_counts_at_once() {
    for from in [-500, 0] {
        let mut desk = Desk::empty();
        let lot = desk.lot(grant("5", Some(from), Some(1)));
        let lot = desk.row(lot);
        assert_eq!((lot.state, lot.effective_at), (LotState::Open, at(0)));
        assert_eq!(desk.balance().0, "5.00");
    }
}

#[test]
fn credits_that_could_never_be_spent_are_refused() {
    for (from, until, passes) in [
        (None, -1, false),
        (None, 0, false),
        (None, 1, true),
        (Some(-10), -5, false),
        (Some(-10), 0, false),
        (Some(50), 50, false),
        (Some(50), 49, false),
        (Some(50), 51, true),
    ] {
        let mut desk = Desk::empty();
        let answer = desk.post(grant("5", from, Some(until)));
        let refusal = Rejection::ExpiresTooSoon { expires_at: at(until) };
        assert_eq!(answer.err(), if passes { None } else { Some(refusal) }, "{from:?} {until}");
    }
}

#[test]
fn scenario_23_no_total_passes_what_a_column_holds() {
    let most = "9999999999.99";
    for full in [purchase(most), grant(most, None, None), grant(most, Some(50), None)] {
        let mut desk = Desk::empty();
        desk.done(full);
        for more in [purchase("0.01"), grant("0.01", None, None), adjust_up("0.01")] {
            assert_eq!(desk.refused(more), Rejection::BalanceLimit);
        }
        assert_eq!(desk.refused(grant("0.01", Some(90), None)), Rejection::BalanceLimit);
        // Credits that are charged, held or forfeited were earned all the same.
        desk.now = 60;
        desk.done(deduct(most));
        assert_eq!(desk.refused(purchase("0.01")), Rejection::BalanceLimit);
    }
}

#[test]
fn what_is_promised_keeps_its_room() {
    let mut desk = Desk::empty();
    desk.done(grant("9999999999", Some(50), None));
    assert_eq!(desk.refused(purchase("1")), Rejection::BalanceLimit);
    desk.done(purchase("0.99"));
    desk.now = 50;
    assert_eq!(desk.read().0, "9999999999.99");
    desk.done(deduct("9999999999.99"));
}

#[test]
fn a_full_account_can_still_hold_lapse_capture_and_refund() {
    let most = "9999999999.99";
    let mut desk = Desk::with(most);
    let lapsing = desk.done(reserve(most, 10));
    desk.now = 20;
    let hold = desk.done(reserve(most, 10));
    assert_ne!(lapsing, hold);
    desk.done(capture(hold, most));
    desk.done(refund_all(hold));
    assert_eq!(desk.balance(), (most.to_owned(), "0.00".to_owned()));
}

#[test]
fn taking_a_lot_back_leaves_the_others_and_what_is_held_of_it() {
    let mut desk = Desk::with("10");
    let given = desk.lot(grant("5", None, Some(1_000)));
    // Plan credits burn first: one is spent, two are held.
    desk.done(deduct("1"));
    let hold = desk.done(reserve("2", 50));
    let take = || Action::TakeBack { lot: given, operation: Operation::default() };
    let told = desk.post(take()).unwrap().transaction;
    assert_eq!(
        (told.kind, told.amount.to_string().as_str()),
        (TransactionKind::Adjustment, "-2.00")
    );
    assert_eq!(desk.left(given), "0.00");
    assert_eq!(desk.parts(told.id), [(given, "2.00".to_owned())]);
    assert_eq!(desk.balance(), both("10.00", "2.00"));
    assert_eq!(desk.book.account().forfeited, credits("2"));
    let gone = TransactionId::from_uuid(*given.as_uuid());
    assert_eq!(desk.refused(take()), Rejection::TransactionNotFound(gone));
    desk.done(release(hold));
    assert_eq!(desk.left(given), "2.00");
    assert_eq!(desk.findings(), []);
}
