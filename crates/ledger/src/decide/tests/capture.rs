//! Capturing holds: less, all, more, nothing, twice, and too late.

use crate::fixtures::*;
use crate::{EntryKind, HoldEnd, LateCapture, OverCapture, Rejection, TransactionStatus};

#[test]
fn scenario_13_capturing_less_all_or_nothing_returns_the_rest() {
    for (amount, available, spent) in
        [("4", "6.00", "4"), ("1.50", "8.50", "1.50"), ("0", "10.00", "0")]
    {
        let mut desk = Desk::with("10");
        let hold = desk.done(reserve("4", 50));
        let outcome = desk.post(capture(hold, amount)).unwrap();
        assert_eq!(desk.balance(), both(available, "0.00"));
        assert_eq!(desk.book.account().spent, credits(spent));
        let told = outcome.transaction;
        assert_eq!((told.id, told.status), (hold, TransactionStatus::Completed));
        assert_eq!((told.captured, told.amount.magnitude()), (credits(amount), credits(amount)));
        assert_eq!(told.balance_after, credits(available));
        assert_eq!(desk.transaction(hold).balance_after, credits(available));
        assert_eq!(told.hold.unwrap().end, Some(HoldEnd::Captured));
        assert_eq!(told.hold.unwrap().amount, credits("4"));
        assert_eq!((told.created_at, told.processed_at), (at(0), Some(at(1))));
        assert_eq!(desk.kinds().last(), Some(&EntryKind::Captured));
    }
}

#[test]
fn scenario_13_capturing_more_follows_the_policy_of_the_hold() {
    for (policy, requested, answer) in [
        (OverCapture::Reject, "4.01", Err(("4", "4.01"))),
        (OverCapture::Reject, "4", Ok(("4", "6.00"))),
        (OverCapture::Cap, "9", Ok(("4", "6.00"))),
        (OverCapture::Cap, "3", Ok(("3", "7.00"))),
        (OverCapture::TakeFromBalance, "9", Ok(("9", "1.00"))),
        (OverCapture::TakeFromBalance, "10", Ok(("10", "0.00"))),
        (OverCapture::TakeFromBalance, "3", Ok(("3", "7.00"))),
    ] {
        let mut desk = Desk::with("10");
        let hold = desk.done(reserve_with("4", 50, policy, LateCapture::Reject));
        match answer {
            Ok((captured, available)) => {
                desk.done(capture(hold, requested));
                assert_eq!(desk.transaction(hold).captured, credits(captured), "{policy:?}");
                assert_eq!(desk.balance(), both(available, "0.00"), "{policy:?}");
            }
            Err((held, requested)) => {
                let (held, requested) = (credits(held), credits(requested));
                let refusal = Rejection::CaptureExceedsHold { held, requested };
                assert_eq!(desk.refused(capture(hold, "4.01")), refusal);
            }
        }
    }
}

#[test]
fn taking_the_rest_from_a_balance_that_does_not_cover_it_leaves_the_hold_open() {
    let mut desk = Desk::with("10");
    let policy = OverCapture::TakeFromBalance;
    let hold = desk.done(reserve_with("4", 50, policy, LateCapture::Reject));
    let (required, available) = (credits("6.01"), credits("6"));
    let refusal = Rejection::InsufficientCredits { required, available };
    assert_eq!(desk.refused(capture(hold, "10.01")), refusal);
    assert_eq!(desk.balance(), both("6.00", "4.00"));
    desk.done(capture(hold, "4"));
}

#[test]
fn what_a_capture_takes_from_the_balance_is_added_to_the_parts_of_its_lots() {
    let mut desk = Desk::empty();
    let soon = desk.lot(grant("5", None, Some(900)));
    let never = desk.lot(purchase("5"));
    let policy = OverCapture::TakeFromBalance;
    let hold = desk.done(reserve_with("3", 500, policy, LateCapture::Reject));
    desk.done(capture(hold, "7"));
    let parts = [(soon, "5.00".to_owned()), (never, "2.00".to_owned())];
    assert_eq!(desk.parts(hold), parts);
    assert_eq!((desk.left(soon), desk.left(never)), ("0.00".to_owned(), "3.00".to_owned()));
}

#[test]
fn scenario_08_the_first_of_capture_and_release_wins_and_the_other_is_told() {
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("4", 50));
    desk.done(capture(hold, "3"));
    for second in [capture(hold, "3"), release(hold), extend(hold, 50)] {
        let refusal = Rejection::HoldCaptured { captured: credits("3") };
        assert_eq!(desk.refused(second), refusal);
    }
    assert_eq!(desk.balance(), both("7.00", "0.00"));

    let mut desk = Desk::with("10");
    let hold = desk.done(reserve("4", 50));
    desk.done(release(hold));
    for second in [capture(hold, "3"), release(hold), extend(hold, 50)] {
        assert_eq!(desk.refused(second), Rejection::HoldReleased);
    }
    assert_eq!(desk.balance(), both("10.00", "0.00"));
}

#[test]
fn scenario_09_a_capture_at_the_end_of_the_lease_finds_it_open_or_lapsed_but_never_both() {
    for micros in 40..60 {
        for swept in [false, true] {
            let mut desk = Desk::with("10");
            let hold = desk.done(reserve("4", 50));
            desk.now = micros;
            if swept {
                assert_eq!(desk.sweep(), micros >= 50);
            }
            if micros < 50 {
                desk.done(capture(hold, "4"));
                assert_eq!(desk.transaction(hold).hold.unwrap().end, Some(HoldEnd::Captured));
                assert_eq!(desk.balance(), both("6.00", "0.00"));
            } else {
                let refusal = Rejection::HoldLapsed { at: at(50) };
                assert_eq!(desk.refused(capture(hold, "4")), refusal);
                assert_eq!(desk.refused(release(hold)), refusal);
                assert_eq!(desk.refused(extend(hold, 50)), refusal);
                assert_eq!(desk.read(), both("10.00", "0.00"));
            }
            // Much later nothing more comes of it.
            desk.now = 10_000;
            desk.sweep();
            let ends = desk.kinds().into_iter().skip(2).collect::<Vec<_>>();
            assert!(ends == [EntryKind::Captured] || ends == [EntryKind::Lapsed], "{ends:?}");
        }
    }
}

#[test]
fn scenario_12_after_the_lapse_the_policy_of_the_hold_decides_and_the_entry_says_so() {
    let late = |policy| reserve_with("4", 50, OverCapture::Reject, policy);
    let mut desk = Desk::with("10");
    let refusing = desk.done(late(LateCapture::Reject));
    let accepting = desk.done(late(LateCapture::AcceptIfCovered));
    desk.now = 100;
    assert_eq!(desk.refused(capture(refusing, "4")), Rejection::HoldLapsed { at: at(50) });
    assert_eq!(desk.read(), both("10.00", "0.00"));
    let outcome = desk.post(capture(accepting, "3")).unwrap();
    let told = outcome.transaction;
    assert_eq!((told.status, told.captured), (TransactionStatus::Completed, credits("3")));
    assert_eq!(told.hold.unwrap().end, Some(HoldEnd::CapturedLate));
    assert_eq!(told.processed_at, Some(at(100)));
    assert_eq!(desk.balance(), both("7.00", "0.00"));
    assert_eq!(desk.kinds().last(), Some(&EntryKind::CapturedLate));
    let again = Rejection::HoldCaptured { captured: credits("3") };
    assert_eq!(desk.refused(capture(accepting, "3")), again);
    assert_eq!(desk.refused(release(accepting)), again);
    // It can be refunded as any charge.
    desk.done(refund_all(accepting));
    assert_eq!(desk.balance(), both("10.00", "0.00"));
}

#[test]
fn a_late_capture_must_be_covered_and_stay_within_its_policy() {
    let late = LateCapture::AcceptIfCovered;
    for (over, spend, requested, answer) in [
        (OverCapture::Reject, "7", "4", Err(("4", "3"))),
        (OverCapture::Reject, "6", "4", Ok("4")),
        (OverCapture::Cap, "6", "9", Ok("4")),
        (OverCapture::TakeFromBalance, "5", "5", Ok("5")),
        (OverCapture::TakeFromBalance, "5", "5.01", Err(("5.01", "5"))),
    ] {
        let mut desk = Desk::with("10");
        let hold = desk.done(reserve_with("4", 50, over, late));
        desk.now = 60;
        desk.done(deduct(spend));
        match answer {
            Ok(captured) => {
                desk.done(capture(hold, requested));
                assert_eq!(desk.transaction(hold).captured, credits(captured));
            }
            Err((required, available)) => {
                let (required, available) = (credits(required), credits(available));
                let refusal = Rejection::InsufficientCredits { required, available };
                assert_eq!(desk.refused(capture(hold, requested)), refusal);
            }
        }
    }
    let mut desk = Desk::with("10");
    let hold = desk.done(reserve_with("4", 50, OverCapture::Reject, late));
    desk.now = 60;
    let (held, requested) = (credits("4"), credits("4.01"));
    let refusal = Rejection::CaptureExceedsHold { held, requested };
    assert_eq!(desk.refused(capture(hold, "4.01")), refusal);
}

#[test]
fn a_late_capture_of_nothing_is_a_hold_that_has_lapsed() {
    let mut desk = Desk::with("10");
    let late = LateCapture::AcceptIfCovered;
    let hold = desk.done(reserve_with("4", 50, OverCapture::Reject, late));
    desk.now = 50;
    assert_eq!(desk.refused(capture(hold, "0")), Rejection::HoldLapsed { at: at(50) });
}

#[test]
fn a_late_capture_is_paid_by_the_lots_that_are_open_then() {
    let mut desk = Desk::empty();
    let old = desk.lot(grant("4", None, Some(60)));
    let late = LateCapture::AcceptIfCovered;
    let hold = desk.done(reserve_with("4", 50, OverCapture::Reject, late));
    assert_eq!(desk.parts(hold), [(old, "4.00".to_owned())]);
    desk.now = 70;
    let new = desk.lot(purchase("9"));
    desk.done(capture(hold, "4"));
    assert_eq!(desk.parts(hold), [(new, "4.00".to_owned())]);
    assert_eq!(desk.left(old), "0.00");
}
