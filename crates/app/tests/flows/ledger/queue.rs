//! Group commit: what waits together is committed together, and fails alone.

use std::time::{Duration, Instant};

use ports::StoreError;
use testkit::{CommitFault, WriteFault};
use tokio::task::JoinHandle;

use super::*;

type Answer = JoinHandle<Result<Outcome, LedgerError>>;

/// One shard, so that everything waits for everything.
fn limits(batch_max: usize, queue_max: usize) -> QueueLimits {
    QueueLimits { shards: 1, batch_max, queue_max }
}

impl World {
    /// Asks in a task of its own, and returns when the command waits in the queue.
    async fn ask(&self, user: UserId, request: &str, action: Action) -> Answer {
        let ledger = self.ledger.clone();
        let command = ledger.command(user, request.parse().unwrap(), action);
        let answer = tokio::spawn(async move { ledger.execute(command).await });
        // On one thread: the task runs until it waits for its answer.
        tokio::task::yield_now().await;
        answer
    }

    /// Lets the shard take the command that came first and run into the unit of work that a test
    /// holds open, so that what comes next waits in the queue.
    async fn occupy(&self, user: UserId) -> Answer {
        let answer = self.ask(user, "occupies", deduct("0.01")).await;
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        answer
    }
}

#[tokio::test]
async fn what_waits_together_is_committed_together() {
    let world = World::with(limits(512, 4_096));
    let mut users = Vec::new();
    for number in 1..=10 {
        users.push(world.rich(number, "100").await);
    }
    let open = world.store.begin().await.unwrap();
    let before = world.store.begun();
    let mut answers = vec![world.occupy(users[0]).await];
    for number in 0..200_usize {
        let user = users[number % users.len()];
        answers.push(world.ask(user, &format!("d{number}"), deduct("1")).await);
    }
    open.rollback().await.unwrap();
    for answer in answers {
        assert!(!answer.await.unwrap().unwrap().replayed);
    }
    assert_eq!(world.store.begun() - before, 2, "the first alone, then all that waited");
    for user in users.split_off(1) {
        assert_eq!(world.has(user).await, both("80.00", "0.00"));
    }
    world.verified().await;
}

#[tokio::test]
async fn a_batch_has_a_limit() {
    let world = World::with(limits(8, 4_096));
    let ada = world.rich(1, "100").await;
    let open = world.store.begin().await.unwrap();
    let before = world.store.begun();
    let mut answers = vec![world.occupy(ada).await];
    for number in 0..20 {
        answers.push(world.ask(ada, &format!("d{number}"), deduct("1")).await);
    }
    open.rollback().await.unwrap();
    let mut versions = Vec::new();
    for answer in answers {
        versions.push(answer.await.unwrap().unwrap().balance.version);
    }
    assert_eq!(world.store.begun() - before, 4, "1 + 8 + 8 + 4");
    assert_eq!(versions, (2..=22).collect::<Vec<_>>(), "in the order in which they came");
    world.verified().await;
}

#[tokio::test]
async fn a_poisoned_command_fails_alone() {
    let world = World::with(limits(512, 4_096));
    let mut users = Vec::new();
    for number in 1..=9 {
        users.push(world.rich(number, "10").await);
    }
    let poisoned = users[5];
    world.store.fail_writes_of(poisoned, Some(WriteFault::Refuse));
    let open = world.store.begin().await.unwrap();
    let first = world.occupy(users[0]).await;
    let mut answers = Vec::new();
    for user in &users {
        answers.push((*user, world.ask(*user, "d1", deduct("1")).await));
    }
    open.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    for (user, answer) in answers {
        match answer.await.unwrap() {
            Ok(outcome) => assert!(user != poisoned && !outcome.replayed),
            Err(LedgerError::Store(StoreError::Corrupt { .. })) => assert_eq!(user, poisoned),
            Err(error) => panic!("{error}"),
        }
    }
    world.store.fail_writes_of(poisoned, None);
    assert_eq!(world.has(poisoned).await, both("10.00", "0.00"));
    world.run(poisoned, "d1", deduct("1")).await;
    world.verified().await;
}

#[tokio::test]
async fn a_panic_costs_its_batch_and_not_the_shard() {
    let world = World::with(limits(512, 4_096));
    let (ada, eve) = (world.rich(1, "10").await, world.rich(2, "10").await);
    world.store.fail_writes_of(ada, Some(WriteFault::Panic));
    let lost = world.attempt(ada, "d1", deduct("1")).await;
    assert!(matches!(lost, Err(LedgerError::Store(StoreError::Corrupt { .. }))));
    world.run(eve, "d1", deduct("1")).await;
    world.store.fail_writes_of(ada, None);
    assert!(!world.run(ada, "d1", deduct("1")).await.replayed);
    world.verified().await;
}

#[tokio::test]
async fn a_full_queue_refuses_and_forgets() {
    let world = World::with(limits(1, 2));
    let ada = world.rich(1, "10").await;
    let open = world.store.begin().await.unwrap();
    let mut answers = vec![world.occupy(ada).await];
    for number in 0..2 {
        answers.push(world.ask(ada, &format!("d{number}"), deduct("1")).await);
    }
    let refused = world.attempt(ada, "one-too-many", deduct("1")).await;
    assert!(matches!(refused, Err(LedgerError::Overloaded)));
    open.rollback().await.unwrap();
    for answer in answers {
        answer.await.unwrap().unwrap();
    }
    assert_eq!(world.has(ada).await, both("7.99", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn nothing_is_done_for_whoever_has_stopped_waiting() {
    let world = World::with(limits(512, 4_096));
    let ada = world.rich(1, "10").await;
    let open = world.store.begin().await.unwrap();
    let first = world.occupy(ada).await;
    let gone = world.ask(ada, "gone", deduct("1")).await;
    let ledger = world.ledger.clone();
    let command = ledger.command(ada, "late".parse().unwrap(), deduct("2"));
    let deadline = Instant::now();
    let late =
        tokio::spawn(ports::deadline::scope(
            deadline,
            async move { ledger.execute(command).await },
        ));
    let patient = world.ask(ada, "patient", deduct("4")).await;
    gone.abort();
    assert!(gone.await.unwrap_err().is_cancelled());
    open.rollback().await.unwrap();
    first.await.unwrap().unwrap();
    let late = late.await.unwrap();
    assert!(matches!(late, Err(LedgerError::Store(StoreError::DeadlineExceeded))));
    assert_eq!(patient.await.unwrap().unwrap().balance, balance("5.99", "0", 3));
    world.verified().await;
}

#[tokio::test(start_paused = true)]
async fn a_commit_of_unknown_outcome_has_one_effect() {
    for fault in [CommitFault::LostAnswer, CommitFault::LostCommit] {
        for times in 1..=3 {
            let world = World::new();
            let ada = world.rich(1, "10").await;
            world.store.fail_commits([fault].repeat(times));
            let outcome = world.run(ada, "d1", deduct("1")).await;
            assert_eq!(outcome.balance, balance("9", "0", 2), "{fault:?} {times} times");
            assert_eq!(world.has(ada).await, both("9.00", "0.00"));
            world.verified().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_stays_unknown_is_told_as_unknown_and_can_be_repeated() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.store.fail_commits([CommitFault::LostAnswer; 4]);
    let unknown = world.attempt(ada, "d1", deduct("1")).await;
    assert!(matches!(unknown, Err(LedgerError::Store(StoreError::CommitUnknown(_)))));
    assert!(world.run(ada, "d1", deduct("1")).await.replayed);
    assert_eq!(world.has(ada).await, both("9.00", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn a_lost_race_is_run_again_a_few_times() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.store.fail_commits([CommitFault::Contention; 3]);
    assert!(!world.run(ada, "d1", deduct("1")).await.replayed);
    world.store.fail_commits([CommitFault::Contention; 4]);
    let lost = world.attempt(ada, "d2", deduct("1")).await;
    assert!(matches!(lost, Err(LedgerError::Store(StoreError::Contention(_)))));
    assert_eq!(world.has(ada).await, both("9.00", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn what_is_queued_is_answered_when_the_server_ends() {
    let world = World::with(limits(512, 4_096));
    let ada = world.rich(1, "10").await;
    let World { store, ledger, .. } = world;
    let open = store.begin().await.unwrap();
    let command = ledger.command(ada, "d1".parse().unwrap(), deduct("1"));
    let mut waiting = Box::pin(ledger.execute(command));
    assert!(tokio::time::timeout(Duration::ZERO, &mut waiting).await.is_err());
    open.rollback().await.unwrap();
    assert_eq!(waiting.await.unwrap().balance, balance("9", "0", 2));
}
