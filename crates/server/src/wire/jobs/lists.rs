//! Several jobs at once: by their ids, in pages, and those that are stuck.

use app::Batch;
use generation::{Job, JobKind, PublicState};
use kernel::{JobId, Page, PageSize, Position, Timestamp, UserId};
use ports::JobFilter;
use proto::atelier::generation::v1 as pb;

use super::render::render_job;
use crate::status::Refusal;
use crate::wire::fields::{Fields, Violations, given};
use crate::wire::page::{Asked, Tokens, fitting};
use crate::wire::time::{check_order, optional_moment};

/// A page of a user's jobs.
pub struct AskedJobs {
    pub user: UserId,
    pub filter: JobFilter,
    pub page: Asked<Position<JobId>>,
}

pub fn parse_batch_get(
    request: pb::BatchGetJobsRequest,
) -> Result<(UserId, Vec<JobId>), Violations> {
    let pb::BatchGetJobsRequest { user_id, job_ids } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let ids = fields.batch("job_ids", &job_ids);
    fields.finish(|| user.zip(ids))
}

pub fn parse_list(request: pb::ListJobsRequest, now: Timestamp) -> Result<AskedJobs, Refusal> {
    let filters =
        pb::ListJobsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("generation.ListJobs", &filters);
    let pb::ListJobsRequest {
        user_id,
        page_size,
        page_token,
        kinds,
        states,
        project_id,
        conversation_id,
        model,
        start_time,
        end_time,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let kinds: Vec<_> = (kinds.into_iter().enumerate())
        .map(|(index, kind)| fields.choice(&format!("kinds[{index}]"), kind, parse_kind))
        .collect();
    let states: Vec<_> = (states.into_iter().enumerate())
        .map(|(index, state)| fields.choice(&format!("states[{index}]"), state, parse_state))
        .collect();
    let project = fields.optional("project_id", given(&project_id));
    let conversation = fields.optional("conversation_id", given(&conversation_id));
    let model = fields.optional("model", model.as_deref());
    let from = optional_moment(&mut fields, "start_time", start_time);
    let until = optional_moment(&mut fields, "end_time", end_time);
    let bounds = (from.flatten(), until.flatten());
    check_order(&mut fields, ("start_time", bounds.0), ("end_time", bounds.1));

    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Every field is there: what is missing was refused with the page.
    let filter = || {
        let states: Vec<PublicState> = states.into_iter().collect::<Option<_>>()?;
        Some(JobFilter {
            kinds: kinds.into_iter().collect::<Option<_>>()?,
            states: states.into_iter().flat_map(PublicState::states).collect(),
            project: project?,
            conversation: conversation?,
            model: model?,
            from: from?,
            until: until?,
        })
    };
    let (user, filter) = user.zip(filter()).ok_or_else(Refusal::internal)?;
    Ok(AskedJobs { user, filter, page })
}

/// How many jobs that are stuck are asked for.
pub fn parse_stuck(request: pb::ListStuckJobsRequest) -> Result<PageSize, Violations> {
    let pb::ListStuckJobsRequest { page_size } = request;
    let mut fields = Fields::new();
    let size = fields.check("page_size", PageSize::parse(page_size));
    fields.finish(|| size).map(|size| size.at_most(PageSize::OF_LARGE))
}

pub fn render_batch_get(batch: Batch<Job, JobId>) -> pb::BatchGetJobsResponse {
    let Batch { found, missing } = batch;
    let (jobs, unread_job_ids) = fitting(found, |job| job.id.to_string(), render_job);
    pb::BatchGetJobsResponse {
        jobs,
        missing_job_ids: missing.iter().map(ToString::to_string).collect(),
        unread_job_ids,
    }
}

pub fn render_list(
    asked: &Asked<Position<JobId>>,
    page: Page<Job, Position<JobId>>,
    now: Timestamp,
) -> pb::ListJobsResponse {
    let (jobs, next_page_token) = asked.fill(page, now, Job::position, render_job);
    pb::ListJobsResponse { jobs, next_page_token }
}

pub fn render_stuck(jobs: Vec<Job>) -> pb::ListStuckJobsResponse {
    let (jobs, _unread) = fitting(jobs, |job| job.id.to_string(), render_job);
    pb::ListStuckJobsResponse { jobs }
}

fn parse_kind(kind: pb::JobKind) -> Option<JobKind> {
    match kind {
        pb::JobKind::Unspecified => None,
        pb::JobKind::Chat => Some(JobKind::Chat),
        pb::JobKind::Concept => Some(JobKind::Concept),
        pb::JobKind::Research => Some(JobKind::Research),
        pb::JobKind::Summary => Some(JobKind::Summary),
        pb::JobKind::Segmentation => Some(JobKind::Segmentation),
        pb::JobKind::Image => Some(JobKind::Image),
        pb::JobKind::ImageEdit => Some(JobKind::ImageEdit),
        pb::JobKind::Video => Some(JobKind::Video),
        pb::JobKind::Voiceover => Some(JobKind::Voiceover),
        pb::JobKind::Character => Some(JobKind::Character),
        pb::JobKind::Variant => Some(JobKind::Variant),
        pb::JobKind::Scene => Some(JobKind::Scene),
    }
}

fn parse_state(state: pb::JobState) -> Option<PublicState> {
    match state {
        pb::JobState::Unspecified => None,
        pb::JobState::Queued => Some(PublicState::Queued),
        pb::JobState::Running => Some(PublicState::Running),
        pb::JobState::Succeeded => Some(PublicState::Succeeded),
        pb::JobState::Failed => Some(PublicState::Failed),
        pb::JobState::Cancelled => Some(PublicState::Cancelled),
    }
}
