//! Many commands in one request, and their results.

use app::ledger::{BatchMode, Refusal as NotCarriedOut};
use ledger::Outcome;
use proto::atelier::ledger::v1 as pb;

use super::commands::{CommandRequest, Order};
use super::render_outcome;
use crate::status::{Refusal, spec};
use crate::wire::fields::{Fields, Violations};

/// How many commands a batch has at most: locked together for some thirty milliseconds.
const COMMANDS_MAX: usize = 1_000;

/// The commands of a batch, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedBatch {
    pub orders: Vec<Order>,
    pub mode: BatchMode,
}

pub fn parse_batch(request: pb::BatchApplyRequest) -> Result<AskedBatch, Violations> {
    let pb::BatchApplyRequest { commands, all_or_nothing } = request;
    let mut fields = Fields::new();
    let orders = if (1..=COMMANDS_MAX).contains(&commands.len()) {
        fields.each("commands", commands, read)
    } else {
        fields.check("commands", Err(format!("must be 1 to {COMMANDS_MAX} commands")))
    };
    let mode = if all_or_nothing { BatchMode::AllOrNothing } else { BatchMode::Each };
    fields.finish(|| Some(AskedBatch { orders: orders?, mode }))
}

pub fn render_results(results: Vec<Result<Outcome, NotCarriedOut>>) -> pb::BatchApplyResponse {
    pb::BatchApplyResponse { results: results.into_iter().map(render_result).collect() }
}

fn read(fields: &mut Fields, message: pb::Command) -> Option<Order> {
    use pb::command::Command;

    let pb::Command { command } = message;
    match fields.check("command", command.ok_or("must be one of the known commands"))? {
        Command::Deduct(request) => member(fields, "deduct", request.validate_only, request),
        Command::Reserve(request) => member(fields, "reserve", request.validate_only, request),
        Command::Capture(request) => member(fields, "capture", request.validate_only, request),
        Command::Release(request) => member(fields, "release", request.validate_only, request),
        Command::ExtendHold(request) => {
            member(fields, "extend_hold", request.validate_only, request)
        }
        Command::Refund(request) => member(fields, "refund", request.validate_only, request),
        Command::Purchase(request) => member(fields, "purchase", request.validate_only, request),
        Command::Grant(request) => member(fields, "grant", request.validate_only, request),
        Command::Adjust(request) => member(fields, "adjust", request.validate_only, request),
    }
}

fn member(
    fields: &mut Fields,
    field: &str,
    validate_only: bool,
    request: impl CommandRequest,
) -> Option<Order> {
    fields.required(field, Some(request), |fields, request| {
        let order = request.read(fields);
        if validate_only {
            fields.note("validate_only", "has no place in a batch");
        }
        order
    })
}

fn render_result(result: Result<Outcome, NotCarriedOut>) -> pb::CommandResult {
    match result {
        Ok(outcome) => {
            let (mut transaction, balance, replayed) = render_outcome(outcome);
            // A thousand of each would not fit a message, and the call must not fail for that.
            if let Some(operation) = transaction.as_mut().and_then(|it| it.operation.as_mut()) {
                operation.description = None;
                operation.metadata = None;
            }
            pb::CommandResult { transaction, balance, replayed, error: None }
        }
        Err(refusal) => pb::CommandResult {
            transaction: None,
            balance: None,
            replayed: false,
            error: Some(render_error(refusal.into())),
        },
    }
}

fn render_error(refusal: Refusal) -> pb::CommandError {
    let Refusal {
        reason,
        message,
        metadata,
        // One message has to do: the call's own details are about the call.
        violations: _,
        retry_delay: _,
    } = refusal;
    let spec = spec(reason);
    pb::CommandError {
        code: spec.code.into(),
        reason: spec.name.to_owned(),
        message: message.into_owned(),
        metadata: metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
    }
}

#[cfg(test)]
mod tests;
