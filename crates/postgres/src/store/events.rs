//! What has happened, in the order of its commits: the table of events, merged with the journal of
//! the ledger, which is not written a second time.

use std::mem;
use std::time::Duration;

use async_trait::async_trait;
use diesel::data_types::PgTimestamp;
use diesel::prelude::Queryable;
use diesel::sql_types::{
    Array, BigInt, Bytea, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{Event, EventPosition, Timestamp, UserId};
use ledger::{Entry, EntryKind};
use ports::{EventFilter, EventReads, EventTx, StoreError};
use serde_json::Value;
use tokio::try_join;
use uuid::Uuid;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::ledger::EntryRow;
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{corrupt, count, from_json, from_pg, json, parsed, to_pg};

const APPEND: &str = "\
    INSERT INTO events (user_id, kind, subject_id, revision, details, at) \
    SELECT * FROM unnest($1, $2, $3, $4, $5, $6)";

// Below the oldest transaction that is still open nothing can appear any more.
const HORIZON: &str = "\
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint";

// Two statements of each kind, for one with a user goes by another index.
const TOLD: &str = "\
    SELECT xact, number, user_id, kind, subject_id, revision, details, at FROM events \
    WHERE (xact, number) > ($1, $2) AND xact < $3 AND at >= $4 \
    AND ($5::text IS NULL OR kind ~ $6) ORDER BY xact, number LIMIT $7";

const TOLD_OF_USER: &str = "\
    SELECT xact, number, user_id, kind, subject_id, revision, details, at FROM events \
    WHERE (xact, number) > ($1, $2) AND xact < $3 AND at >= $4 \
    AND ($5::text IS NULL OR kind ~ $6) AND user_id = $7 ORDER BY xact, number LIMIT $8";

const BOOKED: &str = "\
    SELECT user_id, version, at, transaction_id, kind, available_change, held_change, \
    available_after, held_after, hash, xact, number FROM ledger_entries \
    WHERE (xact, number) > ($1, $2) AND xact < $3 AND at >= $4 AND kind = ANY($5) \
    ORDER BY xact, number LIMIT $6";

// Versions of one account stand in the order of what is told. So they are looked for backwards from
// the last one: whoever follows along reads only what is new.
const BOOKED_OF_USER: &str = "\
    SELECT user_id, version, at, transaction_id, kind, available_change, held_change, \
    available_after, held_after, hash, xact, number FROM ledger_entries \
    WHERE user_id = $1 AND at >= $2 AND xact < $3 AND kind = ANY($4) AND version > coalesce(\
    (SELECT version FROM ledger_entries WHERE user_id = $5 AND at >= $6 \
    AND (xact, number) <= ($7, $8) ORDER BY version DESC LIMIT 1), 0) \
    ORDER BY version LIMIT $9";

const FORGET: &str = "\
    DELETE FROM events e USING (SELECT user_id, xact, number FROM events WHERE at < $1 \
    ORDER BY at LIMIT $2) AS old \
    WHERE e.user_id = old.user_id AND e.xact = old.xact AND e.number = old.number";

const FORGET_USER: &str = "DELETE FROM events WHERE user_id = $1";

type Told = (BigInt, BigInt, SqlUuid, Text, SqlUuid, BigInt, Nullable<Jsonb>, Timestamptz);

type Booked = (
    (SqlUuid, BigInt, Timestamptz, SqlUuid, Text, Numeric, Numeric, Numeric, Numeric, Bytea),
    BigInt,
    BigInt,
);

#[derive(Queryable)]
struct EventRow {
    xact: i64,
    number: i64,
    user_id: Uuid,
    kind: String,
    subject_id: Uuid,
    revision: i64,
    details: Option<Value>,
    at: PgTimestamp,
}

/// Which events are asked for.
struct Asked<'a> {
    filter: &'a EventFilter,
    since: Timestamp,
    after: (i64, i64),
    horizon: i64,
    limit: i64,
}

#[async_trait]
impl EventTx for PgTx {
    async fn append_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.news.events |= event.kind.as_str().starts_with("job.");
        self.events.push(event.clone());
        Ok(())
    }
}

impl PgTx {
    /// Writes what has been said so far, in its order.
    pub(crate) async fn write_events(&mut self) -> Result<(), StoreError> {
        let events = mem::take(&mut self.events);
        if events.is_empty() {
            return Ok(());
        }
        let query = sql(APPEND)
            .bind::<Array<SqlUuid>, _>(each(&events, |event| *event.user.as_uuid()))
            .bind::<Array<Text>, _>(each(&events, |event| event.kind.as_str()))
            .bind::<Array<SqlUuid>, _>(each(&events, |event| event.subject))
            .bind::<Array<BigInt>, _>(each(&events, |event| event.revision))
            .bind::<Array<Nullable<Jsonb>>, _>(each(&events, |event| {
                from_json(event.details.as_ref())
            }))
            .bind::<Array<Timestamptz>, _>(each(&events, |event| to_pg(event.at)));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

fn each<'a, T>(events: &'a [Event], of: impl Fn(&'a Event) -> T) -> Vec<T> {
    events.iter().map(of).collect()
}

#[async_trait]
impl EventReads for Postgres {
    async fn list_events_after(
        &self,
        filter: &EventFilter,
        since: Timestamp,
        after: EventPosition,
        limit: usize,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError> {
        let mut conn = self.keyed().await?;
        let horizon = horizon(&mut conn).await?;
        // What is at the horizon or after it was never told here: it is of a database that this one
        // was restored from, and whoever stands there begins anew.
        let (transaction, number) = (signed(after.transaction), signed(after.number));
        let after = if transaction < horizon { (transaction, number) } else { (0, 0) };
        // As whoever is idle asks: nothing can have come.
        if after >= (horizon.saturating_sub(1), i64::MAX) {
            return Ok(Vec::new());
        }
        let limit_rows = i64::try_from(limit).unwrap_or(i64::MAX);
        let asked = Asked { filter, since, after, horizon, limit: limit_rows };
        let (told, booked) = try_join!(asked.told(&conn), asked.booked(&conn))?;
        let mut found: Vec<_> = told.into_iter().chain(booked).collect();
        found.sort_unstable_by_key(|(place, _)| *place);
        found.truncate(limit);
        Ok(found)
    }

    async fn last_event_position(&self) -> Result<EventPosition, StoreError> {
        let mut conn = self.keyed().await?;
        // What is open may still say something: a listener stands just below it.
        let transaction = horizon(&mut conn).await?.saturating_sub(1);
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

/// Forgets what was told of a user.
pub(super) async fn forget_user(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<(), StoreError> {
    let query = sql(FORGET_USER).bind::<SqlUuid, _>(*user.as_uuid());
    RunQueryDsl::execute(query, conn).await.map_err(store_error)?;
    Ok(())
}

impl Asked<'_> {
    async fn told(
        &self,
        mut conn: &AsyncPgConnection,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError> {
        let Self { filter, since, after: (transaction, number), horizon, limit } = *self;
        let pattern = (!filter.under.is_empty()).then(|| pattern(&filter.under));
        let found: Vec<EventRow> = match filter.user {
            None => {
                let query = rows::<Told>(TOLD)
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<BigInt, _>(horizon)
                    .bind::<Timestamptz, _>(to_pg(since))
                    .bind::<Nullable<Text>, _>(pattern.clone())
                    .bind::<Nullable<Text>, _>(pattern)
                    .bind::<BigInt, _>(limit);
                RunQueryDsl::load(query, &mut conn).await
            }
            Some(user) => {
                let query = rows::<Told>(TOLD_OF_USER)
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<BigInt, _>(horizon)
                    .bind::<Timestamptz, _>(to_pg(since))
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

    async fn booked(
        &self,
        mut conn: &AsyncPgConnection,
    ) -> Result<Vec<(EventPosition, Event)>, StoreError> {
        let Self { filter, since, after: (transaction, number), horizon, limit } = *self;
        let taken = EntryKind::ALL.into_iter().filter(|kind| filter.takes_kind(&kind.event_kind()));
        let kinds: Vec<&str> = taken.map(EntryKind::as_str).collect();
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<(EntryRow, i64, i64)> = match filter.user {
            None => {
                let query = rows::<Booked>(BOOKED)
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<BigInt, _>(horizon)
                    .bind::<Timestamptz, _>(to_pg(since))
                    .bind::<Array<Text>, _>(kinds)
                    .bind::<BigInt, _>(limit);
                RunQueryDsl::load(query, &mut conn).await
            }
            Some(user) => {
                let query = rows::<Booked>(BOOKED_OF_USER)
                    .bind::<SqlUuid, _>(*user.as_uuid())
                    .bind::<Timestamptz, _>(to_pg(since))
                    .bind::<BigInt, _>(horizon)
                    .bind::<Array<Text>, _>(kinds)
                    .bind::<SqlUuid, _>(*user.as_uuid())
                    .bind::<Timestamptz, _>(to_pg(since))
                    .bind::<BigInt, _>(transaction)
                    .bind::<BigInt, _>(number)
                    .bind::<BigInt, _>(limit);
                RunQueryDsl::load(query, &mut conn).await
            }
        }
        .map_err(store_error)?;
        let placed = |(row, xact, number): (EntryRow, i64, i64)| {
            let event = Entry::try_from(row)?.event().ok_or_else(|| corrupt("an entry"))?;
            Ok((place(xact, number)?, event))
        };
        found.into_iter().map(placed).collect()
    }
}

impl EventRow {
    fn placed(self) -> Result<(EventPosition, Event), StoreError> {
        let event = Event {
            user: UserId::from_uuid(self.user_id),
            kind: parsed("the kind of an event", &self.kind)?,
            subject: self.subject_id,
            revision: self.revision,
            details: json(self.details)?,
            at: from_pg(self.at)?,
        };
        Ok((place(self.xact, self.number)?, event))
    }
}

async fn horizon(conn: &mut AsyncPgConnection) -> Result<i64, StoreError> {
    let query = rows::<(BigInt,)>(HORIZON);
    let (horizon,): (i64,) = RunQueryDsl::get_result(query, conn).await.map_err(store_error)?;
    Ok(horizon)
}

fn place(xact: i64, number: i64) -> Result<EventPosition, StoreError> {
    Ok(EventPosition { transaction: count(xact)?, number: count(number)? })
}

/// The words as a whole or with a point after them. They are words of letters and points.
fn pattern(under: &[String]) -> String {
    let words: Vec<String> = under.iter().map(|words| words.replace('.', "\\.")).collect();
    format!("^({})(\\.|$)", words.join("|"))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
