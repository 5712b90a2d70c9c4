//! Recomputing an account from its journal.

use std::collections::BTreeMap;

use kernel::{Credits, Timestamp, TransactionId, UserId};

use crate::account::Account;
use crate::entry::Entry;
use crate::lot::{Lot, LotState};
use crate::transaction::{Transaction, TransactionStatus};

/// Something in the books that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    #[error("entry {expected} is missing: {found} comes next")]
    MissingEntry { expected: u64, found: u64 },
    #[error("the journal ends at entry {journal}, the account is at version {account}")]
    MissingTail { journal: u64, account: u64 },
    #[error("entry {version} has been altered: its hash does not match")]
    AlteredEntry { version: u64 },
    #[error("entry {version} does not lead from the balances before it to those after it")]
    BrokenSum { version: u64 },
    #[error("entry {version} is dated before the one before it")]
    OutOfOrder { version: u64 },
    #[error("the account's {total} is {stored}, its journal comes to {computed}")]
    AlteredAccount { total: &'static str, stored: Credits, computed: Credits },
    #[error("the account's head is not the hash of its last entry")]
    AlteredHead,
    #[error("the open lots come to {lots}, {available} credits are available")]
    LotsDiffer { lots: Credits, available: Credits },
    #[error("the open holds come to {holds}, {held} credits are held")]
    HoldsDiffer { holds: Credits, held: Credits },
    #[error("transaction {transaction} says {stored}, its entries come to {computed}")]
    TransactionDiffers { transaction: TransactionId, stored: String, computed: String },
    #[error("entry {version} is of a transaction that does not exist")]
    TransactionMissing { version: u64 },
    #[error("a total passes what can be counted")]
    Overflow,
}

/// Checks an account against its whole journal in order, its lots that are not expired, and its
/// transactions by what their entries say. Reports everything that it finds.
pub fn verify(
    account: &Account,
    entries: &[Entry],
    lots: &[Lot],
    transactions: &[Transaction],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let computed = replay(account.user, entries, &mut findings);
    compare_account(account, &computed, &mut findings);
    compare_lots(account, lots, &mut findings);
    compare_transactions(account, entries, transactions, &mut findings);
    findings
}

/// Follows the journal from nothing, and goes on after each finding with what the entry claims, so
/// that one alteration is one finding.
fn replay(user: UserId, entries: &[Entry], findings: &mut Vec<Finding>) -> Account {
    let mut account = Account::open(user, Timestamp::MIN);
    for entry in entries {
        let expected = account.version.saturating_add(1);
        if entry.version != expected {
            findings.push(Finding::MissingEntry { expected, found: entry.version });
        } else if entry.chained(&account.head) != entry.hash {
            findings.push(Finding::AlteredEntry { version: entry.version });
        }
        if account.version > 0 && entry.at <= account.updated_at {
            findings.push(Finding::OutOfOrder { version: entry.version });
        }
        let Some(next) = account.after(entry) else {
            findings.push(Finding::BrokenSum { version: entry.version });
            account.version = entry.version;
            account.head = entry.hash;
            account.updated_at = entry.at;
            continue;
        };
        if next.available != entry.available_after || next.held != entry.held_after {
            findings.push(Finding::BrokenSum { version: entry.version });
        }
        account = Account { version: entry.version, ..next };
    }
    account
}

fn compare_account(account: &Account, computed: &Account, findings: &mut Vec<Finding>) {
    if account.version != computed.version {
        let (journal, account) = (computed.version, account.version);
        findings.push(Finding::MissingTail { journal, account });
    }
    for (total, stored, computed) in [
        ("available", account.available, computed.available),
        ("held", account.held, computed.held),
        ("earned", account.earned, computed.earned),
        ("spent", account.spent, computed.spent),
        ("forfeited", account.forfeited, computed.forfeited),
    ] {
        if stored != computed {
            findings.push(Finding::AlteredAccount { total, stored, computed });
        }
    }
    if account.head != computed.head {
        findings.push(Finding::AlteredHead);
    }
}

fn compare_lots(account: &Account, lots: &[Lot], findings: &mut Vec<Finding>) {
    let open = lots.iter().filter(|lot| lot.state == LotState::Open);
    match open.map(|lot| lot.remaining).try_fold(Credits::ZERO, Credits::checked_add) {
        Some(sum) if sum == account.available => {}
        Some(lots) => {
            findings.push(Finding::LotsDiffer { lots, available: account.available });
        }
        None => findings.push(Finding::Overflow),
    }
}

/// A transaction's status and amounts must follow from its entries, and open holds must come to
/// what is held.
fn compare_transactions(
    account: &Account,
    entries: &[Entry],
    transactions: &[Transaction],
    findings: &mut Vec<Finding>,
) {
    let by_id: BTreeMap<_, _> = transactions.iter().map(|found| (found.id, found)).collect();
    let mut moved: BTreeMap<TransactionId, Moved> = BTreeMap::new();
    for entry in entries {
        if by_id.contains_key(&entry.transaction) {
            moved.entry(entry.transaction).or_default().count(entry);
        } else {
            findings.push(Finding::TransactionMissing { version: entry.version });
        }
    }
    let mut holds = Some(Credits::ZERO);
    for transaction in transactions {
        let computed = moved.remove(&transaction.id).unwrap_or_default().state();
        let stored = stored_state(transaction);
        if stored != computed {
            let transaction = transaction.id;
            findings.push(Finding::TransactionDiffers { transaction, stored, computed });
        }
        if transaction.due_at().is_some() {
            let amount = transaction.hold.map_or(Credits::ZERO, |hold| hold.amount);
            holds = holds.and_then(|sum| sum.checked_add(amount));
        }
    }
    match holds {
        Some(holds) if holds == account.held => {}
        Some(holds) => findings.push(Finding::HoldsDiffer { holds, held: account.held }),
        None => findings.push(Finding::Overflow),
    }
}

/// What the entries of one transaction have moved, in hundredths.
#[derive(Default)]
struct Moved {
    entries: u32,
    total: i128,
    held: i128,
}

impl Moved {
    fn count(&mut self, entry: &Entry) {
        let hundredths = |change: kernel::Delta| {
            let size = i128::from(change.magnitude().hundredths());
            if change.is_negative() { size.saturating_neg() } else { size }
        };
        self.entries = self.entries.saturating_add(1);
        let (available, held) = (hundredths(entry.available), hundredths(entry.held));
        self.held = self.held.saturating_add(held);
        self.total = self.total.saturating_add(available).saturating_add(held);
    }

    fn state(&self) -> String {
        if self.entries == 0 {
            "not yet effective".to_owned()
        } else {
            format!("held {}, moved {}", self.held, self.total)
        }
    }
}

/// The same words for what the transaction itself says.
fn stored_state(transaction: &Transaction) -> String {
    let open = transaction.due_at().is_some();
    let held = if open { transaction.hold.map_or(0, |hold| hold.amount.hundredths()) } else { 0 };
    let size = i128::from(transaction.amount.magnitude().hundredths());
    let signed = if transaction.amount.is_negative() { size.saturating_neg() } else { size };
    let moved = match transaction.status {
        TransactionStatus::Completed | TransactionStatus::Refunded => signed,
        TransactionStatus::Pending | TransactionStatus::Failed | TransactionStatus::Cancelled => 0,
    };
    if transaction.status == TransactionStatus::Pending && !open {
        return "not yet effective".to_owned();
    }
    format!("held {held}, moved {moved}")
}
