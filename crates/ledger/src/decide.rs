//! Decisions on commands: total functions of the book, the rules, the clock and the command.

mod charge;
mod fund;
mod refund;

#[cfg(test)]
mod tests;

use kernel::{Credits, Delta, Timestamp, TransactionId};

use crate::account::Account;
use crate::book::Book;
use crate::clockwork::settle_draft;
use crate::command::{Action, Command};
use crate::draft::Draft;
use crate::entry::Entry;
use crate::id;
use crate::lot::Lot;
use crate::operation::Operation;
use crate::recorded::{Outcome, Recorded};
use crate::rejection::{DecideError, Rejection};
use crate::rules::Rules;
use crate::transaction::{Transaction, TransactionKind, TransactionStatus};

/// What a command, or the clock, changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The account after it.
    pub account: Account,
    /// Lots that are new or changed.
    pub lots: Vec<Lot>,
    /// Transactions that are new or changed.
    pub transactions: Vec<Transaction>,
    /// Entries to append.
    pub entries: Vec<Entry>,
    /// The request to remember. `None` for the clock and for a replay.
    pub recorded: Option<Recorded>,
    /// The answer to the command. `None` for the clock.
    pub outcome: Option<Outcome>,
}

impl Decision {
    pub(crate) fn of_clock(draft: Draft<'_>) -> Self {
        Self {
            account: draft.account,
            lots: draft.lots.into_values().collect(),
            transactions: draft.transactions.into_values().collect(),
            entries: draft.entries,
            recorded: None,
            outcome: None,
        }
    }

    fn replay(book: &Book, outcome: Outcome) -> Self {
        Self {
            account: book.account.clone(),
            lots: Vec::new(),
            transactions: Vec::new(),
            entries: Vec::new(),
            recorded: None,
            outcome: Some(outcome),
        }
    }
}

/// Decides one command at `now`.
///
/// First comes the request id: a repetition gets the first answer whatever the account is like
/// now. Then the clock's due is posted, then the version is compared, then the action is decided.
pub fn decide(
    book: &Book,
    rules: &Rules,
    now: Timestamp,
    command: &Command,
) -> Result<Decision, DecideError> {
    if let Some(recorded) = book.requests.get(&command.request) {
        if recorded.digest != command.digest {
            return Err(Rejection::RequestIdReused(command.request.clone()).into());
        }
        let transaction = book
            .transaction(recorded.transaction)
            .ok_or(DecideError::Unsound("a recorded request's transaction is missing"))?;
        return Ok(Decision::replay(book, recorded.answer(transaction.clone())));
    }
    let mut draft = Draft::new(book, rules);
    settle_draft(&mut draft, book, now)?;
    let current = draft.account.version;
    if let Some(expected) = command.expected_version.filter(|expected| *expected != current) {
        return Err(Rejection::StaleVersion { expected, current }.into());
    }
    let at = draft.moment(now);
    let id = act(&mut draft, command, at)?;
    record(draft, command, id, at)
}

fn act(
    draft: &mut Draft<'_>,
    command: &Command,
    at: Timestamp,
) -> Result<TransactionId, DecideError> {
    let fresh = id::transaction(at, command.nonce);
    match &command.action {
        Action::Deduct { amount, operation } => {
            charge::deduct(draft, fresh, *amount, operation, at)
        }
        Action::Reserve { amount, lease, over_capture, late_capture, operation } => {
            let hold = crate::transaction::Hold {
                amount: *amount,
                lease_until: at.saturating_add(*lease),
                over_capture: *over_capture,
                late_capture: *late_capture,
                end: None,
            };
            charge::reserve(draft, fresh, hold, operation, at)
        }
        Action::Capture { hold, amount } => charge::capture(draft, *hold, *amount, at),
        Action::Release { hold, outcome } => charge::release(draft, *hold, *outcome, at),
        Action::ExtendHold { hold, lease } => charge::extend(draft, *hold, *lease, at),
        Action::Refund { charge, amount, operation } => {
            refund::refund(draft, fresh, *charge, *amount, operation, at)
        }
        Action::Purchase { amount, expires_at, operation } => {
            fund::purchase(draft, fresh, *amount, *expires_at, operation, at)
        }
        Action::Grant(terms) => fund::grant(draft, fresh, terms, at),
        Action::AdjustUp { amount, operation } => {
            fund::adjust_up(draft, fresh, *amount, operation, at)
        }
        Action::AdjustDown { amount, operation } => {
            fund::adjust_down(draft, fresh, *amount, operation, at)
        }
        Action::TakeBack { lot, operation } => fund::take_back(draft, fresh, *lot, operation, at),
    }
}

fn record(
    draft: Draft<'_>,
    command: &Command,
    id: TransactionId,
    at: Timestamp,
) -> Result<Decision, DecideError> {
    let mut transaction =
        draft.transaction(id).ok_or(DecideError::Unsound("a command left no transaction"))?.clone();
    transaction.allocations.clear();
    let balance = draft.account.balance();
    let recorded = Recorded {
        user: command.user,
        request: command.request.clone(),
        digest: command.digest,
        transaction: id,
        status: transaction.status,
        lease_until: transaction.hold.map(|hold| hold.lease_until),
        balance,
        at,
    };
    // Of what the answer shows, this alone is the account's and not the transaction's own.
    transaction.balance_after = balance.available;
    let outcome = Outcome { transaction, balance, replayed: false };
    let clockwise = Decision::of_clock(draft);
    Ok(Decision { recorded: Some(recorded), outcome: Some(outcome), ..clockwise })
}

/// A transaction that is over at once.
fn completed(
    draft: &Draft<'_>,
    id: TransactionId,
    kind: TransactionKind,
    amount: Delta,
    operation: &Operation,
    at: Timestamp,
) -> Transaction {
    Transaction {
        id,
        user: draft.account.user,
        kind,
        status: TransactionStatus::Completed,
        amount,
        balance_after: draft.account.available,
        operation: operation.clone(),
        parent: None,
        hold: None,
        captured: Credits::ZERO,
        refunded: Credits::ZERO,
        allocations: Vec::new(),
        created_at: at,
        processed_at: Some(at),
    }
}
