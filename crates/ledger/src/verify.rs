//! Recomputing an account from its journal. What lots and transactions must be like is in
//! `rows`.

mod rows;

#[cfg(test)]
mod tests;

use kernel::{Credits, LotId, Timestamp, TransactionId, UserId};

use crate::account::Account;
use crate::entry::Entry;
use crate::lot::Lot;
use crate::transaction::Transaction;

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
    #[error("lot {lot} has {stored} left, by what was taken from it {computed}")]
    LotDiffers { lot: LotId, stored: Credits, computed: Credits },
    #[error("the open holds come to {holds}, {held} credits are held")]
    HoldsDiffer { holds: Credits, held: Credits },
    #[error("transaction {transaction} says {stored}, its entries come to {computed}")]
    TransactionDiffers { transaction: TransactionId, stored: String, computed: String },
    #[error("the lots' parts in transaction {transaction} come to {parts}, not {whole}")]
    PartsDiffer { transaction: TransactionId, parts: Credits, whole: Credits },
    #[error("entry {version} is of a transaction that does not exist")]
    TransactionMissing { version: u64 },
    #[error("a total passes what can be counted")]
    Overflow,
}

/// Checks an account against its whole journal in order, its lots, and its transactions by what
/// their entries say. Lots that have expired may be left out. Reports everything that it finds.
pub fn verify(
    account: &Account,
    entries: &[Entry],
    lots: &[Lot],
    transactions: &[Transaction],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let computed = replay(account.user, entries, &mut findings);
    compare_account(account, &computed, &mut findings);
    rows::compare_lots(account, lots, transactions, &mut findings);
    rows::compare_transactions(account, entries, transactions, &mut findings);
    findings
}

/// Follows the journal from nothing. After a finding it goes on from what the entry claims or from
/// what was computed, whichever the next entry follows on, so that the rest is not found as well.
fn replay(user: UserId, entries: &[Entry], findings: &mut Vec<Finding>) -> Account {
    let mut account = Account::open(user, Timestamp::MIN);
    let mut claimed = (Credits::ZERO, Credits::ZERO);
    for entry in entries {
        let expected = account.version.saturating_add(1);
        let follows = entry.version == expected;
        if !follows {
            findings.push(Finding::MissingEntry { expected, found: entry.version });
        } else if entry.chained(&account.head) != entry.hash {
            findings.push(Finding::AlteredEntry { version: entry.version });
        }
        if entry.at <= account.updated_at {
            findings.push(Finding::OutOfOrder { version: entry.version });
        }
        let leads = |(available, held): (Credits, Credits)| {
            let moved = Account { available, held, ..account.clone() }.moved(entry);
            let claims = (entry.available_after, entry.held_after);
            moved.filter(|moved| (moved.available, moved.held) == claims)
        };
        let moved = leads((account.available, account.held)).or_else(|| leads(claimed));
        // What was there before a gap is not known, so nothing can be said of the sum.
        if moved.is_none() && follows {
            findings.push(Finding::BrokenSum { version: entry.version });
        }
        claimed = (entry.available_after, entry.held_after);
        let moved = moved.or_else(|| account.moved(entry)).unwrap_or(account);
        // A total that cannot be is left as it was: it will differ from the account's.
        let counted = moved.clone().counted(entry).unwrap_or(moved);
        account =
            Account { version: entry.version, head: entry.hash, updated_at: entry.at, ..counted };
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
