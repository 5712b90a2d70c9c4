//! Subscriptions' events and allowances.

use async_trait::async_trait;
use billing::{AllowanceRow, Delivery, Event, EventKind, Window};
use diesel::OptionalExtension;
use diesel::sql_types::{
    Array, BigInt, Bytea, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{
    Digest, LotId, Page, PageSize, PlanId, Position, SubscriptionEventId, Timestamp, UserId,
};
use ports::{History, StoreError, SubscriptionReads, SubscriptionTx};
use rust_decimal::Decimal;
use users::Identity;
use uuid::Uuid;

use super::plans;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::sql::{rows, sql};
use crate::store::ledger::write::column;
use crate::tx::PgTx;
use crate::types::{corrupt, credits, digest, from_pg, named, one_more, parsed, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

type EventSql = (
    (SqlUuid, Text, Text, Text, Nullable<SqlUuid>),
    (Timestamptz, Nullable<Timestamptz>, Nullable<Timestamptz>, Timestamptz, Nullable<Text>),
);
type EventRow = (
    (Uuid, String, String, String, Option<Uuid>),
    (PgTimestamp, Option<PgTimestamp>, Option<PgTimestamp>, PgTimestamp, Option<String>),
);
type AllowanceSql = (SqlUuid, Timestamptz, Timestamptz, Nullable<SqlUuid>, Numeric, Array<SqlUuid>);
type AllowanceRowOf = (Uuid, PgTimestamp, PgTimestamp, Option<Uuid>, Decimal, Vec<Uuid>);

/// Binds an event in the order of the columns below.
macro_rules! bound {
    ($query:expr, $delivery:ident) => {{
        let Delivery { event, payload } = $delivery;
        $query
            .bind::<SqlUuid, _>(*event.id.as_uuid())
            .bind::<Text, _>(event.source.as_str())
            .bind::<Text, _>(event.external_id.as_str())
            .bind::<Text, _>(event.kind.as_str())
            .bind::<Nullable<SqlUuid>, _>(event.plan.map(|plan| *plan.as_uuid()))
            .bind::<Timestamptz, _>(to_pg(event.occurred_at))
            .bind::<Nullable<Timestamptz>, _>(event.period_start.map(to_pg))
            .bind::<Nullable<Timestamptz>, _>(event.period_end.map(to_pg))
            .bind::<Timestamptz, _>(to_pg(event.recorded_at))
            .bind::<Nullable<Text>, _>(payload.as_deref())
    }};
}

#[async_trait]
impl SubscriptionTx for PgTx {
    async fn lock_identity(&mut self, identity: &Identity) -> Result<(), StoreError> {
        // Of nobody's row, for there may be none. A collision of hashes only waits in vain.
        let lock = sql("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7))")
            .bind::<Text, _>(identity.issuer.as_str())
            .bind::<Text, _>(identity.subject.as_str());
        RunQueryDsl::execute(lock, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn take_event_key(
        &mut self,
        event: &Event,
        content: Digest,
    ) -> Result<Option<(SubscriptionEventId, Digest)>, StoreError> {
        let take = sql("INSERT INTO subscription_event_keys (source, external_id, event_id, \
             digest) VALUES ($1, $2, $3, $4) ON CONFLICT (source, external_id) DO NOTHING")
        .bind::<Text, _>(event.source.as_str())
        .bind::<Text, _>(event.external_id.as_str())
        .bind::<SqlUuid, _>(*event.id.as_uuid())
        .bind::<Bytea, _>(content.as_bytes().as_slice());
        let taken = RunQueryDsl::execute(take, self.conn()).await.map_err(store_error)?;
        if taken == 1 {
            return Ok(None);
        }
        let query = rows::<(SqlUuid, Bytea)>(
            "SELECT event_id, digest FROM subscription_event_keys \
             WHERE source = $1 AND external_id = $2",
        )
        .bind::<Text, _>(event.source.as_str())
        .bind::<Text, _>(event.external_id.as_str());
        let (id, known): (Uuid, Vec<u8>) =
            RunQueryDsl::get_result(query, self.conn()).await.map_err(store_error)?;
        Ok(Some((SubscriptionEventId::from_uuid(id), digest(known)?)))
    }

    async fn insert_event(&mut self, user: UserId, delivery: &Delivery) -> Result<(), StoreError> {
        let query =
            sql("INSERT INTO subscription_events (user_id, id, source, external_id, kind, \
             plan_id, occurred_at, period_start, period_end, recorded_at, payload) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            .bind::<SqlUuid, _>(*user.as_uuid());
        let query = bound!(query, delivery);
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn insert_pending_event(
        &mut self,
        identity: &Identity,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        let query = sql("INSERT INTO pending_subscription_events (issuer, subject, id, source, \
             external_id, kind, plan_id, occurred_at, period_start, period_end, recorded_at, \
             payload) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)")
        .bind::<Text, _>(identity.issuer.as_str())
        .bind::<Text, _>(identity.subject.as_str());
        let query = bound!(query, delivery);
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn adopt_events(
        &mut self,
        identity: &Identity,
        user: UserId,
    ) -> Result<usize, StoreError> {
        let query = sql("WITH waiting AS (DELETE FROM pending_subscription_events \
             WHERE issuer = $1 AND subject = $2 RETURNING *) \
             INSERT INTO subscription_events (user_id, id, source, external_id, kind, plan_id, \
             occurred_at, period_start, period_end, recorded_at, payload) \
             SELECT $3, id, source, external_id, kind, plan_id, occurred_at, period_start, \
             period_end, recorded_at, payload FROM waiting")
        .bind::<Text, _>(identity.issuer.as_str())
        .bind::<Text, _>(identity.subject.as_str())
        .bind::<SqlUuid, _>(*user.as_uuid());
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)
    }

    async fn load_history(&mut self, user: UserId) -> Result<Option<History>, StoreError> {
        history(self.conn(), user).await
    }

    async fn list_allowances(
        &mut self,
        user: UserId,
        now: Timestamp,
    ) -> Result<Vec<AllowanceRow>, StoreError> {
        let query = rows::<AllowanceSql>(
            "SELECT user_id, period_start, period_end, plan_id, granted, lots FROM allowances \
             WHERE user_id = $1 AND period_end > $2",
        )
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(now));
        let found: Vec<AllowanceRowOf> =
            RunQueryDsl::load(query, self.conn()).await.map_err(store_error)?;
        found.into_iter().map(allowance).collect()
    }

    async fn put_allowance(&mut self, row: &AllowanceRow) -> Result<(), StoreError> {
        let query = sql("INSERT INTO allowances (user_id, period_start, period_end, plan_id, \
             granted, lots) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (user_id, period_start) DO UPDATE SET period_end = EXCLUDED.period_end, \
             plan_id = EXCLUDED.plan_id, granted = EXCLUDED.granted, lots = EXCLUDED.lots")
        .bind::<SqlUuid, _>(*row.user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(row.period.start))
        .bind::<Timestamptz, _>(to_pg(row.period.end))
        .bind::<Nullable<SqlUuid>, _>(row.plan.map(|plan| *plan.as_uuid()))
        .bind::<Numeric, _>(row.granted.as_decimal())
        .bind::<Array<SqlUuid>, _>(column(&row.lots, |lot| *lot.as_uuid()));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl SubscriptionReads for Postgres {
    async fn find_history(&self, user: UserId) -> Result<Option<History>, StoreError> {
        let mut conn = self.keyed().await?;
        history(&mut conn, user).await
    }

    async fn list_events(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<SubscriptionEventId>>,
    ) -> Result<Page<Delivery, Position<SubscriptionEventId>>, StoreError> {
        let (at, id) = match after {
            Some(Position { created_at, id }) => (created_at, *id.as_uuid()),
            None => (Timestamp::MAX, Uuid::max()),
        };
        let query = rows::<EventSql>(
            "SELECT id, source, external_id, kind, plan_id, occurred_at, period_start, \
             period_end, recorded_at, payload FROM subscription_events \
             WHERE user_id = $1 AND (recorded_at, id) < ($2, $3) \
             ORDER BY recorded_at DESC, id DESC LIMIT $4",
        )
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(at))
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let found: Vec<EventRow> =
            RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = found.into_iter().map(delivery).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, |found: &Delivery| Position {
            created_at: found.event.recorded_at,
            id: found.event.id,
        }))
    }

    async fn find_allowance(
        &self,
        user: UserId,
        start: Timestamp,
    ) -> Result<Option<AllowanceRow>, StoreError> {
        let query = rows::<AllowanceSql>(
            "SELECT user_id, period_start, period_end, plan_id, granted, lots FROM allowances \
             WHERE user_id = $1 AND period_start = $2",
        )
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(start));
        let mut conn = self.keyed().await?;
        let found: Option<AllowanceRowOf> =
            RunQueryDsl::get_result(query, &mut conn).await.optional().map_err(store_error)?;
        found.map(allowance).transpose()
    }
}

async fn history(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<History>, StoreError> {
    // Without the payloads, which nothing is judged by. One row for a user without events.
    let query = rows::<(Timestamptz, Nullable<EventSql>)>(
        "SELECT u.created_at, e.id, e.source, e.external_id, e.kind, e.plan_id, e.occurred_at, \
         e.period_start, e.period_end, e.recorded_at, NULL::text \
         FROM users u LEFT JOIN subscription_events e ON e.user_id = u.id WHERE u.id = $1",
    )
    .bind::<SqlUuid, _>(*user.as_uuid());
    let found: Vec<(PgTimestamp, Option<EventRow>)> =
        RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let Some(since) = found.iter().map(|(since, _)| *since).next() else { return Ok(None) };
    let user_since = from_pg(since)?;
    let mut events = Vec::new();
    for (_, row) in found {
        events.extend(row.map(delivery).transpose()?.map(|found| found.event));
    }
    let mut named: Vec<PlanId> = events.iter().filter_map(|event| event.plan).collect();
    named.sort_unstable();
    named.dedup();
    let plans = if named.is_empty() { Vec::new() } else { plans::load(conn, &named).await? };
    Ok(Some(History { user_since, events, plans }))
}

fn delivery(row: EventRow) -> Result<Delivery, StoreError> {
    let ((id, source, external_id, kind, plan), times) = row;
    let (occurred_at, period_start, period_end, recorded_at, payload) = times;
    let event = Event {
        id: SubscriptionEventId::from_uuid(id),
        source: parsed("a source", &source)?,
        external_id: parsed("an event's id", &external_id)?,
        kind: named(&EventKind::ALL, EventKind::as_str, &kind)?,
        plan: plan.map(PlanId::from_uuid),
        occurred_at: from_pg(occurred_at)?,
        period_start: period_start.map(from_pg).transpose()?,
        period_end: period_end.map(from_pg).transpose()?,
        recorded_at: from_pg(recorded_at)?,
    };
    Ok(Delivery { event, payload })
}

fn allowance(row: AllowanceRowOf) -> Result<AllowanceRow, StoreError> {
    let (user, start, end, plan, granted, lots) = row;
    let period = Window { start: from_pg(start)?, end: from_pg(end)? };
    if period.start >= period.end {
        return Err(corrupt("an allowance's period"));
    }
    Ok(AllowanceRow {
        user: UserId::from_uuid(user),
        period,
        plan: plan.map(PlanId::from_uuid),
        granted: credits(granted)?,
        lots: lots.into_iter().map(LotId::from_uuid).collect(),
    })
}
