//! Adding to the sums of days what a batch has charged and refunded.

use std::collections::BTreeMap;

use diesel::QueryResult;
use diesel::sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use ledger::{UsageKey, UsageSum};
use uuid::Uuid;

use crate::sql::sql;
use crate::store::ledger::write::{column, label};
use crate::types::to_pg;

/// The rows are of users whose accounts are locked: no other batch writes to them.
pub(super) async fn add(
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
         FROM (SELECT unnest($1::uuid[]) AS user_id, unnest($2::timestamptz[]) AS day, \
         unnest($3::text[]) AS operation_type, unnest($4::text[]) AS model, \
         unnest($5::uuid[]) AS project_id, unnest($6::bigint[]) AS charges, \
         unnest($7::bigint[]) AS refunds, unnest($8::bigint[]) AS charged, \
         unnest($9::bigint[]) AS refunded) c \
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
