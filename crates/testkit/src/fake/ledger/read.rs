//! What can be read of the ledger in memory outside a unit of work.

use std::collections::BTreeSet;

use async_trait::async_trait;
use kernel::{LotId, Page, PageSize, Position, Timestamp, TransactionId, UserId};
use ledger::{Account, Book, Entry, Lot, Transaction};
use ports::{
    Audit, EntrySum, LedgerReads, Standing, StoreError, TransactionFilter, Usage, UsageBy, Wanted,
};

use crate::fake::ledger::{Ledger, sums};
use crate::fake::store::FakeStore;

impl Ledger {
    fn standing(&self, user: UserId, now: Timestamp) -> Standing {
        let account = self.accounts.get(&user).cloned();
        let account = account.unwrap_or_else(|| Account::open(user, now));
        Standing { due: self.book(account.clone(), &Wanted::default(), now).is_due(now), account }
    }

    fn matches(filter: &TransactionFilter, transaction: &Transaction) -> bool {
        let TransactionFilter {
            kinds,
            statuses,
            operation_type,
            model,
            operation_id,
            project,
            reference,
            from,
            until,
        } = filter;
        let operation = &transaction.operation;
        let same = |wanted: &Option<String>, is: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| is == Some(wanted))
        };
        (kinds.is_empty() || kinds.contains(&transaction.kind))
            && (statuses.is_empty() || statuses.contains(&transaction.status))
            && same(operation_type, operation.operation_type.as_ref().map(|label| label.as_str()))
            && same(model, operation.model.as_ref().map(|label| label.as_str()))
            && same(operation_id, operation.operation_id.as_ref().map(|label| label.as_str()))
            && same(reference, operation.reference.as_ref().map(|label| label.as_str()))
            && project.is_none_or(|project| operation.project == Some(project))
            && from.is_none_or(|from| transaction.created_at >= from)
            && until.is_none_or(|until| transaction.created_at < until)
    }
}

#[async_trait]
impl LedgerReads for FakeStore {
    async fn list_standings(
        &self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Standing>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let wanted: BTreeSet<UserId> = users.iter().copied().collect();
        let known = wanted.into_iter().filter(|user| state.users.exists(*user));
        Ok(known.map(|user| state.ledger.standing(user, now)).collect())
    }

    async fn find_book(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Option<Book>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        if !state.users.exists(user) {
            return Ok(None);
        }
        let ledger = &state.ledger;
        let account = ledger.accounts.get(&user).cloned();
        let wanted = Wanted {
            requests: Vec::new(),
            transactions: transactions.iter().map(|id| (user, *id)).collect(),
        };
        let account = account.unwrap_or_else(|| Account::open(user, now));
        Ok(Some(ledger.book(account, &wanted, now)))
    }

    async fn list_transactions(
        &self,
        user: UserId,
        filter: &TransactionFilter,
        after: Option<Position<TransactionId>>,
        size: PageSize,
    ) -> Result<Page<Transaction, Position<TransactionId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let items = state
            .ledger
            .transactions
            .iter()
            .rev()
            .filter(|((owner, id), transaction)| {
                *owner == user
                    && after.is_none_or(|after| *id < after.id)
                    && Ledger::matches(filter, transaction)
            })
            .map(|(_, transaction)| transaction.clone())
            .take(size.get() + 1)
            .collect();
        Ok(Page::from_one_more(items, size, Transaction::position))
    }

    async fn list_lots(
        &self,
        user: UserId,
        after: Option<Position<LotId>>,
        size: PageSize,
    ) -> Result<Page<Lot, Position<LotId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let items = state
            .ledger
            .lots
            .iter()
            .rev()
            .filter(|((owner, id), _)| *owner == user && after.is_none_or(|after| *id < after.id))
            .map(|(_, lot)| lot.clone())
            .take(size.get() + 1)
            .collect();
        Ok(Page::from_one_more(items, size, Lot::position))
    }

    async fn list_entries(
        &self,
        user: UserId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let of_user =
            state.ledger.entries.range((user, after.saturating_add(1))..=(user, u64::MAX));
        Ok(of_user.map(|(_, entry)| entry.clone()).take(limit).collect())
    }

    async fn sum_entries(
        &self,
        user: UserId,
        after: u64,
        through: u64,
    ) -> Result<Vec<EntrySum>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let entries = state.ledger.entries.values();
        let part = entries.filter(|entry| {
            entry.user == user && entry.version > after && entry.version <= through
        });
        Ok(sums::of_entries(part))
    }

    async fn sum_usage(
        &self,
        user: UserId,
        from: Timestamp,
        until: Timestamp,
        by: UsageBy,
        limit: usize,
    ) -> Result<Vec<Usage>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let transactions = state.ledger.transactions.values();
        let part = transactions.filter(|found| {
            found.user == user && found.created_at >= from && found.created_at < until
        });
        let mut groups = sums::of_usage(part, by);
        groups.truncate(limit);
        Ok(groups)
    }

    async fn last_entry(&self, user: UserId, at: Timestamp) -> Result<Option<Entry>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let of_user = state.ledger.entries.range((user, 0)..=(user, u64::MAX)).rev();
        Ok(of_user.map(|(_, entry)| entry).find(|entry| entry.at <= at).cloned())
    }

    async fn list_accounts(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let users = state.ledger.accounts.keys().copied();
        Ok(users.filter(|user| after.is_none_or(|after| *user > after)).take(limit).collect())
    }

    async fn list_due(&self, now: Timestamp, limit: usize) -> Result<Vec<UserId>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let passed = |due: Option<Timestamp>| due.is_some_and(|due| due <= now);
        let lots = state.ledger.lots.values().filter(|lot| lot.is_live() && passed(lot.due_at()));
        let holds = state.ledger.transactions.values().filter(|found| passed(found.due_at()));
        let users: BTreeSet<UserId> =
            lots.map(|lot| lot.user).chain(holds.map(|hold| hold.user)).collect();
        Ok(users.into_iter().take(limit).collect())
    }

    async fn audit(&self, user: UserId) -> Result<Option<Audit>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let ledger = &state.ledger;
        let Some(account) = ledger.accounts.get(&user).cloned() else {
            return Ok(None);
        };
        let of_user = |owner: &UserId| *owner == user;
        Ok(Some(Audit {
            account,
            entries: ledger
                .entries
                .range((user, 0)..=(user, u64::MAX))
                .map(|(_, entry)| entry.clone())
                .collect(),
            lots: ledger
                .lots
                .iter()
                .filter(|((owner, _), _)| of_user(owner))
                .map(|(_, lot)| lot.clone())
                .collect(),
            transactions: ledger
                .transactions
                .iter()
                .filter(|((owner, _), _)| of_user(owner))
                .map(|(_, found)| found.clone())
                .collect(),
        }))
    }
}
