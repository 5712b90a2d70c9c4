//! The rows of one user as a database would keep them: it hands out no more of them than the
//! contract of a book asks for, and has the walls that the tables have.

use std::collections::BTreeMap;

use kernel::{LotId, RequestId, Timestamp, TransactionId, UserId};

use crate::{
    Account, Book, Changes, Entry, Lot, LotState, Recorded, Transaction, TransactionStatus,
};

pub(super) struct Shelf {
    pub(super) account: Account,
    pub(super) lots: BTreeMap<LotId, Lot>,
    pub(super) transactions: BTreeMap<TransactionId, Transaction>,
    pub(super) requests: BTreeMap<RequestId, Recorded>,
    pub(super) entries: Vec<Entry>,
}

impl Shelf {
    pub(super) fn new(user: UserId, at: Timestamp) -> Self {
        Self {
            account: Account::open(user, at),
            lots: BTreeMap::new(),
            transactions: BTreeMap::new(),
            requests: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    /// The book that commands with these requests and targets are decided on.
    pub(super) fn book(
        &self,
        requests: &[RequestId],
        targets: &[TransactionId],
        now: Timestamp,
    ) -> Book {
        let mut book = Book::new(self.account.clone());
        let mut wanted = targets.to_vec();
        for recorded in requests.iter().filter_map(|id| self.requests.get(id)) {
            wanted.push(recorded.transaction);
            book.add_request(recorded.clone());
        }
        for lot in self.lots.values().filter(|lot| lot.is_live()) {
            if lot.state == LotState::Scheduled && lot.effective_at <= now {
                wanted.push(TransactionId::from_uuid(*lot.id.as_uuid()));
            }
            book.add_lot(lot.clone());
        }
        for transaction in self.transactions.values() {
            let due = transaction.due_at().is_some_and(|due| due <= now);
            if due || wanted.contains(&transaction.id) {
                book.add_transaction(transaction.clone());
            }
        }
        let missing: Vec<LotId> = book.missing_lots().collect();
        for lot in missing {
            book.add_lot(self.lots[&lot].clone());
        }
        book
    }

    /// Writes what was decided, and refuses what the tables would refuse.
    pub(super) fn write(&mut self, changes: Changes) -> Result<(), String> {
        let user = self.account.user;
        let mut lots = changes.opened_lots.values().chain(changes.changed_lots.values());
        lots.try_for_each(check_lot)?;
        let transactions = changes.opened_transactions.values();
        let mut transactions = transactions.chain(changes.changed_transactions.values());
        transactions.try_for_each(check_transaction)?;
        for ((owner, id), lot) in changes.opened_lots {
            let whole = owner == user && lot.user == user && lot.id == id;
            wall(whole && self.lots.insert(id, lot).is_none(), "a lot is opened once")?;
        }
        for ((_, id), lot) in changes.changed_lots {
            wall(self.lots.insert(id, lot).is_some(), "a changed lot exists")?;
        }
        for ((owner, id), transaction) in changes.opened_transactions {
            let whole = owner == user && transaction.user == user && transaction.id == id;
            let new = self.transactions.insert(id, transaction).is_none();
            wall(whole && new, "a transaction is opened once")?;
        }
        for ((_, id), transaction) in changes.changed_transactions {
            let known = self.transactions.insert(id, transaction).is_some();
            wall(known, "a changed transaction exists")?;
        }
        for entry in changes.entries {
            let last = self.entries.last();
            let next = last.map_or(1, |last| last.version + 1);
            wall(entry.user == user && entry.version == next, "versions have no gap")?;
            wall(last.is_none_or(|last| last.at < entry.at), "moments grow strictly")?;
            self.entries.push(entry);
        }
        for recorded in changes.recorded {
            let id = recorded.request.clone();
            wall(self.requests.insert(id, recorded).is_none(), "a request is recorded once")?;
        }
        if let Some(account) = changes.accounts.get(&user) {
            self.account = account.clone();
        }
        wall(self.account.books_close(), "the books close")
    }
}

fn check_lot(lot: &Lot) -> Result<(), String> {
    wall(lot.remaining <= lot.amount, "a lot holds at most its amount")?;
    let starts_first = lot.expires_at.is_none_or(|end| end > lot.effective_at);
    wall(starts_first, "a lot expires after its start")
}

fn check_transaction(transaction: &Transaction) -> Result<(), String> {
    let pending = transaction.status == TransactionStatus::Pending;
    let open = transaction.hold.is_none_or(|hold| hold.end.is_none() == pending);
    wall(open, "a hold is open as long as it is pending")?;
    wall(pending == transaction.processed_at.is_none(), "what is over has a moment")?;
    wall(transaction.refunded <= transaction.captured, "no more is refunded than charged")
}

fn wall(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("broken: {what}")) }
}
