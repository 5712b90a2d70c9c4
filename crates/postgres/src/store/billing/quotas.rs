//! Daily quotas. A user's settings are the lock of everything here.

use async_trait::async_trait;
use billing::{QuotaSettings, Take, Window, Zone};
use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{RequestId, Timestamp, UserId};
use ports::{QuotaReads, QuotaTx, StoreError};

use crate::error::store_error;
use crate::pool::Postgres;
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{corrupt, from_pg, parsed, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;

type SettingsSql = (Text, Nullable<Timestamptz>, Nullable<Timestamptz>);
type SettingsRow = (String, Option<PgTimestamp>, Option<PgTimestamp>);
type TakeSql = (BigInt, Timestamptz, Timestamptz, Timestamptz, Nullable<Timestamptz>);
type TakeRow = (i64, PgTimestamp, PgTimestamp, PgTimestamp, Option<PgTimestamp>);

#[async_trait]
impl QuotaTx for PgTx {
    async fn lock_quota(&mut self, user: UserId) -> Result<Option<QuotaSettings>, StoreError> {
        if let Some(found) = lock(self.conn(), user).await? {
            return Ok(Some(found));
        }
        // The first use. The key share lock waits for a deletion of the user, then finds nobody.
        let open = sql("INSERT INTO quota_settings (user_id, time_zone) \
             SELECT id, time_zone FROM users WHERE id = $1 FOR KEY SHARE \
             ON CONFLICT (user_id) DO NOTHING")
        .bind::<SqlUuid, _>(*user.as_uuid());
        RunQueryDsl::execute(open, self.conn()).await.map_err(store_error)?;
        lock(self.conn(), user).await
    }

    async fn update_quota(&mut self, settings: &QuotaSettings) -> Result<(), StoreError> {
        let QuotaSettings { user, zone, carried } = settings;
        let query = sql("UPDATE quota_settings SET time_zone = $1, carried_start = $2, \
             carried_end = $3 WHERE user_id = $4")
        .bind::<Text, _>(zone.name())
        .bind::<Nullable<Timestamptz>, _>(carried.map(|window| to_pg(window.start)))
        .bind::<Nullable<Timestamptz>, _>(carried.map(|window| to_pg(window.end)))
        .bind::<SqlUuid, _>(*user.as_uuid());
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn find_take(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Take>, StoreError> {
        let query = rows::<TakeSql>(
            "SELECT units, window_start, window_end, taken_at, given_back_at FROM quota_takes \
             WHERE user_id = $1 AND request_id = $2",
        )
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Text, _>(request.as_str());
        let row: Option<TakeRow> =
            RunQueryDsl::get_result(query, self.conn()).await.optional().map_err(store_error)?;
        let Some((units, start, end, taken_at, given_back_at)) = row else { return Ok(None) };
        Ok(Some(Take {
            user,
            request: request.clone(),
            units: stored_units(units)?,
            window: Window { start: from_pg(start)?, end: from_pg(end)? },
            taken_at: from_pg(taken_at)?,
            given_back_at: given_back_at.map(from_pg).transpose()?,
        }))
    }

    async fn put_take(&mut self, take: &Take) -> Result<(), StoreError> {
        let query = sql("INSERT INTO quota_takes (user_id, request_id, units, window_start, \
             window_end, taken_at, given_back_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (user_id, request_id) \
             DO UPDATE SET given_back_at = EXCLUDED.given_back_at")
        .bind::<SqlUuid, _>(*take.user.as_uuid())
        .bind::<Text, _>(take.request.as_str())
        .bind::<BigInt, _>(i64::from(take.units))
        .bind::<Timestamptz, _>(to_pg(take.window.start))
        .bind::<Timestamptz, _>(to_pg(take.window.end))
        .bind::<Timestamptz, _>(to_pg(take.taken_at))
        .bind::<Nullable<Timestamptz>, _>(take.given_back_at.map(to_pg));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn find_used(&mut self, user: UserId, start: Timestamp) -> Result<u32, StoreError> {
        used(self.conn(), user, start).await
    }

    async fn put_used(
        &mut self,
        user: UserId,
        start: Timestamp,
        used: u32,
    ) -> Result<(), StoreError> {
        let query = sql("INSERT INTO quota_windows (user_id, window_start, used) \
             VALUES ($1, $2, $3) \
             ON CONFLICT (user_id, window_start) DO UPDATE SET used = EXCLUDED.used")
        .bind::<SqlUuid, _>(*user.as_uuid())
        .bind::<Timestamptz, _>(to_pg(start))
        .bind::<BigInt, _>(i64::from(used));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }
}

#[async_trait]
impl QuotaReads for Postgres {
    async fn find_quota(&self, user: UserId) -> Result<Option<QuotaSettings>, StoreError> {
        let query = rows::<SettingsSql>(
            "SELECT coalesce(q.time_zone, u.time_zone), q.carried_start, q.carried_end \
             FROM users u LEFT JOIN quota_settings q ON q.user_id = u.id WHERE u.id = $1",
        )
        .bind::<SqlUuid, _>(*user.as_uuid());
        let mut conn = self.keyed().await?;
        let row: Option<SettingsRow> =
            RunQueryDsl::get_result(query, &mut conn).await.optional().map_err(store_error)?;
        row.map(|row| settings(user, row)).transpose()
    }

    async fn used(&self, user: UserId, start: Timestamp) -> Result<u32, StoreError> {
        let mut conn = self.keyed().await?;
        used(&mut conn, user, start).await
    }
}

async fn lock(
    conn: &mut AsyncPgConnection,
    user: UserId,
) -> Result<Option<QuotaSettings>, StoreError> {
    let query = rows::<SettingsSql>(
        "SELECT time_zone, carried_start, carried_end FROM quota_settings WHERE user_id = $1 \
         FOR NO KEY UPDATE",
    )
    .bind::<SqlUuid, _>(*user.as_uuid());
    let row: Option<SettingsRow> =
        RunQueryDsl::get_result(query, conn).await.optional().map_err(store_error)?;
    row.map(|row| settings(user, row)).transpose()
}

async fn used(
    conn: &mut AsyncPgConnection,
    user: UserId,
    start: Timestamp,
) -> Result<u32, StoreError> {
    let query = rows::<(BigInt,)>(
        "SELECT used FROM quota_windows WHERE user_id = $1 AND window_start = $2",
    )
    .bind::<SqlUuid, _>(*user.as_uuid())
    .bind::<Timestamptz, _>(to_pg(start));
    let row: Option<(i64,)> =
        RunQueryDsl::get_result(query, conn).await.optional().map_err(store_error)?;
    row.map_or(Ok(0), |(used,)| stored_units(used))
}

fn settings(user: UserId, row: SettingsRow) -> Result<QuotaSettings, StoreError> {
    let (zone, start, end) = row;
    let carried = match (start, end) {
        (Some(start), Some(end)) => Some(Window { start: from_pg(start)?, end: from_pg(end)? }),
        (_, _) => None,
    };
    Ok(QuotaSettings { user, zone: parsed::<Zone>("a time zone", &zone)?, carried })
}

fn stored_units(units: i64) -> Result<u32, StoreError> {
    u32::try_from(units).map_err(|_range| corrupt("a number of units"))
}
