//! Sums over journals and transactions.

use kernel::Total;
use ledger::EntryKind;
use ports::{EntrySum, LedgerReads, Store, Usage, UsageBy};

use super::*;

const DAY: u32 = 24 * 60 * 60;

fn charge(amount: &str, operation: Operation) -> Action {
    Action::Deduct { amount: credits(amount), operation }
}

/// Charges, refunds, what they come to in hundredths.
fn numbers(usage: &Usage) -> (u64, u64, Total, Total) {
    (usage.charges, usage.refunds, usage.charged, usage.refunded)
}

fn total(hundredths: i64) -> Total {
    Total::from_hundredths(hundredths)
}

pub async fn entries_are_summed_by_kind_between_versions(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    post(store, ada, "d1", deduct("1.25"), 2).await;
    post(store, ada, "d2", deduct("1"), 3).await;
    post(store, ada, "h1", reserve("4", 60), 4).await;
    let sum = |kind, count, available, held| EntrySum {
        kind,
        count,
        available: total(available),
        held: total(held),
    };
    assert_eq!(
        store.sum_entries(ada, 0, 4).await.unwrap(),
        [
            sum(EntryKind::Deducted, 2, -225, 0),
            sum(EntryKind::Held, 1, -400, 400),
            sum(EntryKind::Purchased, 1, 1_000, 0),
        ]
    );
    let part = store.sum_entries(ada, 1, 2).await.unwrap();
    assert_eq!(part, [sum(EntryKind::Deducted, 1, -125, 0)]);
    assert_eq!(store.sum_entries(ada, 4, 9).await.unwrap(), []);
}

pub async fn usage_is_summed_by_every_dimension(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    for user in [ada, eve] {
        post(store, user, "p1", purchase("100"), 1).await;
    }
    post(store, eve, "d1", charge("50", named("IMAGE", None, None)), 2).await;
    let image = post(store, ada, "d1", charge("5", named("IMAGE", Some("a"), Some(8))), 2).await;
    post(store, ada, "d2", charge("2", named("IMAGE", Some("b"), None)), 3).await;
    post(store, ada, "d3", charge("1.5", named("CHAT", Some("a"), Some(8))), DAY).await;
    let (charge, amount) = (image.transaction.id, Some(credits("0.5")));
    let operation = Operation::default();
    post(store, ada, "r1", Action::Refund { charge, amount, operation }, DAY).await;

    let sum = async |by| store.sum_usage(ada, moment(0), moment(9 * DAY), by, 100).await.unwrap();
    let one = sum(UsageBy::default()).await;
    assert_eq!(one.iter().map(numbers).collect::<Vec<_>>(), [(3, 1, total(850), total(50))]);
    assert_eq!((&one[0].operation_type, one[0].day), (&None, None));

    let by_type = sum(UsageBy { operation_type: true, ..UsageBy::default() }).await;
    let read: Vec<_> =
        by_type.iter().map(|it| (it.operation_type.as_deref(), it.charged)).collect();
    assert_eq!(read, [(Some("IMAGE"), total(700)), (Some("CHAT"), total(150))]);
    assert_eq!(by_type[0].refunded, total(50), "a refund is of what its charge was for");

    let by_model = sum(UsageBy { model: true, ..UsageBy::default() }).await;
    let read: Vec<_> = by_model.iter().map(|it| (it.model.as_deref(), it.charged)).collect();
    assert_eq!(read, [(Some("a"), total(650)), (Some("b"), total(200))]);

    let by_project = sum(UsageBy { project: true, ..UsageBy::default() }).await;
    let read: Vec<_> = by_project.iter().map(|it| (it.project.is_some(), it.charged)).collect();
    assert_eq!(read, [(true, total(650)), (false, total(200))]);

    let by_day = sum(UsageBy { day: true, ..UsageBy::default() }).await;
    let midnight = moment(0).saturating_sub(Span::from_micros(123_456).expect("is positive"));
    let next = midnight.saturating_add(Span::from_secs(DAY));
    let read: Vec<_> = by_day.iter().map(|it| (it.day, it.charges, it.refunds)).collect();
    assert_eq!(read, [(Some(midnight), 2, 0), (Some(next), 1, 1)]);

    let all = UsageBy { operation_type: true, model: true, project: true, day: true };
    assert_eq!(sum(all).await.len(), 4, "the refund is of another day than its charge");
    let two = store.sum_usage(ada, moment(0), moment(9 * DAY), all, 2).await.unwrap();
    let largest: Vec<_> = two.iter().map(|it| it.charged).collect();
    assert_eq!(largest, [total(500), total(200)]);
}

pub async fn usage_counts_what_began_in_the_time(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("100"), 1).await;
    let open = post(store, ada, "h1", reserve("1", 9_000), 10).await.transaction.id;
    let captured = post(store, ada, "h2", reserve("2", 9_000), 20).await.transaction.id;
    let empty = post(store, ada, "h3", reserve("4", 9_000), 20).await.transaction.id;
    post(store, ada, "d1", deduct("8"), 30).await;
    let half = Action::Capture { hold: captured, amount: Some(credits("1.5")) };
    post(store, ada, "c2", half, 35).await;
    post(store, ada, "c3", Action::Capture { hold: empty, amount: Some(Credits::ZERO) }, 35).await;
    let sum = async |from, until| -> Vec<_> {
        let by = UsageBy::default();
        let groups = store.sum_usage(ada, moment(from), moment(until), by, 9).await.unwrap();
        groups.iter().map(numbers).collect()
    };
    assert_eq!(sum(0, 99).await, [(2, 0, total(950), Total::ZERO)]);
    assert_eq!(sum(20, 30).await, [(1, 0, total(150), Total::ZERO)], "captured later, begun here");
    assert_eq!(sum(30, 31).await, [(1, 0, total(800), Total::ZERO)]);
    assert_eq!(sum(10, 20).await, [], "an open hold is no charge");
    post(store, ada, "c1", Action::Capture { hold: open, amount: None }, 40).await;
    assert_eq!(sum(10, 20).await, [(1, 0, total(100), Total::ZERO)]);
    let charge = captured;
    let operation = Operation::default();
    post(store, ada, "r1", Action::Refund { charge, amount: None, operation }, 50).await;
    assert_eq!(sum(20, 30).await, [(1, 0, total(150), Total::ZERO)], "refunded, and still charged");
    assert_eq!(sum(50, 51).await, [(0, 1, Total::ZERO, total(150))]);
}
