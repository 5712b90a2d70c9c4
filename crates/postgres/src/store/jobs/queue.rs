//! The queue: who takes which jobs on.

use std::time::Duration;

use async_trait::async_trait;
use diesel::sql_types::{Array, BigInt, Nullable, Timestamptz, Uuid as SqlUuid};
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

// What is locked is locked without waiting for anybody, so the order of locks does not matter.
const FIND: &str = "\
    WITH due AS (SELECT user_id, id FROM jobs WHERE state IN ('running', 'storing') \
    AND due_at <= $1 ORDER BY due_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED), \
    lanes AS (SELECT user_id FROM job_lanes WHERE due_at < 'infinity' AND due_at <= $3 \
    AND user_id <> ALL($4) ORDER BY served_at LIMIT $5 - (SELECT count(*) FROM due) \
    FOR NO KEY UPDATE SKIP LOCKED) \
    SELECT user_id, id FROM due UNION ALL SELECT user_id, NULL FROM lanes";

const TAKE_DUE: &str = "\
    UPDATE jobs j SET crashes = j.crashes + (j.lease IS NOT NULL)::integer, lease = $1, \
    due_at = $2, generation = j.generation + 1 FROM unnest($3, $4) AS due (user_id, id) \
    WHERE j.user_id = due.user_id AND j.id = due.id RETURNING j.*";

// A statement of its own, after the lanes are locked: it sees what was queued before they were.
//
// A lane is looked at again when the next job of it is due, or the one that is taken now is lost. Who
// has no room waits for the end of a job, which wakes the lane, or for the end of a lease that nobody
// gives back. What is due and cannot begin, for its provider is closed, is looked at each second.
const TAKE_NEW: &str = "\
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
    next AS (SELECT l.user_id, p.id, (SELECT min(q.due_at) FROM jobs q \
    WHERE q.user_id = l.user_id AND q.state = 'queued' AND q.id IS DISTINCT FROM p.id \
    AND (NOT l.full_up OR q.lease IS NOT NULL)) AS due_at \
    FROM lanes l LEFT JOIN picked p ON p.user_id = l.user_id), \
    served AS (UPDATE job_lanes s SET \
    served_at = CASE WHEN n.id IS NULL THEN s.served_at ELSE w.now END, \
    due_at = CASE WHEN n.id IS NOT NULL THEN least(n.due_at, w.until) \
    WHEN n.due_at IS NULL THEN 'infinity' \
    ELSE greatest(n.due_at, w.now + interval '1 second') END \
    FROM next n, w WHERE s.user_id = n.user_id) \
    SELECT * FROM taken";

const RENEW: &str = "\
    UPDATE jobs SET due_at = $1 WHERE lease = ANY($2) AND ended_at IS NULL RETURNING id";

#[async_trait]
impl JobQueue for Postgres {
    async fn claim(&self, claim: &Claim) -> Result<Vec<Job>, StoreError> {
        let mut tx = self.begin_lazy_tx().await?;
        let taken = take(&mut tx, claim).await;
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
        let mut conn = self.keyed().await?;
        let kept: Vec<(Uuid,)> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        Ok(kept.into_iter().map(|(id,)| JobId::from_uuid(id)).collect())
    }

    async fn wait(&self, at_most: Duration) -> Result<(), StoreError> {
        self.jobs_bell.wait(at_most).await.map(|_heard| ())
    }
}

// A claim that is lost with the server is a job that somebody else takes on; whoever had it learns
// so before anything is done, for that is noted under the claim.

async fn take(tx: &mut PgTx, claim: &Claim) -> Result<Vec<Job>, StoreError> {
    let mut taken: Vec<JobRow> = Vec::new();
    let mut seen: Vec<Uuid> = Vec::new();
    loop {
        let free = claim.limit.saturating_sub(taken.len());
        let (due, lanes) = find(tx, claim, free, &seen).await?;
        let all = due.len() + lanes.len() < free;
        if !due.is_empty() {
            taken.extend(take_due(tx, claim, due).await?);
        }
        if !lanes.is_empty() {
            taken.extend(take_new(tx, claim, &lanes).await?);
        }
        // Lanes that had nothing have cost others their turn: those are looked at now.
        if all || taken.len() >= claim.limit {
            return whole(tx.conn(), taken).await;
        }
        seen.extend(lanes);
    }
}

type Due = Vec<(Uuid, Uuid)>;

async fn find(
    tx: &mut PgTx,
    claim: &Claim,
    free: usize,
    seen: &[Uuid],
) -> Result<(Due, Vec<Uuid>), StoreError> {
    let (now, free) = (to_pg(claim.now), i64::try_from(free).unwrap_or(i64::MAX));
    let query = rows::<(SqlUuid, Nullable<SqlUuid>)>(FIND)
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(free)
        .bind::<Timestamptz, _>(now)
        .bind::<Array<SqlUuid>, _>(seen)
        .bind::<BigInt, _>(free);
    let found: Vec<(Uuid, Option<Uuid>)> =
        RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)?;
    let (mut due, mut lanes) = (Vec::new(), Vec::new());
    for (user, job) in found {
        match job {
            Some(job) => due.push((user, job)),
            None => lanes.push(user),
        }
    }
    Ok((due, lanes))
}

async fn take_due(tx: &mut PgTx, claim: &Claim, due: Due) -> Result<Vec<JobRow>, StoreError> {
    let (users, jobs): (Vec<Uuid>, Vec<Uuid>) = due.into_iter().unzip();
    let query = sql(TAKE_DUE)
        .bind::<SqlUuid, _>(Uuid::from_u128(claim.lease.0))
        .bind::<Timestamptz, _>(to_pg(claim.until))
        .bind::<Array<SqlUuid>, _>(users)
        .bind::<Array<SqlUuid>, _>(jobs);
    RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)
}

async fn take_new(tx: &mut PgTx, claim: &Claim, lanes: &[Uuid]) -> Result<Vec<JobRow>, StoreError> {
    let Claim { now, lease, until, patient_until, running_max, .. } = *claim;
    let query = sql(TAKE_NEW)
        .bind::<SqlUuid, _>(Uuid::from_u128(lease.0))
        .bind::<Timestamptz, _>(to_pg(until))
        .bind::<Timestamptz, _>(to_pg(now))
        .bind::<Timestamptz, _>(to_pg(patient_until))
        .bind::<BigInt, _>(i64::from(running_max))
        .bind::<Array<SqlUuid>, _>(lanes);
    RunQueryDsl::load(query, tx.conn()).await.map_err(store_error)
}
