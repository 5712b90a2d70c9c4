//! The ledger's part of a unit of work, and what can be read of it outside one.

use async_trait::async_trait;
use kernel::{
    LotId, Page, PageSize, Position, ProjectId, RequestId, Timestamp, Total, TransactionId, UserId,
};
use ledger::{
    Account, Book, Changes, Entry, EntryKind, Lot, Transaction, TransactionKind, TransactionStatus,
};
use users::AccountStatus;

use crate::StoreError;

/// What a batch must know beyond its accounts.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Requests that may have been carried out before.
    pub requests: Vec<(UserId, RequestId)>,
    /// Transactions that commands are about.
    pub transactions: Vec<(UserId, TransactionId)>,
}

/// The ledger in a unit of work: lock, load, then decide outside, then apply.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LedgerTx: Send {
    /// Locks the users' accounts, in id order, until the unit of work ends, and returns them in
    /// that order. Users without an account get one; users who do not exist are left out.
    async fn lock_accounts(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Account>, StoreError>;

    /// As [`LedgerTx::lock_accounts`], each with the status of its user as the lock is asked for.
    async fn lock_spenders(
        &mut self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<(Account, AccountStatus)>, StoreError>;

    /// Completes locked accounts to books: their live lots, the holds that are due by `now`, what
    /// is wanted of requests and transactions as far as it exists, the transactions of those
    /// requests, and every lot that any of these transactions names.
    async fn load_books(
        &mut self,
        accounts: Vec<Account>,
        wanted: &Wanted,
        now: Timestamp,
    ) -> Result<Vec<Book>, StoreError>;

    /// Writes what was decided on locked accounts.
    async fn apply_changes(&mut self, changes: &Changes) -> Result<(), StoreError>;

    /// Deletes the user's account with everything in it and leaves an anonymous tombstone.
    /// `false` if there was no account.
    async fn forget_account(&mut self, user: UserId, now: Timestamp) -> Result<bool, StoreError>;
}

/// Which transactions to list. Every part that is given must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TransactionFilter {
    pub kinds: Vec<TransactionKind>,
    pub statuses: Vec<TransactionStatus>,
    pub operation_type: Option<String>,
    pub model: Option<String>,
    pub operation_id: Option<String>,
    pub project: Option<ProjectId>,
    pub reference: Option<String>,
    /// From this moment on.
    pub from: Option<Timestamp>,
    /// Before this moment.
    pub until: Option<Timestamp>,
}

/// An account as it is posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub account: Account,
    /// Whether the clock has something to post: the account is then not yet what it should be.
    pub due: bool,
}

/// All entries of one kind in some part of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntrySum {
    pub kind: EntryKind,
    pub count: u64,
    pub available: Total,
    pub held: Total,
}

/// What usage is summed by. Everything is one sum by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UsageBy {
    pub operation_type: bool,
    pub model: bool,
    pub project: bool,
    /// The day in UTC on which a charge or a refund began.
    pub day: bool,
}

/// The charges and refunds that have these things in common; what is not summed by is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage {
    pub operation_type: Option<String>,
    pub model: Option<String>,
    pub project: Option<ProjectId>,
    /// The beginning of the day.
    pub day: Option<Timestamp>,
    pub charges: u64,
    pub refunds: u64,
    pub charged: Total,
    pub refunded: Total,
}

/// The ledger as it is committed, in one snapshot for each call.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait LedgerReads: Send + Sync {
    /// The accounts of those of the users who exist, in any order, each with whether anything of it
    /// has fallen due by `now`. A user without an account has an empty one. One statement, however
    /// many users.
    async fn list_standings(
        &self,
        users: &[UserId],
        now: Timestamp,
    ) -> Result<Vec<Standing>, StoreError>;

    /// The user's account as a book with its live lots, the holds due by `now`, and the wanted
    /// transactions. `None` if there is no such user; a user without an account has an empty one.
    async fn find_book(
        &self,
        user: UserId,
        transactions: &[TransactionId],
        now: Timestamp,
    ) -> Result<Option<Book>, StoreError>;

    /// Transactions, newest first: those before `after`, by (created, id) descending.
    async fn list_transactions(
        &self,
        user: UserId,
        filter: &TransactionFilter,
        after: Option<Position<TransactionId>>,
        size: PageSize,
    ) -> Result<Page<Transaction, Position<TransactionId>>, StoreError>;

    /// Lots, newest first: those before `after`, by (opened, id) descending.
    async fn list_lots(
        &self,
        user: UserId,
        after: Option<Position<LotId>>,
        size: PageSize,
    ) -> Result<Page<Lot, Position<LotId>>, StoreError>;

    /// Entries in order, from the version after `after`, `limit` of them.
    async fn list_entries(
        &self,
        user: UserId,
        after: u64,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError>;

    /// The entries after version `after` up to version `through`, summed by kind, in the order of
    /// kinds; kinds that did not occur are left out.
    async fn sum_entries(
        &self,
        user: UserId,
        after: u64,
        through: u64,
    ) -> Result<Vec<EntrySum>, StoreError>;

    /// The charges and refunds that began from `from` on and before `until`, in groups, the largest
    /// sum of charges first; `limit` groups at most.
    ///
    /// A charge is a deduction that is completed or refunded and has captured anything; it counts
    /// with what it captured, a refund with its amount.
    async fn sum_usage(
        &self,
        user: UserId,
        from: Timestamp,
        until: Timestamp,
        by: UsageBy,
        limit: usize,
    ) -> Result<Vec<Usage>, StoreError>;

    /// The last entry that took effect at or before `at`.
    async fn last_entry(&self, user: UserId, at: Timestamp) -> Result<Option<Entry>, StoreError>;

    /// Users with accounts in id order, after `after`, `limit` of them.
    async fn list_accounts(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, StoreError>;

    /// Users for whom the clock has something to post by `now`, `limit` of them.
    async fn list_due(&self, now: Timestamp, limit: usize) -> Result<Vec<UserId>, StoreError>;

    /// Everything of one account in one snapshot, for verification.
    async fn audit(&self, user: UserId) -> Result<Option<Audit>, StoreError>;
}

/// Everything of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    pub account: Account,
    pub entries: Vec<Entry>,
    pub lots: Vec<Lot>,
    pub transactions: Vec<Transaction>,
}
