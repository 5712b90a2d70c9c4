//! Deduct, reserve, capture, release, extend, refund.

use ledger::TransactionStatus;

use super::*;

#[tokio::test]
async fn a_deduction_is_answered_the_same_when_it_is_repeated() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let first = world.run(ada, "d1", deduct("9")).await;
    assert_eq!((first.balance, first.replayed), (balance("1", "0", 2), false));
    world.run(ada, "d2", deduct("1")).await;

    // Nothing is left to pay with, and still it is the same call.
    let again = world.run(ada, "d1", deduct("9.00")).await;
    assert_eq!(again, Outcome { replayed: true, ..first });
    let reused = world.refused(ada, "d1", deduct("8")).await;
    assert_eq!(reused, Rejection::RequestIdReused("d1".parse().unwrap()));
    let short = world.refused(ada, "d3", deduct("0.01")).await;
    let (required, available) = (credits("0.01"), Credits::ZERO);
    assert_eq!(short, Rejection::InsufficientCredits { required, available });
    assert_eq!(world.has(ada).await, both("0.00", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn a_hold_is_captured_in_part_and_the_rest_returns() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let hold = world.hold(ada, "h1", "4", 60).await;
    assert_eq!(world.has(ada).await, both("6.00", "4.00"));
    let charged = world.run(ada, "c1", capture(hold, Some("2.5"))).await;
    assert_eq!(charged.transaction.status, TransactionStatus::Completed);
    assert_eq!(charged.transaction.captured, credits("2.5"));
    assert_eq!(world.has(ada).await, both("7.50", "0.00"));
    let captured = credits("2.5");
    let twice = world.refused(ada, "c2", capture(hold, None)).await;
    assert_eq!(twice, Rejection::HoldCaptured { captured });
    assert_eq!(world.refused(ada, "x1", release(hold)).await, Rejection::HoldCaptured { captured });
    world.verified().await;
}

#[tokio::test]
async fn a_capture_without_an_amount_is_of_all_that_is_held() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let hold = world.hold(ada, "h1", "4", 60).await;
    let all = world.run(ada, "c1", capture(hold, None)).await;
    assert_eq!((all.transaction.captured, all.balance), (credits("4"), balance("6", "0", 3)));
    // Absent and spelled out are two payloads: the caller meant one of them.
    let spelled = world.refused(ada, "c1", capture(hold, Some("4"))).await;
    assert_eq!(spelled, Rejection::RequestIdReused("c1".parse().unwrap()));

    let hold = world.hold(ada, "h2", "4", 60).await;
    let nothing = world.run(ada, "c2", capture(hold, Some("0"))).await;
    assert_eq!(
        (nothing.transaction.captured, nothing.balance.available),
        (Credits::ZERO, credits("6"))
    );
    world.verified().await;
}

#[tokio::test]
async fn a_hold_lapses_by_the_clock_before_anyone_tidies() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let hold = world.hold(ada, "h1", "4", 60).await;
    let at = world.now().saturating_add(Span::from_secs(60));
    world.wait(59);
    assert_eq!(world.has(ada).await, both("6.00", "4.00"));
    world.wait(1);
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));
    assert_eq!(world.find(ada, hold).await.status, TransactionStatus::Cancelled);
    // The lease began with the hold, whose moment is a microsecond after the purchase.
    let late = world.refused(ada, "c1", capture(hold, None)).await;
    assert!(
        matches!(late, Rejection::HoldLapsed { at: lapsed } if lapsed.since(at) <= Span::from_secs(1))
    );
    world.verified().await;
}

#[tokio::test]
async fn an_extended_hold_lapses_later() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let hold = world.hold(ada, "h1", "4", 60).await;
    world.wait(30);
    let lease = Span::from_secs(600);
    world.run(ada, "e1", Action::ExtendHold { hold, lease }).await;
    world.wait(599);
    assert_eq!(world.has(ada).await, both("6.00", "4.00"));
    world.run(ada, "x1", release(hold)).await;
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));
    let over = world.refused(ada, "e2", Action::ExtendHold { hold, lease }).await;
    assert_eq!(over, Rejection::HoldReleased);
    world.verified().await;
}

#[tokio::test]
async fn refunds_come_to_no_more_than_the_charge() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let charge = world.run(ada, "d1", deduct("6")).await.transaction.id;
    let part = world.run(ada, "r1", refund(charge, Some("2"))).await;
    assert_eq!((part.transaction.parent, part.balance.available), (Some(charge), credits("6")));
    let beyond = world.refused(ada, "r2", refund(charge, Some("4.01"))).await;
    let (charged, refunded, requested) = (credits("6"), credits("2"), credits("4.01"));
    assert_eq!(beyond, Rejection::RefundExceedsCharge { charged, refunded, requested });
    world.run(ada, "r3", refund(charge, None)).await;
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));
    assert_eq!(world.find(ada, charge).await.status, TransactionStatus::Refunded);
    world.verified().await;
}

#[tokio::test]
async fn several_refunds_in_flight_come_to_the_charge() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let charge = world.run(ada, "d1", deduct("6")).await.transaction.id;
    let mut refunds = Vec::new();
    for number in 0..10 {
        let ledger = world.ledger.clone();
        let request = format!("r{number}").parse().unwrap();
        let command = ledger.command(ada, request, refund(charge, Some("1")));
        refunds.push(tokio::spawn(async move { ledger.execute(command).await.is_ok() }));
    }
    let mut done = 0;
    for refund in refunds {
        done += u32::from(refund.await.unwrap());
    }
    assert_eq!((done, world.has(ada).await), (6, both("10.00", "0.00")));
    world.verified().await;
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_present_one() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let command = |request: &str, version| {
        let command = world.ledger.command(ada, request.parse().unwrap(), deduct("1"));
        command.expecting(Some(version))
    };
    world.ledger.execute(command("d1", 1)).await.unwrap();
    let stale = world.ledger.execute(command("d2", 1)).await;
    let rejection = Rejection::StaleVersion { expected: 1, current: 2 };
    assert!(matches!(stale, Err(LedgerError::Rejected(found)) if found == rejection));
    // Already done, whatever the version is now.
    assert!(world.ledger.execute(command("d1", 1)).await.unwrap().replayed);
    world.verified().await;
}

#[tokio::test]
async fn validating_answers_as_if_and_changes_nothing() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let command = |amount| world.ledger.command(ada, "d1".parse().unwrap(), deduct(amount));
    let outcome = world.ledger.validate(&command("4")).await.unwrap();
    assert_eq!((outcome.balance, outcome.replayed), (balance("6", "0", 2), false));
    let short = world.ledger.validate(&command("11")).await;
    assert!(matches!(short, Err(LedgerError::Rejected(Rejection::InsufficientCredits { .. }))));
    assert_eq!(world.ledger.account(ada).await.unwrap().version, 1);

    // Nothing was recorded either: the request id is free for another payload.
    world.run(ada, "d1", deduct("5")).await;
    let replayed = world.ledger.validate(&command("5")).await.unwrap();
    assert!(replayed.replayed);
    world.verified().await;
}

#[tokio::test]
async fn commands_of_strangers_are_refused() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let charge = world.run(ada, "d1", deduct("1")).await.transaction.id;
    let nobody = world.attempt(user_id(9), "d1", deduct("1")).await;
    assert!(matches!(nobody, Err(LedgerError::UserNotFound)));
    let eve = world.rich(2, "10").await;
    let not_hers = world.refused(eve, "r1", refund(charge, None)).await;
    assert_eq!(not_hers, Rejection::TransactionNotFound(charge));
    world.verified().await;
}
