//! Sums over a user's journal and transactions, each one grouped statement.

use diesel::QueryableByName;
use diesel::sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{ProjectId, Span, Timestamp, Total, UserId};
use ledger::{EntryKind, earliest_id};
use ports::{EntrySum, StoreError, Usage, UsageBy};
use uuid::Uuid;

use crate::error::store_error;
use crate::sql::sql;
use crate::store::ledger::write::column;
use crate::types::{corrupt, from_pg, named, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

const DAY: Span = Span::from_secs(24 * 60 * 60);

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

/// Reads the part of the primary key that the time spans: a user's ids are moments. Each day is a
/// part of its own, which costs less than to compute and sort by the day of each row.
pub(super) async fn usage(
    conn: &mut AsyncPgConnection,
    user: UserId,
    (from, until): (Timestamp, Timestamp),
    by: UsageBy,
    limit: usize,
) -> Result<Vec<Usage>, StoreError> {
    let UsageBy { operation_type, model, project, day } = by;
    let parts = if day { days(from, until) } else { vec![Part { day: None, from, until }] };
    let query =
        sql("SELECT d.day, s.operation_type, s.model, s.project_id, s.charges, s.refunds, \
         (s.charged * 100)::bigint AS charged, (s.refunded * 100)::bigint AS refunded \
         FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[]) AS d (day, first_id, end_id) \
         CROSS JOIN LATERAL (SELECT CASE WHEN $4 THEN operation_type END AS operation_type, \
         CASE WHEN $5 THEN model END AS model, CASE WHEN $6 THEN project_id END AS project_id, \
         count(*) FILTER (WHERE kind = 'deduction') AS charges, \
         count(*) FILTER (WHERE kind = 'refund') AS refunds, sum(captured) AS charged, \
         coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded \
         FROM ledger_transactions t WHERE t.user_id = $7 \
         AND t.id >= d.first_id AND t.id < d.end_id \
         AND (kind = 'refund' OR (kind = 'deduction' AND captured > 0 \
         AND status IN ('completed', 'refunded'))) GROUP BY 1, 2, 3) s \
         ORDER BY charged DESC, day, operation_type, model, project_id LIMIT $8")
        .bind::<Array<Nullable<Timestamptz>>, _>(column(&parts, |part| part.day.map(to_pg)))
        .bind::<Array<SqlUuid>, _>(column(&parts, |part| *earliest_id(part.from).as_uuid()))
        .bind::<Array<SqlUuid>, _>(column(&parts, |part| *earliest_id(part.until).as_uuid()))
        .bind::<Bool, _>(operation_type)
        .bind::<Bool, _>(model)
        .bind::<Bool, _>(project)
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<UsageRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(Usage::try_from).collect()
}

/// Some time that is summed by itself.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// The beginning of the day that it is, or is a part of.
    day: Option<Timestamp>,
    from: Timestamp,
    until: Timestamp,
}

/// The days from one moment to another. The first and the last may be parts of days.
fn days(from: Timestamp, until: Timestamp) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut begin = from;
    while begin < until {
        let past_midnight = Span::from_micros(begin.as_micros().rem_euclid(DAY.as_micros()));
        let midnight = begin.saturating_sub(past_midnight.unwrap_or(Span::ZERO));
        let next = midnight.saturating_add(DAY);
        // The last day of all time has no next.
        let end = if next > begin { next.min(until) } else { until };
        parts.push(Part { day: Some(midnight), from: begin, until: end });
        begin = end;
    }
    parts
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

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u32) -> Timestamp {
        let midnight = Timestamp::from_micros(1_767_225_600_000_000).unwrap();
        midnight.saturating_add(Span::from_secs(seconds))
    }

    #[test]
    fn days_are_whole_but_for_the_first_and_the_last() {
        let day = 24 * 60 * 60;
        let part = |day, from, until| Part { day: Some(at(day)), from: at(from), until: at(until) };
        assert_eq!(
            days(at(5), at(2 * day + 7)),
            [part(0, 5, day), part(day, day, 2 * day), part(2 * day, 2 * day, 2 * day + 7)]
        );
        assert_eq!(days(at(5), at(6)), [part(0, 5, 6)]);
        assert_eq!(days(at(0), at(day)), [part(0, 0, day)]);
        assert_eq!(days(at(5), at(5)), []);
        assert_eq!(days(at(6), at(5)), []);
    }

    #[test]
    fn days_end_with_time_itself_and_may_be_before_1970() {
        let last = Timestamp::MAX.saturating_sub(Span::from_secs(1));
        assert_eq!(days(last, Timestamp::MAX).len(), 1);
        let old = days(Timestamp::from_micros(-1).unwrap(), Timestamp::from_micros(1).unwrap());
        let midnights: Vec<_> = old.iter().map(|part| part.day.unwrap().as_micros()).collect();
        assert_eq!(midnights, [-DAY.as_micros(), 0]);
    }
}
