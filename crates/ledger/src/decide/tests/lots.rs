//! Which lots pay, in which order, and where credits return to.

use kernel::LotId;

use crate::fixtures::*;
use crate::{Action, Allocation, GrantTerms, LateCapture, LotSource, Operation, OverCapture};

fn terms(source: LotSource, priority: Option<u16>, until: Option<i64>) -> Action {
    Action::Grant(GrantTerms {
        source,
        amount: credits("1"),
        priority,
        effective_at: None,
        expires_at: until.map(at),
        operation: Operation::default(),
    })
}

fn paid(desk: &mut Desk, amount: &str) -> Vec<LotId> {
    let id = desk.done(deduct(amount));
    desk.parts(id).into_iter().map(|(lot, _)| lot).collect()
}

#[test]
fn lots_burn_by_priority_then_soonest_end_then_age() {
    let mut desk = Desk::empty();
    let lots = [
        terms(LotSource::Plan, Some(5), None),
        terms(LotSource::Plan, Some(5), Some(900)),
        terms(LotSource::Plan, Some(4), None),
        terms(LotSource::Plan, Some(6), Some(500)),
        terms(LotSource::Plan, Some(5), Some(800)),
        terms(LotSource::Plan, Some(5), Some(900)),
        terms(LotSource::Plan, Some(5), None),
    ]
    .map(|action| desk.lot(action));
    assert_eq!(paid(&mut desk, "7"), [2, 4, 1, 5, 0, 6, 3].map(|place: usize| lots[place]));
}

#[test]
fn what_is_given_burns_before_what_is_paid_for() {
    let mut desk = Desk::empty();
    let purchase = desk.lot(purchase("1"));
    let adjustment = desk.lot(adjust_up("1"));
    let [plan, signup, promotion, refund] =
        [LotSource::Plan, LotSource::Signup, LotSource::Promotion, LotSource::Refund]
            .map(|source| desk.lot(terms(source, None, None)));
    let order = [refund, promotion, signup, plan, adjustment, purchase];
    assert_eq!(paid(&mut desk, "6"), order);
    let priorities = order.map(|lot| desk.row(lot).priority);
    assert_eq!(priorities, [10, 20, 30, 40, 50, 60]);
}

#[test]
fn scenario_20_equal_lots_burn_oldest_first_and_the_same_history_gives_the_same_parts() {
    let history = || {
        let mut desk = Desk::empty();
        let lots = ["1", "1", "1", "1"].map(|amount| desk.lot(grant(amount, None, Some(900))));
        let charges = ["1.50", "0.25", "2"].map(|amount| desk.done(deduct(amount)));
        let parts = charges.map(|charge| desk.parts(charge));
        (lots, parts, desk.book.clone(), desk.journal.clone())
    };
    let (lots, parts, ..) = history();
    let told = |parts: &[(usize, &str)]| {
        parts.iter().map(|(lot, amount)| (lots[*lot], (*amount).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(
        parts,
        [
            told(&[(0, "1.00"), (1, "0.50")]),
            told(&[(1, "0.25")]),
            told(&[(1, "0.25"), (2, "1.00"), (3, "0.75")]),
        ]
    );
    assert_eq!(history(), history());
}

#[test]
fn scenario_20_a_later_grant_never_pays_an_earlier_charge() {
    let mut desk = Desk::with("10");
    let old = desk.lots()[0].id;
    let hold = desk.done(reserve("4", 500));
    let charge = desk.done(deduct("1"));
    // It would burn first, had it been there.
    let new = desk.lot(terms(LotSource::Promotion, Some(0), Some(900)));
    desk.done(capture(hold, "4"));
    assert_eq!(desk.parts(hold), [(old, "4.00".to_owned())]);
    assert_eq!(desk.parts(charge), [(old, "1.00".to_owned())]);
    assert_eq!(desk.left(new), "1.00");
}

#[test]
fn scenario_19_what_returns_of_a_hold_over_three_lots_goes_to_the_right_ones() {
    let mut desk = Desk::empty();
    let first = desk.lot(grant("3", None, Some(1_000)));
    let second = desk.lot(grant("3", None, Some(1_001)));
    let third = desk.lot(purchase("3"));
    let hold = desk.done(reserve("8", 5_000));
    let before = [(first, "3.00"), (second, "3.00"), (third, "2.00")];
    assert_eq!(desk.parts(hold), before.map(|(lot, amount)| (lot, amount.to_owned())));
    // The second lot expires while the hold is open; the first to burn pays.
    desk.now = 1_500;
    desk.done(capture(hold, "4"));
    let after = [(first, "3.00"), (second, "1.00")];
    assert_eq!(desk.parts(hold), after.map(|(lot, amount)| (lot, amount.to_owned())));
    assert_eq!(desk.left(third), "3.00");
    assert_eq!((desk.left(first), desk.left(second)), ("0.00".to_owned(), "0.00".to_owned()));
    // What was the expired lot's is in a lot of its own, to be seen.
    let grace = desk.row(lot_of(hold));
    assert_eq!((grace.source, grace.remaining), (LotSource::Refund, credits("2")));
    assert_eq!(grace.expires_at, Some(at(2_500)));
    assert_eq!(desk.balance(), both("5.00", "0.00"));
}

#[test]
fn scenario_22_reserved_in_one_period_and_captured_in_the_next_counts_in_the_first() {
    let mut desk = Desk::empty();
    let may = desk.lot(grant("5", None, Some(1_000)));
    let june = desk.lot(grant("5", Some(1_000), Some(2_000)));
    // The last microsecond of the first period still has it, and only it.
    desk.now = 999;
    assert_eq!(desk.read().0, "5.00");
    let hold = desk.done(reserve("4", 500));
    desk.now = 1_000;
    assert_eq!(desk.read(), both("5.00", "4.00"));
    desk.done(capture(hold, "4"));
    assert_eq!(desk.parts(hold), [(may, "4.00".to_owned())]);
    assert_eq!((desk.left(may), desk.left(june)), ("0.00".to_owned(), "5.00".to_owned()));
    assert_eq!(desk.book.account().forfeited, credits("1"));
}

#[test]
fn a_refund_returns_to_the_lots_that_burned_last_first() {
    let mut desk = Desk::empty();
    let first = desk.lot(grant("2", None, Some(900)));
    let last = desk.lot(purchase("5"));
    let charge = desk.done(deduct("4"));
    let returned = |desk: &Desk| {
        let parts = &desk.transaction(charge).allocations;
        parts.iter().map(|part: &Allocation| part.returned.to_string()).collect::<Vec<_>>()
    };
    let back = desk.done(refund(charge, "1"));
    assert_eq!(desk.parts(back), [(last, "1.00".to_owned())]);
    assert_eq!(returned(&desk), ["0.00", "1.00"]);
    let back = desk.done(refund(charge, "2"));
    assert_eq!(desk.parts(back), [(last, "1.00".to_owned()), (first, "1.00".to_owned())]);
    assert_eq!(returned(&desk), ["1.00", "2.00"]);
    desk.done(refund_all(charge));
    assert_eq!(returned(&desk), ["2.00", "2.00"]);
    assert_eq!((desk.left(first), desk.left(last)), ("2.00".to_owned(), "5.00".to_owned()));
}

#[test]
fn a_refund_of_an_expired_lot_and_a_late_capture_of_its_hold_never_meet_in_one_lot() {
    let mut desk = Desk::empty();
    desk.done(grant("5", None, Some(100)));
    let late = LateCapture::AcceptIfCovered;
    let hold = desk.done(reserve_with("5", 200, OverCapture::Reject, late));
    // The lapse opens a lot under the hold's name, and the late capture burns it.
    desk.now = 300;
    desk.done(capture(hold, "5"));
    assert_eq!(desk.parts(hold), [(lot_of(hold), "5.00".to_owned())]);
    // The refund comes when that lot has expired too, and opens one under its own name.
    desk.now = 2_000;
    desk.done(purchase("1"));
    let back = desk.done(refund(hold, "3"));
    assert_eq!(desk.parts(back), [(lot_of(back), "3.00".to_owned())]);
    let rest = desk.done(refund_all(hold));
    assert_eq!(desk.parts(rest), [(lot_of(rest), "2.00".to_owned())]);
    assert_eq!(desk.balance(), both("6.00", "0.00"));
}
