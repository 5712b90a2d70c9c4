//! Sums over a user's journal and transactions, each one grouped statement.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{ProjectId, Timestamp, Total, UserId};
use ledger::{EntryKind, earliest_id};
use ports::{EntrySum, StoreError, Usage, UsageBy};
use uuid::Uuid;

use crate::error::store_error;
use crate::sql::sql;
use crate::types::{corrupt, from_pg, named};

type PgTimestamp = diesel::data_types::PgTimestamp;

#[derive(QueryableByName)]
struct EntrySumRow {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    available: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

#[derive(QueryableByName)]
struct UsageRow {
    #[diesel(sql_type = Nullable<Text>)]
    operation_type: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    project_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    day: Option<PgTimestamp>,
    #[diesel(sql_type = BigInt)]
    charges: i64,
    #[diesel(sql_type = BigInt)]
    refunds: i64,
    #[diesel(sql_type = BigInt)]
    charged: i64,
    #[diesel(sql_type = BigInt)]
    refunded: i64,
}

pub(super) async fn entries(
    conn: &mut AsyncPgConnection,
    user: UserId,
    after: u64,
    through: u64,
) -> Result<Vec<EntrySum>, StoreError> {
    // In hundredths, for a sum may pass what an amount can be.
    let query = sql("SELECT kind, count(*) AS count, \
         (sum(available_change) * 100)::bigint AS available, \
         (sum(held_change) * 100)::bigint AS held \
         FROM ledger_entries WHERE user_id = $1 AND version > $2 AND version <= $3 GROUP BY kind")
    .bind::<SqlUuid, _>(*user.as_uuid())
    .bind::<BigInt, _>(i64::try_from(after).unwrap_or(i64::MAX))
    .bind::<BigInt, _>(i64::try_from(through).unwrap_or(i64::MAX));
    let rows: Vec<EntrySumRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let mut sums =
        rows.into_iter().map(EntrySum::try_from).collect::<Result<Vec<_>, StoreError>>()?;
    sums.sort_unstable_by_key(|sum| sum.kind);
    Ok(sums)
}

/// Reads the part of the primary key that the time spans: a user's ids are moments.
pub(super) async fn usage(
    conn: &mut AsyncPgConnection,
    user: UserId,
    (from, until): (Timestamp, Timestamp),
    by: UsageBy,
    limit: usize,
) -> Result<Vec<Usage>, StoreError> {
    let UsageBy { operation_type, model, project, day } = by;
    let query = sql("SELECT CASE WHEN $1 THEN operation_type END AS operation_type, \
         CASE WHEN $2 THEN model END AS model, CASE WHEN $3 THEN project_id END AS project_id, \
         CASE WHEN $4 THEN date_trunc('day', created_at, 'UTC') END AS day, \
         count(*) FILTER (WHERE kind = 'deduction') AS charges, \
         count(*) FILTER (WHERE kind = 'refund') AS refunds, \
         (coalesce(sum(captured) FILTER (WHERE kind = 'deduction'), 0) * 100)::bigint AS charged, \
         (coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) * 100)::bigint AS refunded \
         FROM ledger_transactions WHERE user_id = $5 AND id >= $6 AND id < $7 \
         AND (kind = 'refund' OR (kind = 'deduction' AND captured > 0 \
         AND status IN ('completed', 'refunded'))) \
         GROUP BY 1, 2, 3, 4 ORDER BY charged DESC, 1, 2, 3, 4 LIMIT $8")
    .bind::<Bool, _>(operation_type)
    .bind::<Bool, _>(model)
    .bind::<Bool, _>(project)
    .bind::<Bool, _>(day)
    .bind::<SqlUuid, _>(*user.as_uuid())
    .bind::<SqlUuid, _>(*earliest_id(from).as_uuid())
    .bind::<SqlUuid, _>(*earliest_id(until).as_uuid())
    .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<UsageRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(Usage::try_from).collect()
}

impl TryFrom<EntrySumRow> for EntrySum {
    type Error = StoreError;

    fn try_from(row: EntrySumRow) -> Result<Self, StoreError> {
        Ok(Self {
            kind: named(&EntryKind::ALL, EntryKind::as_str, &row.kind)?,
            count: count(row.count)?,
            available: Total::from_hundredths(row.available),
            held: Total::from_hundredths(row.held),
        })
    }
}

impl TryFrom<UsageRow> for Usage {
    type Error = StoreError;

    fn try_from(row: UsageRow) -> Result<Self, StoreError> {
        Ok(Self {
            operation_type: row.operation_type,
            model: row.model,
            project: row.project_id.map(ProjectId::from_uuid),
            day: row.day.map(from_pg).transpose()?,
            charges: count(row.charges)?,
            refunds: count(row.refunds)?,
            charged: Total::from_hundredths(row.charged),
            refunded: Total::from_hundredths(row.refunded),
        })
    }
}

fn count(rows: i64) -> Result<u64, StoreError> {
    u64::try_from(rows).map_err(|_negative| corrupt("a number of rows"))
}
