//! Every kind of tampering is found and named, and an untouched book has nothing to find.

mod journal;
mod rows;

use kernel::{LotId, TransactionId};

use crate::fixtures::*;
use crate::{Account, Entry, Finding, Lot, LotState, Transaction, verify};

/// Everything that verification looks at, to be tampered with.
#[derive(Clone)]
struct Books {
    account: Account,
    entries: Vec<Entry>,
    lots: Vec<Lot>,
    transactions: Vec<Transaction>,
    lot: LotId,
    scheduled: LotId,
    charge: TransactionId,
    refund: TransactionId,
    open: TransactionId,
    released: TransactionId,
}

impl Books {
    fn tampered(&self, tamper: impl FnOnce(&mut Self)) -> Vec<Finding> {
        let mut books = self.clone();
        tamper(&mut books);
        verify(&books.account, &books.entries, &books.lots, &books.transactions)
    }

    fn lot(&mut self, id: LotId) -> &mut Lot {
        self.lots.iter_mut().find(|lot| lot.id == id).unwrap()
    }

    fn transaction(&mut self, id: TransactionId) -> &mut Transaction {
        self.transactions.iter_mut().find(|found| found.id == id).unwrap()
    }
}

/// 1 purchased 100, 2 granted 10, 3 deducted 20, 4 refunded 5, 5 held 7, 6 released, 7 held 3,
/// 8 granted 1, 9 expired; and a grant that is still to come.
fn books() -> Books {
    let mut desk = Desk::empty();
    let lot = desk.lot(purchase("100"));
    desk.done(grant("10", None, Some(500)));
    let charge = desk.done(deduct("20"));
    let refund = desk.done(refund(charge, "5"));
    let released = desk.done(reserve("7", 50_000));
    desk.done(release(released));
    let open = desk.done(reserve("3", 50_000));
    let scheduled = desk.lot(grant("9", Some(40_000), None));
    desk.done(grant("1", None, Some(600)));
    desk.now = 1_000;
    desk.sweep();
    Books {
        account: desk.book.account().clone(),
        entries: desk.journal.clone(),
        lots: desk.lots(),
        transactions: desk.transactions(),
        lot,
        scheduled,
        charge,
        refund,
        open,
        released,
    }
}

#[test]
fn nothing_is_found_on_books_that_nobody_touched() {
    let books = books();
    assert_eq!(books.tampered(|_| {}), []);
    let empty = Account::open(user(), at(0));
    assert_eq!(verify(&empty, &[], &[], &[]), []);
    // Lots that have expired need not be looked at.
    assert_eq!(books.tampered(|books| books.lots.retain(|lot| lot.state != LotState::Expired)), []);
}
