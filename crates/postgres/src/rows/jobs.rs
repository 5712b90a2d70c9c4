//! Rows of jobs. Requests are in `request`, steps in `steps`. Read by the names of their columns,
//! for there are more of them than a tuple has places.

mod codec;
pub(crate) mod request;
pub(crate) mod steps;

use diesel::data_types::PgTimestamp;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{
    BigInt, Binary, Bool, Integer, Jsonb, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid,
};
use generation::{
    Ending, HoldState, Job, JobKind, JobState, Lease, Money, Places, Priority, Reason, Route, Step,
    Work,
};
use kernel::{ConversationId, JobId, PriceVersionId, ProjectId, Timestamp, TransactionId, UserId};
use ports::StoreError;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::types::{
    corrupt, count, credits, digest, etag, from_json, from_pg, json as object, moment, named,
    optional, parsed,
};
use steps::small;

#[derive(QueryableByName)]
pub(crate) struct JobRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) user_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(crate) id: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    request_id: String,
    #[diesel(sql_type = Binary)]
    digest: Vec<u8>,
    #[diesel(sql_type = Jsonb)]
    request: Value,
    #[diesel(sql_type = Text)]
    model: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    project_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    conversation_id: Option<Uuid>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    metadata: Option<Value>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    resumes_job_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    priority: String,
    #[diesel(sql_type = Jsonb)]
    routes: Value,
    #[diesel(sql_type = Text)]
    operation_type: String,
    #[diesel(sql_type = SqlUuid)]
    price_id: Uuid,
    #[diesel(sql_type = Numeric)]
    amount: Decimal,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    transaction_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    hold: String,
    #[diesel(sql_type = Numeric)]
    captured: Decimal,
    #[diesel(sql_type = Bool)]
    quota_taken: bool,
    #[diesel(sql_type = Nullable<Text>)]
    reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    message: Option<String>,
    #[diesel(sql_type = Integer)]
    progress: i32,
    #[diesel(sql_type = Timestamptz)]
    due_at: PgTimestamp,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    lease: Option<Uuid>,
    #[diesel(sql_type = BigInt)]
    generation: i64,
    #[diesel(sql_type = Integer)]
    crashes: i32,
    #[diesel(sql_type = Timestamptz)]
    not_before: PgTimestamp,
    #[diesel(sql_type = Timestamptz)]
    deadline: PgTimestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    cancel_asked_at: Option<PgTimestamp>,
    #[diesel(sql_type = BigInt)]
    revision: i64,
    #[diesel(sql_type = Timestamptz)]
    created_at: PgTimestamp,
    #[diesel(sql_type = Timestamptz)]
    updated_at: PgTimestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    started_at: Option<PgTimestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ended_at: Option<PgTimestamp>,
}

impl JobRow {
    /// The job, with the steps that their own table has.
    pub(crate) fn with_steps(self, steps: Vec<Step>) -> Result<Job, StoreError> {
        let kind = named(JobKind::ALL, JobKind::as_str, &self.kind)?;
        let ending = self.reason.map(|reason| {
            Ok(Ending {
                reason: named(Reason::ALL, Reason::as_str, &reason)?,
                message: optional("why a job ended", self.message)?,
            })
        });
        Ok(Job {
            user: UserId::from_uuid(self.user_id),
            id: JobId::from_uuid(self.id),
            request_id: parsed("a request id", &self.request_id)?,
            digest: digest(self.digest)?,
            request: request::from_stored(kind, self.request)?,
            model: parsed("a model", &self.model)?,
            places: Places {
                project: self.project_id.map(ProjectId::from_uuid),
                conversation: self.conversation_id.map(ConversationId::from_uuid),
            },
            metadata: object(self.metadata)?,
            resumes: self.resumes_job_id.map(JobId::from_uuid),
            priority: named(Priority::ALL, Priority::as_str, &self.priority)?,
            routes: routes(self.routes)?,
            money: Money {
                operation_type: parsed("an operation type", &self.operation_type)?,
                price: PriceVersionId::from_uuid(self.price_id),
                amount: credits(self.amount)?,
                transaction: self.transaction_id.map(TransactionId::from_uuid),
                hold: named(HoldState::ALL, HoldState::as_str, &self.hold)?,
                captured: credits(self.captured)?,
                quota_taken: self.quota_taken,
            },
            state: named(JobState::ALL, JobState::as_str, &self.state)?,
            ending: ending.transpose()?,
            progress: u8::try_from(self.progress).map_err(|_| corrupt("a job's progress"))?,
            steps,
            work: Work {
                due_at: from_pg(self.due_at)?,
                lease: self.lease.map(|token| Lease(token.as_u128())),
                generation: count(self.generation)?,
                crashes: small(self.crashes)?,
            },
            not_before: from_pg(self.not_before)?,
            deadline: from_pg(self.deadline)?,
            cancel_asked_at: moment(self.cancel_asked_at)?,
            etag: etag(self.revision)?,
            created_at: from_pg(self.created_at)?,
            updated_at: from_pg(self.updated_at)?,
            started_at: moment(self.started_at)?,
            ended_at: moment(self.ended_at)?,
        })
    }
}

/// A job as a record of its table.
pub(crate) fn record(job: &Job) -> Result<Value, StoreError> {
    // Waiting makes up for priority: the order among the queued jobs of one user.
    let rank_at = job.not_before.saturating_add(job.priority.handicap());
    let delivered: u32 = job.steps.iter().map(Step::delivered).sum();
    let message = job.ending.as_ref().and_then(|ending| ending.message.as_ref());
    Ok(json!({
        "user_id": job.user.as_uuid(),
        "id": job.id.as_uuid(),
        "kind": job.kind().as_str(),
        "state": job.state.as_str(),
        "request_id": job.request_id.as_str(),
        "digest": format!("\\x{}", job.digest),
        "request": request::to_stored(&job.request)?,
        "model": job.model.as_str(),
        "project_id": job.places.project.map(|id| *id.as_uuid()),
        "conversation_id": job.places.conversation.map(|id| *id.as_uuid()),
        "metadata": from_json(job.metadata.as_ref()),
        "resumes_job_id": job.resumes.map(|id| *id.as_uuid()),
        "priority": job.priority.as_str(),
        "routes": to_routes(&job.routes),
        "provider": job.route().map(|route| route.provider.as_str()),
        "operation_type": job.money.operation_type.as_str(),
        "price_id": job.money.price.as_uuid(),
        "amount": job.money.amount.to_string(),
        "transaction_id": job.money.transaction.map(|id| *id.as_uuid()),
        "hold": job.money.hold.as_str(),
        "captured": job.money.captured.to_string(),
        "quota_taken": job.money.quota_taken,
        "delivered": delivered,
        "reason": job.ending.as_ref().map(|ending| ending.reason.as_str()),
        "message": message.map(|message| message.as_str()),
        "progress": job.progress,
        "stuck": job.is_stuck(),
        "due_at": job.work.due_at.to_string(),
        "rank_at": rank_at.to_string(),
        "lease": job.work.lease.map(|lease| Uuid::from_u128(lease.0)),
        "generation": job.work.generation,
        "crashes": job.work.crashes,
        "not_before": job.not_before.to_string(),
        "deadline": job.deadline.to_string(),
        "cancel_asked_at": text(job.cancel_asked_at),
        "revision": job.etag.revision(),
        "created_at": job.created_at.to_string(),
        "updated_at": job.updated_at.to_string(),
        "started_at": text(job.started_at),
        "ended_at": text(job.ended_at),
    }))
}

/// A moment as Postgres reads it, to the microsecond.
fn text(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

fn to_routes(routes: &[Route]) -> Value {
    let pair = |route: &Route| {
        Value::from(vec![route.provider.as_str().to_owned(), route.model.as_str().to_owned()])
    };
    Value::Array(routes.iter().map(pair).collect())
}

fn routes(stored: Value) -> Result<Vec<Route>, StoreError> {
    let pairs: Vec<(String, String)> =
        serde_json::from_value(stored).map_err(|_| corrupt("a job's routes"))?;
    let route = |(provider, model): (String, String)| {
        Ok(Route {
            provider: parsed("a provider", &provider)?,
            model: parsed("a provider's model", &model)?,
        })
    };
    pairs.into_iter().map(route).collect()
}
