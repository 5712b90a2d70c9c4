//! What the clock alone brings about: scheduled grants become spendable, holds lapse, lots expire.
//!
//! Nothing waits for a sweeper: every decision and every read begins by settling what is due, in
//! the order in which it fell due, each at its own moment.

#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use kernel::{Credits, Delta, LotId, Timestamp, TransactionId};

use crate::book::Book;
use crate::decide::Decision;
use crate::draft::Draft;
use crate::entry::EntryKind;
use crate::id;
use crate::lot::{Lot, LotState};
use crate::operation::Operation;
use crate::rejection::DecideError;
use crate::rules::Rules;
use crate::transaction::{Allocation, HoldEnd, Transaction, TransactionKind, TransactionStatus};

/// Something that falls due. At the same moment, credits arrive before holds lapse before lots
/// expire: the order that leaves a user the most.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Activation(LotId),
    Lapse(TransactionId),
    Expiry(LotId),
}

/// Posts everything that has fallen due by `now`. `None` if nothing has.
pub fn settle(book: &Book, rules: &Rules, now: Timestamp) -> Result<Option<Decision>, DecideError> {
    if !book.is_due(now) {
        return Ok(None);
    }
    let mut draft = Draft::new(book, rules);
    settle_draft(&mut draft, book, now)?;
    Ok(Some(Decision::of_clock(draft)))
}

pub(crate) fn settle_draft(
    draft: &mut Draft<'_>,
    book: &Book,
    now: Timestamp,
) -> Result<(), DecideError> {
    if !book.is_due(now) {
        return Ok(());
    }
    let mut queue: BinaryHeap<Reverse<(Timestamp, Due)>> = BinaryHeap::new();
    for lot in book.lots.values() {
        queue.extend(due_of_lot(lot, now).map(Reverse));
    }
    for transaction in book.transactions.values() {
        let due = transaction.due_at().filter(|due| *due <= now);
        queue.extend(due.map(|due| Reverse((due, Due::Lapse(transaction.id)))));
    }
    while let Some(Reverse((due_at, due))) = queue.pop() {
        let touched = match due {
            Due::Activation(lot) => activate(draft, lot, due_at)?,
            Due::Lapse(hold) => lapse(draft, hold, due_at)?,
            Due::Expiry(lot) => expire(draft, lot, due_at)?,
        };
        // A lot that got credits back, or has just opened, may itself be past its end by now.
        for lot in touched {
            if let Some(next) = draft.lot(lot).and_then(|lot| due_of_lot(lot, now)) {
                queue.push(Reverse(next));
            }
        }
    }
    Ok(())
}

fn due_of_lot(lot: &Lot, now: Timestamp) -> Option<(Timestamp, Due)> {
    let due_at = lot.due_at().filter(|due| lot.is_live() && *due <= now)?;
    let due = match lot.state {
        LotState::Scheduled => Due::Activation(lot.id),
        LotState::Open | LotState::Expired => Due::Expiry(lot.id),
    };
    Some((due_at, due))
}

fn activate(
    draft: &mut Draft<'_>,
    id: LotId,
    due_at: Timestamp,
) -> Result<Vec<LotId>, DecideError> {
    let Some(lot) = draft.lot(id).filter(|lot| lot.state == LotState::Scheduled).cloned() else {
        return Ok(Vec::new());
    };
    let grant = TransactionId::from_uuid(*id.as_uuid());
    let at = draft.moment(due_at);
    draft.post(grant, EntryKind::Granted, Delta::plus(lot.amount), Delta::ZERO, at)?;
    let mut transaction = draft
        .transaction(grant)
        .ok_or(DecideError::Unsound("the grant of a scheduled lot is missing"))?
        .clone();
    transaction.status = TransactionStatus::Completed;
    transaction.balance_after = draft.account.available;
    transaction.processed_at = Some(at);
    draft.put_transaction(transaction);
    draft.put_lot(Lot { state: LotState::Open, ..lot });
    Ok(vec![id])
}

fn lapse(
    draft: &mut Draft<'_>,
    id: TransactionId,
    due_at: Timestamp,
) -> Result<Vec<LotId>, DecideError> {
    let Some(mut transaction) = draft.transaction(id).cloned() else {
        return Ok(Vec::new());
    };
    let Some(hold) = transaction.hold.as_mut().filter(|hold| hold.end.is_none()) else {
        return Ok(Vec::new());
    };
    hold.end = Some(HoldEnd::Lapsed);
    let amount = hold.amount;
    let at = draft.moment(due_at);
    let portions: Vec<_> =
        transaction.allocations.iter().map(|part| (part.lot, part.amount)).collect();
    let placed = draft.give_back(&portions, id, at)?;
    draft.post(id, EntryKind::Lapsed, Delta::plus(amount), Delta::minus(amount), at)?;
    transaction.status = TransactionStatus::Cancelled;
    transaction.balance_after = draft.account.available;
    transaction.allocations = Vec::new();
    transaction.processed_at = Some(at);
    draft.put_transaction(transaction);
    Ok(placed.into_iter().map(|part| part.lot).collect())
}

fn expire(draft: &mut Draft<'_>, id: LotId, due_at: Timestamp) -> Result<Vec<LotId>, DecideError> {
    let Some(lot) = draft.lot(id).filter(|lot| lot.state == LotState::Open).cloned() else {
        return Ok(Vec::new());
    };
    let amount = lot.remaining;
    let at = draft.moment(due_at);
    if !amount.is_zero() {
        let expiration = id::transaction(at, id::nonce_of(id));
        draft.post(expiration, EntryKind::Expired, Delta::minus(amount), Delta::ZERO, at)?;
        draft.put_transaction(Transaction {
            id: expiration,
            user: lot.user,
            kind: TransactionKind::Expiration,
            status: TransactionStatus::Completed,
            amount: Delta::minus(amount),
            balance_after: draft.account.available,
            operation: Operation::default(),
            parent: None,
            hold: None,
            captured: Credits::ZERO,
            refunded: Credits::ZERO,
            allocations: vec![Allocation { lot: id, amount, returned: Credits::ZERO }],
            created_at: at,
            processed_at: Some(at),
        });
    }
    draft.put_lot(Lot { state: LotState::Expired, remaining: Credits::ZERO, ..lot });
    Ok(Vec::new())
}
