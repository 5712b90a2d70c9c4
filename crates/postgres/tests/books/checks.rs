//! The second wall: every CHECK of the ledger's tables refuses what the rules never come to.

use std::collections::BTreeSet;

use tokio_postgres::Client;

use super::desk::{grant, insert_user, moment, post, purchase, refund, reserve};
use crate::contract::fixture::fixture;

/// A change that breaks the constraint of the name and no other.
const BREAKS: &[(&str, &str)] = &[
    (
        "ledger_accounts_available_not_negative",
        "UPDATE ledger_accounts SET available = -0.01, earned = held + spent + forfeited - 0.01",
    ),
    (
        "ledger_accounts_held_not_negative",
        "UPDATE ledger_accounts SET held = -0.01, earned = available + spent + forfeited - 0.01",
    ),
    ("ledger_accounts_version_not_negative", "UPDATE ledger_accounts SET version = -1"),
    ("ledger_accounts_books_close", "UPDATE ledger_accounts SET available = available + 0.01"),
    (
        "ledger_accounts_books_close",
        "UPDATE ledger_accounts SET spent = -1, earned = available + held + forfeited - 1",
    ),
    (
        "ledger_accounts_books_close",
        "UPDATE ledger_accounts SET forfeited = -1, earned = available + held + spent - 1",
    ),
    ("ledger_accounts_head_hash_sha256", "UPDATE ledger_accounts SET head_hash = '\\x00'"),
    ("ledger_lots_source_known", "UPDATE ledger_lots SET source = 'gift'"),
    ("ledger_lots_state_known", "UPDATE ledger_lots SET state = 'closed'"),
    ("ledger_lots_amount_positive", "UPDATE ledger_lots SET amount = 0, remaining = 0"),
    ("ledger_lots_remaining_within_amount", "UPDATE ledger_lots SET remaining = amount + 0.01"),
    ("ledger_lots_remaining_within_amount", "UPDATE ledger_lots SET remaining = -0.01"),
    ("ledger_lots_expires_after_start", "UPDATE ledger_lots SET expires_at = effective_at"),
    ("ledger_transactions_kind_known", "UPDATE ledger_transactions SET kind = 'gift'"),
    (
        "ledger_transactions_status_known",
        "UPDATE ledger_transactions SET status = 'done' WHERE hold_amount IS NULL",
    ),
    (
        "ledger_transactions_hold_whole",
        "UPDATE ledger_transactions SET lease_until = NULL WHERE hold_amount IS NOT NULL",
    ),
    (
        "ledger_transactions_hold_whole",
        "UPDATE ledger_transactions SET late_capture = 'reject' WHERE hold_amount IS NULL",
    ),
    (
        "ledger_transactions_hold_end_known",
        "UPDATE ledger_transactions SET hold_end = 'lost', status = 'completed' \
         WHERE hold_amount IS NOT NULL",
    ),
    (
        "ledger_transactions_open_hold_pending",
        "UPDATE ledger_transactions SET status = 'completed' WHERE status = 'pending'",
    ),
    (
        "ledger_transactions_open_hold_pending",
        "UPDATE ledger_transactions SET hold_end = 'lapsed' WHERE status = 'pending'",
    ),
    (
        "ledger_transactions_refunded_within_captured",
        "UPDATE ledger_transactions SET refunded = captured + 0.01",
    ),
    (
        "ledger_transactions_refunded_within_captured",
        "UPDATE ledger_transactions SET captured = -0.01, refunded = -0.01",
    ),
    ("ledger_requests_digest_sha256", "UPDATE ledger_requests SET digest = '\\x0102'"),
];

async fn names(client: &Client) -> BTreeSet<String> {
    let rows = client
        .query(
            "SELECT coalesce(key, conname) FROM pg_constraint c LEFT JOIN LATERAL \
             jsonb_each_text(obj_description(c.oid, 'pg_constraint')::jsonb) ON true \
             WHERE contype = 'c' AND conrelid::regclass::text LIKE 'ledger\\_%'",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn every_check_of_the_ledger_fires() {
    let store = fixture().await;
    let ada = insert_user(&*store, 1).await;
    post(&*store, ada, "p1", purchase("10"), 1).await;
    post(&*store, ada, "g1", grant("5", moment(900)), 2).await;
    post(&*store, ada, "h1", reserve("1", 600), 3).await;
    let charge = post(&*store, ada, "d1", super::desk::deduct("2"), 4).await.transaction.id;
    post(&*store, ada, "r1", refund(charge, "1"), 5).await;
    let client = store.database.client().await;
    for (name, statement) in BREAKS {
        let outcome = client.execute(*statement, &[]).await;
        let error = outcome.expect_err(statement);
        let fired = error.as_db_error().and_then(|refusal| refusal.constraint());
        assert_eq!(fired, Some(*name), "{statement}: {error:?}");
    }
    let tried: BTreeSet<String> = BREAKS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names(&client).await, tried, "a CHECK without a change that breaks it");
}
