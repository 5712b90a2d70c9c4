//! Balances, transactions, statements, verification.

use kernel::PageSize;
use ledger::{EntryKind, TransactionStatus};
use ports::TransactionFilter;

use super::*;

#[tokio::test]
async fn a_balance_is_told_as_of_any_moment() {
    let world = World::new();
    let before = world.now();
    world.wait(10);
    let ada = world.rich(1, "10").await;
    let bought = world.now();
    world.wait(10);
    world.hold(ada, "h1", "4", 60).await;
    world.wait(10);
    let at = async |at| world.ledger.balance_at(ada, at).await.unwrap();
    assert_eq!(at(before).await, balance("0", "0", 0));
    assert_eq!(at(bought).await, balance("10", "0", 1));
    assert_eq!(at(world.now()).await, balance("6", "4", 2));
    // The clock alone is looked ahead to.
    let later = world.now().saturating_add(Span::from_secs(3_600));
    assert_eq!(at(later).await, balance("10", "0", 3));
    assert_eq!(world.ledger.account(ada).await.unwrap().version, 2);
    world.verified().await;
}

#[tokio::test]
async fn a_list_by_status_sees_what_the_clock_has_brought_about() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let hold = world.hold(ada, "h1", "4", 60).await;
    let listed = async |statuses: Vec<TransactionStatus>| -> Vec<TransactionId> {
        let filter = TransactionFilter { statuses, ..TransactionFilter::default() };
        let page = world.ledger.transactions(ada, &filter, None, PageSize::DEFAULT).await.unwrap();
        page.items.into_iter().map(|found| found.id).collect()
    };
    assert_eq!(listed(vec![TransactionStatus::Pending]).await, [hold]);
    world.wait(61);
    assert_eq!(listed(vec![TransactionStatus::Pending]).await, []);
    assert_eq!(listed(vec![TransactionStatus::Cancelled]).await, [hold]);
    world.verified().await;
}

#[tokio::test]
async fn a_transaction_tells_which_lots_paid() {
    let world = World::new();
    let ada = world.rich(1, "3").await;
    world.run(ada, "p2", purchase("9")).await;
    let charge = world.run(ada, "d1", deduct("5")).await.transaction;
    assert_eq!(charge.allocations, []);
    let found = world.find(ada, charge.id).await;
    let paid: Vec<_> = found.allocations.iter().map(|part| part.amount).collect();
    assert_eq!(paid, [credits("3"), credits("2")]);
    world.verified().await;
}

#[tokio::test]
async fn a_statement_leads_from_its_opening_to_its_closing_balance() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.wait(10);
    let start = world.now();
    world.run(ada, "d1", deduct("1.5")).await;
    world.run(ada, "d2", deduct("1")).await;
    world.hold(ada, "h1", "4", 5).await;
    world.wait(10);
    let end = world.now();
    world.run(ada, "d3", deduct("3")).await;

    let statement = world.ledger.statement(ada, start, Some(end)).await.unwrap();
    assert_eq!(statement.opening, balance("10", "0", 1));
    assert_eq!(statement.closing, balance("7.5", "0", 5));
    let lines: Vec<_> = statement
        .lines
        .iter()
        .map(|it| (it.kind, it.count, it.available.to_string(), it.held.to_string()))
        .collect();
    let line = |kind, count, available: &str, held: &str| {
        (kind, count, available.to_owned(), held.to_owned())
    };
    assert_eq!(
        lines,
        [
            line(EntryKind::Deducted, 2, "-2.50", "0.00"),
            line(EntryKind::Held, 1, "-4.00", "4.00"),
            line(EntryKind::Lapsed, 1, "4.00", "-4.00"),
        ]
    );
    let to_this_day = world.ledger.statement(ada, start, None).await.unwrap();
    assert_eq!(to_this_day.closing, balance("4.5", "0", 6));
    let future = world.ledger.statement(ada, Timestamp::MAX, None).await.unwrap();
    assert_eq!((future.opening, future.lines), (future.closing, vec![]));
    let empty = world.ledger.statement(ada, Timestamp::MIN, Some(Timestamp::MIN)).await.unwrap();
    assert_eq!((empty.closing, empty.lines), (balance("0", "0", 0), vec![]));
    world.verified().await;
}

#[tokio::test]
async fn nobody_reads_the_books_of_a_stranger() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    let eve = world.poor(2).await;
    let nobody = user_id(9);
    let id = world.run(ada, "d1", deduct("1")).await.transaction.id;
    let ledger = &world.ledger;
    let all = TransactionFilter::default();
    let (now, size) = (world.now(), PageSize::DEFAULT);
    let stranger = |error: LedgerError| assert!(matches!(error, LedgerError::UserNotFound));
    stranger(ledger.account(nobody).await.unwrap_err());
    stranger(ledger.balance_at(nobody, now).await.unwrap_err());
    stranger(ledger.transaction(nobody, id).await.unwrap_err());
    stranger(ledger.transactions(nobody, &all, None, size).await.unwrap_err());
    stranger(ledger.lots(nobody, None, size).await.unwrap_err());
    stranger(ledger.statement(nobody, now, None).await.unwrap_err());
    stranger(ledger.verify(nobody).await.unwrap_err());
    stranger(ledger.export(nobody, 0).await.err().unwrap());
    stranger(ledger.watch(nobody).await.err().unwrap());
    let not_hers = ledger.transaction(eve, id).await.unwrap_err();
    assert!(matches!(not_hers, LedgerError::Rejected(Rejection::TransactionNotFound(_))));
    assert_eq!(ledger.verify(eve).await.unwrap().findings, []);
    assert_eq!(ledger.account(eve).await.unwrap().version, 0);
}

#[tokio::test]
async fn a_verification_can_be_resumed_after_any_account() {
    let world = World::new();
    for number in 1..=5 {
        world.rich(number, "10").await;
    }
    let mut verification = world.ledger.verification(Some(user_id(3)));
    let mut checked = Vec::new();
    while let Some(verified) = verification.next().await.unwrap() {
        assert_eq!((verified.entries, &verified.findings[..]), (1, &[][..]));
        checked.push(verified.user);
    }
    assert_eq!(checked, [user_id(4), user_id(5)]);
}

#[tokio::test]
async fn a_store_that_is_down_is_told_as_such() {
    let world = World::new();
    let ada = world.rich(1, "10").await;
    world.store.set_down(true);
    let down = |error: LedgerError| {
        assert!(matches!(error, LedgerError::Store(ports::StoreError::Unavailable(_))));
    };
    down(world.ledger.account(ada).await.unwrap_err());
    down(world.attempt(ada, "d1", deduct("1")).await.unwrap_err());
    world.store.set_down(false);
    assert_eq!(world.has(ada).await, both("10.00", "0.00"));
    world.verified().await;
}
