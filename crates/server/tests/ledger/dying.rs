//! Scenario 14: a process dies at every step of a paid operation, and another one takes over.

use kernel::{TransactionId, UserId};
use ledger::{Action, HoldEnd};
use testkit::{Cable, Stop};

use super::world::{Process, World, capture, deduct, died, end_of, purchase, release, reserve};

/// A process on a cable, which dies during the commit of one call.
async fn die_in(world: &World, stop: Stop, user: UserId, request: &str, action: Action) {
    let cable = Cable::to(&world.database).await;
    let process = world.mortal(cable.config()).await;
    cable.stop_commits([stop]);
    let call = process.call(user, request, action);
    cable.stopped().await;
    process.kill();
    assert!(died(call.await));
}

async fn rich_user(world: &World, process: &Process, number: u64) -> UserId {
    let user = world.user(number).await;
    process.done(user, "p", purchase("10")).await;
    user
}

#[tokio::test]
async fn scenario_14_a_process_that_dies_while_it_reserves_leaves_one_hold_at_most() {
    let world = World::new().await;
    let next = world.process().await;
    for (number, stop) in [(1, Stop::BeforeCommit), (2, Stop::AfterCommit)] {
        let user = rich_user(&world, &next, number).await;
        die_in(&world, stop, user, "h", reserve("4", 600)).await;
        // The caller asks the next process, which may have to wait for the dead one's locks.
        let again = next.run(user, "h", reserve("4", 600)).await.unwrap();
        assert_eq!(again.replayed, stop == Stop::AfterCommit);
        let money = world.money(user).await;
        assert_eq!(money, "6.00 available, 4.00 held, 0.00 spent, 0.00 forfeited");
        next.done(user, "c", capture(again.transaction.id, None)).await;
    }
}

#[tokio::test]
async fn scenario_14_a_success_that_was_not_captured_is_captured_by_the_next_process() {
    let world = World::new().await;
    let next = world.process().await;
    let user = rich_user(&world, &next, 1).await;
    let first = world.mortal(world.database.config()).await;
    let hold = first.done(user, "h", reserve("4", 600)).await.id;
    first.kill();
    next.done(user, "c", capture(hold, Some("3"))).await;
    let money = world.money(user).await;
    assert_eq!(money, "7.00 available, 0.00 held, 3.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_14_a_process_that_dies_while_it_captures_or_releases_charges_once() {
    let world = World::new().await;
    let next = world.process().await;
    type End = fn(TransactionId) -> Action;
    let ends: [(End, HoldEnd, &str); 2] = [
        (
            |hold| capture(hold, None),
            HoldEnd::Captured,
            "6.00 available, 0.00 held, 4.00 spent, 0.00 forfeited",
        ),
        (release, HoldEnd::Released, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited"),
    ];
    let mut number = 0;
    for (end, ended, money) in ends {
        for stop in [Stop::BeforeCommit, Stop::AfterCommit] {
            number += 1;
            let user = rich_user(&world, &next, number).await;
            let hold = next.done(user, "h", reserve("4", 600)).await.id;
            die_in(&world, stop, user, "e", end(hold)).await;
            let again = next.run(user, "e", end(hold)).await.unwrap();
            assert_eq!(again.replayed, stop == Stop::AfterCommit);
            assert_eq!(end_of(&world.stored(user, hold).await), Some(ended));
            assert_eq!(world.money(user).await, money);
        }
    }
}

#[tokio::test]
async fn scenario_14_a_hold_that_nobody_comes_back_for_ends_with_its_lease() {
    let world = World::new().await;
    let next = world.process().await;
    let user = rich_user(&world, &next, 1).await;
    die_in(&world, Stop::AfterCommit, user, "h", reserve("4", 600)).await;
    // The lease began with the hold, whose moment is a microsecond after the purchase's.
    world.pass_secs(601);
    assert_eq!(next.tidy().await, 1);
    let money = world.money(user).await;
    assert_eq!(money, "10.00 available, 0.00 held, 0.00 spent, 0.00 forfeited");
}

#[tokio::test]
async fn scenario_14_a_process_that_dies_under_load_has_done_what_it_answered() {
    let world = World::new().await;
    let next = world.process().await;
    let mut users = Vec::new();
    for number in 1..9 {
        let user = world.user(number).await;
        next.done(user, "p", purchase("1000")).await;
        users.push(user);
    }
    for round in 0..3 {
        let doomed = world.mortal(world.database.config()).await;
        let id = |number: usize| format!("d{round}-{number}");
        let mut calls: Vec<_> = (0..200)
            .map(|number| doomed.call(users[number % users.len()], &id(number), deduct("1")))
            .collect();
        // Some of them are answered by then, most are not.
        let early = (&mut calls[round * 40]).await;
        doomed.kill();
        let mut answered = 0;
        for (number, call) in calls.into_iter().enumerate() {
            let done = if number == round * 40 {
                early.as_ref().is_ok_and(Result::is_ok)
            } else {
                call.await.is_ok_and(|answer| answer.is_ok())
            };
            answered += usize::from(done);
            let user = users[number % users.len()];
            let again = next.run(user, &id(number), deduct("1")).await.unwrap();
            assert!(again.replayed || !done, "what was answered had not been done");
        }
        assert!(answered > 0);
    }
    for user in users {
        let money = world.money(user).await;
        assert_eq!(money, "925.00 available, 0.00 held, 75.00 spent, 0.00 forfeited");
    }
}
