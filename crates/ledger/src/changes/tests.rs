//! A batch comes to each row once, in its last state.

use crate::fixtures::*;
use crate::{Action, Book, Changes, Command, Rules, decide, settle};

/// Decides commands on a book, one on top of the other, as one batch.
fn batch(book: &mut Book, now: i64, actions: &[Action]) -> Changes {
    let mut changes = Changes::default();
    for (nonce, action) in actions.iter().enumerate() {
        let request = format!("{now}-{nonce}").parse().unwrap();
        let command = Command::new(user(), request, nonce as u64, action.clone());
        let decision = decide(book, &Rules::default(), at(now), &command).unwrap();
        changes.absorb(book, decision);
    }
    changes
}

#[test]
fn rows_that_a_batch_opens_and_then_changes_are_opened_once_in_their_last_state() {
    let mut book = Desk::empty().book.clone();
    let changes = batch(&mut book, 0, &[purchase("10"), deduct("1"), reserve("2", 50)]);
    assert_eq!(changes.opened_lots.len(), 1);
    assert_eq!(changes.opened_lots.values().next().unwrap().remaining, credits("7"));
    assert!(changes.changed_lots.is_empty());
    assert_eq!(changes.opened_transactions.len(), 3);
    assert!(changes.changed_transactions.is_empty());
    assert_eq!(changes.accounts.values().collect::<Vec<_>>(), [book.account()]);
    let versions: Vec<_> = changes.entries.iter().map(|entry| entry.version).collect();
    assert_eq!((versions, changes.recorded.len()), (vec![1, 2, 3], 3));
}

#[test]
fn rows_that_were_there_before_are_changed_once_in_their_last_state() {
    let mut desk = Desk::with("10");
    let lot = desk.lots()[0].id;
    let hold = desk.done(reserve("4", 50));
    let mut book = desk.book.clone();
    let actions = [capture(hold, "3"), refund(hold, "1"), refund(hold, "2")];
    let changes = batch(&mut book, 10, &actions);
    assert!(changes.opened_lots.is_empty());
    assert_eq!(changes.changed_lots.keys().collect::<Vec<_>>(), [&(user(), lot)]);
    assert_eq!(changes.changed_lots[&(user(), lot)].remaining, credits("10"));
    assert_eq!(changes.changed_transactions.keys().collect::<Vec<_>>(), [&(user(), hold)]);
    assert_eq!(changes.changed_transactions[&(user(), hold)].refunded, credits("3"));
    assert_eq!(changes.opened_transactions.len(), 2);
    assert_eq!(changes.accounts[&user()], *book.account());
}

#[test]
fn the_book_moves_with_what_is_absorbed() {
    let mut desk = Desk::with("10");
    desk.done(reserve("4", 50));
    let mut book = desk.book.clone();
    desk.now = 60;
    desk.sweep();
    let settled = settle(&book, &desk.rules, at(60)).unwrap().unwrap();
    let mut changes = Changes::default();
    changes.absorb(&mut book, settled);
    assert_eq!(book, desk.book);
    assert!(changes.recorded.is_empty());
}

#[test]
fn what_moves_no_credits_leaves_the_account_alone() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("4", 50));
    let mut book = desk.book.clone();
    let changes = batch(&mut book, 10, &[extend(hold, 90), grant("5", Some(500), None)]);
    assert!(changes.accounts.is_empty() && changes.entries.is_empty());
    assert!(!changes.is_empty());
    assert_eq!((changes.changed_transactions.len(), changes.opened_transactions.len()), (1, 1));
    assert_eq!((changes.opened_lots.len(), changes.recorded.len()), (1, 2));
}

#[test]
fn a_replay_changes_nothing() {
    let mut desk = Desk::with("10");
    let command = desk.command("a", deduct("1"));
    desk.decide(&command).unwrap();
    let mut book = desk.book.clone();
    let mut changes = Changes::default();
    let replay = decide(&book, &desk.rules, at(0), &command).unwrap();
    changes.absorb(&mut book, replay);
    assert!(changes.is_empty());
    assert_eq!(book, desk.book);
}
