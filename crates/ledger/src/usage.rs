//! What a batch adds to the usage of each day, so that a year need not be summed from its
//! transactions.

use kernel::{Credits, ProjectId, Span, Timestamp, UserId};

use crate::operation::Label;
use crate::transaction::{Transaction, TransactionKind, TransactionStatus};

const DAY_MICROS: i64 = 24 * 60 * 60 * 1_000_000;

/// What charges and refunds are summed by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsageKey {
    pub user: UserId,
    /// The beginning of the day in UTC on which the charge or the refund began.
    pub day: Timestamp,
    pub operation_type: Option<Label<64>>,
    pub model: Option<Label<128>>,
    pub project: Option<ProjectId>,
}

/// Charges and refunds, and what they come to in hundredths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageSum {
    pub charges: u64,
    pub refunds: u64,
    pub charged: u64,
    pub refunded: u64,
}

impl UsageSum {
    /// What the transaction counts for. A charge is a deduction that is completed or refunded and
    /// has captured anything: it counts with that for good.
    fn of(transaction: &Transaction) -> Self {
        let done = match transaction.status {
            TransactionStatus::Completed | TransactionStatus::Refunded => true,
            TransactionStatus::Pending
            | TransactionStatus::Failed
            | TransactionStatus::Cancelled => false,
        };
        let count = |amount: Credits| (u64::from(!amount.is_zero()), amount.hundredths());
        match transaction.kind {
            TransactionKind::Deduction if done => {
                let (charges, charged) = count(transaction.captured);
                Self { charges, charged, ..Self::default() }
            }
            TransactionKind::Refund => {
                let refunded = transaction.amount.magnitude().hundredths();
                Self { refunds: 1, refunded, ..Self::default() }
            }
            TransactionKind::Deduction
            | TransactionKind::Purchase
            | TransactionKind::Grant
            | TransactionKind::Expiration
            | TransactionKind::Adjustment => Self::default(),
        }
    }

    /// What a change of a transaction adds. `None`: nothing.
    pub(crate) fn added(before: Option<&Transaction>, after: &Transaction) -> Option<Self> {
        let (old, new) = (before.map_or_else(Self::default, Self::of), Self::of(after));
        let added = Self {
            charges: new.charges.saturating_sub(old.charges),
            refunds: new.refunds.saturating_sub(old.refunds),
            charged: new.charged.saturating_sub(old.charged),
            refunded: new.refunded.saturating_sub(old.refunded),
        };
        (added != Self::default()).then_some(added)
    }

    pub(crate) fn plus(self, more: Self) -> Self {
        Self {
            charges: self.charges.saturating_add(more.charges),
            refunds: self.refunds.saturating_add(more.refunds),
            charged: self.charged.saturating_add(more.charged),
            refunded: self.refunded.saturating_add(more.refunded),
        }
    }
}

impl UsageKey {
    pub(crate) fn of(transaction: &Transaction) -> Self {
        let at = transaction.created_at;
        let within = Span::from_micros(at.as_micros().rem_euclid(DAY_MICROS));
        let operation = &transaction.operation;
        Self {
            user: transaction.user,
            day: at.saturating_sub(within.unwrap_or(Span::ZERO)),
            operation_type: operation.operation_type.clone(),
            model: operation.model.clone(),
            project: operation.project,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;
    use crate::{Book, Changes};

    /// What each step adds: charges, refunds, charged and refunded.
    fn added(steps: &[crate::Action]) -> Vec<(u64, u64, u64, u64)> {
        let mut desk = Desk::with("10");
        let mut all = Vec::new();
        for (number, action) in steps.iter().enumerate() {
            let command = desk.command(&format!("u{number}"), action.clone());
            let mut book: Book = desk.book.clone();
            let rules = crate::Rules::default();
            let decision = crate::decide(&book, &rules, at(0), &command).unwrap();
            let mut changes = Changes::default();
            changes.absorb(&mut book, decision);
            desk.decide(&command).unwrap();
            let sums = changes.usage.into_values().fold(UsageSum::default(), UsageSum::plus);
            all.push((sums.charges, sums.refunds, sums.charged, sums.refunded));
        }
        all
    }

    #[test]
    fn a_charge_counts_once_when_it_is_captured_and_its_refunds_by_themselves() {
        let mut desk = Desk::with("10");
        let hold = desk.command("u0", reserve("4", 50));
        let hold = desk.decide(&hold).unwrap().transaction.id;
        let steps = [reserve("4", 50), capture(hold, "3"), refund(hold, "1"), refund_all(hold)];
        assert_eq!(added(&steps), [(0, 0, 0, 0), (1, 0, 300, 0), (0, 1, 0, 100), (0, 1, 0, 200)]);
        assert_eq!(added(&[reserve("4", 50), release(hold)]), [(0, 0, 0, 0), (0, 0, 0, 0)]);
        assert_eq!(added(&[deduct("2"), purchase("5")]), [(1, 0, 200, 0), (0, 0, 0, 0)]);
    }
}
