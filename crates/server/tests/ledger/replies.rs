//! Scenario 6: what is committed while its answer is lost is not done again.

use app::ledger::LedgerError;
use kernel::{TransactionId, UserId};
use ledger::Action;
use ports::StoreError;
use testkit::{Cable, Stop};

use super::world::{Process, World, capture, deduct, grant, purchase, refund, release, reserve};

/// Every way to move credits, on an account that has what they need.
struct Case {
    user: UserId,
    action: Action,
    /// What the account comes to after it was done once.
    money: &'static str,
}

/// 100 bought, 10 charged, 5 held: each case does one thing more.
async fn cases(world: &World, process: &Process, first: u64) -> Vec<Case> {
    let until = world.in_secs(9_000);
    type Make = Box<dyn Fn(TransactionId, TransactionId) -> Action>;
    let makes: [(Make, &'static str); 7] = [
        (
            Box::new(|_, _| reserve("3", 600)),
            "82.00 available, 8.00 held, 10.00 spent, 0.00 forfeited",
        ),
        (
            Box::new(|_, hold| capture(hold, Some("4"))),
            "86.00 available, 0.00 held, 14.00 spent, 0.00 forfeited",
        ),
        (
            Box::new(|_, hold| release(hold)),
            "90.00 available, 0.00 held, 10.00 spent, 0.00 forfeited",
        ),
        (
            Box::new(|charge, _| refund(charge, Some("2"))),
            "87.00 available, 5.00 held, 8.00 spent, 0.00 forfeited",
        ),
        (
            Box::new(|_, _| purchase("20")),
            "105.00 available, 5.00 held, 10.00 spent, 0.00 forfeited",
        ),
        (
            Box::new(move |_, _| grant("30", until)),
            "115.00 available, 5.00 held, 10.00 spent, 0.00 forfeited",
        ),
        (Box::new(|_, _| deduct("1")), "84.00 available, 5.00 held, 11.00 spent, 0.00 forfeited"),
    ];
    let mut cases = Vec::new();
    for (number, (make, money)) in (first..).zip(makes) {
        let user = world.user(number).await;
        process.done(user, "p", purchase("100")).await;
        let charge = process.done(user, "d", deduct("10")).await.id;
        let hold = process.done(user, "h", reserve("5", 600)).await.id;
        cases.push(Case { user, action: make(charge, hold), money });
    }
    cases
}

#[tokio::test]
async fn scenario_06_a_commit_whose_answer_is_lost_is_done_once_and_answered() {
    let world = World::new().await;
    let near = world.process().await;
    let cable = Cable::to(&world.database).await;
    let far = world.mortal(cable.config()).await;
    for (first, stop) in [(1, Stop::BeforeCommit), (101, Stop::AfterCommit)] {
        for Case { user, action, money } in cases(&world, &near, first).await {
            cable.stop_commits([stop]);
            let call = far.call(user, "once", action.clone());
            cable.stopped().await;
            cable.cut();
            // The process repeats it by itself, under the same id.
            let answer = call.await.unwrap().unwrap();
            let version = answer.balance.version;
            assert_eq!(answer.replayed, stop == Stop::AfterCommit, "{action:?}");
            assert_eq!(world.money(user).await, money, "{stop:?} {action:?}");

            // The caller got no answer either, and repeats it elsewhere.
            let again = near.run(user, "once", action.clone()).await.unwrap();
            assert!(again.replayed);
            assert_eq!((again.transaction, again.balance), (answer.transaction, answer.balance));
            assert_eq!(world.audit(user).await.account.version, version, "{action:?}");
        }
    }
}

#[tokio::test]
async fn scenario_06_a_caller_who_is_told_nothing_certain_repeats_it_without_a_second_effect() {
    let world = World::new().await;
    let near = world.process().await;
    let cable = Cable::to(&world.database).await;
    let far = world.mortal(cable.config()).await;
    for Case { user, action, money } in cases(&world, &near, 1).await.into_iter().take(3) {
        // As often as the process tries by itself, and each time the answer is lost.
        cable.stop_commits([Stop::AfterCommit; 4]);
        let call = far.call(user, "once", action.clone());
        for _ in 0..4 {
            cable.stopped().await;
            cable.cut();
        }
        let answer = call.await.unwrap();
        let unknown = matches!(answer, Err(LedgerError::Store(StoreError::CommitUnknown(_))));
        assert!(unknown, "{answer:?}");
        assert_eq!(world.money(user).await, money);
        assert!(near.run(user, "once", action.clone()).await.unwrap().replayed);
        assert!(far.run(user, "once", action).await.unwrap().replayed);
        assert_eq!(world.money(user).await, money);
    }
}

#[tokio::test]
async fn scenario_06_a_caller_who_stops_waiting_finds_it_done_once() {
    let world = World::new().await;
    let (first, second) = (world.process().await, world.process().await);
    for Case { user, action, money } in cases(&world, &first, 1).await {
        first.call(user, "once", action.clone()).abort();
        // Whether it was begun before the caller went is for the process to know.
        second.run(user, "once", action.clone()).await.unwrap();
        assert!(first.run(user, "once", action).await.unwrap().replayed);
        assert_eq!(world.money(user).await, money);
    }
}
