//! The steps of a job, and what was tried for each.

use generation::{Job, Part, Route, Step, StepState, Submission, View};
use proto::atelier::generation::v1 as pb;

use crate::wire::time::render_timestamp;

pub(super) fn render(job: &Job) -> Vec<pb::JobStep> {
    job.steps.iter().map(|step| render_step(step, &job.routes)).collect()
}

fn render_step(step: &Step, routes: &[Route]) -> pb::JobStep {
    let Step {
        part,
        state,
        submission,
        route,
        attempts,
        submissions,
        // How a provider is asked again is between us and it.
        misses: _,
        marker: _,
        operation: _,
        asked,
        pieces: _,
        trouble,
        submitted_at,
        quarantined_until,
        carried,
    } = step;
    let route = routes.get(usize::from(*route));
    let trouble = trouble.as_ref().map(|trouble| pb::JobTrouble {
        class: trouble.class.to_string(),
        message: trouble.message.to_string(),
    });
    pb::JobStep {
        part: render_part(*part).into(),
        state: render_state(*state).into(),
        submission: render_submission(*submission).into(),
        provider: route.map(|route| route.provider.to_string()).unwrap_or_default(),
        provider_model: route.map(|route| route.model.to_string()).unwrap_or_default(),
        attempts: i32::from(*attempts),
        submissions: i32::from(*submissions),
        asked: i32::from(*asked),
        delivered: i32::try_from(step.delivered()).unwrap_or(i32::MAX),
        trouble,
        submit_time: submitted_at.map(render_timestamp),
        quarantine_end_time: quarantined_until.map(render_timestamp),
        carried: *carried,
    }
}

pub(super) fn render_part(part: Part) -> pb::JobPart {
    match part {
        Part::Whole => pb::JobPart::Whole,
        Part::View(View::Front) => pb::JobPart::Front,
        Part::View(View::FrontLeft) => pb::JobPart::FrontLeft,
        Part::View(View::Left) => pb::JobPart::Left,
        Part::View(View::Back) => pb::JobPart::Back,
        Part::View(View::Right) => pb::JobPart::Right,
        Part::View(View::FrontRight) => pb::JobPart::FrontRight,
        Part::Final => pb::JobPart::Final,
    }
}

fn render_state(state: StepState) -> pb::JobStepState {
    match state {
        StepState::Open => pb::JobStepState::Open,
        StepState::Stored => pb::JobStepState::Stored,
        StepState::Failed => pb::JobStepState::Failed,
    }
}

fn render_submission(submission: Submission) -> pb::JobSubmission {
    match submission {
        Submission::NotStarted => pb::JobSubmission::NotStarted,
        Submission::InFlight => pb::JobSubmission::InFlight,
        Submission::Accepted => pb::JobSubmission::Accepted,
        Submission::ProviderDone => pb::JobSubmission::ProviderDone,
        Submission::NotSent => pb::JobSubmission::NotSent,
        Submission::Rejected => pb::JobSubmission::Rejected,
        Submission::Ambiguous => pb::JobSubmission::Ambiguous,
    }
}
