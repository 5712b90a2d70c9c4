//! What a transaction is for, on the wire.

use ledger::{Label, Operation};
use proto::atelier::ledger::v1 as pb;

use crate::wire::fields::Fields;
use crate::wire::json;

/// Metadata is for labels, not for documents.
const METADATA_BYTES_MAX: usize = 8 * 1024;

/// Reads the field `operation`, which may be absent: all of it is optional.
pub(super) fn read(fields: &mut Fields, operation: Option<pb::Operation>) -> Option<Operation> {
    match operation {
        None => Some(Operation::default()),
        Some(operation) => fields.required("operation", Some(operation), read_message),
    }
}

/// A label that may be absent. `Some(None)` says that it is.
pub(super) fn label<const MAX: usize>(
    fields: &mut Fields,
    field: &str,
    text: Option<&str>,
) -> Option<Option<Label<MAX>>> {
    match text {
        None => Some(None),
        Some(text) => fields.check(field, Label::parse(text)).map(Some),
    }
}

/// Nothing for an operation without any part.
pub(super) fn render(operation: Operation) -> Option<pb::Operation> {
    if operation == Operation::default() {
        return None;
    }
    let Operation {
        operation_type,
        model,
        operation_id,
        edit_price,
        project,
        reference,
        description,
        metadata,
    } = operation;
    Some(pb::Operation {
        operation_type: text(operation_type),
        model: text(model),
        operation_id: text(operation_id),
        edit_price,
        project_id: project.map(|id| id.to_string()),
        reference: text(reference),
        description: text(description),
        metadata: metadata.and_then(|metadata| json::render(&metadata)),
    })
}

fn read_message(fields: &mut Fields, operation: pb::Operation) -> Option<Operation> {
    let pb::Operation {
        operation_type,
        model,
        operation_id,
        edit_price,
        project_id,
        reference,
        description,
        metadata,
    } = operation;
    let operation_type = label(fields, "operation_type", operation_type.as_deref());
    let model = label(fields, "model", model.as_deref());
    let operation_id = label(fields, "operation_id", operation_id.as_deref());
    let project = fields.optional("project_id", project_id.as_deref());
    let reference = label(fields, "reference", reference.as_deref());
    let description = label(fields, "description", description.as_deref());
    let metadata = fields.check(
        "metadata",
        metadata.map_or(Ok(None), |metadata| json::parse(metadata, METADATA_BYTES_MAX)),
    );
    Some(Operation {
        operation_type: operation_type?,
        model: model?,
        operation_id: operation_id?,
        edit_price,
        project: project?,
        reference: reference?,
        description: description?,
        metadata: metadata?,
    })
}

fn text<const MAX: usize>(label: Option<Label<MAX>>) -> Option<String> {
    label.map(|label| label.as_str().to_owned())
}
