//! Jobs on the wire: requests are read here, what they are to make in `spec`, and jobs are written
//! in `render`.

mod lists;
mod render;
mod spec;

use std::time::Duration;

use app::jobs::{Accepted, JobError, JobQuote, NewJob, Retry};
use generation::decide::Resolution;
use generation::{Job, Places, Priority};
use kernel::{Etag, JobId, Span, Timestamp, UserId};
use proto::atelier::generation::v1 as pb;

pub use lists::{
    AskedJobs, parse_batch_get, parse_list, parse_stuck, render_batch_get, render_list,
    render_stuck,
};
pub use render::render_job;

use super::fields::{Fields, Violations, given, one};
use super::json;
use super::page::{Cursor, Tokens};
use super::time::{optional_moment, parse_span};
use crate::status::{Refusal, spec as error_spec};

/// How many jobs one call may ask for: what comes back stays well below a message.
const BATCH_MAX: usize = 100;

/// How far ahead a job may begin.
// 14 days: its credits are set aside until it has ended, and no hold is longer than 30 days.
const AHEAD_MAX: Span = Span::from_secs(14 * 24 * 60 * 60);

/// The longest that anybody may ask to wait. The deadline of the call is shorter.
const PATIENCE_MAX: Span = Span::from_secs(60 * 60);

/// A job that is asked for, or that it is only to be quoted.
pub struct AskedJob {
    pub new: NewJob,
    pub validate_only: bool,
}

pub fn parse_create(request: pb::CreateJobRequest, now: Timestamp) -> Result<AskedJob, Violations> {
    let mut fields = Fields::new();
    let asked = read(&mut fields, request, now);
    fields.finish(|| asked)
}

pub fn parse_batch_create(
    request: pb::BatchCreateJobsRequest,
    now: Timestamp,
) -> Result<Vec<NewJob>, Violations> {
    let pb::BatchCreateJobsRequest { requests } = request;
    let mut fields = Fields::new();
    let jobs = if (1..=BATCH_MAX).contains(&requests.len()) {
        fields.each("requests", requests, |fields, request| {
            if request.validate_only {
                fields.note("validate_only", "has no place in a batch");
            }
            Some(read(fields, request, now)?.new)
        })
    } else {
        fields.check("requests", Err(format!("must be 1 to {BATCH_MAX} requests")))
    };
    fields.finish(|| jobs)
}

fn read(fields: &mut Fields, request: pb::CreateJobRequest, now: Timestamp) -> Option<AskedJob> {
    let pb::CreateJobRequest {
        user_id,
        request_id,
        spec,
        model,
        project_id,
        conversation_id,
        metadata,
        priority,
        not_before_time,
        operation_type,
        validate_only,
    } = request;
    let user = fields.parse("user_id", &user_id);
    let request_id = fields.parse("request_id", &request_id);
    let request = fields.required("spec", spec, spec::parse);
    let model = fields.parse("model", &model);
    let project = fields.optional("project_id", given(&project_id));
    let conversation = fields.optional("conversation_id", given(&conversation_id));
    let metadata = json::optional(fields, "metadata", metadata);
    let priority = fields.choice("priority", priority, |priority: pb::JobPriority| {
        Some(match priority {
            pb::JobPriority::Unspecified | pb::JobPriority::Normal => Priority::Normal,
            pb::JobPriority::Interactive => Priority::Interactive,
            pb::JobPriority::Batch => Priority::Batch,
        })
    });
    let not_before = optional_moment(fields, "not_before_time", not_before_time);
    if not_before.flatten().is_some_and(|at| at.since(now) > AHEAD_MAX) {
        fields.note("not_before_time", "must be at most 14 days ahead");
    }
    let operation_type = fields.optional("operation_type", operation_type.as_deref());
    let new = NewJob {
        user: user?,
        request_id: request_id?,
        request: request?,
        model: model?,
        places: Places { project: project?, conversation: conversation? },
        metadata: metadata?,
        priority: priority?,
        not_before: not_before?,
        operation_type: operation_type?,
    };
    Some(AskedJob { new, validate_only })
}

pub fn parse_get(request: pb::GetJobRequest) -> Result<(UserId, JobId), Violations> {
    let pb::GetJobRequest { user_id, job_id } = request;
    one(&user_id, "job_id", &job_id)
}

pub fn parse_cancel(request: pb::CancelJobRequest) -> Result<(UserId, JobId), Violations> {
    let pb::CancelJobRequest { user_id, job_id } = request;
    one(&user_id, "job_id", &job_id)
}

pub fn parse_wait(
    request: pb::WaitJobRequest,
) -> Result<(UserId, JobId, Option<Duration>), Violations> {
    let pb::WaitJobRequest { user_id, job_id, patience } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("job_id", &job_id);
    let patience = patience.map_or(Some(None), |patience| {
        let span = fields.check("patience", parse_span(patience, Span::ZERO, PATIENCE_MAX))?;
        Some(u64::try_from(span.as_micros()).ok().map(Duration::from_micros))
    });
    fields.finish(|| Some((user?, id?, patience?)))
}

/// A job to follow, what has been seen of it, and what makes the tokens of the stream.
pub struct AskedWatch {
    pub user: UserId,
    pub id: JobId,
    pub seen: Option<Etag>,
    pub tokens: Tokens,
}

pub fn parse_watch(request: pb::WatchJobRequest, now: Timestamp) -> Result<AskedWatch, Violations> {
    let bound = pb::WatchJobRequest { resume_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("generation.WatchJob", &bound);
    let pb::WatchJobRequest { user_id, job_id, resume_token } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("job_id", &job_id);
    let seen = resumed(&mut fields, &tokens, &resume_token, now);
    fields.finish(|| Some(AskedWatch { user: user?, id: id?, seen: seen?, tokens }))
}

pub fn parse_retry(request: pb::RetryJobRequest) -> Result<Retry, Violations> {
    let pb::RetryJobRequest { user_id, job_id, request_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("job_id", &job_id);
    let request_id = fields.parse("request_id", &request_id);
    fields.finish(|| Some(Retry { user: user?, id: id?, request_id: request_id? }))
}

pub fn parse_settle(
    request: pb::SettleJobRequest,
) -> Result<(UserId, JobId, Resolution), Violations> {
    let pb::SettleJobRequest { user_id, job_id, mode } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("job_id", &job_id);
    let mode = fields.choice("mode", mode, |mode: pb::SettleMode| match mode {
        pb::SettleMode::Unspecified => None,
        pb::SettleMode::Release => Some(Resolution::Release),
        pb::SettleMode::WriteOff => Some(Resolution::WriteOff),
    });
    fields.finish(|| Some((user?, id?, mode?)))
}

pub fn parse_retry_stuck(request: pb::RetryStuckJobRequest) -> Result<(UserId, JobId), Violations> {
    let pb::RetryStuckJobRequest { user_id, job_id } = request;
    one(&user_id, "job_id", &job_id)
}

pub fn render_quote(quote: JobQuote) -> pb::JobQuote {
    let JobQuote { operation_type, price, quantity, total, ends } = quote;
    pb::JobQuote {
        operation_type: operation_type.to_string(),
        price_version_id: price.to_string(),
        quantity: quantity.to_string(),
        total: total.to_string(),
        model_shutdown_date: ends.map(|day| day.to_string()),
    }
}

pub fn render_outcome(outcome: Result<Accepted, JobError>) -> pb::JobOutcome {
    use pb::job_outcome::Outcome;

    match outcome {
        Ok(Accepted { job, replayed }) => {
            // A hundred of each would not fit a message, and the caller has both.
            let job = pb::Job { spec: None, metadata: None, ..render_job(job) };
            pb::JobOutcome { outcome: Some(Outcome::Job(job)), replayed }
        }
        Err(error) => {
            let Refusal { reason, message, metadata, violations: _, retry_delay: _ } = error.into();
            let spec = error_spec(reason);
            let refusal = pb::JobRefusal {
                code: spec.code.into(),
                reason: spec.name.to_owned(),
                message: message.into_owned(),
                metadata: (metadata.into_iter())
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
            };
            pb::JobOutcome { outcome: Some(Outcome::Refusal(refusal)), replayed: false }
        }
    }
}

/// A job of a stream that is watched, or a sign of life.
pub fn render_watched(
    tokens: &Tokens,
    job: Option<Job>,
    seen: Option<Etag>,
    now: Timestamp,
) -> pb::WatchJobResponse {
    let resume_token = seen.map(|seen| tokens.seal(&seen, now)).unwrap_or_default();
    pb::WatchJobResponse { job: job.map(render_job), resume_token }
}

/// Where a stream is to go on. `Some(None)` says that it begins.
pub(super) fn resumed<C: Cursor>(
    fields: &mut Fields,
    tokens: &Tokens,
    token: &str,
    now: Timestamp,
) -> Option<Option<C>> {
    let opened = tokens.open(token, now);
    let problem = "must be a token of the same request, at most three days old";
    fields.check("resume_token", opened.map_err(|_| problem))
}

#[cfg(test)]
mod tests;
