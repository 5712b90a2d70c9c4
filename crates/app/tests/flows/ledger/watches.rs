//! Following balances: at once, across servers, through lapses, to the end.

use std::time::Duration;

use app::ledger::{BalanceWatch, BatchMode};
use tokio::time::{Instant, timeout};

use super::*;

/// Longer than another server's commit may take to be seen.
const SOON: Duration = Duration::from_millis(600);

async fn next(watch: &mut BalanceWatch) -> (String, u64) {
    let account = timeout(SOON, watch.next()).await.expect("something is seen soon").unwrap();
    (account.available.to_string(), account.version)
}

/// Nothing new is told for a while.
async fn still(watch: &mut BalanceWatch) {
    let seen = timeout(Duration::from_secs(5), watch.next()).await;
    assert!(seen.is_err(), "{seen:?}");
}

fn seen(available: &str, version: u64) -> (String, u64) {
    (available.to_owned(), version)
}

#[tokio::test(start_paused = true)]
async fn the_present_balance_comes_first_and_then_each_that_differs() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let eve = world.rich(2, "10").await;
    let mut watch = world.ledger.watch(ada).await.unwrap();
    assert_eq!(next(&mut watch).await, seen("10.00", 1));
    let before = Instant::now();
    world.run(ada, "d1", deduct("1")).await;
    assert_eq!(next(&mut watch).await, seen("9.00", 2));
    let commands = [world.ledger.command(ada, "d2".parse().unwrap(), deduct("1"))];
    for mode in [BatchMode::Each, BatchMode::AllOrNothing] {
        world.ledger.execute_batch(&commands, mode).await.unwrap();
    }
    assert_eq!(next(&mut watch).await, seen("8.00", 3));
    assert_eq!(before.elapsed(), Duration::ZERO, "what this server commits is seen at once");

    // Another user, a refusal and a replay are no differences.
    world.run(eve, "d1", deduct("1")).await;
    world.refused(ada, "d3", deduct("99")).await;
    world.run(ada, "d1", deduct("1")).await;
    still(&mut watch).await;
}

#[tokio::test(start_paused = true)]
async fn what_another_server_commits_is_seen_within_half_a_second() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let other = world.another();
    let mut watch = world.ledger.watch(ada).await.unwrap();
    assert_eq!(next(&mut watch).await, seen("10.00", 1));
    for number in 1..=3 {
        let before = Instant::now();
        other.run(ada, &format!("d{number}"), deduct("1")).await;
        assert_eq!(next(&mut watch).await.1, number + 1);
        assert!(before.elapsed() <= Duration::from_millis(501), "{:?}", before.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_lapse_is_seen_though_nobody_does_anything() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.hold(ada, "h1", "4", 60).await;
    let mut watch = world.ledger.watch(ada).await.unwrap();
    assert_eq!(next(&mut watch).await, seen("6.00", 2));
    still(&mut watch).await;
    world.wait(61);
    assert_eq!(next(&mut watch).await, seen("10.00", 3));
    still(&mut watch).await;
    world.verified().await;
}

#[tokio::test(start_paused = true)]
async fn what_has_lapsed_before_the_first_look_is_told_once() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.hold(ada, "h1", "4", 60).await;
    world.wait(61);
    let mut watch = world.ledger.watch(ada).await.unwrap();
    assert_eq!(next(&mut watch).await, seen("10.00", 3));
    still(&mut watch).await;
    world.verified().await;
}

#[tokio::test(start_paused = true)]
async fn a_slow_receiver_gets_the_newest_state_alone() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let mut slow = world.ledger.watch(ada).await.unwrap();
    let mut quick = world.ledger.watch(ada).await.unwrap();
    next(&mut quick).await;
    for number in 1..=5 {
        world.run(ada, &format!("d{number}"), deduct("1")).await;
        assert_eq!(next(&mut quick).await.1, number + 1);
    }
    assert_eq!(next(&mut slow).await, seen("10.00", 1), "the one that it began with");
    assert_eq!(next(&mut slow).await, seen("5.00", 6));
    still(&mut slow).await;
}

#[tokio::test(start_paused = true)]
async fn a_watch_ends_with_its_user() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let mut watch = world.ledger.watch(ada).await.unwrap();
    next(&mut watch).await;
    let mut tx = world.store.begin().await.unwrap();
    assert!(tx.forget_account(ada, world.now()).await.unwrap());
    tx.delete_user(ada).await.unwrap();
    tx.commit().await.unwrap();
    let ended = timeout(SOON, watch.next()).await.expect("the end is seen soon");
    assert!(matches!(ended, Err(LedgerError::UserNotFound)));
}

#[tokio::test(start_paused = true)]
async fn a_watch_goes_on_after_the_store_was_away() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let other = world.another();
    let mut watch = world.ledger.watch(ada).await.unwrap();
    next(&mut watch).await;
    other.run(ada, "d1", deduct("1")).await;
    world.store.set_down(true);
    still(&mut watch).await;
    world.store.set_down(false);
    assert_eq!(next(&mut watch).await, seen("9.00", 2));
}

#[tokio::test(start_paused = true)]
async fn a_user_without_an_account_can_be_watched() {
    let world = World::new();
    let ada = world.poor(1).await;
    let mut watch = world.ledger.watch(ada).await.unwrap();
    assert_eq!(next(&mut watch).await, seen("0.00", 0));
    world.another().run(ada, "p1", purchase("10")).await;
    assert_eq!(next(&mut watch).await, seen("10.00", 1));
}
