//! Jobs. Taking them on is in `queue`, reading them outside a unit of work in `reads`.

mod queue;
mod reads;

use std::collections::BTreeMap;

use async_trait::async_trait;
use diesel::OptionalExtension;
use diesel::sql_types::{Array, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use generation::{Job, Step};
use kernel::{JobId, RequestId, Timestamp, UserId};
use ports::{JobTx, StoreError};
use uuid::Uuid;

use super::only_one;
use crate::error::store_error;
use crate::rows::jobs::steps::{StepRow, records};
use crate::rows::jobs::{JobRow, record};
use crate::sql::sql;
use crate::tx::PgTx;
use crate::types::to_pg;

// Rows go in as JSON records of their tables: there are more columns than a statement should bind.
//
// What has not changed of the steps is not written again: most jobs change one step at a time.
macro_rules! with_steps {
    ($statement:literal) => {
        concat!(
            "WITH put AS (INSERT INTO job_steps \
             SELECT * FROM jsonb_populate_recordset(NULL::job_steps, $1) \
             ON CONFLICT (user_id, job_id, number) DO UPDATE SET state = excluded.state, \
             submission = excluded.submission, route = excluded.route, \
             attempts = excluded.attempts, submissions = excluded.submissions, \
             misses = excluded.misses, marker = excluded.marker, \
             operation = excluded.operation, pieces = excluded.pieces, \
             trouble_class = excluded.trouble_class, trouble = excluded.trouble, \
             submitted_at = excluded.submitted_at, \
             quarantined_until = excluded.quarantined_until \
             WHERE job_steps IS DISTINCT FROM excluded) ",
            $statement
        )
    };
}

const INSERT: &str =
    with_steps!("INSERT INTO jobs SELECT * FROM jsonb_populate_record(NULL::jobs, $2)");

const UPDATE: &str = with_steps!(
    "UPDATE jobs j SET state = r.state, provider = r.provider, hold = r.hold, \
     captured = r.captured, quota_taken = r.quota_taken, delivered = r.delivered, \
     reason = r.reason, message = r.message, progress = r.progress, stuck = r.stuck, \
     due_at = r.due_at, lease = r.lease, generation = r.generation, crashes = r.crashes, \
     cancel_asked_at = r.cancel_asked_at, revision = r.revision, updated_at = r.updated_at, \
     started_at = r.started_at, ended_at = r.ended_at \
     FROM jsonb_populate_record(NULL::jobs, $2) r WHERE j.user_id = r.user_id AND j.id = r.id"
);

const WAKE: &str = "\
    INSERT INTO job_lanes AS l (user_id, due_at, served_at) \
    SELECT id, $1, '-infinity' FROM users WHERE id = $2 \
    ON CONFLICT (user_id) DO UPDATE SET due_at = least(l.due_at, excluded.due_at)";

// Two statements: whoever takes jobs on holds the lane, and the second sees what they saw.
const LOCK_LANE: &str = "SELECT FROM job_lanes WHERE user_id = $1 FOR NO KEY UPDATE";

const WAKE_WAITING: &str = "\
    UPDATE job_lanes SET due_at = least(due_at, $1) WHERE user_id = $2 \
    AND EXISTS (SELECT FROM jobs WHERE user_id = $3 AND state = 'queued')";

#[async_trait]
impl JobTx for PgTx {
    async fn find_job_by_request(
        &mut self,
        user: UserId,
        request: &RequestId,
    ) -> Result<Option<Job>, StoreError> {
        let query = sql("SELECT * FROM jobs WHERE user_id = $1 AND request_id = $2")
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Text, _>(request.as_str());
        let row = RunQueryDsl::get_result(query, self.conn()).await;
        one(self.conn(), row.optional().map_err(store_error)?).await
    }

    async fn insert_job(&mut self, job: &Job) -> Result<(), StoreError> {
        let query = sql(INSERT).bind::<Jsonb, _>(records(job)?).bind::<Jsonb, _>(record(job)?);
        RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        Ok(())
    }

    async fn lock_job(&mut self, user: UserId, id: JobId) -> Result<Option<Job>, StoreError> {
        let query = sql("SELECT * FROM jobs WHERE user_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<SqlUuid, _>(*id.as_uuid());
        let row = RunQueryDsl::get_result(query, self.conn()).await;
        one(self.conn(), row.optional().map_err(store_error)?).await
    }

    async fn update_job(&mut self, job: &Job) -> Result<(), StoreError> {
        let query = sql(UPDATE).bind::<Jsonb, _>(records(job)?).bind::<Jsonb, _>(record(job)?);
        only_one(RunQueryDsl::execute(query, self.conn()).await)?;
        let free = job.work.lease.is_none() && !job.state.is_terminal();
        self.news.jobs |= free && job.work.due_at <= job.updated_at;
        Ok(())
    }

    async fn wake_lane(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        let query = sql(WAKE).bind::<Timestamptz, _>(to_pg(at)).bind::<SqlUuid, _>(*user.as_uuid());
        let woken = RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        self.news.jobs |= woken > 0;
        Ok(())
    }

    async fn wake_waiting(&mut self, user: UserId, at: Timestamp) -> Result<(), StoreError> {
        let lock = sql(LOCK_LANE).bind::<SqlUuid, _>(*user.as_uuid());
        RunQueryDsl::execute(lock, self.conn()).await.map_err(store_error)?;
        let query = sql(WAKE_WAITING)
            .bind::<Timestamptz, _>(to_pg(at))
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<SqlUuid, _>(*user.as_uuid());
        let woken = RunQueryDsl::execute(query, self.conn()).await.map_err(store_error)?;
        self.news.jobs |= woken > 0;
        Ok(())
    }
}

async fn one(conn: &mut AsyncPgConnection, row: Option<JobRow>) -> Result<Option<Job>, StoreError> {
    Ok(whole(conn, row.into_iter().collect()).await?.into_iter().next())
}

/// The jobs of these rows, in their order, each with its steps.
async fn whole(conn: &mut AsyncPgConnection, rows: Vec<JobRow>) -> Result<Vec<Job>, StoreError> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let users: Vec<Uuid> = rows.iter().map(|row| row.user_id).collect();
    let jobs: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let query = sql("SELECT s.* FROM unnest($1, $2) AS j (user_id, id) \
         JOIN job_steps s ON s.user_id = j.user_id AND s.job_id = j.id \
         ORDER BY s.user_id, s.job_id, s.number")
    .bind::<Array<SqlUuid>, _>(users)
    .bind::<Array<SqlUuid>, _>(jobs);
    let found: Vec<StepRow> = RunQueryDsl::load(query, conn).await.map_err(store_error)?;
    let mut steps: BTreeMap<Uuid, Vec<Step>> = BTreeMap::new();
    for row in found {
        steps.entry(row.job_id).or_default().push(Step::try_from(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let own = steps.remove(&row.id).unwrap_or_default();
            row.with_steps(own)
        })
        .collect()
}
