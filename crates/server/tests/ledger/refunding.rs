//! Failures that are reported late, often and twice: scenarios 15 to 18.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use ledger::{EntryKind, Rejection, TransactionKind, TransactionStatus};
use ports::LedgerReads;
use testkit::fixtures::user_id;

use super::world::{World, capture, credits, deduct, purchase, refund, refusal, release, reserve};

#[tokio::test]
async fn scenario_15_a_failure_that_is_told_three_times_by_two_ways_is_one_refund() {
    let world = World::new().await;
    let (webhook, poll) = (world.process().await, world.process().await);
    for number in 1..11 {
        let user = world.user(number).await;
        webhook.done(user, "p", purchase("10")).await;
        let charge = webhook.done(user, "h", reserve("4", 600)).await.id;
        webhook.done(user, "c", capture(charge, None)).await;
        world.pass_secs(5 * 60 * 60);
        // Both ways derive the id from the job, so their reports are one request.
        let reports = [&webhook, &poll, &webhook]
            .map(|process| process.call(user, "job-1:failed", refund(charge, None)));
        let answers: Vec<_> =
            join_all(reports).await.into_iter().map(|answer| answer.unwrap().unwrap()).collect();
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        assert!(answers.iter().all(|answer| answer.transaction.id == answers[0].transaction.id));
        // Even one that makes up its own id finds nothing left to give back.
        let refused = poll.refused(user, "another-way", refund(charge, None)).await;
        assert!(matches!(refused, Rejection::RefundExceedsCharge { .. }), "{refused}");
        let money = world.money(user).await;
        assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
    }
}

#[tokio::test]
async fn scenario_15_a_failure_before_the_capture_releases_once_whoever_tells_it() {
    let world = World::new().await;
    let (webhook, poll) = (world.process().await, world.process().await);
    for number in 1..11 {
        let user = world.user(number).await;
        webhook.done(user, "p", purchase("10")).await;
        let hold = webhook.done(user, "h", reserve("4", 600)).await.id;
        let reports = [
            webhook.call(user, "job-1:failed", release(hold)),
            poll.call(user, "job-1:failed", release(hold)),
            poll.call(user, "job-1:timeout", release(hold)),
        ];
        let answers: Vec<_> =
            join_all(reports).await.into_iter().map(|answer| answer.unwrap()).collect();
        for refused in answers.into_iter().filter(|answer| answer.is_err()) {
            assert_eq!(refusal(refused), Rejection::HoldReleased);
        }
        assert_eq!(world.count(user, EntryKind::Released).await, 1);
        let money = world.money(user).await;
        assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
    }
}

#[tokio::test]
async fn scenario_15_partial_refunds_in_flight_never_pass_the_charge() {
    let world = World::new().await;
    let user = world.user(1).await;
    let processes = [world.process().await, world.process().await];
    processes[0].done(user, "p", purchase("10")).await;
    let charge = processes[0].done(user, "d", deduct("10")).await.id;
    let calls = (0..20).map(|number| {
        processes[number % 2].call(user, &format!("r{number}"), refund(charge, Some("0.75")))
    });
    let mut made = 0;
    for answer in join_all(calls).await {
        match answer.unwrap() {
            Ok(_) => made += 1,
            refused => {
                let refused = refusal(refused);
                assert!(matches!(refused, Rejection::RefundExceedsCharge { .. }), "{refused}");
            }
        }
    }
    assert_eq!(made, 13);
    let stored = world.stored(user, charge).await;
    assert_eq!((stored.captured, stored.refunded), (credits("10"), credits("9.75")));
    processes[1].done(user, "rest", refund(charge, None)).await;
    assert_eq!(world.stored(user, charge).await.status, TransactionStatus::Refunded);
    let money = world.money(user).await;
    assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
}

/// A reader beside the traffic must never see half of a change.
#[tokio::test]
async fn scenario_16_money_state_and_totals_change_together_at_every_moment() {
    let world = World::new().await;
    let users = world.users(1..4).await;
    let processes = [world.process().await, world.process().await];
    for user in &users {
        processes[0].done(*user, "p", purchase("500")).await;
    }
    let over = Arc::new(AtomicBool::new(false));
    let looking = {
        let (store, over, users) = (world.store.clone(), over.clone(), users.clone());
        tokio::spawn(async move {
            let mut looks = 0;
            while !over.load(Ordering::SeqCst) {
                for user in &users {
                    let audit = store.audit(*user).await.unwrap().unwrap();
                    let found = ledger::verify(
                        &audit.account,
                        &audit.entries,
                        &audit.lots,
                        &audit.transactions,
                    );
                    assert_eq!(found, []);
                    assert!(audit.account.books_close());
                    looks += 1;
                }
            }
            looks
        })
    };
    for round in 0..12 {
        let work = users.iter().enumerate().map(|(number, user)| {
            let (user, process) = (*user, &processes[(round + number) % 2]);
            async move {
                let id = |what: &str| format!("{what}{round}");
                let hold = process.done(user, &id("h"), reserve("5", 600)).await.id;
                process.done(user, &id("d"), deduct("1")).await;
                process.done(user, &id("c"), capture(hold, Some("3"))).await;
                process.done(user, &id("r"), refund(hold, Some("1"))).await;
                let hold = process.done(user, &id("k"), reserve("2", 600)).await.id;
                process.done(user, &id("x"), release(hold)).await;
            }
        });
        join_all(work).await;
    }
    over.store(true, Ordering::SeqCst);
    assert!(looking.await.unwrap() > 10);
    for user in users {
        let money = world.money(user).await;
        assert_eq!(money, "464.00 available, 0.00 held, 36.00 spent, 0.00 forfeited");
    }
}

#[tokio::test]
async fn scenario_16_a_batch_of_which_one_is_refused_leaves_nothing_of_itself() {
    let world = World::new().await;
    let users = world.users(1..4).await;
    let process = world.process().await;
    for user in &users {
        process.done(*user, "p", purchase("10")).await;
    }
    let before = [world.audit(users[0]).await, world.audit(users[1]).await];
    for round in 0..200 {
        let mut commands: Vec<_> = users
            .iter()
            .map(|user| process.command(*user, &format!("d{round}"), deduct("5")))
            .collect();
        commands.push(process.command(users[2], &format!("e{round}"), deduct("5.01")));
        let mode = app::ledger::BatchMode::AllOrNothing;
        let outcome =
            process.within(async move |ledger| ledger.execute_batch(&commands, mode).await).await;
        let refused = outcome.unwrap_err();
        assert!(matches!(refused, app::ledger::BatchError::Aborted { index: 3, .. }), "{refused}");
    }
    assert_eq!([world.audit(users[0]).await, world.audit(users[1]).await], before);
}

#[tokio::test]
async fn scenario_17_a_job_that_is_run_again_is_charged_under_its_own_hold() {
    let world = World::new().await;
    let user = world.user(1).await;
    let (first, second) = (world.process().await, world.process().await);
    first.done(user, "p", purchase("10")).await;
    let attempt = first.done(user, "job:1:hold", reserve("3", 600)).await.id;
    first.done(user, "job:1:failed", release(attempt)).await;
    let retry = second.done(user, "job:2:hold", reserve("3", 600)).await.id;
    assert_ne!(attempt, retry);
    // The first attempt's provider answers at last: that settles nothing.
    let late = first.refused(user, "job:1:done", capture(attempt, None)).await;
    assert_eq!(late, Rejection::HoldReleased);
    let money = world.money(user).await;
    assert_eq!(money, "7.00 available, 3.00 held, 0.00 spent, 0.00 forfeited");
    second.done(user, "job:2:done", capture(retry, None)).await;
    // Nor does its failure, told once more, touch the second.
    assert!(first.run(user, "job:1:failed", release(attempt)).await.unwrap().replayed);
    let money = world.money(user).await;
    assert_eq!(money, "7.00 available, 0.00 held, 3.00 spent, 0.00 forfeited");
    let charges = world.audit(user).await.transactions;
    let charged = charges.iter().filter(|found| !found.captured.is_zero()).count();
    assert_eq!(charged, 1);
}

#[tokio::test]
async fn scenario_18_what_was_refused_or_never_granted_is_never_captured() {
    let world = World::new().await;
    let (ada, eve) = (world.user(1).await, world.user(2).await);
    let (first, second) = (world.process().await, world.process().await);
    let bought = first.done(ada, "p", purchase("10")).await.id;
    first.done(eve, "p", purchase("10")).await;
    first.refused(ada, "h", reserve("11", 600)).await;
    let hers = first.done(eve, "h", reserve("5", 600)).await.id;
    let made_up = kernel::TransactionId::from_uuid(*user_id(77).as_uuid());
    for stranger in [made_up, hers] {
        for (id, action) in [
            ("c", capture(stranger, None)),
            ("x", release(stranger)),
            ("r", refund(stranger, None)),
        ] {
            let refused = second.refused(ada, id, action).await;
            assert_eq!(refused, Rejection::TransactionNotFound(stranger));
        }
    }
    assert_eq!(second.refused(ada, "c", capture(bought, None)).await, Rejection::NotAHold);
    let refused = second.refused(ada, "r", refund(bought, None)).await;
    let (kind, status) = (TransactionKind::Purchase, TransactionStatus::Completed);
    assert_eq!(refused, Rejection::NotRefundable { kind, status });
    // A hold that is still open was not charged yet, and gives nothing back.
    let refused = second.refused(eve, "r", refund(hers, None)).await;
    assert!(matches!(refused, Rejection::NotRefundable { .. }));
    let money = world.money(ada).await;
    assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
}
