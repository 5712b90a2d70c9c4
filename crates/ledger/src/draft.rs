//! A decision in the making: the book, and what has been changed on top of it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use kernel::{Credits, Delta, Digest, LotId, Timestamp, TransactionId};

use crate::account::Account;
use crate::book::Book;
use crate::entry::{Entry, EntryKind};
use crate::id;
use crate::lot::{Lot, LotSource, LotState};
use crate::rejection::{DecideError, Rejection};
use crate::rules::Rules;
use crate::transaction::{Allocation, Transaction};

pub(crate) struct Draft<'a> {
    book: &'a Book,
    rules: &'a Rules,
    pub(crate) account: Account,
    pub(crate) lots: BTreeMap<LotId, Lot>,
    pub(crate) transactions: BTreeMap<TransactionId, Transaction>,
    pub(crate) entries: Vec<Entry>,
}

impl<'a> Draft<'a> {
    pub(crate) fn new(book: &'a Book, rules: &'a Rules) -> Self {
        Self {
            book,
            rules,
            account: book.account.clone(),
            lots: BTreeMap::new(),
            transactions: BTreeMap::new(),
            entries: Vec::new(),
        }
    }

    pub(crate) fn lot(&self, id: LotId) -> Option<&Lot> {
        self.lots.get(&id).or_else(|| self.book.lots.get(&id))
    }

    /// Every lot as it is now.
    pub(crate) fn all_lots(&self) -> impl Iterator<Item = &Lot> {
        let untouched = self.book.lots.values().filter(|lot| !self.lots.contains_key(&lot.id));
        untouched.chain(self.lots.values())
    }

    pub(crate) fn transaction(&self, id: TransactionId) -> Option<&Transaction> {
        self.transactions.get(&id).or_else(|| self.book.transactions.get(&id))
    }

    pub(crate) fn put_lot(&mut self, lot: Lot) {
        self.lots.insert(lot.id, lot);
    }

    pub(crate) fn put_transaction(&mut self, transaction: Transaction) {
        self.transactions.insert(transaction.id, transaction);
    }

    /// The moment that the next entry takes, at `now` or after: moments of one account grow
    /// strictly, whatever the clocks of several servers say.
    pub(crate) fn moment(&self, now: Timestamp) -> Timestamp {
        if self.account.version == 0 { now } else { now.max(self.account.updated_at.next()) }
    }

    /// Appends an entry and moves the account.
    pub(crate) fn post(
        &mut self,
        transaction: TransactionId,
        kind: EntryKind,
        available: Delta,
        held: Delta,
        at: Timestamp,
    ) -> Result<(), DecideError> {
        let limit = Rejection::BalanceLimit;
        let available_after = self.account.available.checked_apply(available);
        let held_after = self.account.held.checked_apply(held);
        let mut entry = Entry {
            user: self.account.user,
            version: self.account.version.saturating_add(1),
            transaction,
            kind,
            available,
            held,
            available_after: available_after.ok_or(limit.clone())?,
            held_after: held_after.ok_or(limit.clone())?,
            at,
            hash: Digest::ZERO,
        };
        entry.hash = entry.chained(&self.account.head);
        self.account = self.account.after(&entry).ok_or(limit)?;
        self.entries.push(entry);
        Ok(())
    }

    /// Takes `amount` out of the open lots in burn order.
    pub(crate) fn take(&mut self, amount: Credits) -> Result<Vec<Allocation>, DecideError> {
        let available = self.account.available;
        if amount > available {
            return Err(Rejection::InsufficientCredits { required: amount, available }.into());
        }
        if amount.is_zero() {
            return Ok(Vec::new());
        }
        // A heap, for one or two lots of many pay as a rule.
        let open = self.all_lots().filter(|lot| lot.state == LotState::Open && lot.is_live());
        let mut open: BinaryHeap<_> = open.map(|lot| Reverse(lot.burn_key())).collect();
        let mut left = amount;
        let mut allocations = Vec::new();
        while !left.is_zero() {
            let Some(mut lot) = open.pop().and_then(|Reverse((.., id))| self.lot(id)).cloned()
            else {
                return Err(DecideError::Unsound("the lots do not cover what is available"));
            };
            let part = left.min(lot.remaining);
            left = subtract(left, part)?;
            lot.remaining = subtract(lot.remaining, part)?;
            allocations.push(Allocation { lot: lot.id, amount: part, returned: Credits::ZERO });
            self.put_lot(lot);
        }
        Ok(allocations)
    }

    /// Puts credits back into the lots they came from. What came from a lot that has expired opens
    /// one lot, good for the grace that the rules give, under the name of `opener`. Returns where
    /// the credits are now.
    pub(crate) fn give_back(
        &mut self,
        portions: &[(LotId, Credits)],
        opener: TransactionId,
        at: Timestamp,
    ) -> Result<Vec<Allocation>, DecideError> {
        let mut placed = Vec::new();
        let mut stranded = Credits::ZERO;
        for (id, amount) in portions.iter().filter(|(_, amount)| !amount.is_zero()) {
            let lot = self.lot(*id).ok_or(DecideError::Unsound("a lot that paid is missing"))?;
            if lot.has_expired_by(at) {
                stranded = add(stranded, *amount)?;
                continue;
            }
            let mut lot = lot.clone();
            lot.remaining = add(lot.remaining, *amount)?;
            placed.push(Allocation { lot: lot.id, amount: *amount, returned: Credits::ZERO });
            self.put_lot(lot);
        }
        if !stranded.is_zero() {
            let id = id::lot_of(opener);
            if self.lot(id).is_some() {
                return Err(DecideError::Unsound("a transaction would open a second lot"));
            }
            // Without any grace it still ends after its start, also CHECK expires_after_start.
            let expires_at = Some(at.saturating_add(self.rules.refund_grace).max(at.next()));
            self.open_lot(id, LotSource::Refund, stranded, None, at, expires_at, at);
            placed.push(Allocation { lot: id, amount: stranded, returned: Credits::ZERO });
        }
        Ok(placed)
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of a lot, once")]
    pub(crate) fn open_lot(
        &mut self,
        id: LotId,
        source: LotSource,
        amount: Credits,
        priority: Option<u16>,
        effective_at: Timestamp,
        expires_at: Option<Timestamp>,
        at: Timestamp,
    ) {
        self.put_lot(Lot {
            id,
            user: self.account.user,
            source,
            amount,
            remaining: amount,
            priority: priority.unwrap_or(source.default_priority()),
            effective_at,
            expires_at,
            opened_at: at,
            state: if effective_at > at { LotState::Scheduled } else { LotState::Open },
        });
    }
}

pub(crate) fn add(a: Credits, b: Credits) -> Result<Credits, DecideError> {
    a.checked_add(b).ok_or(DecideError::Rejected(Rejection::BalanceLimit))
}

/// For differences that earlier checks have made sure of.
pub(crate) fn subtract(a: Credits, b: Credits) -> Result<Credits, DecideError> {
    a.checked_sub(b).ok_or(DecideError::Unsound("a part is larger than its whole"))
}
