//! What has happened, in the order of its commits.

use std::time::Duration;

use async_trait::async_trait;
use diesel::data_types::PgTimestamp;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use generation::{Event, EventPosition};
use kernel::{JobId, Timestamp, UserId};
use ports::{EventFilter, EventReads, EventTx, StoreError};
use serde_json::Value;
use uuid::Uuid;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{count, from_json, from_pg, json, parsed, to_pg};

// What one transaction says is heard of once, when it commits.
const APPEND: &str = "\
    WITH said AS (INSERT INTO events (user_id, kind, subject_id, revision, details, at) \
    VALUES ($1, $2, $3, $4, $5, $6) RETURNING 1) \
    SELECT pg_notify('atelier_events', '') FROM said";

// Below the oldest transaction that is still open nothing can appear any more. Two statements, for
// one with a user goes by another index.
const AFTER: &str = "\
    SELECT xact::text::bigint AS transaction, number, user_id, kind, subject_id, revision, \
    details, at FROM events WHERE xact < pg_snapshot_xmin(pg_current_snapshot()) \
    AND (xact, number) > ($1::bigint::text::xid8, $2) \
    AND ($3::text IS NULL OR kind ~ $4) ORDER BY xact, number LIMIT $5";

const AFTER_OF_USER: &str = "\
    SELECT xact::text::bigint AS transaction, number, user_id, kind, subject_id, revision, \
    details, at FROM events WHERE xact < pg_snapshot_xmin(pg_current_snapshot()) \
    AND (xact, number) > ($1::bigint::text::xid8, $2) \
    AND ($3::text IS NULL OR kind ~ $4) AND user_id = $5 ORDER BY xact, number LIMIT $6";

// What is open may still say something: a listener stands just below it.
const LAST: &str = "\
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1";

const FORGET: &str = "\
    DELETE FROM events e USING (SELECT user_id, number FROM events WHERE at < $1 \
    ORDER BY at LIMIT $2) AS old WHERE e.user_id = old.user_id AND e.number = old.number";

#[derive(QueryableByName)]
struct EventRow {
    #[diesel(sql_type = BigInt)]
    transaction: i64,
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = SqlUuid)]
    user_id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    subject_id: Uuid,
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Nullable<Jsonb>)]
    details: Option<Value>,
    #[diesel(sql_type = Timestamptz)]
    at: PgTimestamp,
}

#[async_trait]
impl EventTx for PgTx {
    async fn append_event(&mut self, event: &Event) -> Result<(), StoreError> {
        let Event { user, kind, subject, revision, details, at } = event;
        let query = sql(APPEND)
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Text, _>(kind.as_str())
            .bind::<SqlUuid, _>(*subject.as_uuid())
            .bind::<BigInt, _>(*revision)
            .bind::<Nullable<Jsonb>, _>(from_json(details.as_ref()))
            .bind::<Timestamptz, _>(to_pg(*at));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl EventReads for Postgres {
    async fn list_events_after(
        &self,
        filter: &EventFilter,
        after: EventPosition,
        limit: usize,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError> {
        let EventFilter { user, under } = filter;
        let pattern = (!under.is_empty()).then(|| pattern(under));
        let (transaction, number) = (signed(after.transaction), signed(after.number));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut conn = self.connection().await?;
        let found: Vec<EventRow> = match user {
            None => {
                let query = sql(AFTER)
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<Nullable<Text>, _>(pattern.clone())
                    .bind::<Nullable<Text>, _>(pattern)
                    .bind::<BigInt, _>(limit);
                RunQueryDsl::load(query, &mut conn).await
            }
            Some(user) => {
                let query = sql(AFTER_OF_USER)
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<Nullable<Text>, _>(pattern.clone())
                    .bind::<Nullable<Text>, _>(pattern)
                    .bind::<SqlUuid, _>(*user.as_uuid())
                    .bind::<BigInt, _>(limit);
                RunQueryDsl::load(query, &mut conn).await
            }
        }
        .map_err(store_error)?;
        found.into_iter().map(EventRow::placed).collect()
    }

    async fn last_event_position(&self) -> Result<EventPosition, StoreError> {
        let mut conn = self.connection().await?;
        let (transaction,): (i64,) = RunQueryDsl::get_result(rows::<(BigInt,)>(LAST), &mut conn)
            .await
            .map_err(store_error)?;
        Ok(EventPosition { transaction: count(transaction)?, number: u64::MAX })
    }

    async fn wait_for_events(&self, at_most: Duration) -> Result<bool, StoreError> {
        self.events_bell.wait(at_most).await
    }

    async fn forget_events(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        let query = sql(FORGET)
            .bind::<Timestamptz, _>(to_pg(before))
            .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut conn = self.connection().await?;
        RunQueryDsl::execute(query, &mut conn).await.map_err(store_error)
    }
}

impl EventRow {
    fn placed(self) -> Result<(EventPosition, Event), StoreError> {
        let place =
            EventPosition { transaction: count(self.transaction)?, number: count(self.number)? };
        let event = Event {
            user: UserId::from_uuid(self.user_id),
            kind: parsed("the kind of an event", &self.kind)?,
            subject: JobId::from_uuid(self.subject_id),
            revision: self.revision,
            details: json(self.details)?,
            at: from_pg(self.at)?,
        };
        Ok((place, event))
    }
}

/// The words as a whole or with a point after them. They are words of letters and points.
fn pattern(under: &[String]) -> String {
    let words: Vec<String> = under.iter().map(|words| words.replace('.', "\\.")).collect();
    format!("^({})(\\.|$)", words.join("|"))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
