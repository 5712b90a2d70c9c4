//! Sums of what was used.

use app::ledger::{BatchMode, UsageError};
use kernel::Total;
use ports::{Usage, UsageBy};

use super::*;

const DAY: u32 = 24 * 60 * 60;

#[tokio::test]
async fn usage_is_grouped_and_the_largest_comes_first() {
    let world = World::new();
    let ada = world.rich(1, "100").await;
    let start = world.now();
    world.run(ada, "d1", deduct_for("2", "small")).await;
    let charge = world.run(ada, "d2", deduct_for("7", "large")).await.transaction.id;
    world.wait(DAY);
    world.run(ada, "d3", deduct_for("3", "small")).await;
    world.run(ada, "r1", refund(charge, Some("6.5"))).await;

    let by = UsageBy { model: true, ..UsageBy::default() };
    let groups = world.ledger.usage(ada, start, None, by).await.unwrap();
    let group = |model: &str, charges, refunds, charged, refunded| Usage {
        model: Some(model.to_owned()),
        charges,
        refunds,
        charged: Total::from_hundredths(charged),
        refunded: Total::from_hundredths(refunded),
        ..Usage::default()
    };
    assert_eq!(groups, [group("large", 1, 1, 700, 650), group("small", 2, 0, 500, 0)]);

    let first_day = Some(start.saturating_add(Span::from_secs(DAY)));
    let groups = world.ledger.usage(ada, start, first_day, by).await.unwrap();
    assert_eq!(groups, [group("large", 1, 0, 700, 0), group("small", 1, 0, 200, 0)]);
    world.verified().await;
}

#[tokio::test]
async fn without_a_dimension_there_is_one_group_even_of_nothing() {
    let world = World::new();
    let ada = world.poor(1).await;
    let usage = async |by| world.ledger.usage(ada, world.now(), None, by).await.unwrap();
    assert_eq!(usage(UsageBy::default()).await, [Usage::default()]);
    assert_eq!(usage(UsageBy { day: true, ..UsageBy::default() }).await, []);
}

#[tokio::test]
async fn usage_spans_four_hundred_days_at_most() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let (now, by) = (world.now(), UsageBy::default());
    let days = |days: u32| now.saturating_sub(Span::from_secs(days * DAY));
    assert!(world.ledger.usage(ada, days(400), None, by).await.is_ok());
    let moment = Span::from_micros(1).unwrap();
    let longer = world.ledger.usage(ada, days(400).saturating_sub(moment), None, by).await;
    assert!(matches!(longer, Err(UsageError::TooLong)));
    let past = world.ledger.usage(ada, days(800), Some(days(399)), by).await;
    assert!(matches!(past, Err(UsageError::TooLong)));
    let nobody = world.ledger.usage(user_id(9), now, None, by).await;
    assert!(matches!(nobody, Err(UsageError::Ledger(LedgerError::UserNotFound))));
}

#[tokio::test]
async fn more_groups_than_an_answer_has_room_for_are_refused() {
    let world = World::new();
    let ada = world.rich(1, "100").await;
    let spend = async |models: std::ops::Range<usize>| {
        let command = |model| {
            let request = format!("d{model}").parse().unwrap();
            world.ledger.command(ada, request, deduct_for("0.01", &format!("m{model}")))
        };
        let commands: Vec<_> = models.map(command).collect();
        world.ledger.execute_batch(&commands, BatchMode::AllOrNothing).await.unwrap();
    };
    let by = UsageBy { model: true, ..UsageBy::default() };
    spend(0..4_000).await;
    assert_eq!(world.ledger.usage(ada, world.now(), None, by).await.unwrap().len(), 4_000);
    spend(4_000..4_001).await;
    let refused = world.ledger.usage(ada, world.now(), None, by).await;
    assert!(matches!(refused, Err(UsageError::TooManyGroups)));
    world.verified().await;
}
