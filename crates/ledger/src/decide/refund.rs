//! Refunds: a charge given back, whole or in parts, into the lots that paid it.

use kernel::{Credits, Delta, Timestamp, TransactionId};

use crate::decide::completed;
use crate::draft::{Draft, add, subtract};
use crate::entry::EntryKind;
use crate::operation::Operation;
use crate::rejection::{DecideError, Rejection};
use crate::transaction::{Transaction, TransactionKind, TransactionStatus};

pub(super) fn refund(
    draft: &mut Draft<'_>,
    id: TransactionId,
    charge: TransactionId,
    requested: Option<Credits>,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let mut charge =
        draft.transaction(charge).ok_or(Rejection::TransactionNotFound(charge))?.clone();
    let left = refundable(&charge)?;
    let amount = requested.unwrap_or(left);
    if amount > left || amount.is_zero() {
        let (charged, refunded) = (charge.captured, charge.refunded);
        return Err(Rejection::RefundExceedsCharge { charged, refunded, requested: amount }.into());
    }

    // The last to burn is the first to come back: what is left of the charge then stands as if the
    // refunded part had never been taken.
    let mut rest = amount;
    let mut portions = Vec::new();
    for part in charge.allocations.iter_mut().rev() {
        let back = rest.min(subtract(part.amount, part.returned)?);
        rest = subtract(rest, back)?;
        part.returned = add(part.returned, back)?;
        portions.push((part.lot, back));
    }
    if !rest.is_zero() {
        return Err(DecideError::Unsound("a charge's lots do not cover it"));
    }
    let placed = draft.give_back(&portions, id, at)?;
    draft.post(id, EntryKind::Refunded, Delta::plus(amount), Delta::ZERO, at)?;

    charge.refunded = add(charge.refunded, amount)?;
    if charge.refunded == charge.captured {
        charge.status = TransactionStatus::Refunded;
    }
    // What the charge was for, so that sums by operation, model and project net out.
    let what_for = Operation {
        operation_type: charge.operation.operation_type.clone(),
        model: charge.operation.model.clone(),
        operation_id: charge.operation.operation_id.clone(),
        edit_price: charge.operation.edit_price,
        project: charge.operation.project,
        ..operation.clone()
    };
    let kind = TransactionKind::Refund;
    let transaction = completed(draft, id, kind, Delta::plus(amount), &what_for, at);
    let parent = Some(charge.id);
    draft.put_transaction(Transaction { parent, allocations: placed, ..transaction });
    draft.put_transaction(charge);
    Ok(id)
}

/// How much of a charge can still be given back.
fn refundable(charge: &Transaction) -> Result<Credits, DecideError> {
    match (charge.kind, charge.status) {
        (
            TransactionKind::Deduction,
            TransactionStatus::Completed | TransactionStatus::Refunded,
        ) => subtract(charge.captured, charge.refunded),
        (kind, status) => Err(Rejection::NotRefundable { kind, status }.into()),
    }
}
