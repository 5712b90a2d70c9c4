//! Who may spend: what the status of an account stops, and what not.

use users::{AccountStatus, Rejection as Barred};

use super::*;

async fn set(world: &World, user: UserId, status: AccountStatus) {
    let mut tx = world.store.begin().await.unwrap();
    let mut found = tx.lock_user(user).await.unwrap().unwrap();
    found.account.status = status;
    let outcome = tx.update_user(&found).await;
    finish(tx, outcome).await.unwrap();
}

#[tokio::test]
async fn whoever_is_barred_spends_nothing_and_settles_everything() {
    for status in [AccountStatus::Suspended, AccountStatus::Banned, AccountStatus::Deleted] {
        let world = World::new();
        let ada = world.rich(1, "100").await;
        let charge = world.run(ada, "d1", deduct("10")).await;
        let captured = world.hold(ada, "h1", "10", 600).await;
        let released = world.hold(ada, "h2", "10", 600).await;
        set(&world, ada, status).await;

        for action in [deduct("1"), reserve("1", 60)] {
            let barred = world.attempt(ada, "new", action.clone()).await;
            let expected = Barred::Barred { status };
            assert!(matches!(barred, Err(LedgerError::Barred(why)) if why == expected), "{status}");
            let command = world.ledger.command(ada, "new".parse().unwrap(), action);
            let tried = world.ledger.validate(&command).await;
            assert!(matches!(tried, Err(LedgerError::Barred(_))), "{tried:?}");
        }
        // What was done is answered again.
        let again = world.run(ada, "d1", deduct("10")).await;
        assert_eq!(again, Outcome { replayed: true, ..charge.clone() });
        world.run(ada, "c1", capture(captured, None)).await;
        world.run(ada, "r1", release(released)).await;
        world.run(ada, "b1", refund(charge.transaction.id, None)).await;
        world.run(ada, "g1", grant("5", None, None)).await;
        world.run(ada, "p1", purchase("5")).await;
        assert_eq!(world.has(ada).await, both("100.00", "0.00"));

        set(&world, ada, AccountStatus::Active).await;
        world.run(ada, "new", deduct("1")).await;
        world.verified().await;
    }
}

#[tokio::test]
async fn one_who_is_barred_stops_no_other_in_a_batch() {
    let world = World::new();
    let (ada, eve) = (world.rich(1, "10").await, world.rich(2, "10").await);
    set(&world, ada, AccountStatus::Suspended).await;
    let command = |user| world.ledger.command(user, "d1".parse().unwrap(), deduct("1"));
    let commands = [command(ada), command(eve)];
    let results =
        world.ledger.execute_batch(&commands, app::ledger::BatchMode::Each).await.unwrap();
    assert!(matches!(results[0], Err(app::ledger::Refusal::Barred(_))), "{results:?}");
    assert!(results[1].is_ok(), "{results:?}");
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));
}
