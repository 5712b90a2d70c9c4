//! Posting commands in a unit of work: lock, load, decide each in order, write once.
//!
//! One command and a thousand take the same path, and so does whoever moves credits together with
//! something else: a new user's grant, a job's hold.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Timestamp, UserId};
use ledger::{
    Account, Book, Changes, Command, DecideError, Outcome, Rejection, Rules, decide, settle,
};
use ports::{Clock, LedgerTx, Store, StoreError, Wanted};
use users::{Ability, AccountStatus};

/// Why one command of a batch was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("there is no such user")]
    UserNotFound,
    /// The account's status does not let its user spend.
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The account's books contradict themselves. Nothing is written on top of that.
    #[error("the book is unsound: {0}")]
    Unsound(&'static str),
}

/// Posts commands in the order given, each on top of those before it. A refused command changes
/// nothing; the others stand.
pub async fn post_in(
    tx: &mut dyn LedgerTx,
    clock: &dyn Clock,
    rules: &Rules,
    commands: &[&Command],
) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
    Ok(post_and_tell_in(tx, clock, rules, commands).await?.results)
}

/// What came of commands, and the accounts that they have changed: to be shown to watchers once it
/// is committed.
pub(super) struct Posted<Results> {
    pub(super) results: Results,
    pub(super) accounts: Vec<Account>,
}

/// What the clock has brought about, and the accounts that it has changed.
pub(super) struct Settled {
    pub(super) entries: usize,
    pub(super) accounts: Vec<Account>,
}

/// As [`post_in`].
pub(super) async fn post_and_tell_in(
    tx: &mut dyn LedgerTx,
    clock: &dyn Clock,
    rules: &Rules,
    commands: &[&Command],
) -> Result<Posted<Vec<Result<Outcome, Refusal>>>, StoreError> {
    let mut desk = Desk::open(tx, clock, commands.iter().copied()).await?;
    let results = commands.iter().map(|command| desk.post(rules, command)).collect();
    let accounts = desk.write(tx).await?;
    Ok(Posted { results, accounts })
}

/// Posts commands in the order given, all of them or none: the first refusal is the answer, with
/// the command's place. The caller rolls back.
pub(super) async fn post_all_in(
    tx: &mut dyn LedgerTx,
    clock: &dyn Clock,
    rules: &Rules,
    commands: &[&Command],
) -> Result<Result<Posted<Vec<Outcome>>, (usize, Refusal)>, StoreError> {
    let mut desk = Desk::open(tx, clock, commands.iter().copied()).await?;
    let mut outcomes = Vec::with_capacity(commands.len());
    for (index, command) in commands.iter().enumerate() {
        match desk.post(rules, command) {
            Ok(outcome) => outcomes.push(outcome),
            Err(refusal) => return Ok(Err((index, refusal))),
        }
    }
    let accounts = desk.write(tx).await?;
    Ok(Ok(Posted { results: outcomes, accounts }))
}

/// Posts what the clock has brought about for these users.
pub(super) async fn settle_in(
    tx: &mut dyn LedgerTx,
    clock: &dyn Clock,
    rules: &Rules,
    users: &[UserId],
) -> Result<Settled, StoreError> {
    let accounts = tx.lock_accounts(users, clock.now()).await?;
    let now = clock.now();
    let books = tx.load_books(accounts, &Wanted::default(), now).await?;
    let mut changes = Changes::default();
    for mut book in books {
        let user = book.account().user;
        match book.check().and_then(|()| settle(&book, rules, now)) {
            Ok(Some(decision)) => changes.absorb(&mut book, decision),
            Ok(None) => {}
            Err(error) => tracing::error!(user.id = %user, %error, "the clock cannot be posted"),
        }
    }
    let accounts = write(tx, &changes).await?;
    Ok(Settled { entries: changes.entries.len(), accounts })
}

/// Decides a command as if it were posted, and takes it back.
pub(super) async fn rehearse(
    store: &dyn Store,
    clock: &dyn Clock,
    rules: &Rules,
    command: &Command,
) -> Result<Result<Outcome, Refusal>, StoreError> {
    let mut tx = store.begin().await?;
    let outcome = match Desk::open(&mut *tx, clock, std::iter::once(command)).await {
        Ok(mut desk) => Ok(desk.post(rules, command)),
        Err(error) => Err(error),
    };
    // Nothing was written, so a rollback that fails has lost nothing.
    if let Err(error) = tx.rollback().await {
        tracing::debug!(%error, "rollback failed; the connection is discarded");
    }
    outcome
}

/// The books of a batch, and what has been decided on them so far.
struct Desk {
    now: Timestamp,
    books: BTreeMap<UserId, Book>,
    statuses: BTreeMap<UserId, AccountStatus>,
    unsound: BTreeMap<UserId, &'static str>,
    changes: Changes,
}

impl Desk {
    async fn open(
        tx: &mut dyn LedgerTx,
        clock: &dyn Clock,
        commands: impl Iterator<Item = &Command> + Clone + Send,
    ) -> Result<Self, StoreError> {
        let users: BTreeSet<UserId> = commands.clone().map(|command| command.user).collect();
        let users: Vec<UserId> = users.into_iter().collect();
        let wanted = Wanted {
            requests: commands
                .clone()
                .map(|command| (command.user, command.request.clone()))
                .collect(),
            transactions: commands
                .filter_map(|command| Some((command.user, command.target()?)))
                .collect(),
        };
        let spenders = tx.lock_spenders(&users, clock.now()).await?;
        let statuses = spenders.iter().map(|(account, status)| (account.user, *status)).collect();
        let accounts = spenders.into_iter().map(|(account, _)| account).collect();
        // Read under the locks: whoever had them before has an earlier moment.
        let now = clock.now();
        let books = tx.load_books(accounts, &wanted, now).await?;
        let mut unsound = BTreeMap::new();
        for book in &books {
            if let Err(DecideError::Unsound(what)) = book.check() {
                let user = book.account().user;
                tracing::error!(user.id = %user, what, "an account's books are unsound");
                unsound.insert(user, what);
            }
        }
        let books = books.into_iter().map(|book| (book.account().user, book)).collect();
        Ok(Self { now, books, statuses, unsound, changes: Changes::default() })
    }

    fn post(&mut self, rules: &Rules, command: &Command) -> Result<Outcome, Refusal> {
        if let Some(what) = self.unsound.get(&command.user) {
            return Err(Refusal::Unsound(what));
        }
        let book = self.books.get_mut(&command.user).ok_or(Refusal::UserNotFound)?;
        // What was carried out is answered again, whatever has become of the account since.
        if command.action.spends() && !book.knows(&command.request) {
            let status = self.statuses.get(&command.user).ok_or(Refusal::UserNotFound)?;
            status.check(Ability::Spend).map_err(Refusal::Barred)?;
        }
        let mut decision = decide(book, rules, self.now, command).map_err(|error| match error {
            DecideError::Rejected(rejection) => Refusal::Rejected(rejection),
            DecideError::Unsound(what) => Refusal::Unsound(what),
        })?;
        let outcome = decision.outcome.take();
        if decision.recorded.is_some() {
            self.changes.absorb(book, decision);
        }
        outcome.ok_or(Refusal::Unsound("a command without an answer"))
    }

    async fn write(&self, tx: &mut dyn LedgerTx) -> Result<Vec<Account>, StoreError> {
        write(tx, &self.changes).await
    }
}

/// Writes what there is to write, and returns the accounts as they are then.
async fn write(tx: &mut dyn LedgerTx, changes: &Changes) -> Result<Vec<Account>, StoreError> {
    if !changes.is_empty() {
        tx.apply_changes(changes).await?;
    }
    Ok(changes.accounts.values().cloned().collect())
}
