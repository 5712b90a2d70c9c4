//! Inflows and an operator's corrections.

use kernel::{Credits, Delta, LotId, Timestamp, TransactionId};

use crate::command::GrantTerms;
use crate::decide::completed;
use crate::draft::{Draft, add};
use crate::entry::EntryKind;
use crate::id;
use crate::lot::{Lot, LotSource, LotState};
use crate::operation::Operation;
use crate::rejection::{DecideError, Rejection};
use crate::transaction::{Allocation, Transaction, TransactionKind, TransactionStatus};

pub(super) fn purchase(
    draft: &mut Draft<'_>,
    id: TransactionId,
    amount: Credits,
    expires_at: Option<Timestamp>,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let terms = GrantTerms {
        source: LotSource::Purchase,
        amount,
        priority: None,
        effective_at: None,
        expires_at,
        operation: operation.clone(),
    };
    inflow(draft, id, TransactionKind::Purchase, EntryKind::Purchased, &terms, at)
}

pub(super) fn grant(
    draft: &mut Draft<'_>,
    id: TransactionId,
    terms: &GrantTerms,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    inflow(draft, id, TransactionKind::Grant, EntryKind::Granted, terms, at)
}

pub(super) fn adjust_up(
    draft: &mut Draft<'_>,
    id: TransactionId,
    amount: Credits,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let terms = GrantTerms {
        source: LotSource::Adjustment,
        amount,
        priority: None,
        effective_at: None,
        expires_at: None,
        operation: operation.clone(),
    };
    inflow(draft, id, TransactionKind::Adjustment, EntryKind::AdjustedUp, &terms, at)
}

pub(super) fn adjust_down(
    draft: &mut Draft<'_>,
    id: TransactionId,
    amount: Credits,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let allocations = draft.take(amount)?;
    draft.post(id, EntryKind::AdjustedDown, Delta::minus(amount), Delta::ZERO, at)?;
    let kind = TransactionKind::Adjustment;
    let transaction = completed(draft, id, kind, Delta::minus(amount), operation, at);
    draft.put_transaction(Transaction { allocations, ..transaction });
    Ok(id)
}

/// Empties one lot, whatever its place among those that burn. What is held of it is held by an
/// operation that has begun, and stays.
pub(super) fn take_back(
    draft: &mut Draft<'_>,
    id: TransactionId,
    lot: LotId,
    operation: &Operation,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let open = draft.lot(lot).filter(|found| found.state == LotState::Open && found.is_live());
    let found = open
        .cloned()
        .ok_or_else(|| Rejection::TransactionNotFound(TransactionId::from_uuid(*lot.as_uuid())))?;
    let amount = found.remaining;
    draft.put_lot(Lot { remaining: Credits::ZERO, ..found });
    draft.post(id, EntryKind::AdjustedDown, Delta::minus(amount), Delta::ZERO, at)?;
    let kind = TransactionKind::Adjustment;
    let transaction = completed(draft, id, kind, Delta::minus(amount), operation, at);
    let allocations = vec![Allocation { lot, amount, returned: Credits::ZERO }];
    draft.put_transaction(Transaction { allocations, ..transaction });
    Ok(id)
}

/// Opens a lot. One whose time has not come changes no balance yet: its transaction stays PENDING
/// until the clock posts it.
fn inflow(
    draft: &mut Draft<'_>,
    id: TransactionId,
    kind: TransactionKind,
    entry: EntryKind,
    terms: &GrantTerms,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let GrantTerms { source, amount, priority, effective_at, expires_at, operation } = terms;
    let effective_at = effective_at.unwrap_or(at).max(at);
    if let Some(expires_at) = expires_at.filter(|expires_at| *expires_at <= effective_at) {
        return Err(Rejection::ExpiresTooSoon { expires_at }.into());
    }
    // What is promised counts too: were there no room for it later, the clock would be stuck.
    let promised = draft.all_lots().filter(|lot| lot.state == LotState::Scheduled);
    let mut earned = add(draft.account.earned, *amount)?;
    for lot in promised {
        earned = add(earned, lot.amount)?;
    }
    let scheduled = effective_at > at;
    if !scheduled {
        draft.post(id, entry, Delta::plus(*amount), Delta::ZERO, at)?;
    }
    let lot = id::lot_of(id);
    draft.open_lot(lot, *source, *amount, *priority, effective_at, *expires_at, at);
    let transaction = completed(draft, id, kind, Delta::plus(*amount), operation, at);
    let allocations = vec![Allocation { lot, amount: *amount, returned: Credits::ZERO }];
    draft.put_transaction(if scheduled {
        let status = TransactionStatus::Pending;
        Transaction { status, allocations, processed_at: None, ..transaction }
    } else {
        Transaction { allocations, ..transaction }
    });
    Ok(id)
}
