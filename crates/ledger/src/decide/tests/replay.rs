//! Asking again: the same answer, whatever has happened since.

use kernel::TransactionId;

use crate::fixtures::*;
use crate::{Action, DecideError, LateCapture, Outcome, OverCapture, Rejection, decide};

/// Asks again under the same id, and expects the first answer and no change.
fn ask_again(desk: &mut Desk, request: &str, action: &Action, first: &Outcome) {
    let before = desk.book.clone();
    let again = desk.post_as(request, action.clone()).unwrap();
    assert_eq!(again, Outcome { replayed: true, ..first.clone() });
    assert_eq!(desk.book, before);
}

#[test]
fn scenario_04_the_same_id_with_another_payload_is_refused_and_nothing_moves() {
    let mut desk = Desk::with("10");
    let first = desk.post_as("a", deduct("1")).unwrap();
    let book = desk.book.clone();
    for other in [deduct("2"), adjust_down("1"), reserve("1", 50), refund_all(first.transaction.id)]
    {
        assert_eq!(desk.post_as("a", other), Err(Rejection::RequestIdReused));
    }
    assert_eq!(desk.book, book);
    for same in ["1", "1.0", "1.00"] {
        ask_again(&mut desk, "a", &deduct(same), &first);
    }
}

#[test]
fn scenario_05_a_refusal_is_not_recorded_and_the_same_id_may_succeed_later() {
    let mut desk = Desk::with("1");
    let (required, available) = (credits("5"), credits("1"));
    let refusal = Rejection::InsufficientCredits { required, available };
    assert_eq!(desk.post_as("a", reserve("5", 50)), Err(refusal));
    desk.done(purchase("9"));
    let outcome = desk.post_as("a", reserve("5", 50)).unwrap();
    assert!(!outcome.replayed);
    assert_eq!(desk.balance(), both("5.00", "5.00"));
    // Nor does a refusal keep the id from another payload.
    assert!(desk.post_as("b", deduct("50")).is_err());
    desk.post_as("b", deduct("5")).unwrap();
}

#[test]
fn scenario_07_a_retried_hold_is_held_once_and_released_once() {
    let mut desk = Desk::with("10");
    let first = desk.post_as("a", reserve("4", 50)).unwrap();
    for _ in 0..3 {
        ask_again(&mut desk, "a", &reserve("4", 50), &first);
        assert_eq!(desk.balance(), both("6.00", "4.00"));
    }
    desk.done(release(first.transaction.id));
    assert_eq!(desk.balance(), both("10.00", "0.00"));
    ask_again(&mut desk, "a", &reserve("4", 50), &first);
}

#[test]
fn a_replay_needs_neither_the_credits_nor_the_version() {
    let mut desk = Desk::with("10");
    let first = desk.command("a", deduct("10")).expecting(Some(1));
    let answer = desk.decide(&first).unwrap();
    assert_eq!(desk.balance().0, "0.00");
    let again = desk.decide(&first).unwrap();
    assert_eq!(again, Outcome { replayed: true, ..answer });
}

#[test]
fn scenario_06_every_action_is_answered_again_alike_after_all_that_can_follow() {
    let late = |amount: &str| {
        reserve_with(amount, 50, OverCapture::TakeFromBalance, LateCapture::AcceptIfCovered)
    };
    let first = |desk: &Desk| desk.book.transactions.values().next_back().unwrap().id;
    type Step = Box<dyn Fn(TransactionId) -> Action>;
    let steps = |steps: Vec<Step>| steps;
    let histories: Vec<(Action, Vec<Step>)> = vec![
        (deduct("4"), steps(vec![Box::new(|id| refund(id, "1")), Box::new(refund_all)])),
        (
            reserve("4", 500),
            steps(vec![
                Box::new(|id| extend(id, 900)),
                Box::new(|id| extend(id, 700)),
                Box::new(|id| capture(id, "3")),
                Box::new(|id| refund(id, "1")),
                Box::new(refund_all),
            ]),
        ),
        (reserve("4", 500), steps(vec![Box::new(|id| extend(id, 900)), Box::new(release)])),
        (reserve("4", 5_000), steps(vec![Box::new(|id| capture(id, "0"))])),
        (
            late("4"),
            steps(vec![
                Box::new(|_| deduct("1")),
                Box::new(|id| capture(id, "6")),
                Box::new(refund_all),
            ]),
        ),
        (purchase("4"), steps(vec![Box::new(|_| deduct("14")), Box::new(|_| adjust_up("1"))])),
        (grant("4", Some(60), Some(110)), steps(vec![Box::new(|_| deduct("12"))])),
        (adjust_up("4"), steps(vec![Box::new(|_| adjust_down("14"))])),
        (adjust_down("4"), steps(vec![Box::new(|_| purchase("1"))])),
    ];
    for (action, followers) in histories {
        let mut desk = Desk::with("10");
        let mut asked =
            vec![("0".to_owned(), action.clone(), desk.post_as("0", action.clone()).unwrap())];
        let id = first(&desk);
        for (number, follower) in followers.iter().enumerate() {
            desk.now += 100;
            let (request, action) = ((number + 1).to_string(), follower(id));
            let outcome = desk.post_as(&request, action.clone()).unwrap();
            asked.push((request, action, outcome));
            for (request, action, outcome) in &asked {
                ask_again(&mut desk, request, action, outcome);
            }
        }
        desk.now += 100_000;
        desk.sweep();
        for (request, action, outcome) in &asked {
            ask_again(&mut desk, request, action, outcome);
        }
    }
}

#[test]
fn a_request_whose_transaction_is_missing_makes_the_book_unsound() {
    let mut desk = Desk::with("10");
    let command = desk.command("a", deduct("1"));
    desk.decide(&command).unwrap();
    let mut book = desk.book.clone();
    book.transactions.clear();
    let answer = decide(&book, &desk.rules, at(0), &command);
    assert!(matches!(answer, Err(DecideError::Unsound(_))), "{answer:?}");
}
