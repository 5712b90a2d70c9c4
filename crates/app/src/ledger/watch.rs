//! Following a balance: the present one at once, then each that differs.
//!
//! What this process commits is shown at once. What others commit, what the clock brings about and
//! who is deleted is found by looking twice a second: one statement for all who are watched here.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use kernel::UserId;
use ledger::Account;
use ports::StoreError;
use tokio::sync::{oneshot, watch};
use tracing::instrument;

use crate::ledger::hub::Seen;
use crate::ledger::office::Office;
use crate::ledger::{Ledger, LedgerError};

/// How often other processes' commits are looked for.
// 500 ms: soon enough for a balance on a screen. A look at a thousand accounts takes the database
// some thirteen milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How many accounts are posted together when the clock has something for them.
const SETTLED_MAX: usize = 200;

/// One watcher of one account. Dropping it ends the watch; nothing else holds on to it.
pub struct BalanceWatch {
    office: Arc<Office>,
    user: UserId,
    receiver: watch::Receiver<Seen>,
    /// The first answer until it is taken.
    first: Option<Account>,
    version: u64,
}

impl Ledger {
    /// Begins to watch the user's account.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn watch(&self, user: UserId) -> Result<BalanceWatch, LedgerError> {
        // Joined before the first look, so that nothing falls between the two.
        let receiver = self.office.hub.join(user);
        let office = self.office.clone();
        let mut watch = BalanceWatch { office, user, receiver, first: None, version: 0 };
        let account = self.account(user).await?;
        watch.version = account.version;
        watch.first = Some(account);
        Ok(watch)
    }
}

impl BalanceWatch {
    /// The account at first, then whenever it differs from what was answered before. Changes that
    /// nobody waited for come as one. Ends in an error only, as when the user is deleted.
    pub async fn next(&mut self) -> Result<Account, LedgerError> {
        if let Some(account) = self.first.take() {
            return Ok(account);
        }
        loop {
            match &*self.receiver.borrow_and_update() {
                Seen::Account(account) if account.version > self.version => {
                    self.version = account.version;
                    return Ok(account.clone());
                }
                Seen::Nothing | Seen::Account(_) => {}
                Seen::Gone => return Err(LedgerError::UserNotFound),
            }
            if self.receiver.changed().await.is_err() {
                let cause = "nobody looks after the watchers any more".into();
                return Err(LedgerError::Store(StoreError::Unavailable(cause)));
            }
        }
    }
}

impl Drop for BalanceWatch {
    fn drop(&mut self) {
        self.office.hub.leave(self.user);
    }
}

/// Looks until `stopped` ends, and only while someone watches.
pub(super) async fn keep_looking(office: Arc<Office>, mut stopped: oneshot::Receiver<()>) {
    loop {
        tokio::select! {
            _ended = &mut stopped => return,
            () = office.hub.is_watched() => {}
        }
        // In a task of its own, so that a panic costs one look and not all that follow.
        let looking = tokio::spawn(look(office.clone()));
        match looking.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "watched accounts could not be looked at"),
            Err(panic) => tracing::error!(%panic, "looking at watched accounts panicked"),
        }
        tokio::select! {
            _ended = &mut stopped => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn look(office: Arc<Office>) -> Result<(), StoreError> {
    let users = office.hub.users();
    let standings = office.reads.list_standings(&users, office.clock.now()).await?;
    let mut gone: BTreeSet<UserId> = users.into_iter().collect();
    for standing in &standings {
        gone.remove(&standing.account.user);
    }
    let (due, posted): (Vec<_>, Vec<_>) = standings.into_iter().partition(|standing| standing.due);
    office.hub.publish(posted.into_iter().map(|standing| standing.account));
    for user in gone {
        office.hub.forget(user);
    }
    // Posted rather than computed, so that a version always stands for the same state. Watchers
    // are told of it as of any commit.
    let due: Vec<UserId> = due.into_iter().map(|standing| standing.account.user).collect();
    for some in due.chunks(SETTLED_MAX) {
        office.settle(some).await?;
    }
    Ok(())
}
