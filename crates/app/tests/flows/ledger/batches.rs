//! Many commands in one call.

use app::ledger::{BatchError, BatchMode, Refusal};
use ledger::Command;
use testkit::CommitFault;

use super::*;

impl World {
    fn command(&self, user: UserId, request: &str, action: Action) -> Command {
        self.ledger.command(user, request.parse().unwrap(), action)
    }
}

#[tokio::test]
async fn each_command_has_its_own_result_in_order() {
    let world = World::new();
    let (ada, eve) = (world.rich(1, "10").await, world.rich(2, "1").await);
    let commands = [
        world.command(eve, "d1", deduct("2")),
        world.command(ada, "d1", deduct("4")),
        world.command(user_id(9), "d1", deduct("1")),
        world.command(ada, "d2", deduct("7")),
        world.command(ada, "d3", deduct("6")),
    ];
    let begun = world.store.begun();
    let results = world.ledger.execute_batch(&commands, BatchMode::Each).await.unwrap();
    assert_eq!(world.store.begun(), begun + 1, "one unit of work");
    let short = |required, available| {
        let (required, available) = (credits(required), credits(available));
        Err(Refusal::Rejected(Rejection::InsufficientCredits { required, available }))
    };
    let balances: Vec<_> =
        results.into_iter().map(|result| result.map(|outcome| outcome.balance)).collect();
    assert_eq!(
        balances,
        [
            short("2", "1"),
            Ok(balance("6", "0", 2)),
            Err(Refusal::UserNotFound),
            short("7", "6"),
            Ok(balance("0", "0", 3)),
        ]
    );
    world.verified().await;
}

#[tokio::test]
async fn all_or_nothing_is_nothing_if_one_is_refused() {
    let world = World::new();
    let (ada, eve) = (world.rich(1, "10").await, world.rich(2, "1").await);
    let mut commands = vec![
        world.command(ada, "d1", deduct("4")),
        world.command(ada, "d2", deduct("4")),
        world.command(eve, "d1", deduct("2")),
    ];
    let outcome = world.ledger.execute_batch(&commands, BatchMode::AllOrNothing).await;
    let (required, available) = (credits("2"), credits("1"));
    let refusal = Refusal::Rejected(Rejection::InsufficientCredits { required, available });
    match outcome {
        Err(BatchError::Aborted { index, refusal: found }) => {
            assert_eq!((index, found), (2, refusal));
        }
        outcome => panic!("not aborted: {outcome:?}"),
    }
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));

    commands.pop();
    let results = world.ledger.execute_batch(&commands, BatchMode::AllOrNothing).await.unwrap();
    assert!(results.into_iter().all(|result| !result.unwrap().replayed));
    let again = world.ledger.execute_batch(&commands, BatchMode::AllOrNothing).await.unwrap();
    assert!(again.into_iter().all(|result| result.unwrap().replayed));
    assert_eq!(world.has(ada).await, both("2.00", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn a_request_that_stands_twice_in_a_batch_is_done_once() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let twice = [world.command(ada, "d1", deduct("4")), world.command(ada, "d1", deduct("4"))];
    let results = world.ledger.execute_batch(&twice, BatchMode::Each).await.unwrap();
    let replayed: Vec<_> = results.into_iter().map(|result| result.unwrap().replayed).collect();
    assert_eq!(replayed, [false, true]);
    assert_eq!(world.has(ada).await, both("6.00", "0.00"));
    world.verified().await;
}

#[tokio::test]
async fn a_batch_that_lost_a_race_is_tried_again() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    for mode in [BatchMode::Each, BatchMode::AllOrNothing] {
        world.store.fail_commits([CommitFault::Contention; 2]);
        let commands = [world.command(ada, &format!("{mode:?}"), deduct("1"))];
        let results = world.ledger.execute_batch(&commands, mode).await.unwrap();
        assert!(!results[0].as_ref().unwrap().replayed);
    }
    world.store.fail_commits([CommitFault::Contention; 4]);
    let commands = [world.command(ada, "d1", deduct("1"))];
    let lost = world.ledger.execute_batch(&commands, BatchMode::Each).await;
    assert!(matches!(lost, Err(BatchError::Store(ports::StoreError::Contention(_)))));
    assert_eq!(world.has(ada).await, both("8.00", "0.00"));
    world.verified().await;
}
