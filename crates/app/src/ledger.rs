//! Use cases on the ledger. Commands go through the queue, which commits them in groups; reads go
//! straight to the store. What a command comes to is decided in the `ledger` crate.

mod batch;
mod export;
mod hub;
mod office;
mod post;
mod queue;
mod read;
mod statement;
mod tidy;
mod usage;
mod verify;
mod watch;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use kernel::{RequestId, UserId};
use ledger::{Action, Command, Outcome, Rejection, Rules};
use ports::{AsStoreError, Clock, Ids, LedgerReads, Store, StoreError, retry};
use tokio::sync::oneshot;
use tracing::instrument;

pub use batch::{BatchError, BatchMode};
pub use export::Export;
pub use post::{Refusal, post_in};
pub use queue::QueueLimits;
pub use statement::Statement;
pub use usage::UsageError;
pub use verify::{Verification, Verified, VerifyError};
pub use watch::BalanceWatch;

use crate::billing::Allowances;
use hub::Hub;
use office::Office;
use queue::Queue;

/// The use cases on the ledger.
pub struct Ledger {
    office: Arc<Office>,
    ids: Arc<dyn Ids>,
    queue: Queue,
    allowances: Option<Arc<Allowances>>,
    /// Ends the look-out for the watchers by being dropped.
    _look_out: oneshot::Sender<()>,
}

/// Why a call on the ledger got no answer.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error("there is no such user")]
    UserNotFound,
    #[error(transparent)]
    Barred(users::Rejection),
    #[error(transparent)]
    Rejected(#[from] Rejection),
    #[error("more commands are waiting than the queue takes")]
    Overloaded,
    #[error("the ledger could not be reached or did not answer")]
    Store(#[from] StoreError),
}

impl Ledger {
    /// Starts the queue's tasks and the look-out for watchers on the present runtime; they end when
    /// this is dropped and what was queued is answered.
    pub fn start(
        store: Arc<dyn Store>,
        reads: Arc<dyn LedgerReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
        rules: Rules,
        limits: QueueLimits,
    ) -> Self {
        let office = Arc::new(Office { store, reads, clock, rules, hub: Hub::default() });
        let queue = Queue::start(&office, limits);
        let (look_out, stopped) = oneshot::channel();
        tokio::spawn(watch::keep_looking(office.clone(), stopped));
        Self { office, ids, queue, allowances: None, _look_out: look_out }
    }

    /// The same, giving users the allowance of the present period before they spend.
    #[must_use]
    pub fn touching(self, allowances: Arc<Allowances>) -> Self {
        Self { allowances: Some(allowances), ..self }
    }

    /// A command of this moment.
    pub fn command(&self, user: UserId, request: RequestId, action: Action) -> Command {
        Command::new(user, request, self.ids.nonce(), action)
    }

    /// Carries a command out, or gives the answer of the first time again.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn execute(&self, command: Command) -> Result<Outcome, LedgerError> {
        self.touch(std::iter::once(&command)).await?;
        self.queue.execute(command).await
    }

    /// What [`Ledger::execute`] would answer now. Changes nothing and promises nothing.
    #[instrument(skip_all, fields(user.id = %command.user))]
    pub async fn validate(&self, command: &Command) -> Result<Outcome, LedgerError> {
        self.touch(std::iter::once(command)).await?;
        let Office { store, clock, rules, .. } = &*self.office;
        Ok(retry(|| post::rehearse(&**store, &**clock, rules, command)).await??)
    }
}

impl Ledger {
    /// Gives those who are about to spend what the clock entitles them to.
    async fn touch(
        &self,
        commands: impl Iterator<Item = &Command> + Send,
    ) -> Result<(), StoreError> {
        let Some(allowances) = &self.allowances else { return Ok(()) };
        for command in commands.filter(|command| command.action.spends()) {
            allowances.touch(command.user).await?;
        }
        Ok(())
    }
}

impl From<Refusal> for LedgerError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::UserNotFound => Self::UserNotFound,
            Refusal::Barred(rejection) => Self::Barred(rejection),
            Refusal::Rejected(rejection) => Self::Rejected(rejection),
            Refusal::Unsound(what) => {
                Self::Store(StoreError::Corrupt { what: format!("the book ({what})"), cause: None })
            }
        }
    }
}

impl AsStoreError for LedgerError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::UserNotFound | Self::Barred(_) | Self::Rejected(_) | Self::Overloaded => None,
        }
    }
}
