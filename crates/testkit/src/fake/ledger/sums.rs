//! Sums over the journal and over transactions, one by one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use kernel::{ProjectId, Span, Timestamp, Total};
use ledger::{Entry, EntryKind, Transaction, TransactionKind, TransactionStatus};
use ports::{EntrySum, Usage, UsageBy};

type Key = (Option<String>, Option<String>, Option<ProjectId>, Option<Timestamp>);

pub(super) fn of_entries<'a>(entries: impl Iterator<Item = &'a Entry>) -> Vec<EntrySum> {
    let mut sums: BTreeMap<EntryKind, EntrySum> = BTreeMap::new();
    for entry in entries {
        let kind = entry.kind;
        let none = EntrySum { kind, count: 0, available: Total::ZERO, held: Total::ZERO };
        let sum = sums.entry(kind).or_insert(none);
        sum.count += 1;
        sum.available = sum.available.plus(entry.available);
        sum.held = sum.held.plus(entry.held);
    }
    sums.into_values().collect()
}

pub(super) fn of_usage<'a>(
    transactions: impl Iterator<Item = &'a Transaction>,
    by: UsageBy,
) -> Vec<Usage> {
    let mut groups: BTreeMap<Key, Usage> = BTreeMap::new();
    for transaction in transactions {
        let done = match transaction.status {
            TransactionStatus::Completed | TransactionStatus::Refunded => true,
            TransactionStatus::Pending
            | TransactionStatus::Failed
            | TransactionStatus::Cancelled => false,
        };
        let charge = transaction.kind == TransactionKind::Deduction
            && done
            && !transaction.captured.is_zero();
        let refund = transaction.kind == TransactionKind::Refund;
        if !charge && !refund {
            continue;
        }
        let group = groups.entry(key(transaction, by)).or_insert_with_key(|key| Usage {
            operation_type: key.0.clone(),
            model: key.1.clone(),
            project: key.2,
            day: key.3,
            ..Usage::default()
        });
        if charge {
            group.charges += 1;
            group.charged = group.charged.plus(kernel::Delta::plus(transaction.captured));
        } else {
            group.refunds += 1;
            group.refunded = group.refunded.plus(transaction.amount);
        }
    }
    let mut groups: Vec<Usage> = groups.into_values().collect();
    groups.sort_by_key(|group| Reverse(group.charged));
    groups
}

fn key(transaction: &Transaction, by: UsageBy) -> Key {
    let operation = &transaction.operation;
    let operation_type = operation.operation_type.as_ref().filter(|_| by.operation_type);
    let model = operation.model.as_ref().filter(|_| by.model);
    (
        operation_type.map(|label| label.as_str().to_owned()),
        model.map(|label| label.as_str().to_owned()),
        operation.project.filter(|_| by.project),
        by.day.then(|| day(transaction.created_at)),
    )
}

fn day(at: Timestamp) -> Timestamp {
    const DAY: i64 = 24 * 60 * 60 * 1_000_000;
    let within = Span::from_micros(at.as_micros().rem_euclid(DAY)).expect("a part of a day");
    at.saturating_sub(within)
}
