//! Charging: deduct at once, or reserve and then capture or release.

use kernel::{Credits, Delta, Span, Timestamp, TransactionId};

use crate::decide::completed;
use crate::draft::{Draft, add, subtract};
use crate::entry::EntryKind;
use crate::operation::Operation;
use crate::rejection::{DecideError, Rejection};
use crate::transaction::{
    Allocation, Hold, HoldEnd, LateCapture, OverCapture, ReleaseOutcome, Transaction,
    TransactionKind, TransactionStatus,
};

pub(super) fn deduct(
    draft: &mut Draft<'_>,
    id: TransactionId,
    amount: Credits,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let allocations = draft.take(amount)?;
    draft.post(id, EntryKind::Deducted, Delta::minus(amount), Delta::ZERO, at)?;
    let kind = TransactionKind::Deduction;
    let transaction = completed(draft, id, kind, Delta::minus(amount), operation, at);
    draft.put_transaction(Transaction { captured: amount, allocations, ..transaction });
    Ok(id)
}

pub(super) fn reserve(
    draft: &mut Draft<'_>,
    id: TransactionId,
    hold: Hold,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let (out, set_aside) = (Delta::minus(hold.amount), Delta::plus(hold.amount));
    let allocations = draft.take(hold.amount)?;
    draft.post(id, EntryKind::Held, out, set_aside, at)?;
    let transaction = completed(draft, id, TransactionKind::Deduction, out, operation, at);
    draft.put_transaction(Transaction {
        status: TransactionStatus::Pending,
        hold: Some(hold),
        allocations,
        processed_at: None,
        ..transaction
    });
    Ok(id)
}

pub(super) fn capture(
    draft: &mut Draft<'_>,
    id: TransactionId,
    requested: Option<Credits>,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let (transaction, hold) = find_hold(draft, id)?;
    let requested = requested.unwrap_or(hold.amount);
    let late = match hold.end {
        None => false,
        Some(HoldEnd::Lapsed)
            if hold.late_capture == LateCapture::AcceptIfCovered && !requested.is_zero() =>
        {
            true
        }
        Some(end) => return Err(ended(&transaction, hold, end).into()),
    };
    let amount = if requested <= hold.amount {
        requested
    } else {
        match hold.over_capture {
            OverCapture::Reject => {
                let held = hold.amount;
                return Err(Rejection::CaptureExceedsHold { held, requested }.into());
            }
            OverCapture::Cap => hold.amount,
            OverCapture::TakeFromBalance => requested,
        }
    };
    let (end, allocations) = if late {
        let allocations = draft.take(amount)?;
        draft.post(id, EntryKind::CapturedLate, Delta::minus(amount), Delta::ZERO, at)?;
        (HoldEnd::CapturedLate, allocations)
    } else {
        (HoldEnd::Captured, capture_open(draft, &transaction, hold, amount, at)?)
    };
    draft.put_transaction(Transaction {
        status: TransactionStatus::Completed,
        amount: Delta::minus(amount),
        balance_after: draft.account.available,
        hold: Some(Hold { end: Some(end), ..hold }),
        captured: amount,
        allocations,
        processed_at: Some(at),
        ..transaction
    });
    Ok(id)
}

/// Charges an open hold: the lots that burn first pay, the others get their part back, and what
/// was not held comes out of what is available.
fn capture_open(
    draft: &mut Draft<'_>,
    transaction: &Transaction,
    hold: Hold,
    amount: Credits,
    at: Timestamp,
) -> Result<Vec<Allocation>, DecideError> {
    let from_hold = amount.min(hold.amount);
    let returned = subtract(hold.amount, from_hold)?;
    let extra = subtract(amount, from_hold)?;
    let mut left = from_hold;
    let mut paid = Vec::new();
    let mut unspent = Vec::new();
    for part in &transaction.allocations {
        let charged = left.min(part.amount);
        left = subtract(left, charged)?;
        if !charged.is_zero() {
            paid.push(Allocation { amount: charged, ..*part });
        }
        unspent.push((part.lot, subtract(part.amount, charged)?));
    }
    if !left.is_zero() {
        return Err(DecideError::Unsound("a hold's lots do not cover it"));
    }
    draft.give_back(&unspent, transaction.id, at)?;
    for part in draft.take(extra)? {
        match paid.iter_mut().find(|paid| paid.lot == part.lot) {
            Some(paid) => paid.amount = add(paid.amount, part.amount)?,
            None => paid.push(part),
        }
    }
    // Only one of the two is not zero.
    let change = if extra.is_zero() { Delta::plus(returned) } else { Delta::minus(extra) };
    draft.post(transaction.id, EntryKind::Captured, change, Delta::minus(hold.amount), at)?;
    Ok(paid)
}

pub(super) fn release(
    draft: &mut Draft<'_>,
    id: TransactionId,
    outcome: ReleaseOutcome,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let (transaction, hold) = find_hold(draft, id)?;
    if let Some(end) = hold.end {
        return Err(ended(&transaction, hold, end).into());
    }
    let portions: Vec<_> =
        transaction.allocations.iter().map(|part| (part.lot, part.amount)).collect();
    draft.give_back(&portions, id, at)?;
    let (back, freed) = (Delta::plus(hold.amount), Delta::minus(hold.amount));
    draft.post(id, EntryKind::Released, back, freed, at)?;
    draft.put_transaction(Transaction {
        status: match outcome {
            ReleaseOutcome::Cancelled => TransactionStatus::Cancelled,
            ReleaseOutcome::Failed => TransactionStatus::Failed,
        },
        balance_after: draft.account.available,
        hold: Some(Hold { end: Some(HoldEnd::Released), ..hold }),
        allocations: Vec::new(),
        processed_at: Some(at),
        ..transaction
    });
    Ok(id)
}

pub(super) fn extend(
    draft: &mut Draft<'_>,
    id: TransactionId,
    lease: Span,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let (transaction, hold) = find_hold(draft, id)?;
    if let Some(end) = hold.end {
        return Err(ended(&transaction, hold, end).into());
    }
    let lease_until = at.saturating_add(lease);
    draft.put_transaction(Transaction { hold: Some(Hold { lease_until, ..hold }), ..transaction });
    Ok(id)
}

fn find_hold(draft: &Draft<'_>, id: TransactionId) -> Result<(Transaction, Hold), Rejection> {
    let transaction = draft.transaction(id).ok_or(Rejection::TransactionNotFound(id))?;
    let hold = transaction.hold.ok_or(Rejection::NotAHold)?;
    Ok((transaction.clone(), hold))
}

fn ended(transaction: &Transaction, hold: Hold, end: HoldEnd) -> Rejection {
    match end {
        HoldEnd::Captured | HoldEnd::CapturedLate => {
            Rejection::HoldCaptured { captured: transaction.captured }
        }
        HoldEnd::Released => Rejection::HoldReleased,
        HoldEnd::Lapsed => Rejection::HoldLapsed { at: hold.lease_until },
    }
}
