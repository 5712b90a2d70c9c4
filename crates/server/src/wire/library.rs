//! Outputs on the wire. Bodies are in `bodies`.

mod bodies;

use app::{Batch, Charged, Named};
use kernel::{OutputId, OutputKind, Page, Position, Timestamp, UserId};
use library::{Charge, ChargeState, Output, OutputFields, OutputPatch, Usage};
use ports::OutputFilter;
use proto::atelier::library::v1 as pb;

pub use bodies::render_body;

use super::fields::{Fields, Mask, Violations, given, named, one};
use super::json;
use super::page::{Asked, Tokens, fitting};
use super::time::{check_order, optional_moment, render_timestamp};
use crate::status::Refusal;

/// What a mask of `UpdateOutputRequest` may name.
const PATCH_FIELDS: [&str; 3] = ["project_id", "message", "art_style"];

/// A page of a user's outputs.
pub struct AskedOutputs {
    pub user: UserId,
    pub filter: OutputFilter,
    pub page: Asked<Position<OutputId>>,
}

pub fn parse_create(
    request: pb::CreateOutputRequest,
) -> Result<(UserId, OutputFields), Violations> {
    let pb::CreateOutputRequest {
        user_id,
        project_id,
        job_id,
        transaction_id,
        run,
        prompt,
        art_style,
        model,
        success,
        message,
        parameters,
        start_time,
        complete_time,
        body,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let project = fields.optional("project_id", given(&project_id));
    let job = fields.optional("job_id", given(&job_id));
    let transaction = fields.optional("transaction_id", given(&transaction_id));
    let run = fields.optional("run", run.as_deref());
    let prompt = fields.parse("prompt", &prompt);
    let art_style = fields.optional("art_style", art_style.as_deref());
    let model = fields.optional("model", model.as_deref());
    let message = fields.optional("message", message.as_deref());
    let parameters = json::optional(&mut fields, "parameters", parameters);
    let started_at = optional_moment(&mut fields, "start_time", start_time);
    let completed_at = optional_moment(&mut fields, "complete_time", complete_time);
    if let (Some(Some(start)), Some(Some(end))) = (started_at, completed_at)
        && end < start
    {
        fields.note("complete_time", "must not be before start_time");
    }
    let body = fields.required("body", body, bodies::parse);
    fields.finish(|| {
        let usage = Usage { started_at: started_at?, completed_at: completed_at? };
        let fields = OutputFields {
            project: project?,
            job: job?,
            transaction: transaction?,
            run: run?,
            prompt: prompt?,
            art_style: art_style?,
            model: model?,
            success,
            message: message?,
            parameters: parameters?,
            usage,
            body: body?,
        };
        Some((user?, fields))
    })
}

pub fn parse_get(request: pb::GetOutputRequest) -> Result<(UserId, OutputId), Violations> {
    let pb::GetOutputRequest { user_id, output_id } = request;
    one(&user_id, "output_id", &output_id)
}

pub fn parse_batch(
    request: pb::BatchGetOutputsRequest,
) -> Result<(UserId, Vec<OutputId>), Violations> {
    let pb::BatchGetOutputsRequest { user_id, output_ids } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let ids = fields.batch("output_ids", &output_ids);
    fields.finish(|| user.zip(ids))
}

pub fn parse_list(
    request: pb::ListOutputsRequest,
    now: Timestamp,
) -> Result<AskedOutputs, Refusal> {
    let filters =
        pb::ListOutputsRequest { page_size: 0, page_token: String::new(), ..request.clone() };
    let tokens = Tokens::of("library.ListOutputs", &filters);
    let pb::ListOutputsRequest {
        user_id,
        page_size,
        page_token,
        kinds,
        project_id,
        job_id,
        model,
        art_style,
        success,
        selected,
        start_time,
        end_time,
        show_deleted,
    } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let kinds: Vec<Option<OutputKind>> = kinds
        .into_iter()
        .enumerate()
        .map(|(index, kind)| fields.choice(&format!("kinds[{index}]"), kind, parse_kind))
        .collect();
    let project = fields.optional("project_id", given(&project_id));
    let job = fields.optional("job_id", given(&job_id));
    let model = fields.optional::<kernel::Line<128>>("model", model.as_deref());
    let art_style = fields.optional::<library::Name>("art_style", art_style.as_deref());
    let from = optional_moment(&mut fields, "start_time", start_time);
    let until = optional_moment(&mut fields, "end_time", end_time);
    let bounds = (from.flatten(), until.flatten());
    check_order(&mut fields, ("start_time", bounds.0), ("end_time", bounds.1));

    let page = Asked::parse(fields, page_size, &page_token, tokens, now)?;
    // Every field is there: what is missing was refused with the page.
    let filter = || {
        Some(OutputFilter {
            kinds: kinds.into_iter().collect::<Option<_>>()?,
            project: project?,
            job: job?,
            model: model?.map(|model| model.to_string()),
            art_style: art_style?.map(|style| style.to_string()),
            success,
            selected,
            from: from?,
            until: until?,
            show_deleted,
        })
    };
    let (user, filter) = user.zip(filter()).ok_or_else(Refusal::internal)?;
    Ok(AskedOutputs { user, filter, page })
}

pub fn parse_update(
    request: pb::UpdateOutputRequest,
) -> Result<(Named<OutputId>, OutputPatch), Violations> {
    let pb::UpdateOutputRequest { user_id, output_id, output, update_mask, etag } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("output_id", &output_id);
    let mask = fields.mask("update_mask", update_mask, &PATCH_FIELDS);
    let patch =
        fields.required("output", output, |fields, patch| parse_patch(fields, &mask, patch));
    let expected = fields.optional("etag", given(&etag));
    fields.finish(|| Some((Named { user: user?, id: id?, expected: expected? }, patch?)))
}

fn parse_patch(fields: &mut Fields, mask: &Mask, patch: pb::OutputPatch) -> Option<OutputPatch> {
    let pb::OutputPatch { project_id, message, art_style } = patch;
    let project = fields.change(mask, "project_id", project_id.as_deref());
    let message = fields.change(mask, "message", message.as_deref());
    let art_style = fields.change(mask, "art_style", art_style.as_deref());
    Some(OutputPatch { project: project?, message: message?, art_style: art_style? })
}

pub fn parse_select(request: pb::SelectSegmentationRequest) -> Result<Named<OutputId>, Violations> {
    let pb::SelectSegmentationRequest { user_id, output_id, etag } = request;
    named(&user_id, "output_id", &output_id, &etag)
}

pub fn parse_delete(request: pb::DeleteOutputRequest) -> Result<Named<OutputId>, Violations> {
    let pb::DeleteOutputRequest { user_id, output_id, etag } = request;
    named(&user_id, "output_id", &output_id, &etag)
}

pub fn parse_restore(request: pb::RestoreOutputRequest) -> Result<Named<OutputId>, Violations> {
    let pb::RestoreOutputRequest { user_id, output_id, etag } = request;
    named(&user_id, "output_id", &output_id, &etag)
}

pub fn parse_purge(request: pb::PurgeOutputRequest) -> Result<Named<OutputId>, Violations> {
    let pb::PurgeOutputRequest { user_id, output_id, etag } = request;
    named(&user_id, "output_id", &output_id, &etag)
}

pub fn render_output(charged: Charged) -> pb::Output {
    let Charged { output, charge } = charged;
    let Output { id, user, fields, selected, life } = output;
    let OutputFields {
        project,
        job,
        // What came of it is in the charge.
        transaction: _,
        run,
        prompt,
        art_style,
        model,
        success,
        message,
        parameters,
        usage,
        body,
    } = fields;
    pb::Output {
        id: id.to_string(),
        user_id: user.to_string(),
        project_id: project.map(|id| id.to_string()).unwrap_or_default(),
        job_id: job.map(|id| id.to_string()).unwrap_or_default(),
        run: run.map(|run| run.to_string()),
        prompt: prompt.to_string(),
        art_style: art_style.map(|style| style.to_string()),
        model: model.map(|model| model.to_string()),
        success,
        message: message.map(|message| message.to_string()),
        parameters: parameters.and_then(|parameters| json::render(parameters.as_str())),
        start_time: usage.started_at.map(render_timestamp),
        complete_time: usage.completed_at.map(render_timestamp),
        body: Some(render_body(body)),
        charge: charge.map(render_charge),
        selected,
        etag: life.etag.to_string(),
        create_time: Some(render_timestamp(life.created_at)),
        update_time: Some(render_timestamp(life.updated_at)),
        delete_time: life.deleted_at.map(render_timestamp),
    }
}

pub fn render_batch(batch: Batch<Charged, OutputId>) -> pb::BatchGetOutputsResponse {
    let Batch { found, missing } = batch;
    let (outputs, unread_output_ids) =
        fitting(found, |charged| charged.output.id.to_string(), render_output);
    pb::BatchGetOutputsResponse {
        outputs,
        missing_output_ids: missing.iter().map(ToString::to_string).collect(),
        unread_output_ids,
    }
}

pub fn render_list(
    asked: &Asked<Position<OutputId>>,
    page: Page<Charged, Position<OutputId>>,
    now: Timestamp,
) -> pb::ListOutputsResponse {
    let position = |charged: &Charged| charged.output.position();
    let (outputs, next_page_token) = asked.fill(page, now, position, render_output);
    pb::ListOutputsResponse { outputs, next_page_token }
}

fn render_charge(charge: Charge) -> pb::OutputCharge {
    let Charge { transaction, charged, refunded, state } = charge;
    let shown = match state {
        ChargeState::Held => pb::ChargeState::Held,
        ChargeState::Charged => pb::ChargeState::Charged,
        ChargeState::PartlyRefunded => pb::ChargeState::PartlyRefunded,
        ChargeState::Refunded => pb::ChargeState::Refunded,
        ChargeState::Released => pb::ChargeState::Released,
    };
    pb::OutputCharge {
        transaction_id: transaction.to_string(),
        credits_used: charged.to_string(),
        credits_refunded: refunded.to_string(),
        refunded: state == ChargeState::Refunded,
        state: shown.into(),
    }
}

fn parse_kind(kind: pb::OutputKind) -> Option<OutputKind> {
    match kind {
        pb::OutputKind::Unspecified => None,
        pb::OutputKind::Concept => Some(OutputKind::Concept),
        pb::OutputKind::Research => Some(OutputKind::Research),
        pb::OutputKind::Summary => Some(OutputKind::Summary),
        pb::OutputKind::Segmentation => Some(OutputKind::Segmentation),
        pb::OutputKind::Image => Some(OutputKind::Image),
        pb::OutputKind::Video => Some(OutputKind::Video),
        pb::OutputKind::Voiceover => Some(OutputKind::Voiceover),
        pb::OutputKind::Character => Some(OutputKind::Character),
    }
}

#[cfg(test)]
mod tests;
