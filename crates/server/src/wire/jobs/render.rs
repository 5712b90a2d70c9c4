//! A job as callers see it. What it has made is in `result`, its steps in `steps`.

mod result;
mod steps;

use generation::{Ending, HoldState, Job, JobKind, Money, Places, Priority, PublicState, Reason};
use proto::atelier::generation::v1 as pb;

use super::spec::render_spec;
use crate::wire::json;
use crate::wire::time::render_timestamp;

pub fn render_job(job: Job) -> pb::Job {
    let (kind, stuck) = (job.kind(), job.is_stuck());
    let result = result::render(&job);
    let steps = steps::render(&job);
    let Job {
        user,
        id,
        request_id,
        digest: _,
        request,
        model,
        places,
        metadata,
        resumes,
        priority,
        routes: _,
        money,
        state,
        ending,
        progress,
        steps: _,
        // Who works on it is nobody's business.
        work: _,
        not_before,
        deadline,
        cancel_asked_at,
        etag,
        created_at,
        updated_at,
        started_at,
        ended_at,
    } = job;
    let Places { project, conversation } = places;
    pb::Job {
        id: id.to_string(),
        user_id: user.to_string(),
        kind: render_kind(kind).into(),
        state: render_state(state.public()).into(),
        progress: progress.into(),
        spec: Some(render_spec(request)),
        model: model.to_string(),
        project_id: project.map(|id| id.to_string()).unwrap_or_default(),
        conversation_id: conversation.map(|id| id.to_string()).unwrap_or_default(),
        metadata: metadata.and_then(|metadata| json::render(metadata.as_str())),
        priority: render_priority(priority).into(),
        request_id: request_id.to_string(),
        resumed_job_id: resumes.map(|id| id.to_string()).unwrap_or_default(),
        charge: Some(render_money(money)),
        ending: ending.map(render_ending),
        result,
        steps,
        stuck,
        not_before_time: Some(render_timestamp(not_before)),
        deadline_time: Some(render_timestamp(deadline)),
        cancel_request_time: cancel_asked_at.map(render_timestamp),
        create_time: Some(render_timestamp(created_at)),
        update_time: Some(render_timestamp(updated_at)),
        start_time: started_at.map(render_timestamp),
        end_time: ended_at.map(render_timestamp),
        etag: etag.to_string(),
    }
}

fn render_money(money: Money) -> pb::JobCharge {
    let Money { operation_type, price, amount, transaction, hold, captured, quota_taken } = money;
    let hold = match hold {
        HoldState::Free => pb::JobHold::Free,
        HoldState::Reserved => pb::JobHold::Reserved,
        HoldState::Captured => pb::JobHold::Captured,
        HoldState::Released => pb::JobHold::Released,
        HoldState::WrittenOff => pb::JobHold::WrittenOff,
    };
    pb::JobCharge {
        operation_type: operation_type.to_string(),
        price_version_id: price.to_string(),
        amount: amount.to_string(),
        captured: captured.to_string(),
        hold: hold.into(),
        transaction_id: transaction.map(|id| id.to_string()).unwrap_or_default(),
        quota_taken,
    }
}

fn render_ending(ending: Ending) -> pb::JobEnding {
    let Ending { reason, message } = ending;
    let reason = match reason {
        Reason::ProviderFailed => pb::JobEndReason::ProviderFailed,
        Reason::InvalidArgument => pb::JobEndReason::InvalidArgument,
        Reason::ContentRefused => pb::JobEndReason::ContentRefused,
        Reason::RateLimited => pb::JobEndReason::RateLimited,
        Reason::ProviderUnavailable => pb::JobEndReason::ProviderUnavailable,
        Reason::ModelRetired => pb::JobEndReason::ModelRetired,
        Reason::OutputLost => pb::JobEndReason::OutputLost,
        Reason::OutcomeUnknown => pb::JobEndReason::OutcomeUnknown,
        Reason::DeadlineExceeded => pb::JobEndReason::DeadlineExceeded,
        Reason::Cancelled => pb::JobEndReason::Cancelled,
        Reason::SourceGone => pb::JobEndReason::SourceGone,
        Reason::WorkerCrashed => pb::JobEndReason::WorkerCrashed,
        Reason::Operator => pb::JobEndReason::Operator,
    };
    pb::JobEnding { reason: reason.into(), message: message.map(|message| message.to_string()) }
}

fn render_kind(kind: JobKind) -> pb::JobKind {
    match kind {
        JobKind::Chat => pb::JobKind::Chat,
        JobKind::Concept => pb::JobKind::Concept,
        JobKind::Research => pb::JobKind::Research,
        JobKind::Summary => pb::JobKind::Summary,
        JobKind::Segmentation => pb::JobKind::Segmentation,
        JobKind::Image => pb::JobKind::Image,
        JobKind::ImageEdit => pb::JobKind::ImageEdit,
        JobKind::Video => pb::JobKind::Video,
        JobKind::Voiceover => pb::JobKind::Voiceover,
        JobKind::Character => pb::JobKind::Character,
        JobKind::Variant => pb::JobKind::Variant,
        JobKind::Scene => pb::JobKind::Scene,
    }
}

fn render_state(state: PublicState) -> pb::JobState {
    match state {
        PublicState::Queued => pb::JobState::Queued,
        PublicState::Running => pb::JobState::Running,
        PublicState::Succeeded => pb::JobState::Succeeded,
        PublicState::Failed => pb::JobState::Failed,
        PublicState::Cancelled => pb::JobState::Cancelled,
    }
}

fn render_priority(priority: Priority) -> pb::JobPriority {
    match priority {
        Priority::Interactive => pb::JobPriority::Interactive,
        Priority::Normal => pb::JobPriority::Normal,
        Priority::Batch => pb::JobPriority::Batch,
    }
}
