//! The ledger in memory. Plain reads are in `read`, how it sums is in `sums`.

mod read;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use kernel::{LotId, RequestId, Timestamp, TransactionId, UserId};
use ledger::{
    Account, Book, Changes, Entry, Lot, LotState, Recorded, Transaction, TransactionStatus,
};
use library::Charge;
use ports::{LedgerTx, StoreError, Wanted};
use users::AccountStatus;

use crate::fake::store::{FakeTx, State};

/// The tables of the ledger.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    accounts: BTreeMap<UserId, Account>,
    lots: BTreeMap<(UserId, LotId), Lot>,
    transactions: BTreeMap<(UserId, TransactionId), Transaction>,
    requests: BTreeMap<(UserId, RequestId), Recorded>,
    entries: BTreeMap<(UserId, u64), Entry>,
    tombstones: Vec<Account>,
}

impl Ledger {
    /// What these transactions have come to.
    pub(crate) fn charges(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Vec<Charge> {
        let found = transactions.iter().filter_map(|id| self.transactions.get(&(user, *id)));
        let charge = |t: &Transaction| {
            let open = t.due_at().is_none_or(|due| due > now);
            let pending = t.status == TransactionStatus::Pending && open;
            Charge::new(t.id, t.captured, t.refunded, pending)
        };
        found.map(charge).collect()
    }

    fn book(&self, account: Account, wanted: &Wanted, now: Timestamp) -> Book {
        let user = account.user;
        let mut book = Book::new(account);
        let mut transactions: BTreeSet<TransactionId> = wanted
            .transactions
            .iter()
            .filter(|(owner, _)| *owner == user)
            .map(|(_, id)| *id)
            .collect();
        for key in wanted.requests.iter().filter(|(owner, _)| *owner == user) {
            if let Some(recorded) = self.requests.get(key) {
                transactions.insert(recorded.transaction);
                book.add_request(recorded.clone());
            }
        }
        let of_user = |owner: &UserId| *owner == user;
        for (_, lot) in self.lots.iter().filter(|((owner, _), _)| of_user(owner)) {
            if lot.is_live() {
                if lot.state == LotState::Scheduled && lot.effective_at <= now {
                    transactions.insert(TransactionId::from_uuid(*lot.id.as_uuid()));
                }
                book.add_lot(lot.clone());
            }
        }
        for ((owner, id), transaction) in &self.transactions {
            let due = transaction.due_at().is_some_and(|due| due <= now);
            if of_user(owner) && (due || transactions.contains(id)) {
                book.add_transaction(transaction.clone());
            }
        }
        let missing: Vec<LotId> = book.missing_lots().collect();
        for lot in missing {
            if let Some(lot) = self.lots.get(&(user, lot)) {
                book.add_lot(lot.clone());
            }
        }
        book
    }
}

#[async_trait]
impl LedgerTx for FakeTx {
    async fn lock_accounts(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Account>, StoreError> {
        let State { ledger, users: known, .. } = &mut self.state;
        let wanted: BTreeSet<UserId> = users.iter().copied().collect();
        Ok(wanted
            .into_iter()
            .filter(|user| known.exists(*user))
            .map(|user| {
                let account = ledger.accounts.entry(user);
                account.or_insert_with(|| Account::open(user, now)).clone()
            })
            .collect())
    }

    async fn lock_spenders(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(Account, AccountStatus)>, StoreError> {
        let accounts = self.lock_accounts(users, now).await?;
        let known = &self.state.users;
        let with_status = |account: Account| Some((account.clone(), known.status(account.user)?));
        Ok(accounts.into_iter().filter_map(with_status).collect())
    }

    async fn load_books(
        &mut self,
        accounts: Vec<Account>,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Vec<Book>, StoreError> {
        let ledger = &self.state.ledger;
        Ok(accounts.into_iter().map(|account| ledger.book(account, wanted, now)).collect())
    }

    async fn apply_changes(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.faults.check_write(changes.recorded.iter().map(|recorded| recorded.user))?;
        let State { ledger, events, .. } = &mut self.state;
        let Changes {
            accounts,
            opened_lots,
            changed_lots,
            opened_transactions,
            changed_transactions,
            entries,
            recorded,
            // Summed from the transactions where it is asked for.
            usage: _,
        } = changes.clone();
        ledger.accounts.extend(accounts);
        ledger.lots.extend(opened_lots.into_iter().chain(changed_lots));
        ledger.transactions.extend(opened_transactions.into_iter().chain(changed_transactions));
        for entry in entries {
            events.append(entry.event().expect("every entry can be told of"));
            let taken = ledger.entries.insert((entry.user, entry.version), entry);
            assert!(taken.is_none(), "an entry was rewritten: {taken:?}");
        }
        for recorded in recorded {
            let key = (recorded.user, recorded.request.clone());
            let taken = ledger.requests.insert(key, recorded);
            assert!(taken.is_none(), "a request was recorded twice: {taken:?}");
        }
        Ok(())
    }

    async fn forget_account(&mut self, user: UserId, _now: Timestamp) -> Result<bool, StoreError> {
        let ledger = &mut self.state.ledger;
        let Some(account) = ledger.accounts.remove(&user) else {
            return Ok(false);
        };
        ledger.tombstones.push(account);
        ledger.lots.retain(|(owner, _), _| *owner != user);
        ledger.transactions.retain(|(owner, _), _| *owner != user);
        ledger.requests.retain(|(owner, _), _| *owner != user);
        ledger.entries.retain(|(owner, _), _| *owner != user);
        Ok(true)
    }
}
