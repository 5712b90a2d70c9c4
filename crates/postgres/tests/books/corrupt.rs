//! Rows that no value of the domain can be made of are reported as such, never worked with.

use ledger::Action;
use ports::{LedgerReads, Store, StoreError, Wanted};

use super::desk::{deduct, insert_user, moment, post, purchase, reserve};
use crate::contract::fixture::{OwnStore, fixture};

async fn books() -> OwnStore {
    let store = fixture().await;
    store.database.leave_broken();
    let ada = insert_user(&*store, 1).await;
    post(&*store, ada, "p1", purchase("10"), 1).await;
    post(&*store, ada, "h1", reserve("1", 60), 2).await;
    post(&*store, ada, "d1", deduct("2"), 3).await;
    store
}

/// Changes rows as if their table had no rules.
async fn corrupt(store: &OwnStore, table: &str, change: &str) {
    let client = store.database.client().await;
    let statement = format!(
        "DO $$ DECLARE rule text; BEGIN FOR rule IN SELECT conname FROM pg_constraint \
         WHERE conrelid = '{table}'::regclass AND contype = 'c' \
         LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', rule); END LOOP; END $$; \
         SET session_replication_role = 'replica'; UPDATE {table} SET {change}"
    );
    client.batch_execute(&statement).await.unwrap_or_else(|error| panic!("{change}: {error:?}"));
}

fn is_corrupt<T: std::fmt::Debug>(outcome: Result<T, StoreError>, change: &str) {
    assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{change}: {outcome:?}");
}

#[tokio::test]
async fn rows_that_break_a_rule_are_corrupt() {
    for (table, change) in [
        ("ledger_accounts", "available = -1"),
        ("ledger_accounts", "held = 'NaN'"),
        ("ledger_accounts", "version = -1"),
        ("ledger_accounts", "head_hash = '\\x00'"),
        ("ledger_accounts", "updated_at = 'infinity'"),
        ("ledger_lots", "source = 'gift'"),
        ("ledger_lots", "state = 'closed'"),
        ("ledger_lots", "priority = -1"),
        ("ledger_lots", "priority = 65536"),
        ("ledger_lots", "remaining = 'NaN'"),
        ("ledger_lots", "live = NOT live"),
        ("ledger_lots", "due_at = now()"),
        ("ledger_transactions", "kind = 'gift'"),
        ("ledger_transactions", "status = 'done'"),
        ("ledger_transactions", "lease_until = NULL"),
        ("ledger_transactions", "over_capture = 'never'"),
        ("ledger_transactions", "hold_end = 'lost'"),
        ("ledger_transactions", "captured = -1"),
        ("ledger_transactions", "model = ''"),
        ("ledger_transactions", "description = E'a\\tb'"),
        ("ledger_transactions", "allocations = '{}'"),
        ("ledger_transactions", "allocations = '[[\"x\", \"1.00\", \"0.00\"]]'"),
        ("ledger_transactions", "allocations = '[[1, 2, 3]]'"),
        ("ledger_entries", "kind = 'gift'"),
        ("ledger_entries", "available_after = -1"),
        ("ledger_entries", "available_change = 'NaN'"),
        ("ledger_entries", "hash = ''"),
    ] {
        let store = books().await;
        corrupt(&store, table, change).await;
        let ada = testkit::fixtures::user_id(1);
        is_corrupt(store.audit(ada).await, &format!("{table} {change}"));
    }
}

#[tokio::test]
async fn a_corrupt_request_is_not_taken_for_none() {
    for change in ["digest = '\\x00'", "status = 'done'", "version = -1", "request_id = 'h 1'"] {
        let store = books().await;
        corrupt(&store, "ledger_requests", &format!("{change} WHERE request_id = 'h1'")).await;
        let ada = testkit::fixtures::user_id(1);
        let mut tx = store.begin().await.unwrap();
        let accounts = tx.lock_accounts(&[ada], moment(9)).await.unwrap();
        let wanted =
            Wanted { requests: vec![(ada, "h1".parse().unwrap())], transactions: Vec::new() };
        let books = tx.load_books(accounts, &wanted, moment(9)).await;
        tx.rollback().await.unwrap();
        if change.starts_with("request_id") {
            // Another id is another request.
            assert_eq!(books.unwrap()[0].requests().count(), 0);
        } else {
            is_corrupt(books, change);
        }
    }
}

#[tokio::test]
async fn a_row_that_went_from_under_its_lock_is_corrupt() {
    let store = books().await;
    let ada = testkit::fixtures::user_id(1);
    let mut tx = store.begin().await.unwrap();
    let accounts = tx.lock_accounts(&[ada], moment(9)).await.unwrap();
    let books = tx.load_books(accounts, &Wanted::default(), moment(9)).await.unwrap();
    // Nothing but the lock keeps others from the rows, and by hand nobody takes it.
    let client = store.database.client().await;
    client.batch_execute("DELETE FROM ledger_lots").await.unwrap();
    let mut book = books.into_iter().next().unwrap();
    let action: Action = deduct("1");
    let command = ledger::Command::new(ada, "d2".parse().unwrap(), 7, action);
    let rules = ledger::Rules::default();
    let decision = ledger::decide(&book, &rules, moment(9), &command).unwrap();
    let mut changes = ledger::Changes::default();
    changes.absorb(&mut book, decision);
    is_corrupt(tx.apply_changes(&changes).await, "deleted lots");
    tx.rollback().await.unwrap();
}
