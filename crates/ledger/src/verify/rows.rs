//! What lots and transactions must be like, by the journal and by each other.

use std::collections::BTreeMap;

use kernel::{Credits, Delta, LotId, TransactionId};

use crate::account::Account;
use crate::entry::{Entry, EntryKind};
use crate::lot::{Lot, LotState};
use crate::transaction::{Transaction, TransactionKind, TransactionStatus};
use crate::verify::Finding;

/// Open lots must come to what is available, and each must have left what was not taken from it.
pub(super) fn compare_lots(
    account: &Account,
    lots: &[Lot],
    transactions: &[Transaction],
    findings: &mut Vec<Finding>,
) {
    let open = lots.iter().filter(|lot| lot.state == LotState::Open);
    match sum(open.map(|lot| lot.remaining)) {
        Some(sum) if sum == account.available => {}
        Some(lots) => {
            findings.push(Finding::LotsDiffer { lots, available: account.available });
        }
        None => findings.push(Finding::Overflow),
    }
    let paying = transactions.iter().filter(|found| found.amount.is_negative());
    let mut taken: BTreeMap<LotId, u64> = BTreeMap::new();
    for part in paying.flat_map(|found| &found.allocations) {
        let total = taken.entry(part.lot).or_default();
        let back = part.returned.hundredths();
        *total = total.saturating_add(part.amount.hundredths().saturating_sub(back));
    }
    for lot in lots {
        let taken = taken.remove(&lot.id).unwrap_or_default();
        let left = lot.amount.hundredths().checked_sub(taken);
        let stored = lot.remaining.hundredths();
        // What comes back after a lot's end goes to another lot.
        let may_lack = lot.has_expired_by(account.updated_at);
        let agrees = match lot.state {
            LotState::Expired => stored == 0 && left.is_some(),
            LotState::Open if may_lack => left.is_some_and(|left| stored <= left),
            LotState::Open | LotState::Scheduled => left == Some(stored),
        };
        if !agrees {
            let computed = left.filter(|_| lot.state != LotState::Expired).unwrap_or_default();
            let computed = Credits::from_hundredths(computed).unwrap_or(Credits::MAX);
            findings.push(Finding::LotDiffers { lot: lot.id, stored: lot.remaining, computed });
        }
    }
}

/// A transaction's state and amounts must follow from its entries and those of its refunds, lots
/// must have paid all of it, and open holds must come to what is held.
pub(super) fn compare_transactions(
    account: &Account,
    entries: &[Entry],
    transactions: &[Transaction],
    findings: &mut Vec<Finding>,
) {
    let by_id: BTreeMap<_, _> = transactions.iter().map(|found| (found.id, found)).collect();
    let mut moved: BTreeMap<TransactionId, Moved> = BTreeMap::new();
    for entry in entries {
        let Some(transaction) = by_id.get(&entry.transaction) else {
            findings.push(Finding::TransactionMissing { version: entry.version });
            continue;
        };
        moved.entry(entry.transaction).or_default().count(entry);
        if let Some(charge) = transaction.parent {
            let refunded = &mut moved.entry(charge).or_default().refunded;
            *refunded = refunded.saturating_add(hundredths(entry.available));
        }
    }
    for transaction in transactions {
        let computed = moved.remove(&transaction.id).unwrap_or_default().state();
        let stored = stored_state(transaction);
        if stored != computed {
            let transaction = transaction.id;
            findings.push(Finding::TransactionDiffers { transaction, stored, computed });
        }
        compare_parts(transaction, findings);
    }
    let open = transactions.iter().filter(|found| found.due_at().is_some());
    let holds = open.filter_map(|found| found.hold).map(|hold| hold.amount);
    match sum(holds) {
        Some(holds) if holds == account.held => {}
        Some(holds) => findings.push(Finding::HoldsDiffer { holds, held: account.held }),
        None => findings.push(Finding::Overflow),
    }
}

/// The lots' parts must come to the whole, and what went back to them to what was refunded.
fn compare_parts(transaction: &Transaction, findings: &mut Vec<Finding>) {
    let whole = match transaction.status {
        TransactionStatus::Failed | TransactionStatus::Cancelled => Credits::ZERO,
        TransactionStatus::Pending | TransactionStatus::Completed | TransactionStatus::Refunded => {
            transaction.amount.magnitude()
        }
    };
    let parts = &transaction.allocations;
    for (parts, whole) in [
        (sum(parts.iter().map(|part| part.amount)), whole),
        (sum(parts.iter().map(|part| part.returned)), transaction.refunded),
    ] {
        match parts {
            Some(parts) if parts == whole => {}
            Some(parts) => {
                let transaction = transaction.id;
                findings.push(Finding::PartsDiffer { transaction, parts, whole });
            }
            None => findings.push(Finding::Overflow),
        }
    }
}

/// What the entries of one transaction have moved, in hundredths.
#[derive(Default)]
struct Moved {
    last: Option<EntryKind>,
    total: i128,
    held: i128,
    refunded: i128,
}

impl Moved {
    fn count(&mut self, entry: &Entry) {
        let (available, held) = (hundredths(entry.available), hundredths(entry.held));
        self.held = self.held.saturating_add(held);
        self.total = self.total.saturating_add(available).saturating_add(held);
        self.last = Some(entry.kind);
    }

    fn state(&self) -> String {
        let word = match self.last {
            None => "not yet effective",
            Some(EntryKind::Held) => "held",
            Some(EntryKind::Deducted | EntryKind::Captured | EntryKind::CapturedLate) => {
                let charged = self.total.saturating_neg();
                if charged > 0 && charged == self.refunded { "refunded" } else { "charged" }
            }
            Some(EntryKind::Released | EntryKind::Lapsed) => "returned",
            Some(EntryKind::Refunded) => "refund",
            Some(EntryKind::Purchased) => "purchase",
            Some(EntryKind::Granted) => "grant",
            Some(EntryKind::AdjustedUp | EntryKind::AdjustedDown) => "adjustment",
            Some(EntryKind::Expired) => "expiration",
        };
        let Self { held, total, refunded, .. } = self;
        let charged = match word {
            "charged" | "refunded" => total.saturating_neg(),
            _ => 0,
        };
        format!("{word}: held {held}, moved {total}, charged {charged}, refunded {refunded}")
    }
}

/// The same words for what the transaction itself says.
fn stored_state(transaction: &Transaction) -> String {
    let Transaction { kind, status, hold, .. } = transaction;
    let (amount, refunded) = (hundredths(transaction.amount), transaction.refunded.hundredths());
    let open = hold.filter(|hold| hold.end.is_none()).map(|hold| hold.amount);
    let word = match (kind, status) {
        (TransactionKind::Deduction, TransactionStatus::Pending) => "held",
        (TransactionKind::Deduction, TransactionStatus::Completed) => "charged",
        (TransactionKind::Deduction, TransactionStatus::Refunded) => "refunded",
        (TransactionKind::Deduction, TransactionStatus::Failed | TransactionStatus::Cancelled) => {
            "returned"
        }
        (_, TransactionStatus::Pending) => "not yet effective",
        (TransactionKind::Refund, _) => "refund",
        (TransactionKind::Purchase, _) => "purchase",
        (TransactionKind::Grant, _) => "grant",
        (TransactionKind::Adjustment, _) => "adjustment",
        (TransactionKind::Expiration, _) => "expiration",
    };
    let moved = match status {
        TransactionStatus::Completed | TransactionStatus::Refunded => amount,
        TransactionStatus::Pending | TransactionStatus::Failed | TransactionStatus::Cancelled => 0,
    };
    let held = open.unwrap_or(Credits::ZERO).hundredths();
    let charged = transaction.captured.hundredths();
    format!("{word}: held {held}, moved {moved}, charged {charged}, refunded {refunded}")
}

fn sum(mut amounts: impl Iterator<Item = Credits>) -> Option<Credits> {
    amounts.try_fold(Credits::ZERO, Credits::checked_add)
}

fn hundredths(change: Delta) -> i128 {
    let size = i128::from(change.magnitude().hundredths());
    if change.is_negative() { size.saturating_neg() } else { size }
}
