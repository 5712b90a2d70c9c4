//! The ledger on the wire: what callers see of accounts, transactions, lots and entries.
//!
//! A folder of files: commands and their results in `commands` and `batch`, pages in `lists`, sums
//! in `sums`, streams in `streams`.

mod batch;
mod commands;
mod lists;
mod names;
mod operation;
mod streams;
mod sums;

use kernel::{Timestamp, TransactionId, UserId};
use ledger::{
    Account, Allocation, Balance, Entry, Hold, Lot, Outcome, Transaction, TransactionKind,
};
use proto::atelier::ledger::v1 as pb;

use super::fields::{Fields, Violations};
use super::time::{optional_moment as moment, render_timestamp};

pub use batch::{AskedBatch, parse_batch, render_results};
pub use commands::{CommandRequest, Order, parse_command};
pub use lists::{
    AskedLots, AskedTransactions, parse_list_lots, parse_list_transactions, render_lots,
    render_transactions,
};
pub use streams::{Tally, parse_export, parse_verify, parse_watch, render_entries, render_watched};
pub use sums::{
    AskedStatement, AskedUsage, parse_statement, parse_usage, render_statement, render_usage,
};

/// An account is asked for, now or as of a moment.
pub fn parse_get_balance(
    request: pb::GetBalanceRequest,
) -> Result<(UserId, Option<Timestamp>), Violations> {
    let pb::GetBalanceRequest { user_id, as_of } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let as_of = moment(&mut fields, "as_of", as_of);
    fields.finish(|| Some((user?, as_of?)))
}

pub fn parse_get_transaction(
    request: pb::GetTransactionRequest,
) -> Result<(UserId, TransactionId), Violations> {
    let pb::GetTransactionRequest { user_id, transaction_id } = request;
    let mut fields = Fields::new();
    let user = fields.parse("user_id", &user_id);
    let id = fields.parse("transaction_id", &transaction_id);
    fields.finish(|| Some((user?, id?)))
}

pub fn render_account(account: Account) -> pb::Account {
    let Account {
        user,
        available,
        held,
        version,
        earned,
        spent,
        forfeited,
        updated_at,
        // Read with the entries, which it is the hash of.
        head: _,
    } = account;
    pb::Account {
        user_id: user.to_string(),
        available: available.to_string(),
        held: held.to_string(),
        version: number(version),
        lifetime_earned: earned.to_string(),
        lifetime_spent: spent.to_string(),
        lifetime_forfeited: forfeited.to_string(),
        update_time: Some(render_timestamp(updated_at)),
    }
}

pub fn render_balance(balance: Balance) -> pb::Balance {
    let Balance { available, held, version } = balance;
    pb::Balance {
        available: available.to_string(),
        held: held.to_string(),
        version: number(version),
    }
}

/// The transaction, the balance and whether it is a replay: what every command is answered with.
pub fn render_outcome(outcome: Outcome) -> (Option<pb::Transaction>, Option<pb::Balance>, bool) {
    let Outcome { transaction, balance, replayed } = outcome;
    (Some(render_transaction(transaction)), Some(render_balance(balance)), replayed)
}

pub fn render_transaction(transaction: Transaction) -> pb::Transaction {
    let Transaction {
        id,
        user,
        kind,
        status,
        amount,
        balance_after,
        operation,
        parent,
        hold,
        captured,
        refunded,
        allocations,
        created_at,
        processed_at,
    } = transaction;
    let of_deduction = |amount: kernel::Credits| match kind {
        TransactionKind::Deduction => amount.to_string(),
        TransactionKind::Refund
        | TransactionKind::Purchase
        | TransactionKind::Grant
        | TransactionKind::Expiration
        | TransactionKind::Adjustment => String::new(),
    };
    pb::Transaction {
        id: id.to_string(),
        user_id: user.to_string(),
        amount: amount.to_string(),
        balance_after: balance_after.to_string(),
        kind: names::render_kind(kind).into(),
        status: names::render_status(status).into(),
        captured: of_deduction(captured),
        refunded: of_deduction(refunded),
        operation: operation::render(operation),
        refunded_transaction_id: parent.map(|id| id.to_string()),
        hold: hold.map(render_hold),
        allocations: allocations.into_iter().map(render_allocation).collect(),
        create_time: Some(render_timestamp(created_at)),
        process_time: processed_at.map(render_timestamp),
    }
}

fn render_hold(hold: Hold) -> pb::Hold {
    let Hold { amount, lease_until, over_capture, late_capture, end } = hold;
    pb::Hold {
        amount: amount.to_string(),
        lease_expire_time: Some(render_timestamp(lease_until)),
        over_capture_policy: names::render_over_capture(over_capture).into(),
        late_capture_policy: names::render_late_capture(late_capture).into(),
        state: names::render_hold_state(end).into(),
    }
}

fn render_allocation(allocation: Allocation) -> pb::Allocation {
    let Allocation { lot, amount, returned } = allocation;
    pb::Allocation {
        lot_id: lot.to_string(),
        amount: amount.to_string(),
        returned: returned.to_string(),
    }
}

fn render_lot(lot: Lot) -> pb::Lot {
    let Lot {
        id,
        // Asked for by the user.
        user: _,
        source,
        amount,
        remaining,
        priority,
        effective_at,
        expires_at,
        opened_at,
        state,
    } = lot;
    pb::Lot {
        id: id.to_string(),
        source: names::render_source(source).into(),
        amount: amount.to_string(),
        remaining: remaining.to_string(),
        priority: priority.into(),
        effective_time: Some(render_timestamp(effective_at)),
        expire_time: expires_at.map(render_timestamp),
        create_time: Some(render_timestamp(opened_at)),
        state: names::render_lot_state(state).into(),
    }
}

fn render_entry(entry: Entry) -> pb::Entry {
    let Entry {
        user,
        version,
        transaction,
        kind,
        available,
        held,
        available_after,
        held_after,
        at,
        hash,
    } = entry;
    pb::Entry {
        user_id: user.to_string(),
        version: number(version),
        transaction_id: transaction.to_string(),
        kind: kind.as_str().to_owned(),
        available_change: available.to_string(),
        held_change: held.to_string(),
        available_after: available_after.to_string(),
        held_after: held_after.to_string(),
        effective_time: Some(render_timestamp(at)),
        hash: hash.as_bytes().to_vec().into(),
    }
}

// Versions and counts on the wire are signed, and an i64 outlasts any journal.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
