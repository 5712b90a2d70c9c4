//! What a batch of decisions comes to: each row once, in its last state, for one write.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use kernel::{LotId, TransactionId, UserId};

use crate::account::Account;
use crate::book::Book;
use crate::decide::Decision;
use crate::entry::Entry;
use crate::lot::Lot;
use crate::recorded::Recorded;
use crate::transaction::Transaction;
use crate::usage::{UsageKey, UsageSum};

/// The rows to insert and to update. Ids of lots and transactions are unique within a user only.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    pub accounts: BTreeMap<UserId, Account>,
    pub opened_lots: BTreeMap<(UserId, LotId), Lot>,
    pub changed_lots: BTreeMap<(UserId, LotId), Lot>,
    pub opened_transactions: BTreeMap<(UserId, TransactionId), Transaction>,
    pub changed_transactions: BTreeMap<(UserId, TransactionId), Transaction>,
    pub entries: Vec<Entry>,
    pub recorded: Vec<Recorded>,
    /// What is added to the usage of days.
    pub usage: BTreeMap<UsageKey, UsageSum>,
}

impl Changes {
    /// Adds a decision and moves the book that it was made on.
    pub fn absorb(&mut self, book: &mut Book, decision: Decision) {
        let user = decision.account.user;
        if !decision.entries.is_empty() {
            self.accounts.insert(user, decision.account.clone());
        }
        for lot in &decision.lots {
            let key = (user, lot.id);
            let opened = self.opened_lots.contains_key(&key) || !book.lots.contains_key(&lot.id);
            let rows = if opened { &mut self.opened_lots } else { &mut self.changed_lots };
            rows.insert(key, lot.clone());
        }
        for transaction in &decision.transactions {
            let before = book.transactions.get(&transaction.id);
            if let Some(added) = UsageSum::added(before, transaction) {
                let sum = self.usage.entry(UsageKey::of(transaction)).or_default();
                *sum = sum.plus(added);
            }
            let key = (user, transaction.id);
            let opened = self.opened_transactions.contains_key(&key)
                || !book.transactions.contains_key(&transaction.id);
            let rows =
                if opened { &mut self.opened_transactions } else { &mut self.changed_transactions };
            rows.insert(key, transaction.clone());
        }
        book.apply(&decision);
        self.entries.extend(decision.entries);
        self.recorded.extend(decision.recorded);
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
