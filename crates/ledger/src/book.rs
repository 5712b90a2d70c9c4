//! The book: what a decision may look at of one account.

use std::collections::BTreeMap;

use kernel::{Credits, LotId, RequestId, Timestamp, TransactionId};

use crate::account::Account;
use crate::decide::Decision;
use crate::lot::{Lot, LotState};
use crate::recorded::Recorded;
use crate::rejection::DecideError;
use crate::transaction::Transaction;

/// One account with whatever decisions on it need. Holds must be in it if they are due or a
/// command's target, lots if they are live or paid for such a transaction, requests if a command
/// repeats them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    pub(crate) account: Account,
    pub(crate) lots: BTreeMap<LotId, Lot>,
    pub(crate) transactions: BTreeMap<TransactionId, Transaction>,
    pub(crate) requests: BTreeMap<RequestId, Recorded>,
}

impl Book {
    pub fn new(account: Account) -> Self {
        Self {
            account,
            lots: BTreeMap::new(),
            transactions: BTreeMap::new(),
            requests: BTreeMap::new(),
        }
    }

    pub fn account(&self) -> &Account {
        &self.account
    }

    pub fn lots(&self) -> impl Iterator<Item = &Lot> {
        self.lots.values()
    }

    pub fn requests(&self) -> impl Iterator<Item = &Recorded> {
        self.requests.values()
    }

    /// Whether the request was carried out before.
    pub fn knows(&self, request: &RequestId) -> bool {
        self.requests.contains_key(request)
    }

    pub fn transaction(&self, id: TransactionId) -> Option<&Transaction> {
        self.transactions.get(&id)
    }

    pub fn add_lot(&mut self, lot: Lot) {
        self.lots.insert(lot.id, lot);
    }

    pub fn add_transaction(&mut self, transaction: Transaction) {
        self.transactions.insert(transaction.id, transaction);
    }

    pub fn add_request(&mut self, recorded: Recorded) {
        self.requests.insert(recorded.request.clone(), recorded);
    }

    /// Which lots a transaction of the book needs that the book does not have.
    pub fn missing_lots(&self) -> impl Iterator<Item = LotId> {
        self.transactions
            .values()
            .flat_map(|transaction| &transaction.allocations)
            .map(|allocation| allocation.lot)
            .filter(|lot| !self.lots.contains_key(lot))
    }

    /// Checks what was loaded before anything is decided on it.
    pub fn check(&self) -> Result<(), DecideError> {
        if !self.account.books_close() {
            return Err(DecideError::Unsound("the account's totals do not add up"));
        }
        let open = self.lots.values().filter(|lot| lot.state == LotState::Open);
        let sum = open.map(|lot| lot.remaining).try_fold(Credits::ZERO, Credits::checked_add);
        if sum != Some(self.account.available) {
            return Err(DecideError::Unsound("the lots do not add up to what is available"));
        }
        Ok(())
    }

    /// Whether the clock has changed anything by `now` that is not posted yet.
    pub fn is_due(&self, now: Timestamp) -> bool {
        let passed = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        self.lots.values().any(|lot| lot.is_live() && passed(lot.due_at()))
            || self.transactions.values().any(|transaction| passed(transaction.due_at()))
    }

    /// The book after a decision on it.
    pub fn apply(&mut self, decision: &Decision) {
        self.account = decision.account.clone();
        self.lots.extend(decision.lots.iter().map(|lot| (lot.id, lot.clone())));
        let changed = decision.transactions.iter();
        self.transactions.extend(changed.map(|changed| (changed.id, changed.clone())));
        if let Some(recorded) = &decision.recorded {
            self.add_request(recorded.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::*;

    #[test]
    fn a_book_that_does_not_add_up_is_unsound() {
        let mut desk = Desk::with("10");
        desk.done(grant("5", Some(50), None));
        desk.done(reserve("4", 50));
        assert_eq!(desk.book.check(), Ok(()));
        let tampered = |tamper: fn(&mut Book)| {
            let mut book = desk.book.clone();
            tamper(&mut book);
            book.check()
        };
        let unsound = |answer| matches!(answer, Err(DecideError::Unsound(_)));
        assert!(unsound(tampered(|book| book.account.earned = credits("11"))));
        assert!(unsound(tampered(|book| {
            book.account.earned = credits("11");
            book.account.available = credits("7");
        })));
        assert!(unsound(tampered(|book| book.lots.clear())));
    }

    #[test]
    fn a_book_is_due_from_the_very_moment_on() {
        let mut desk = Desk::empty();
        desk.done(grant("5", Some(50), Some(90)));
        let due = |desk: &Desk, micros: i64| desk.book.is_due(at(micros));
        assert_eq!((due(&desk, 49), due(&desk, 50)), (false, true));
        desk.now = 50;
        let hold = desk.done(reserve("5", 30));
        let lapses = desk.transaction(hold).due_at().unwrap();
        assert_eq!(lapses, at(81));
        assert_eq!((due(&desk, 80), due(&desk, 81)), (false, true));
        // What is used up has nothing left to expire.
        desk.done(capture(hold, "5"));
        assert!(!due(&desk, 1_000));
    }

    #[test]
    fn a_book_names_the_lots_that_it_lacks_for_its_transactions() {
        let mut desk = Desk::empty();
        let lots = ["1", "2"].map(|amount| desk.lot(grant(amount, None, None)));
        let charge = desk.done(deduct("2"));
        let mut book = Book::new(desk.book.account().clone());
        book.add_transaction(desk.transaction(charge).clone());
        assert_eq!(book.missing_lots().collect::<Vec<_>>(), lots);
        book.add_lot(desk.row(lots[0]).clone());
        assert_eq!(book.missing_lots().collect::<Vec<_>>(), [lots[1]]);
        assert_eq!(book.lots().count(), 1);
    }

    #[test]
    fn a_book_keeps_the_requests_that_were_carried_out() {
        let mut desk = Desk::empty();
        let outcome = desk.post_as("a", purchase("1")).unwrap();
        let kept: Vec<_> = desk.book.requests().collect();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].transaction, outcome.transaction.id);
        assert_eq!((kept[0].at, kept[0].balance), (at(0), outcome.balance));
    }
}
