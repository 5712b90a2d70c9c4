//! Whoever changes the books past the triggers is found out, and told where.

use kernel::{TransactionId, UserId};
use ledger::{Finding, LotSource};
use ports::LedgerReads;

use super::desk::{
    capture, credits, deduct, findings, grant, insert_user, moment, post, purchase, refund, reserve,
};
use crate::contract::fixture::{OwnStore, fixture};

/// Books with some of everything: entries 1 purchased, 2 granted, 3 deducted, 4 and 5 held,
/// 6 captured.
struct Books {
    store: OwnStore,
    ada: UserId,
    charge: TransactionId,
    open: TransactionId,
}

impl Books {
    async fn new() -> Self {
        let store = fixture().await;
        // The books are broken on purpose, and stay so.
        store.database.leave_broken();
        let ada = insert_user(&*store, 1).await;
        post(&*store, ada, "p1", purchase("10"), 1).await;
        post(&*store, ada, "g1", grant("5", moment(900)), 2).await;
        let charge = post(&*store, ada, "d1", deduct("2"), 3).await.transaction.id;
        let open = post(&*store, ada, "h1", reserve("1", 600), 4).await.transaction.id;
        let done = post(&*store, ada, "h2", reserve("4", 600), 5).await.transaction.id;
        post(&*store, ada, "c2", capture(done), 6).await;
        assert_eq!(findings(&*store, ada).await, []);
        Self { store, ada, charge, open }
    }

    /// What is found after the change, made as no trigger sees it.
    async fn after(&self, change: &str) -> Vec<Finding> {
        let client = self.store.database.client().await;
        client.batch_execute("SET session_replication_role = 'replica'").await.unwrap();
        client.batch_execute(change).await.unwrap();
        findings(&*self.store, self.ada).await
    }
}

#[tokio::test]
async fn a_changed_balance_is_found_however_well_its_totals_agree() {
    let books = Books::new().await;
    let found = books
        .after("UPDATE ledger_accounts SET available = available + 90, earned = earned + 90")
        .await;
    let altered = |total, stored, computed| Finding::AlteredAccount {
        total,
        stored: credits(stored),
        computed: credits(computed),
    };
    let (available, lots) = (credits("98"), credits("8"));
    assert_eq!(
        found,
        [
            altered("available", "98", "8"),
            altered("earned", "105", "15"),
            Finding::LotsDiffer { lots, available },
        ]
    );
}

#[tokio::test]
async fn a_changed_version_is_found() {
    let found = Books::new().await.after("UPDATE ledger_accounts SET version = 7").await;
    assert_eq!(found, [Finding::MissingTail { journal: 6, account: 7 }]);
}

#[tokio::test]
async fn a_changed_head_is_found() {
    let change = "UPDATE ledger_accounts SET head_hash = decode(repeat('ab', 32), 'hex')";
    assert_eq!(Books::new().await.after(change).await, [Finding::AlteredHead]);
}

#[tokio::test]
async fn a_changed_entry_is_found_whichever_column_it_is() {
    for change in [
        "available_change = -1.00",
        "held_change = 0.01",
        "available_after = 99",
        "held_after = 99",
        "kind = 'adjusted_down'",
        "at = at + interval '1 microsecond'",
        "transaction_id = (SELECT transaction_id FROM ledger_entries WHERE version = 1)",
        "hash = decode(repeat('ab', 32), 'hex')",
    ] {
        let books = Books::new().await;
        let change = format!("UPDATE ledger_entries SET {change} WHERE version = 3");
        let found = books.after(&change).await;
        assert!(found.contains(&Finding::AlteredEntry { version: 3 }), "{change}: {found:?}");
    }
}

#[tokio::test]
async fn an_entry_that_is_gone_is_found() {
    let books = Books::new().await;
    let found = books.after("DELETE FROM ledger_entries WHERE version = 3").await;
    assert!(found.contains(&Finding::MissingEntry { expected: 3, found: 4 }), "{found:?}");
    let transaction = books.charge;
    let named = |finding: &Finding| matches!(finding, Finding::TransactionDiffers { transaction: id, .. } if *id == transaction);
    assert!(found.iter().any(named), "{found:?}");
}

#[tokio::test]
async fn the_last_entry_that_is_gone_is_found() {
    let books = Books::new().await;
    let found = books.after("DELETE FROM ledger_entries WHERE version = 6").await;
    assert!(found.contains(&Finding::MissingTail { journal: 5, account: 6 }), "{found:?}");
    assert!(found.contains(&Finding::AlteredHead), "{found:?}");
}

#[tokio::test]
async fn swapped_entries_are_found() {
    let books = Books::new().await;
    let swap = "UPDATE ledger_entries SET version = -version WHERE version IN (3, 4); \
                UPDATE ledger_entries SET version = 7 + version WHERE version < 0";
    let found = books.after(swap).await;
    for version in [3, 4] {
        assert!(found.contains(&Finding::AlteredEntry { version }), "{found:?}");
    }
    assert!(found.contains(&Finding::OutOfOrder { version: 4 }), "{found:?}");
}

#[tokio::test]
async fn a_changed_lot_is_found_and_named() {
    let books = Books::new().await;
    let found = books
        .after("UPDATE ledger_lots SET remaining = remaining - 1 WHERE source = 'purchase'")
        .await;
    let lots = books.store.audit(books.ada).await.unwrap().unwrap().lots;
    let lot = lots.iter().find(|lot| lot.source == LotSource::Purchase).unwrap();
    let (sum, available) = (credits("7"), credits("8"));
    let computed = lot.remaining.checked_add(credits("1")).unwrap();
    assert_eq!(
        found,
        [
            Finding::LotsDiffer { lots: sum, available },
            Finding::LotDiffers { lot: lot.id, stored: lot.remaining, computed },
        ]
    );
}

#[tokio::test]
async fn credits_that_are_moved_from_lot_to_lot_are_found() {
    let books = Books::new().await;
    let found = books
        .after(
            "UPDATE ledger_lots SET remaining = remaining - 1 WHERE remaining > 0; \
             UPDATE ledger_lots SET remaining = remaining + 1, live = true WHERE source = 'plan'",
        )
        .await;
    assert!(found.iter().any(|found| matches!(found, Finding::LotDiffers { .. })), "{found:?}");
    let sums = found.iter().any(|found| matches!(found, Finding::LotsDiffer { .. }));
    assert!(!sums, "the sum is right, so only the lots can tell: {found:?}");
}

#[tokio::test]
async fn a_changed_transaction_is_found_and_named_whatever_was_changed() {
    for change in [
        "status = 'failed'",
        "status = 'refunded'",
        "amount = amount - 1",
        "captured = captured + 1",
        "refunded = 1",
        "kind = 'adjustment'",
    ] {
        let books = Books::new().await;
        let transaction = books.charge;
        let change = format!("UPDATE ledger_transactions SET {change} WHERE id = '{transaction}'");
        let found = books.after(&change).await;
        let named = |finding: &Finding| {
            matches!(finding, Finding::TransactionDiffers { transaction: id, .. }
                if *id == transaction)
        };
        assert!(found.iter().any(named), "{change}: {found:?}");
    }
}

#[tokio::test]
async fn a_refund_that_is_made_possible_twice_is_found() {
    let books = Books::new().await;
    post(&*books.store, books.ada, "r1", refund(books.charge, "2"), 7).await;
    let transaction = books.charge;
    let found = books
        .after(&format!(
            "UPDATE ledger_transactions SET status = 'completed', refunded = 0, allocations = \
             jsonb_build_array(jsonb_build_array(allocations->0->0, '2.00', '0.00')) \
             WHERE id = '{transaction}'"
        ))
        .await;
    let named = |finding: &Finding| matches!(finding, Finding::TransactionDiffers { transaction: id, .. } if *id == transaction);
    assert!(found.iter().any(named), "{found:?}");
}

#[tokio::test]
async fn a_hold_that_is_ended_by_hand_is_found() {
    let books = Books::new().await;
    let transaction = books.open;
    let found = books
        .after(&format!(
            "UPDATE ledger_transactions SET status = 'cancelled', hold_end = 'lapsed' \
             WHERE id = '{transaction}'"
        ))
        .await;
    let (holds, held) = (credits("0"), credits("1"));
    assert!(found.contains(&Finding::HoldsDiffer { holds, held }), "{found:?}");
}

#[tokio::test]
async fn a_transaction_that_is_gone_is_found() {
    let books = Books::new().await;
    let gone = format!("DELETE FROM ledger_transactions WHERE id = '{}'", books.charge);
    let found = books.after(&gone).await;
    assert!(found.contains(&Finding::TransactionMissing { version: 3 }), "{found:?}");
}

#[tokio::test]
async fn a_transaction_that_nothing_was_moved_for_is_found() {
    let books = Books::new().await;
    let made = "INSERT INTO ledger_transactions SELECT user_id, gen_random_uuid(), kind, status, \
         amount, balance_after, operation_type, model, operation_id, edit_price, project_id, \
         reference, description, metadata, parent_id, hold_amount, hold_end, over_capture, \
         late_capture, lease_until, captured, refunded, allocations, created_at, processed_at \
         FROM ledger_transactions WHERE kind = 'purchase'";
    let found = books.after(made).await;
    let differs = |found: &Finding| matches!(found, Finding::TransactionDiffers { .. });
    assert!(found.iter().any(differs), "{found:?}");
}
