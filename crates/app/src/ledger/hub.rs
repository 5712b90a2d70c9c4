//! Who watches which account, and the newest state of each that is watched.
//!
//! Nothing is queued: a watcher who is slow finds the newest state only. A user is known here as
//! long as someone watches.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kernel::UserId;
use ledger::Account;
use tokio::sync::{Notify, watch};

/// What was seen last of a watched account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing since the first watcher came.
    Nothing,
    Account(Account),
    /// The user has been deleted.
    Gone,
}

#[derive(Debug, Default)]
pub(super) struct Hub {
    watched: Mutex<HashMap<UserId, watch::Sender<Seen>>>,
    first: Notify,
}

impl Hub {
    pub(super) fn join(&self, user: UserId) -> watch::Receiver<Seen> {
        let mut watched = self.watched();
        let receiver =
            watched.entry(user).or_insert_with(|| watch::Sender::new(Seen::Nothing)).subscribe();
        self.first.notify_one();
        receiver
    }

    /// To be called by each watcher before its receiver is dropped.
    pub(super) fn leave(&self, user: UserId) {
        let mut watched = self.watched();
        if watched.get(&user).is_some_and(|sender| sender.receiver_count() <= 1) {
            watched.remove(&user);
        }
    }

    /// Shows accounts to those who watch them. An older state than the one shown is left out:
    /// commits may be told of in another order than they were made in.
    pub(super) fn publish(&self, accounts: impl IntoIterator<Item = Account>) {
        let watched = self.watched();
        if watched.is_empty() {
            return;
        }
        for account in accounts {
            if let Some(sender) = watched.get(&account.user) {
                sender.send_if_modified(|seen| {
                    let newer = match seen {
                        Seen::Nothing => true,
                        Seen::Account(shown) => account.version > shown.version,
                        Seen::Gone => false,
                    };
                    if newer {
                        *seen = Seen::Account(account);
                    }
                    newer
                });
            }
        }
    }

    /// Tells the watchers of a user who has been deleted.
    pub(super) fn forget(&self, user: UserId) {
        if let Some(sender) = self.watched().get(&user) {
            sender.send_replace(Seen::Gone);
        }
    }

    pub(super) fn users(&self) -> Vec<UserId> {
        self.watched().keys().copied().collect()
    }

    /// Waits until someone watches something.
    pub(super) async fn is_watched(&self) {
        while self.watched().is_empty() {
            self.first.notified().await;
        }
    }

    fn watched(&self) -> MutexGuard<'_, HashMap<UserId, watch::Sender<Seen>>> {
        // Each change of the map is one call on it: a panic elsewhere leaves it whole.
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
