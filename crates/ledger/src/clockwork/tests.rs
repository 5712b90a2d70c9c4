//! What the clock brings about, in which order, and however often it is looked at.

use crate::fixtures::*;
use crate::{EntryKind, HoldEnd, LotSource, LotState, TransactionKind, TransactionStatus, settle};

#[test]
fn nothing_is_posted_before_its_moment() {
    let mut desk = Desk::empty();
    desk.done(grant("5", Some(100), Some(300)));
    desk.now = 99;
    assert!(!desk.sweep());
    desk.now = 100;
    assert!(desk.sweep());
    let hold = desk.done(reserve("2", 99));
    desk.now = 199;
    assert!(!desk.sweep());
    desk.now = 200;
    assert!(desk.sweep());
    assert_eq!(desk.transaction(hold).hold.unwrap().end, Some(HoldEnd::Lapsed));
    desk.now = 299;
    assert!(!desk.sweep());
    desk.now = 300;
    assert!(desk.sweep());
    desk.now = 1_000_000;
    assert!(!desk.sweep());
    assert_eq!(desk.balance(), both("0.00", "0.00"));
}

#[test]
fn a_lapsed_hold_ends_cancelled_with_its_credits_back_where_they_were() {
    let mut desk = Desk::empty();
    let soon = desk.lot(grant("3", None, Some(5_000)));
    let never = desk.lot(purchase("3"));
    let hold = desk.done(reserve("5", 50));
    desk.now = 80;
    desk.sweep();
    let told = desk.transaction(hold);
    assert_eq!(told.status, TransactionStatus::Cancelled);
    assert_eq!((told.captured, told.balance_after), (credits("0"), credits("6")));
    // It took effect when it was due, not when it was looked at.
    assert_eq!(told.processed_at, Some(at(52)));
    assert_eq!(desk.parts(hold), []);
    assert_eq!((desk.left(soon), desk.left(never)), ("3.00".to_owned(), "3.00".to_owned()));
    let entry = desk.journal.last().unwrap();
    assert_eq!((entry.kind, entry.at), (EntryKind::Lapsed, at(52)));
    assert_eq!((entry.available.to_string(), entry.held.to_string()), both("5.00", "-5.00"));
}

#[test]
fn an_expired_lot_forfeits_what_is_left_in_a_transaction_of_its_own() {
    let mut desk = Desk::with("1");
    let lot = desk.lot(grant("5", None, Some(100)));
    desk.done(deduct("2"));
    desk.now = 500;
    desk.sweep();
    let expired = desk.row(lot);
    assert_eq!((expired.state, expired.remaining), (LotState::Expired, credits("0")));
    let told = desk.transaction(desk.journal.last().unwrap().transaction).clone();
    assert_eq!(told.kind, TransactionKind::Expiration);
    assert_eq!(told.status, TransactionStatus::Completed);
    assert_eq!((told.amount.to_string().as_str(), told.balance_after), ("-3.00", credits("1")));
    assert_eq!((told.created_at, told.processed_at), (at(100), Some(at(100))));
    assert_eq!(desk.parts(told.id), [(lot, "3.00".to_owned())]);
    assert_eq!(desk.book.account().forfeited, credits("3"));
    assert_eq!(desk.kinds().last(), Some(&EntryKind::Expired));
}

#[test]
fn a_lot_that_is_used_up_expires_without_a_word() {
    let mut desk = Desk::empty();
    desk.done(grant("5", None, Some(100)));
    desk.done(deduct("5"));
    desk.now = 500;
    assert!(!desk.sweep());
    assert_eq!(desk.journal.len(), 2);
}

#[test]
fn at_one_moment_credits_arrive_before_holds_lapse_before_lots_expire() {
    let mut desk = Desk::empty();
    desk.done(grant("5", None, Some(100)));
    desk.done(grant("7", Some(100), None));
    desk.done(reserve("2", 99));
    desk.now = 100;
    desk.sweep();
    use EntryKind as E;
    assert_eq!(desk.kinds(), [E::Granted, E::Held, E::Granted, E::Lapsed, E::Expired]);
    // What lapsed with its lot has its grace.
    assert_eq!(desk.balance(), both("9.00", "0.00"));
}

#[test]
fn things_are_posted_in_the_order_in_which_they_fell_due() {
    let mut desk = Desk::with("100");
    let holds = [300, 100, 200].map(|lease| desk.done(reserve("1", lease)));
    desk.done(grant("5", Some(150), Some(250)));
    desk.now = 10_000;
    desk.sweep();
    let order: Vec<_> = desk.journal.iter().skip(4).map(|entry| entry.transaction).collect();
    assert_eq!((order[0], order[2], order[4]), (holds[1], holds[2], holds[0]));
    use EntryKind as E;
    let kinds = desk.kinds();
    assert_eq!(kinds[4..], [E::Lapsed, E::Granted, E::Lapsed, E::Expired, E::Lapsed]);
    let moments: Vec<_> = desk.journal.iter().skip(4).map(|entry| entry.at).collect();
    assert_eq!(moments, [101, 150, 202, 250, 300].map(at));
}

#[test]
fn a_lot_that_got_credits_back_when_it_was_empty_expires_in_the_same_go() {
    let mut desk = Desk::empty();
    let lot = desk.lot(grant("5", None, Some(200)));
    desk.done(reserve("5", 100));
    desk.now = 1_000_000;
    desk.sweep();
    assert_eq!(desk.row(lot).state, LotState::Expired);
    assert_eq!(desk.balance(), both("0.00", "0.00"));
}

#[test]
fn a_grant_that_began_and_ended_unseen_is_posted_both_ways() {
    let mut desk = Desk::empty();
    desk.done(grant("5", Some(100), Some(200)));
    desk.now = 1_000;
    desk.sweep();
    assert_eq!(desk.kinds(), [EntryKind::Granted, EntryKind::Expired]);
    let account = desk.book.account();
    assert_eq!((account.earned, account.forfeited), (credits("5"), credits("5")));
}

#[test]
fn a_grace_lot_that_ran_out_unseen_is_gone_too() {
    let mut desk = Desk::empty();
    desk.done(grant("5", None, Some(100)));
    let hold = desk.done(reserve("5", 200));
    desk.now = 1_000_000;
    desk.sweep();
    let grace = desk.row(lot_of(hold));
    assert_eq!((grace.source, grace.state), (LotSource::Refund, LotState::Expired));
    assert_eq!((grace.opened_at, grace.expires_at), (at(201), Some(at(1_201))));
    assert_eq!(desk.balance(), both("0.00", "0.00"));
}

#[test]
fn scenario_10_two_sweepers_or_a_sweeper_and_a_command_restore_a_hold_once() {
    let open = || {
        let mut desk = Desk::with("10");
        desk.done(reserve("4", 50));
        desk.at(60)
    };
    let mut desk = open();
    assert!(desk.sweep());
    assert!(!desk.sweep());
    assert_eq!(desk.balance(), both("10.00", "0.00"));

    let mut desk = open();
    desk.sweep();
    desk.done(deduct("10"));
    assert_eq!(desk.balance(), both("0.00", "0.00"));

    let mut desk = open();
    desk.done(deduct("10"));
    assert!(!desk.sweep());
    let lapses = desk.kinds().into_iter().filter(|kind| *kind == EntryKind::Lapsed);
    assert_eq!(lapses.count(), 1);
}

#[test]
fn scenario_11_a_day_without_a_sweeper_changes_no_balance_and_no_decision() {
    const HOUR: i64 = 60 * 60 * 1_000_000;
    let history = |swept: bool| {
        let mut desk = Desk::with("10");
        desk.done(grant("5", Some(2 * HOUR), Some(6 * HOUR)));
        desk.done(grant("3", None, Some(4 * HOUR)));
        let hold = desk.done(reserve("7", HOUR));
        let other = desk.done(reserve("6", 5 * HOUR));
        let mut read = Vec::new();
        for hour in 0..24 {
            desk.now = hour * HOUR + 500;
            if swept {
                desk.sweep();
                read.push(desk.balance());
            } else {
                read.push(desk.read());
            }
        }
        desk.refused(capture(hold, "7"));
        desk.refused(capture(other, "6"));
        desk.refused(deduct("10.01"));
        desk.done(deduct("10"));
        (read, desk.journal.clone(), desk.book.account().clone())
    };
    assert_eq!(history(true), history(false));
}

#[test]
fn entries_keep_their_order_where_due_moments_lie_before_the_last_entry() {
    let mut desk = Desk::with("10").at(1_000);
    let hold = desk.done(reserve("4", 10));
    // Another server's clock is behind and extends nothing, then time goes on.
    desk.now = 0;
    desk.done(deduct("1"));
    assert_eq!(desk.journal.last().unwrap().at, at(1_001));
    desk.now = 1_010;
    desk.done(deduct("1"));
    assert_eq!(desk.transaction(hold).processed_at, Some(at(1_010)));
    assert_eq!(desk.journal.last().unwrap().at, at(1_011));
}

#[test]
fn looking_posts_nothing() {
    let mut desk = Desk::with("10");
    desk.done(reserve("4", 50));
    desk.now = 60;
    assert_eq!(desk.read(), both("10.00", "0.00"));
    assert_eq!(desk.balance(), both("6.00", "4.00"));
}

#[test]
fn a_scheduled_lot_without_its_grant_makes_the_book_unsound() {
    let mut desk = Desk::empty();
    desk.done(grant("5", Some(100), None));
    let mut book = desk.book.clone();
    book.transactions.clear();
    assert!(settle(&book, &desk.rules, at(99)).unwrap().is_none());
    assert!(settle(&book, &desk.rules, at(100)).is_err());
}
