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

/// Whole days are read from the sums that are kept of them, the parts of days at both ends from the
/// part of the primary key that they span: a user's ids are moments.
pub(super) async fn usage(
    conn: &mut AsyncPgConnection,
    user: UserId,
    (from, until): (Timestamp, Timestamp),
    by: UsageBy,
    limit: usize,
) -> Result<Vec<Usage>, StoreError> {
    let UsageBy { operation_type, model, project, day } = by;
    let Spans { whole, parts } = Spans::between(from, until);
    let query =
        sql("SELECT x.day, x.operation_type, x.model, x.project_id, sum(x.charges)::bigint \
         AS charges, sum(x.refunds)::bigint AS refunds, (sum(x.charged) * 100)::bigint AS charged, \
         (sum(x.refunded) * 100)::bigint AS refunded FROM (\
         SELECT CASE WHEN $1 THEN y.day END AS day, \
         CASE WHEN $2 THEN y.operation_type END AS operation_type, \
         CASE WHEN $3 THEN y.model END AS model, CASE WHEN $4 THEN y.project_id END AS project_id, \
         y.charges, y.refunds, y.charged, y.refunded FROM (\
         SELECT u.day::timestamp AT TIME ZONE 'UTC' AS day, \
         nullif(u.operation_type, '') AS operation_type, nullif(u.model, '') AS model, \
         nullif(u.project_id, '00000000-0000-0000-0000-000000000000') AS project_id, \
         u.charges, u.refunds, u.charged, u.refunded FROM usage_days u \
         WHERE u.user_id = $5 AND u.day >= ($6 AT TIME ZONE 'UTC')::date \
         AND u.day < ($7 AT TIME ZONE 'UTC')::date \
         UNION ALL SELECT d.day, s.operation_type, s.model, s.project_id, s.charges, s.refunds, \
         s.charged, s.refunded \
         FROM unnest($8::timestamptz[], $9::uuid[], $10::uuid[]) AS d (day, first_id, end_id) \
         CROSS JOIN LATERAL (SELECT t.operation_type, t.model, t.project_id, \
         count(*) FILTER (WHERE kind = 'deduction') AS charges, \
         count(*) FILTER (WHERE kind = 'refund') AS refunds, sum(captured) AS charged, \
         coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) AS refunded \
         FROM ledger_transactions t WHERE t.user_id = $11 \
         AND t.id >= d.first_id AND t.id < d.end_id \
         AND (kind = 'refund' OR (kind = 'deduction' AND captured > 0 \
         AND status IN ('completed', 'refunded'))) GROUP BY 1, 2, 3) s) y) x \
         GROUP BY 1, 2, 3, 4 \
         ORDER BY charged DESC, day, operation_type, model, project_id LIMIT $12")
        .bind::<Bool, _>(day)
        .bind::<Bool, _>(operation_type)
        .bind::<Bool, _>(model)
        .bind::<Bool, _>(project)
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(whole.from))
        .bind::<Timestamptz, _>(to_pg(whole.until))
        .bind::<Array<Timestamptz>, _>(column(&parts, |part| to_pg(part.day)))
        .bind::<Array<SqlUuid>, _>(column(&parts, |part| *earliest_id(part.from).as_uuid()))
        .bind::<Array<SqlUuid>, _>(column(&parts, |part| *earliest_id(part.until).as_uuid()))
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<UsageRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    rows.into_iter().map(Usage::try_from).collect()
}

/// A part of one day.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// The beginning of the day.
    day: Timestamp,
    from: Timestamp,
    until: Timestamp,
}

/// Some time, taken apart: whole days, and what is left of a day before and after them.
#[derive(Debug, PartialEq, Eq)]
struct Spans {
    /// From midnight to midnight; empty where both are the same.
    whole: Part,
    parts: Vec<Part>,
}

impl Spans {
    fn between(from: Timestamp, until: Timestamp) -> Self {
        let until = until.max(from);
        let (first, last) = (midnight(from), midnight(until));
        let next = if first == from { first } else { first.saturating_add(DAY) };
        let part = |day, from, until| Part { day, from, until };
        if next >= last && first != from {
            // No whole day: one part, or one on each side of a midnight.
            let mut parts = vec![part(first, from, until.min(next))];
            parts.extend((next < until).then(|| part(next, next, until)));
            return Self { whole: part(first, first, first), parts };
        }
        let mut parts = Vec::new();
        parts.extend((from < next).then(|| part(first, from, next)));
        parts.extend((last < until).then(|| part(last, last, until)));
        Self { whole: part(next, next, last), parts }
    }
}

/// The beginning of the day in UTC.
fn midnight(at: Timestamp) -> Timestamp {
    let within = Span::from_micros(at.as_micros().rem_euclid(DAY.as_micros()));
    at.saturating_sub(within.unwrap_or(Span::ZERO))
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
    fn whole_days_are_between_the_parts_of_days_at_both_ends() {
        let day = 24 * 60 * 60;
        let part = |day, from, until| Part { day: at(day), from: at(from), until: at(until) };
        let taken = |from, until| {
            let Spans { whole, parts } = Spans::between(at(from), at(until));
            ((whole.from, whole.until), parts)
        };
        let whole = |from, until| (at(from), at(until));
        for (from, until, days, parts) in [
            (
                5,
                3 * day + 7,
                whole(day, 3 * day),
                vec![part(0, 5, day), part(3 * day, 3 * day, 3 * day + 7)],
            ),
            (0, day, whole(0, day), vec![]),
            (0, 7, whole(0, 0), vec![part(0, 0, 7)]),
            (5, 6, whole(0, 0), vec![part(0, 5, 6)]),
            (5, day, whole(0, 0), vec![part(0, 5, day)]),
            (5, day + 1, whole(0, 0), vec![part(0, 5, day), part(day, day, day + 1)]),
            (5, 2 * day, whole(day, 2 * day), vec![part(0, 5, day)]),
            (day, 2 * day + 1, whole(day, 2 * day), vec![part(2 * day, 2 * day, 2 * day + 1)]),
        ] {
            assert_eq!(taken(from, until), (days, parts), "{from} {until}");
        }
        for (from, until) in [(5, 5), (6, 5), (0, 0)] {
            let ((start, end), parts) = taken(from, until);
            assert!(start >= end && parts.iter().all(|part| part.from >= part.until));
        }
    }

    #[test]
    fn time_ends_within_a_day_and_may_be_before_1970() {
        let last = Timestamp::MAX.saturating_sub(Span::from_secs(1));
        assert_eq!(Spans::between(last, Timestamp::MAX).parts.len(), 1);
        let (before, after) = (Timestamp::from_micros(-1), Timestamp::from_micros(1));
        let old = Spans::between(before.unwrap(), after.unwrap());
        let days: Vec<_> = old.parts.iter().map(|part| part.day.as_micros()).collect();
        assert_eq!(days, [-DAY.as_micros(), 0]);
    }
}
