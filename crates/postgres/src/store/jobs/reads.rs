//! Jobs, as committed.

use async_trait::async_trait;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use generation::Job;
use kernel::{JobId, Page, PageSize, Position, UserId};
use ports::{JobFilter, JobReads, StoreError};
use uuid::Uuid;

use super::whole;
use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::jobs::JobRow;
use crate::sql::sql;
use crate::types::{one_more, to_pg};

// Parts that are not asked for are null and hold for every job.
const LIST: &str = "\
    WITH w AS (SELECT $1::text[] AS kinds, $2::text[] AS states, $3::uuid AS project, \
    $4::uuid AS conversation, $5::text AS model, $6::timestamptz AS since, \
    $7::timestamptz AS until, $8::timestamptz AS at, $9::uuid AS id) \
    SELECT j.* FROM w, jobs j WHERE j.user_id = $10 \
    AND (w.kinds IS NULL OR j.kind = ANY(w.kinds)) \
    AND (w.states IS NULL OR j.state = ANY(w.states)) \
    AND (w.project IS NULL OR j.project_id = w.project) \
    AND (w.conversation IS NULL OR j.conversation_id = w.conversation) \
    AND (w.model IS NULL OR j.model = w.model) \
    AND (w.since IS NULL OR j.created_at >= w.since) \
    AND (w.until IS NULL OR j.created_at < w.until) \
    AND (w.at IS NULL OR (j.created_at, j.id) < (w.at, w.id)) \
    ORDER BY j.created_at DESC, j.id DESC LIMIT $11";

#[async_trait]
impl JobReads for Postgres {
    async fn find_jobs(&self, user: UserId, ids: &[JobId]) -> Result<Vec<Job>, StoreError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| *id.as_uuid()).collect();
        let query = sql("SELECT * FROM jobs WHERE user_id = $1 AND id = ANY($2)")
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Array<SqlUuid>, _>(ids);
        let mut conn = self.keyed().await?;
        let found: Vec<JobRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        whole(&mut conn, found).await
    }

    async fn find_jobs_of(&self, keys: &[(UserId, JobId)]) -> Result<Vec<Job>, StoreError> {
        let (users, ids): (Vec<Uuid>, Vec<Uuid>) =
            keys.iter().map(|(user, id)| (*user.as_uuid(), *id.as_uuid())).unzip();
        let query = sql("SELECT j.* FROM unnest($1, $2) AS k (user_id, id) \
             JOIN jobs j ON j.user_id = k.user_id AND j.id = k.id")
        .bind::<Array<SqlUuid>, _>(users)
        .bind::<Array<SqlUuid>, _>(ids);
        let mut conn = self.keyed().await?;
        let found: Vec<JobRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        whole(&mut conn, found).await
    }

    async fn list_jobs(
        &self,
        user: UserId,
        filter: &JobFilter,
        size: PageSize,
        after: Option<Position<JobId>>,
    ) -> Result<Page<Job, Position<JobId>>, StoreError> {
        let JobFilter { kinds, states, project, conversation, model, from, until } = filter;
        let kinds: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        let states: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        let query = sql(LIST)
            .bind::<Nullable<Array<Text>>, _>((!kinds.is_empty()).then_some(kinds))
            .bind::<Nullable<Array<Text>>, _>((!states.is_empty()).then_some(states))
            .bind::<Nullable<SqlUuid>, _>(project.map(|id| *id.as_uuid()))
            .bind::<Nullable<SqlUuid>, _>(conversation.map(|id| *id.as_uuid()))
            .bind::<Nullable<Text>, _>(model.as_ref().map(|model| model.as_str()))
            .bind::<Nullable<Timestamptz>, _>(from.map(to_pg))
            .bind::<Nullable<Timestamptz>, _>(until.map(to_pg))
            .bind::<Nullable<Timestamptz>, _>(after.map(|after| to_pg(after.created_at)))
            .bind::<Nullable<SqlUuid>, _>(after.map(|after| *after.id.as_uuid()))
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<BigInt, _>(one_more(size));
        let mut conn = self.connection().await?;
        let found: Vec<JobRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        let items = whole(&mut conn, found).await?;
        Ok(Page::from_one_more(items, size, Job::position))
    }

    async fn list_stuck(&self, limit: usize) -> Result<Vec<Job>, StoreError> {
        let query = sql("SELECT * FROM jobs WHERE stuck ORDER BY updated_at LIMIT $1")
            .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX));
        let mut conn = self.connection().await?;
        let found: Vec<JobRow> = RunQueryDsl::load(query, &mut conn).await.map_err(store_error)?;
        whole(&mut conn, found).await
    }
}
