//! Writing what a batch decided: one statement for each table, however many rows.

use diesel::QueryResult;
use diesel::sql_types::{
    Array, BigInt, Bool, Bytea, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Credits, Timestamp};
use ledger::{Account, Changes, Entry, Hold, HoldEnd, Label, Lot, Recorded, Transaction};
use ports::StoreError;
use rust_decimal::Decimal;
use tokio::try_join;

use crate::error::store_error;
use crate::rows::ledger::allocations_json;
use crate::sql::sql;
use crate::store::ledger::usage;
use crate::types::{corrupt, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

/// One array for each column, of which `unnest` makes rows again. In the list of a SELECT, where
/// all are stepped through together: in FROM each array would be copied to a table of its own.
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
        usage::add(conn, &changes.usage),
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
    let query = sql("UPDATE ledger_accounts a \
         SET available = c.available, held = c.held, version = c.version, earned = c.earned, \
         spent = c.spent, forfeited = c.forfeited, head_hash = c.head_hash, \
         updated_at = c.updated_at \
         FROM (SELECT unnest($1::uuid[]) AS user_id, unnest($2::numeric[]) AS available, \
         unnest($3::numeric[]) AS held, unnest($4::bigint[]) AS version, \
         unnest($5::numeric[]) AS earned, unnest($6::numeric[]) AS spent, \
         unnest($7::numeric[]) AS forfeited, unnest($8::bytea[]) AS head_hash, \
         unnest($9::timestamptz[]) AS updated_at) c \
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
    let query = sql("UPDATE ledger_lots l \
         SET remaining = c.remaining, state = c.state, live = c.live, due_at = c.due_at \
         FROM (SELECT unnest($1::uuid[]) AS user_id, unnest($2::uuid[]) AS id, \
         unnest($3::numeric[]) AS remaining, unnest($4::text[]) AS state, \
         unnest($5::bool[]) AS live, unnest($6::timestamptz[]) AS due_at) c \
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
         SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), \
         unnest($4::numeric[]), unnest($5::numeric[]), unnest($6::int[]), \
         unnest($7::timestamptz[]), unnest($8::timestamptz[]), unnest($9::timestamptz[]), \
         unnest($10::text[]), unnest($11::bool[]), unnest($12::timestamptz[])")
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
         balance_after, operation_type, model, operation_id, edit_price, project_id, \
         reference, description, metadata, parent_id, hold_amount, hold_end, \
         over_capture, late_capture, lease_until, captured, refunded, allocations, \
         created_at, processed_at) \
         SELECT unnest($1::uuid[]), unnest($2::uuid[]), unnest($3::text[]), unnest($4::text[]), \
         unnest($5::numeric[]), unnest($6::numeric[]), unnest($7::text[]), unnest($8::text[]), \
         unnest($9::text[]), unnest($10::bool[]), unnest($11::uuid[]), unnest($12::text[]), \
         unnest($13::text[]), unnest($14::text[])::jsonb, unnest($15::uuid[]), \
         unnest($16::numeric[]), unnest($17::text[]), unnest($18::text[]), unnest($19::text[]), \
         unnest($20::timestamptz[]), unnest($21::numeric[]), unnest($22::numeric[]), \
         unnest($23::text[])::jsonb, unnest($24::timestamptz[]), unnest($25::timestamptz[])")
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
    let query = sql("UPDATE ledger_transactions t \
         SET status = c.status, amount = c.amount, balance_after = c.balance_after, \
         hold_end = c.hold_end, lease_until = c.lease_until, captured = c.captured, \
         refunded = c.refunded, allocations = c.allocations::jsonb, \
         processed_at = c.processed_at \
         FROM (SELECT unnest($1::uuid[]) AS user_id, unnest($2::uuid[]) AS id, \
         unnest($3::text[]) AS status, unnest($4::numeric[]) AS amount, \
         unnest($5::numeric[]) AS balance_after, unnest($6::text[]) AS hold_end, \
         unnest($7::timestamptz[]) AS lease_until, unnest($8::numeric[]) AS captured, \
         unnest($9::numeric[]) AS refunded, unnest($10::text[]) AS allocations, \
         unnest($11::timestamptz[]) AS processed_at) c \
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
         available_change, held_change, available_after, held_after, hash, xact) \
         SELECT unnest($1::uuid[]), unnest($2::bigint[]), unnest($3::timestamptz[]), \
         unnest($4::uuid[]), unnest($5::text[]), unnest($6::numeric[]), unnest($7::numeric[]), \
         unnest($8::numeric[]), unnest($9::numeric[]), unnest($10::bytea[]), (SELECT event_xact())")
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
         SELECT unnest($1::uuid[]), unnest($2::text[]), unnest($3::bytea[]), \
         unnest($4::uuid[]), unnest($5::text[]), unnest($6::timestamptz[]), \
         unnest($7::numeric[]), unnest($8::numeric[]), unnest($9::bigint[]), \
         unnest($10::timestamptz[])")
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

// A version counts entries: an i64 outlasts any account.
fn stored_version(version: u64) -> i64 {
    i64::try_from(version).unwrap_or(i64::MAX)
}

pub(super) fn label<const MAX: usize>(label: &Option<Label<MAX>>) -> Option<&str> {
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
