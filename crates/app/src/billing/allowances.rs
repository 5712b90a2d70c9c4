//! Allowances: given when a user is touched, once a period, whoever touches.
//!
//! No task runs for this. What keeps a period from being given twice is the user's lock, the row of
//! the period and the id of the ledger's request; what is remembered here only spares reading them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::billing::{Allowance, AllowanceRow, Rules, allowance, allowance::entitlement, fold};
use kernel::{Credits, LotId, Span, SubscriptionEventId, Timestamp, UserId};
use ledger::{Action, Command, GrantTerms, Label, LotSource, Operation, Rejection};
use ports::{Clock, Ids, LedgerTx, Store, StoreError, SubscriptionReads, Tx, Wanted};
use tracing::instrument;

use super::BillingError;
use crate::ledger::{Refusal, post_in};
use crate::unit::unit;

/// How long a server trusts that a user has been given everything.
// 15 minutes, though periods are months: a subscription that ends is learnt of by one server only,
// and the free allowance that follows it is due on all of them. One read a user in that time.
const TRUST: Span = Span::from_secs(15 * 60);

/// How many users are remembered, at 24 bytes each and the map's own.
const REMEMBERED_MAX: usize = 100_000;

/// Gives allowances.
pub struct Allowances {
    store: Arc<dyn Store>,
    reads: Arc<dyn SubscriptionReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    rules: Rules,
    ledger_rules: ledger::Rules,
    /// Until when each of these users has everything.
    settled: Mutex<HashMap<UserId, Timestamp>>,
}

impl Allowances {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn SubscriptionReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        rules: Rules,
        ledger_rules: ledger::Rules,
    ) -> Self {
        let settled = Mutex::default();
        Self { store, reads, clock, ids, rules, ledger_rules, settled }
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Gives the user what the present period entitles to, unless that has been done. For users who
    /// do not exist it does nothing.
    pub async fn touch(&self, user: UserId) -> Result<(), StoreError> {
        let now = self.clock.now();
        if self.settled().get(&user).is_some_and(|until| now < *until) {
            return Ok(());
        }
        self.settle(user).await.map(drop)
    }

    /// The same of a user who must be there.
    pub async fn get(
        &self,
        user: UserId,
    ) -> Result<Option<(Allowance, Option<AllowanceRow>)>, BillingError> {
        self.reads.find_history(user).await?.ok_or(BillingError::UserNotFound)?;
        Ok(self.settle(user).await?)
    }

    /// What the present period entitles to, and what was given of it; given first if it was not.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn settle(
        &self,
        user: UserId,
    ) -> Result<Option<(Allowance, Option<AllowanceRow>)>, StoreError> {
        let Some(history) = self.reads.find_history(user).await? else { return Ok(None) };
        let now = self.clock.now();
        let subscription = fold(&history.events);
        let due = entitlement(&subscription, &history.plans, history.user_since, &self.rules, now);
        let Some(due) = due else {
            self.remember(user, now, None);
            return Ok(None);
        };
        let mut row = self.reads.find_allowance(user, due.period.start).await?;
        if row.is_none() {
            row = unit!(self.store, |tx| self.touch_in(tx, user))?;
        }
        self.remember(user, now, Some(due.period.end));
        Ok(Some((due, row)))
    }

    async fn touch_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
    ) -> Result<Option<AllowanceRow>, StoreError> {
        match tx.lock_user(user).await? {
            Some(_) => self.settle_in(tx, user, None).await,
            None => Ok(None),
        }
    }

    /// The same in the unit of work of something else, with the user locked. An event that has just
    /// been recorded may also entitle to more than was given for the period.
    pub(crate) async fn settle_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        because: Option<SubscriptionEventId>,
    ) -> Result<Option<AllowanceRow>, StoreError> {
        let Some(history) = tx.load_history(user).await? else { return Ok(None) };
        let now = self.clock.now();
        let subscription = fold(&history.events);
        let due = entitlement(&subscription, &history.plans, history.user_since, &self.rules, now);
        let Some(due) = due else { return Ok(None) };
        let rows = tx.list_allowances(user, now).await?;
        let given = rows.into_iter().find(|row| row.period.start == due.period.start);
        let (amount, request) = match (&given, because) {
            (None, _) => (due.amount, allowance::request(due.period)),
            (Some(row), Some(event)) => match due.amount.checked_sub(row.granted) {
                Some(more) if !more.is_zero() => (more, allowance::request_of(event)),
                Some(_) | None => return Ok(given),
            },
            (Some(_), None) => return Ok(given),
        };
        let Some(lot) = self.give(tx, user, &due, amount, &request).await? else {
            return Ok(given);
        };
        let mut row = given.unwrap_or(AllowanceRow {
            user,
            period: due.period,
            plan: due.plan,
            granted: Credits::ZERO,
            lots: Vec::new(),
        });
        row.plan = due.plan;
        row.granted = row.granted.checked_add(amount).unwrap_or(Credits::MAX);
        row.lots.push(lot);
        tx.put_allowance(&row).await?;
        Ok(Some(row))
    }

    /// Takes back what is left of the plan's credits of periods that are not over.
    pub(crate) async fn take_back_in(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        because: SubscriptionEventId,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        let rows = tx.list_allowances(user, now).await?;
        let given: Vec<LotId> =
            rows.into_iter().filter(|row| row.plan.is_some()).flat_map(|row| row.lots).collect();
        let accounts = LedgerTx::lock_accounts(tx, &[user], now).await?;
        let books = tx.load_books(accounts, &Wanted::default(), now).await?;
        let mut commands = Vec::new();
        for lot in books.iter().flat_map(|book| book.lots()) {
            if given.contains(&lot.id) && !lot.remaining.is_zero() {
                let operation = told("Credits of a refunded period");
                let action = Action::TakeBack { lot: lot.id, operation };
                let request = allowance::take_back_request(because, lot.id);
                commands.push(self.command(user, &request, action)?);
            }
        }
        let commands: Vec<&Command> = commands.iter().collect();
        let results = post_in(tx, &*self.clock, &self.ledger_rules, &commands).await?;
        for result in results {
            match result {
                // The clock, or the last hold on it, has emptied the lot in this very moment.
                Ok(_) | Err(Refusal::Rejected(Rejection::TransactionNotFound(_))) => {}
                Err(refusal) => return Err(unexpected(&refusal)),
            }
        }
        Ok(())
    }

    /// Forgets what is remembered of a user whose events have changed.
    pub(crate) fn forget(&self, user: UserId) {
        self.settled().remove(&user);
    }

    async fn give(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        due: &Allowance,
        amount: Credits,
        request: &str,
    ) -> Result<Option<LotId>, StoreError> {
        let action = Action::Grant(GrantTerms {
            source: LotSource::Plan,
            amount,
            priority: None,
            effective_at: None,
            expires_at: Some(due.period.end),
            operation: told("Allowance"),
        });
        let command = self.command(user, request, action)?;
        let results = post_in(tx, &*self.clock, &self.ledger_rules, &[&command]).await?;
        match results.into_iter().next() {
            Some(Ok(outcome)) => Ok(Some(LotId::from_uuid(*outcome.transaction.id.as_uuid()))),
            // The period has just ended, or the account holds no more: nothing is to be given.
            Some(Err(Refusal::Rejected(
                Rejection::ExpiresTooSoon { .. } | Rejection::BalanceLimit,
            )))
            | None => Ok(None),
            Some(Err(Refusal::Rejected(Rejection::RequestIdReused(request)))) => {
                tracing::error!(user.id = %user, %request, "a caller has used an allowance's id");
                Ok(None)
            }
            Some(Err(refusal)) => Err(unexpected(&refusal)),
        }
    }

    fn command(&self, user: UserId, request: &str, action: Action) -> Result<Command, StoreError> {
        let request = request.parse().map_err(|error| unexpected(&error))?;
        Ok(Command::new(user, request, self.ids.nonce(), action))
    }

    fn remember(&self, user: UserId, now: Timestamp, period_end: Option<Timestamp>) {
        let trusted = now.saturating_add(TRUST);
        let mut settled = self.settled();
        if settled.len() >= REMEMBERED_MAX {
            settled.retain(|_, until| now < *until);
            if settled.len() >= REMEMBERED_MAX {
                settled.clear();
            }
        }
        settled.insert(user, period_end.map_or(trusted, |end| end.min(trusted)));
    }

    fn settled(&self) -> MutexGuard<'_, HashMap<UserId, Timestamp>> {
        // Each change of the map is one call on it: a panic elsewhere leaves it whole.
        self.settled.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn told(description: &str) -> Operation {
    Operation { description: Label::parse(description).ok(), ..Operation::default() }
}

fn unexpected(error: &dyn std::error::Error) -> StoreError {
    StoreError::Corrupt { what: format!("an allowance ({error})"), cause: None }
}
