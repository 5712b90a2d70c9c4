//! The queue: who takes which jobs on.

use std::time::Duration;

use async_trait::async_trait;
use diesel::sql_types::{Array, BigInt, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use generation::{Job, Lease};
use kernel::{JobId, Timestamp};
use ports::{Claim, JobQueue, StoreError, finish};
use uuid::Uuid;

use super::whole;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::jobs::JobRow;
use crate::sql::{rows, sql};
use crate::tx::PgTx;
use crate::types::to_pg;

const CLAIM_DUE: &str = "\
    UPDATE jobs j SET crashes = j.crashes + (j.lease IS NOT NULL)::integer, lease = $1, \
    due_at = $2, generation = j.generation + 1 \
    FROM (SELECT user_id, id FROM jobs WHERE state IN ('running', 'storing') AND due_at <= $3 \
    ORDER BY due_at LIMIT $4 FOR NO KEY UPDATE SKIP LOCKED) AS due \
    WHERE j.user_id = due.user_id AND j.id = due.id RETURNING j.*";

const LOCK_LANES: &str = "\
    SELECT user_id FROM job_lanes WHERE due_at < 'infinity' AND due_at <= $1 \
    ORDER BY served_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED";

// A statement of its own, after the lanes are locked: it sees what was queued before they were.
// Nobody is waited for here, so the order of locks does not matter. Who has no room waits for the end
// of a job, which wakes the lane, or for the end of a lease that nobody gives back.
const CLAIM_NEW: &str = "\
    WITH w AS (SELECT $1::uuid AS lease, $2::timestamptz AS until, $3::timestamptz AS now, \
    $4::timestamptz AS patient_until, $5::bigint AS running_max), \
    lanes AS (SELECT l.user_id, (SELECT count(*) FROM jobs b WHERE b.user_id = l.user_id \
    AND b.ended_at IS NULL AND NOT b.stuck \
    AND (b.state IN ('running', 'storing') OR b.lease IS NOT NULL) \
    AND (b.state <> 'queued' OR b.due_at > w.now)) >= w.running_max AS full_up \
    FROM unnest($6::uuid[]) AS l (user_id), w), \
    picked AS (SELECT l.user_id, j.id FROM lanes l, w, LATERAL (SELECT id FROM jobs q \
    WHERE q.user_id = l.user_id AND q.state = 'queued' AND q.due_at <= w.now \
    AND NOT EXISTS (SELECT FROM provider_gauges g \
    WHERE g.provider = q.provider AND g.closed_until > w.now \
    AND (g.closed_until <= w.patient_until OR q.routes -> -1 ->> 0 = q.provider)) \
    ORDER BY q.rank_at, q.id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED) AS j WHERE NOT l.full_up), \
    taken AS (UPDATE jobs j SET crashes = j.crashes + (j.lease IS NOT NULL)::integer, \
    lease = w.lease, due_at = w.until, generation = j.generation + 1 FROM picked p, w \
    WHERE j.user_id = p.user_id AND j.id = p.id RETURNING j.*), \
    served AS (UPDATE job_lanes s SET \
    served_at = CASE WHEN p.id IS NULL THEN s.served_at ELSE w.now END, \
    due_at = CASE WHEN p.id IS NOT NULL THEN s.due_at \
    ELSE coalesce((SELECT greatest(min(q.due_at), w.now + interval '1 second') FROM jobs q \
    WHERE q.user_id = l.user_id AND q.state = 'queued' \
    AND (NOT l.full_up OR q.lease IS NOT NULL)), 'infinity') END \
    FROM lanes l LEFT JOIN picked p ON p.user_id = l.user_id, w WHERE s.user_id = l.user_id) \
    SELECT * FROM taken";

const RENEW: &str = "\
    UPDATE jobs SET due_at = $1 WHERE lease = ANY($2) AND ended_at IS NULL RETURNING id";

#[async_trait]
impl JobQueue for Postgres {
    async fn claim_due(&self, claim: &Claim) -> Result<Vec<Job>, StoreError> {
        let mut tx = self.begin_lazy_tx().await?;
        let taken = claim_due(&mut tx, claim).await;
        finish(Box::new(tx), taken).await
    }

    async fn claim_new(&self, claim: &Claim, running_max: u16) -> Result<Vec<Job>, StoreError> {
        let mut tx = self.begin_lazy_tx().await?;
        let taken = claim_new(&mut tx, claim, running_max).await;
        finish(Box::new(tx), taken).await
    }

    async fn renew(&self, leases: &[Lease], until: Timestamp) -> Result<Vec<JobId>, StoreError> {
        if leases.is_empty() {
            return Ok(Vec::new());
        }
        let tokens: Vec<Uuid> = leases.iter().map(|lease| Uuid::from_u128(lease.0)).collect();
        let query = rows::<(SqlUuid,)>(RENEW)
            .bind::<Timestamptz, _>(to_pg(until))
            .bind::<Array<SqlUuid>, _>(tokens);
        let mut conn = self.connection().await?;
        let kept: Vec<(Uuid,)> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        Ok(kept.into_iter().map(|(id,)| JobId::from_uuid(id)).collect())
    }

    async fn wait(&self, at_most: Duration) -> Result<(), StoreError> {
        self.jobs_bell.wait(at_most).await.map(|_heard| ())
    }
}

// A claim that is lost with the server is a job that somebody else takes on; whoever had it learns
// so before anything is done, for that is noted under the claim.

async fn claim_due(tx: &mut PgTx, claim: &Claim) -> Result<Vec<Job>, StoreError> {
    let Claim { now, lease, until, limit, .. } = *claim;
    let query = sql(CLAIM_DUE)
        .bind::<SqlUuid, _>(Uuid::from_u128(lease.0))
        .bind::<Timestamptz, _>(to_pg(until))
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<BigInt, _>(most(limit));
    let taken: Vec<JobRow> = RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)?;
    whole(tx.conn(), taken).await
}

async fn claim_new(tx: &mut PgTx, claim: &Claim, running_max: u16) -> Result<Vec<Job>, StoreError> {
    let Claim { now, lease, until, patient_until, limit } = *claim;
    let query = rows::<(SqlUuid,)>(LOCK_LANES)
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<BigInt, _>(most(limit));
    let lanes: Vec<(Uuid,)> = RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)?;
    if lanes.is_empty() {
        return Ok(Vec::new());
    }
    let lanes: Vec<Uuid> = lanes.into_iter().map(|(user,)| user).collect();
    let query = sql(CLAIM_NEW)
        .bind::<SqlUuid, _>(Uuid::from_u128(lease.0))
        .bind::<Timestamptz, _>(to_pg(until))
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<Timestamptz, _>(to_pg(patient_until))
        .bind::<BigInt, _>(i64::from(running_max))
        .bind::<Array<SqlUuid>, _>(lanes);
    let taken: Vec<JobRow> = RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)?;
    whole(tx.conn(), taken).await
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
