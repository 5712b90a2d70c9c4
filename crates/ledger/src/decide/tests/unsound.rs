//! Books that contradict themselves: nothing is decided on top of them.

use kernel::{LotId, TransactionId};

use crate::fixtures::*;
use crate::{Action, Book, DecideError, decide, settle};

/// What is wrong with the book, as the decision on it sees it.
fn unsound(desk: &mut Desk, action: Action, tamper: impl FnOnce(&mut Book)) -> &'static str {
    let command = desk.command("unsound", action);
    let mut book = desk.book.clone();
    tamper(&mut book);
    match decide(&book, &desk.rules, at(desk.now), &command) {
        Err(DecideError::Unsound(what)) => what,
        other => panic!("{other:?}"),
    }
}

fn shrink(book: &mut Book, id: TransactionId) {
    book.transactions.get_mut(&id).unwrap().allocations.pop();
}

fn remove(book: &mut Book, id: LotId) {
    book.lots.remove(&id);
}

#[test]
fn lots_that_do_not_cover_the_balance_pay_nothing() {
    let mut desk = Desk::with("10");
    let what = unsound(&mut desk, deduct("5"), |book| book.lots.clear());
    assert_eq!(what, "the lots do not cover what is available");
}

#[test]
fn a_hold_or_a_charge_that_lots_do_not_cover_is_neither_captured_nor_refunded() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("5", 500));
    let charge = desk.done(deduct("2"));
    let what = unsound(&mut desk, capture(hold, "5"), |book| shrink(book, hold));
    assert_eq!(what, "a hold's lots do not cover it");
    let what = unsound(&mut desk, refund(charge, "2"), |book| shrink(book, charge));
    assert_eq!(what, "a charge's lots do not cover it");
}

#[test]
fn credits_do_not_return_to_a_lot_that_is_missing() {
    let mut desk = Desk::with("10");
    let lot = desk.lots()[0].id;
    let hold = desk.done(reserve("5", 500));
    let what = unsound(&mut desk, release(hold), |book| remove(book, lot));
    assert_eq!(what, "a lot that paid is missing");
    desk.now = 1_000;
    let mut book = desk.book.clone();
    remove(&mut book, lot);
    let settled = settle(&book, &desk.rules, at(desk.now));
    assert_eq!(settled, Err(DecideError::Unsound("a lot that paid is missing")));
}

#[test]
fn a_transaction_never_opens_a_second_lot() {
    let mut desk = Desk::empty();
    let lot = desk.lot(grant("5", None, Some(100)));
    let hold = desk.done(reserve("5", 500));
    desk.now = 200;
    let mut second = desk.row(lot).clone();
    second.id = lot_of(hold);
    let what = unsound(&mut desk, release(hold), |book| book.add_lot(second));
    assert_eq!(what, "a transaction would open a second lot");
}

#[test]
fn more_returned_or_refunded_than_there_was_is_a_contradiction() {
    let mut desk = Desk::with("10");
    let charge = desk.done(deduct("2"));
    for tamper in [
        |book: &mut Book, id: TransactionId| {
            book.transactions.get_mut(&id).unwrap().refunded = credits("3");
        },
        |book: &mut Book, id: TransactionId| {
            book.transactions.get_mut(&id).unwrap().allocations[0].returned = credits("3");
        },
    ] {
        let what = unsound(&mut desk, refund(charge, "1"), |book| tamper(book, charge));
        assert_eq!(what, "a part is larger than its whole");
    }
}
