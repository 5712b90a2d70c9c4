//! Purchases, grants, adjustments, and what the clock does with them.

use kernel::PageSize;
use ledger::{LotState, TransactionKind, TransactionStatus};

use super::*;

#[tokio::test]
async fn a_grant_begins_and_ends_by_the_clock() {
    let world = World::new();
    let ada = world.poor(1).await;
    let after = |seconds| Some(world.now().saturating_add(Span::from_secs(seconds)));
    let granted = world.run(ada, "g1", grant("5", after(10), after(20))).await.transaction;
    assert_eq!(granted.status, TransactionStatus::Pending);
    assert_eq!(world.has(ada).await, both("0.00", "0.00"));
    world.wait(10);
    assert_eq!(world.has(ada).await, both("5.00", "0.00"));
    assert_eq!(world.find(ada, granted.id).await.status, TransactionStatus::Completed);
    world.run(ada, "d1", deduct("2")).await;
    world.wait(10);
    assert_eq!(world.has(ada).await, both("0.00", "0.00"));
    let lots = world.ledger.lots(ada, None, PageSize::DEFAULT).await.unwrap();
    assert_eq!(lots.items[0].state, LotState::Expired);
    world.verified().await;
}

#[tokio::test]
async fn credits_that_expire_before_they_count_are_refused() {
    let world = World::new();
    let ada = world.poor(1).await;
    let rejection = world.refused(ada, "g1", grant("5", None, Some(world.now()))).await;
    assert_eq!(rejection, Rejection::ExpiresTooSoon { expires_at: world.now() });
    world.verified().await;
}

#[tokio::test]
async fn an_operator_adds_and_takes() {
    let world = World::new();
    let ada = world.poor(1).await;
    let operation =
        Operation { description: Some(Label::parse("goodwill").unwrap()), ..Operation::default() };
    let up = Action::AdjustUp { amount: credits("5"), operation: operation.clone() };
    let up = world.run(ada, "a1", up).await.transaction;
    assert_eq!((up.kind, up.amount.to_string()), (TransactionKind::Adjustment, "5.00".to_owned()));
    let down = Action::AdjustDown { amount: credits("3"), operation: operation.clone() };
    let down = world.run(ada, "a2", down).await.transaction;
    assert_eq!((down.amount.to_string(), &down.operation), ("-3.00".to_owned(), &operation));
    let beyond = Action::AdjustDown { amount: credits("3"), operation };
    let (required, available) = (credits("3"), credits("2"));
    let rejection = world.refused(ada, "a3", beyond).await;
    assert_eq!(rejection, Rejection::InsufficientCredits { required, available });
    let account = world.ledger.account(ada).await.unwrap();
    assert_eq!((account.earned, account.forfeited), (credits("5"), credits("3")));
    world.verified().await;
}

#[tokio::test]
async fn tidying_posts_what_every_read_has_said_before() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let eve = world.rich(2, "10").await;
    world.hold(ada, "h1", "4", 60).await;
    let until = world.now().saturating_add(Span::from_secs(90));
    world.run(eve, "g1", grant("5", None, Some(until))).await;
    world.wait(100);
    let (of_ada, of_eve) = (world.has(ada).await, world.has(eve).await);
    assert_eq!((of_ada.clone(), of_eve.clone()), (both("10.00", "0.00"), both("10.00", "0.00")));
    assert_eq!(world.ledger.tidy().await.unwrap(), 2);
    assert_eq!(world.ledger.tidy().await.unwrap(), 0);
    assert_eq!((world.has(ada).await, world.has(eve).await), (of_ada, of_eve));
    world.verified().await;
}
