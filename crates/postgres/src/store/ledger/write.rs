//! Writing what a batch decided: one statement for each table, however many rows.

use std::collections::BTreeMap;

use diesel::QueryResult;
use diesel::sql_types::{
    Array, BigInt, Bool, Bytea, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Credits, Timestamp};
use ledger::{
    Account, Changes, Entry, Hold, HoldEnd, Label, Lot, Recorded, Transaction, UsageKey, UsageSum,
};
use ports::StoreError;
use rust_decimal::Decimal;
use tokio::try_join;
use uuid::Uuid;

use crate::error::store_error;
use crate::rows::ledger::allocations_json;
use crate::sql::sql;
use crate::types::{corrupt, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

/// One array for each column: what `unnest` makes rows of again.
pub(in crate::store) fn column<'a, Row: 'a, Value>(
    rows: impl IntoIterator<Item = &'a Row>,
    value: impl Fn(&'a Row) -> Value,
) -> Vec<Value> {
    rows.into_iter().map(value).collect()
}

pub(super) async fn apply(conn: &AsyncPgConnection, changes: &Changes) -> Result<(), StoreError> {
    let accounts: Vec<&Account> = changes.accounts.values().collect();
    let changed_lots: Vec<&Lot> = changes.changed_lots.values().collect();
    let changed_transactions: Vec<&Transaction> = changes.changed_transactions.values().collect();
    let opened_lots: Vec<&Lot> = changes.opened_lots.values().collect();
    let opened_transactions: Vec<&Transaction> = changes.opened_transactions.values().collect();
    let updated = try_join!(
        update_accounts(conn, &accounts),
        update_lots(conn, &changed_lots),
        update_transactions(conn, &changed_transactions),
        insert_lots(conn, &opened_lots),
        insert_transactions(conn, &opened_transactions),
        insert_entries(conn, &changes.entries),
        insert_requests(conn, &changes.recorded),
        add_usage(conn, &changes.usage),
    )
    .map_err(store_error)?;
    // What was loaded under a lock must still be there.
    let (accounts_done, lots_done, transactions_done, ..) = updated;
    if accounts_done == accounts.len()
        && lots_done == changed_lots.len()
        && transactions_done == changed_transactions.len()
    {
        Ok(())
    } else {
        Err(corrupt("a locked account, whose rows have gone,"))
    }
}

async fn update_accounts(mut conn: &AsyncPgConnection, rows: &[&Account]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("UPDATE ledger_accounts a SET available = c.available, held = c.held, \
         version = c.version, earned = c.earned, spent = c.spent, forfeited = c.forfeited, \
         head_hash = c.head_hash, updated_at = c.updated_at \
         FROM unnest($1::uuid[], $2::numeric[], $3::numeric[], $4::bigint[], $5::numeric[], \
         $6::numeric[], $7::numeric[], $8::bytea[], $9::timestamptz[]) \
         AS c (user_id, available, held, version, earned, spent, forfeited, head_hash, updated_at) \
         WHERE a.user_id = c.user_id")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.available.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.held.as_decimal()))
    .bind::<Array<BigInt>, _>(column(rows, |row| stored_version(row.version)))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.earned.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.spent.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.forfeited.as_decimal()))
    .bind::<Array<Bytea>, _>(column(rows, |row| row.head.as_bytes().as_slice()))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.updated_at)));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn update_lots(mut conn: &AsyncPgConnection, rows: &[&Lot]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("UPDATE ledger_lots l SET remaining = c.remaining, state = c.state, \
         live = c.live, due_at = c.due_at \
         FROM unnest($1::uuid[], $2::uuid[], $3::numeric[], $4::text[], $5::bool[], \
         $6::timestamptz[]) AS c (user_id, id, remaining, state, live, due_at) \
         WHERE l.user_id = c.user_id AND l.id = c.id")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.id.as_uuid()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.remaining.as_decimal()))
    .bind::<Array<Text>, _>(column(rows, |row| row.state.as_str()))
    .bind::<Array<Bool>, _>(column(rows, |row| row.is_live()))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.due_at().map(to_pg)));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn insert_lots(mut conn: &AsyncPgConnection, rows: &[&Lot]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("INSERT INTO ledger_lots (user_id, id, source, amount, remaining, priority, \
         effective_at, expires_at, opened_at, state, live, due_at) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[], \
         $6::int[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::text[], \
         $11::bool[], $12::timestamptz[])")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.id.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.source.as_str()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.amount.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.remaining.as_decimal()))
    .bind::<Array<Integer>, _>(column(rows, |row| i32::from(row.priority)))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.effective_at)))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.expires_at.map(to_pg)))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.opened_at)))
    .bind::<Array<Text>, _>(column(rows, |row| row.state.as_str()))
    .bind::<Array<Bool>, _>(column(rows, |row| row.is_live()))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.due_at().map(to_pg)));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn insert_transactions(
    mut conn: &AsyncPgConnection,
    rows: &[&Transaction],
) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("INSERT INTO ledger_transactions (user_id, id, kind, status, amount, \
         balance_after, operation_type, model, operation_id, edit_price, project_id, reference, \
         description, metadata, parent_id, hold_amount, hold_end, over_capture, late_capture, \
         lease_until, captured, refunded, allocations, created_at, processed_at) \
         SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::numeric[], \
         $6::numeric[], $7::text[], $8::text[], $9::text[], $10::bool[], $11::uuid[], \
         $12::text[], $13::text[], $14::text[]::jsonb[], $15::uuid[], $16::numeric[], $17::text[], \
         $18::text[], $19::text[], $20::timestamptz[], $21::numeric[], $22::numeric[], \
         $23::text[]::jsonb[], $24::timestamptz[], $25::timestamptz[])")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.id.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.kind.as_str()))
    .bind::<Array<Text>, _>(column(rows, |row| row.status.as_str()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.amount.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.balance_after.as_decimal()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| label(&row.operation.operation_type)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| label(&row.operation.model)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| label(&row.operation.operation_id)))
    .bind::<Array<Bool>, _>(column(rows, |row| row.operation.edit_price))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(rows, |row| {
        row.operation.project.map(|project| *project.as_uuid())
    }))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| label(&row.operation.reference)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| label(&row.operation.description)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| row.operation.metadata.as_deref()))
    .bind::<Array<Nullable<SqlUuid>>, _>(column(rows, |row| row.parent.map(|id| *id.as_uuid())))
    .bind::<Array<Nullable<Numeric>>, _>(column(rows, |row| hold_amount(row.hold)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| hold_end(row.hold)))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| {
        row.hold.map(|hold| hold.over_capture.as_str())
    }))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| {
        row.hold.map(|hold| hold.late_capture.as_str())
    }))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| lease_until(row.hold)))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.captured.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.refunded.as_decimal()))
    .bind::<Array<Text>, _>(column(rows, |row| allocations_json(&row.allocations)))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.created_at)))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.processed_at.map(to_pg)));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn update_transactions(
    mut conn: &AsyncPgConnection,
    rows: &[&Transaction],
) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("UPDATE ledger_transactions t SET status = c.status, amount = c.amount, \
         balance_after = c.balance_after, hold_end = c.hold_end, lease_until = c.lease_until, \
         captured = c.captured, refunded = c.refunded, allocations = c.allocations::jsonb, \
         processed_at = c.processed_at \
         FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::numeric[], $5::numeric[], \
         $6::text[], $7::timestamptz[], $8::numeric[], $9::numeric[], $10::text[], \
         $11::timestamptz[]) AS c (user_id, id, status, amount, balance_after, hold_end, \
         lease_until, captured, refunded, allocations, processed_at) \
         WHERE t.user_id = c.user_id AND t.id = c.id")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.id.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.status.as_str()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.amount.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.balance_after.as_decimal()))
    .bind::<Array<Nullable<Text>>, _>(column(rows, |row| hold_end(row.hold)))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| lease_until(row.hold)))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.captured.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.refunded.as_decimal()))
    .bind::<Array<Text>, _>(column(rows, |row| allocations_json(&row.allocations)))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.processed_at.map(to_pg)));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn insert_entries(mut conn: &AsyncPgConnection, rows: &[Entry]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("INSERT INTO ledger_entries (user_id, version, at, transaction_id, kind, \
         available_change, held_change, available_after, held_after, hash) \
         SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::timestamptz[], $4::uuid[], \
         $5::text[], $6::numeric[], $7::numeric[], $8::numeric[], $9::numeric[], $10::bytea[])")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<BigInt>, _>(column(rows, |row| stored_version(row.version)))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.at)))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.transaction.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.kind.as_str()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.available.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.held.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.available_after.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.held_after.as_decimal()))
    .bind::<Array<Bytea>, _>(column(rows, |row| row.hash.as_bytes().as_slice()));
    RunQueryDsl::execute(query, &mut conn).await
}

async fn insert_requests(mut conn: &AsyncPgConnection, rows: &[Recorded]) -> QueryResult<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let query = sql("INSERT INTO ledger_requests (user_id, request_id, digest, transaction_id, \
         status, lease_until, available, held, version, created_at) \
         SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::uuid[], $5::text[], \
         $6::timestamptz[], $7::numeric[], $8::numeric[], $9::bigint[], $10::timestamptz[])")
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.user.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.request.as_str()))
    .bind::<Array<Bytea>, _>(column(rows, |row| row.digest.as_bytes().as_slice()))
    .bind::<Array<SqlUuid>, _>(column(rows, |row| *row.transaction.as_uuid()))
    .bind::<Array<Text>, _>(column(rows, |row| row.status.as_str()))
    .bind::<Array<Nullable<Timestamptz>>, _>(column(rows, |row| row.lease_until.map(to_pg)))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.balance.available.as_decimal()))
    .bind::<Array<Numeric>, _>(column(rows, |row| row.balance.held.as_decimal()))
    .bind::<Array<BigInt>, _>(column(rows, |row| stored_version(row.balance.version)))
    .bind::<Array<Timestamptz>, _>(column(rows, |row| to_pg(row.at)));
    RunQueryDsl::execute(query, &mut conn).await
}

/// The rows are of users whose accounts are locked: no other batch writes to them.
async fn add_usage(
    mut conn: &AsyncPgConnection,
    usage: &BTreeMap<UsageKey, UsageSum>,
) -> QueryResult<usize> {
    if usage.is_empty() {
        return Ok(0);
    }
    let hundredths = |sum: u64| i64::try_from(sum).unwrap_or(i64::MAX);
    let query = sql("INSERT INTO usage_days AS d (user_id, day, operation_type, model, \
         project_id, charges, refunds, charged, refunded) \
         SELECT user_id, (day AT TIME ZONE 'UTC')::date, operation_type, model, project_id, \
         charges, refunds, charged::numeric / 100, refunded::numeric / 100 \
         FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::uuid[], \
         $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[]) AS c (user_id, day, \
         operation_type, model, project_id, charges, refunds, charged, refunded) \
         ON CONFLICT (user_id, day, operation_type, model, project_id) DO UPDATE SET \
         charges = d.charges + EXCLUDED.charges, refunds = d.refunds + EXCLUDED.refunds, \
         charged = d.charged + EXCLUDED.charged, refunded = d.refunded + EXCLUDED.refunded")
    .bind::<Array<SqlUuid>, _>(column(usage.keys(), |key| *key.user.as_uuid()))
    .bind::<Array<Timestamptz>, _>(column(usage.keys(), |key| to_pg(key.day)))
    .bind::<Array<Text>, _>(column(usage.keys(), |key| {
        label(&key.operation_type).unwrap_or_default()
    }))
    .bind::<Array<Text>, _>(column(usage.keys(), |key| label(&key.model).unwrap_or_default()))
    .bind::<Array<SqlUuid>, _>(column(usage.keys(), |key| {
        key.project.map_or(Uuid::nil(), |project| *project.as_uuid())
    }))
    .bind::<Array<BigInt>, _>(column(usage.values(), |sum| hundredths(sum.charges)))
    .bind::<Array<BigInt>, _>(column(usage.values(), |sum| hundredths(sum.refunds)))
    .bind::<Array<BigInt>, _>(column(usage.values(), |sum| hundredths(sum.charged)))
    .bind::<Array<BigInt>, _>(column(usage.values(), |sum| hundredths(sum.refunded)));
    RunQueryDsl::execute(query, &mut conn).await
}

// A version counts entries: an i64 outlasts any account.
fn stored_version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

fn label<const MAX: usize>(label: &Option<Label<MAX>>) -> Option<&str> {
    label.as_ref().map(Label::as_str)
}

fn hold_amount(hold: Option<Hold>) -> Option<Decimal> {
    hold.map(|hold| hold.amount).map(|amount: Credits| amount.as_decimal())
}

fn hold_end(hold: Option<Hold>) -> Option<&'static str> {
    hold.and_then(|hold| hold.end).map(HoldEnd::as_str)
}

fn lease_until(hold: Option<Hold>) -> Option<PgTimestamp> {
    hold.map(|hold| hold.lease_until).map(|at: Timestamp| to_pg(at))
}
