//! How fast providers are asked.

use async_trait::async_trait;
use diesel::OptionalExtension;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use generation::{Gauge, ProviderName};
use kernel::Timestamp;
use ports::{GaugeTx, StoreError};

use crate::error::store_error;
use crate::rows::jobs::steps::small;
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::{corrupt, count, from_pg, moment, to_pg};

type PgTimestamp = diesel::data_types::PgTimestamp;
type GaugeSql = (Nullable<Timestamptz>, Integer, Timestamptz, BigInt);
type GaugeRow = (Option<PgTimestamp>, i32, PgTimestamp, i64);

const OPEN: &str = "\
    INSERT INTO provider_gauges (provider, failures, minute, starts) VALUES ($1, 0, $2, 0) \
    ON CONFLICT (provider) DO NOTHING";

const COUNT: &str = "\
    SELECT count(*) FROM jobs WHERE provider = $1 AND state = 'running' AND NOT stuck";

#[async_trait]
impl GaugeTx for PgTx {
    async fn lock_gauge(
        &mut self,
        provider: &ProviderName,
        now: Timestamp,
    ) -> Result<Gauge, StoreError> {
        if let Some(gauge) = find(self.conn(), provider, true).await? {
            return Ok(gauge);
        }
        let query = sql(OPEN).bind::<Text, _>(provider.as_str()).bind::<Timestamptz, _>(to_pg(now));
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        let gauge = find(self.conn(), provider, true).await?;
        gauge.ok_or_else(|| corrupt("a gauge that was just made"))
    }

    async fn find_gauge(&mut self, provider: &ProviderName) -> Result<Option<Gauge>, StoreError> {
        find(self.conn(), provider, false).await
    }

    async fn count_at_provider(&mut self, provider: &ProviderName) -> Result<u32, StoreError> {
        let query = rows::<(BigInt,)>(COUNT).bind::<Text, _>(provider.as_str());
        let (found,): (i64,) =
            RunQueryDsl::get_result(query, self.conn()).await.map_err(store_error)?;
        Ok(u32::try_from(found).unwrap_or(u32::MAX))
    }

    async fn put_gauge(&mut self, gauge: &Gauge) -> Result<(), StoreError> {
        let Gauge { provider, closed_until, failures, minute, starts } = gauge;
        let query = sql("UPDATE provider_gauges SET closed_until = $1, failures = $2, \
             minute = $3, starts = $4 WHERE provider = $5")
        .bind::<Nullable<Timestamptz>, _>(closed_until.map(to_pg))
        .bind::<Integer, _>(i32::from(*failures))
        .bind::<Timestamptz, _>(to_pg(*minute))
        .bind::<BigInt, _>(i64::from(*starts))
        .bind::<Text, _>(provider.as_str());
        super::only_one(RunQueryDsl::execute(query, self.conn()).await)
    }
}

async fn find(
    conn: &mut AsyncPgConnection,
    provider: &ProviderName,
    lock: bool,
) -> Result<Option<Gauge>, StoreError> {
    let text = if lock {
        "SELECT closed_until, failures, minute, starts FROM provider_gauges WHERE provider = $1 \
         FOR NO KEY UPDATE"
    } else {
        "SELECT closed_until, failures, minute, starts FROM provider_gauges WHERE provider = $1"
    };
    let query = rows::<GaugeSql>(text).bind::<Text, _>(provider.as_str());
    let row: Option<GaugeRow> =
        RunQueryDsl::get_result(query, conn).await.optional().map_err(store_error)?;
    let Some((closed_until, failures, minute, starts)) = row else { return Ok(None) };
    Ok(Some(Gauge {
        provider: provider.clone(),
        closed_until: moment(closed_until)?,
        failures: small(failures)?,
        minute: from_pg(minute)?,
        starts: u32::try_from(count(starts)?).map_err(|_| corrupt("a number of starts"))?,
    }))
}
