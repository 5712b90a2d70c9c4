//! Group commit: commands that arrive while a batch commits make the next batch.
//!
//! One task for each shard of users takes what is waiting, up to a limit, and commits it as one
//! unit of work. There is no timer: a lone command is a batch of one. Commands that come together
//! are spread over the shards, so that two such calls do not wait for each other's locks. What is
//! in the queue is lost with the process, before anyone was told that it was done.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ledger::{Command, Outcome};
use ports::{StoreError, retry};
use tokio::sync::{mpsc, oneshot};

use crate::ledger::office::Office;
use crate::ledger::post::Refusal;
use crate::ledger::{BatchError, LedgerError};

/// How much the queue takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueLimits {
    /// How many batches are in progress at once, each for its own users.
    pub shards: usize,
    /// How many commands a batch has at most.
    pub batch_max: usize,
    /// How many commands wait in each shard at most.
    pub queue_max: usize,
}

impl Default for QueueLimits {
    fn default() -> Self {
        // Two shards let one batch be decided while another is being flushed; more of them make
        // smaller batches, measured in `bench`. 512: past that a batch gains little and its last
        // command waits longer. 4,096 in the queue are a quarter of a second's work.
        Self { shards: 2, batch_max: 512, queue_max: 4_096 }
    }
}

/// How often a commit of unknown outcome is repeated: a server that restarts is back by then.
const UNKNOWN_COMMITS_MAX: u32 = 3;
const UNKNOWN_COMMIT_PAUSE: Duration = Duration::from_millis(200);

/// The senders' side. Dropping it lets the shards finish what is queued, and end.
pub(super) struct Queue {
    shards: Vec<mpsc::Sender<Waiting>>,
}

/// A command, and who waits for its answer.
struct Waiting {
    command: Command,
    deadline: Option<Instant>,
    answer: oneshot::Sender<Answer>,
}

/// What came of a command, unless the store failed.
type Answer = Result<Result<Outcome, Refusal>, StoreError>;

impl Queue {
    pub(super) fn start(office: &Arc<Office>, limits: QueueLimits) -> Self {
        let shards = (0..limits.shards.max(1)).map(|_| {
            let (sender, receiver) = mpsc::channel(limits.queue_max.max(1));
            let shard = Shard { office: office.clone() };
            tokio::spawn(shard.run(receiver, limits.batch_max.max(1)));
            sender
        });
        Self { shards: shards.collect() }
    }

    pub(super) async fn execute(&self, command: Command) -> Result<Outcome, LedgerError> {
        let shard = &self.shards[self.shard_of(&command)];
        let (waiting, answered) = Waiting::new(command);
        shard.try_send(waiting).map_err(|refused| match refused {
            mpsc::error::TrySendError::Full(_) => LedgerError::Overloaded,
            mpsc::error::TrySendError::Closed(_) => LedgerError::Store(lost()),
        })?;
        Ok(answered.await.unwrap_or_else(|_dropped| Err(lost()))??)
    }

    /// Takes all of the commands or none. Those of one user are carried out in the order given.
    pub(super) async fn execute_each(
        &self,
        commands: &[Command],
    ) -> Result<Vec<Result<Outcome, Refusal>>, BatchError> {
        let of_shard: Vec<usize> = commands.iter().map(|command| self.shard_of(command)).collect();
        let mut permits = Vec::with_capacity(self.shards.len());
        for (number, shard) in self.shards.iter().enumerate() {
            let count = of_shard.iter().filter(|of| **of == number).count();
            permits.push(shard.try_reserve_many(count).map_err(|refused| match refused {
                mpsc::error::TrySendError::Full(()) => BatchError::Overloaded,
                mpsc::error::TrySendError::Closed(()) => BatchError::Store(lost()),
            })?);
        }
        let mut answers = Vec::with_capacity(commands.len());
        for (command, shard) in commands.iter().zip(of_shard) {
            let (waiting, answered) = Waiting::new(command.clone());
            if let Some(permit) = permits[shard].next() {
                permit.send(waiting);
            }
            answers.push(answered);
        }
        let mut results = Vec::with_capacity(answers.len());
        for answered in answers {
            results.push(answered.await.unwrap_or_else(|_dropped| Err(lost()))?);
        }
        Ok(results)
    }

    fn shard_of(&self, command: &Command) -> usize {
        let mut hasher = DefaultHasher::new();
        command.user.hash(&mut hasher);
        let count = u64::try_from(self.shards.len()).unwrap_or(1);
        usize::try_from(hasher.finish() % count).unwrap_or(0)
    }
}

// The task that had the command has panicked, which is logged where it happened.
fn lost() -> StoreError {
    StoreError::Corrupt { what: "a batch of the ledger".into(), cause: None }
}

struct Shard {
    office: Arc<Office>,
}

impl Shard {
    async fn run(self, mut receiver: mpsc::Receiver<Waiting>, batch_max: usize) {
        let shard = Arc::new(self);
        let mut waiting = Vec::with_capacity(batch_max);
        while receiver.recv_many(&mut waiting, batch_max).await > 0 {
            let batch: Vec<Waiting> = waiting.drain(..).filter_map(Waiting::still_wanted).collect();
            // In a task of its own, so that a panic costs this batch and not the shard.
            let work = tokio::spawn({
                let shard = shard.clone();
                async move { shard.commit(batch).await }
            });
            if let Err(panic) = work.await {
                tracing::error!(%panic, "a batch of the ledger panicked");
            }
        }
    }

    /// Commits a batch. One that fails for what is in it is tried again in halves, so that a
    /// poisoned command fails alone.
    async fn commit(&self, batch: Vec<Waiting>) {
        let mut parts = vec![batch];
        while let Some(mut part) = parts.pop() {
            if part.is_empty() {
                continue;
            }
            metrics::histogram!("atelier_ledger_batch_commands").record(part.len() as f64);
            match self.commit_part(&part).await {
                Ok(results) => {
                    for (waiting, result) in part.into_iter().zip(results) {
                        waiting.reply(Ok(result));
                    }
                }
                Err(StoreError::Corrupt { .. } | StoreError::Conflict { .. }) if part.len() > 1 => {
                    let second = part.split_off(part.len() / 2);
                    // The first half goes first: a user's commands keep their order.
                    parts.push(second);
                    parts.push(part);
                }
                Err(error) => {
                    for waiting in part {
                        waiting.reply(Err(again(&error)));
                    }
                }
            }
        }
    }

    /// A commit whose outcome is unknown is repeated with the same request ids: what did commit is
    /// found by them.
    async fn commit_part(
        &self,
        part: &[Waiting],
    ) -> Result<Vec<Result<Outcome, Refusal>>, StoreError> {
        let commands: Vec<&Command> = part.iter().map(|waiting| &waiting.command).collect();
        let mut unknown = 0;
        loop {
            match retry(|| self.office.post(&commands)).await {
                Err(StoreError::CommitUnknown(cause)) if unknown < UNKNOWN_COMMITS_MAX => {
                    unknown += 1;
                    tracing::warn!(error = %cause, "a commit's outcome is unknown; repeating it");
                    tokio::time::sleep(UNKNOWN_COMMIT_PAUSE).await;
                }
                // Here the first commit may still stand, so this failure is no less unknown.
                Err(StoreError::Unavailable(_)) if unknown > 0 && unknown < UNKNOWN_COMMITS_MAX => {
                    unknown += 1;
                    tokio::time::sleep(UNKNOWN_COMMIT_PAUSE).await;
                }
                outcome => return outcome,
            }
        }
    }
}

impl Waiting {
    fn new(command: Command) -> (Self, oneshot::Receiver<Answer>) {
        let (answer, answered) = oneshot::channel();
        (Self { command, deadline: ports::deadline::current(), answer }, answered)
    }

    /// Whoever has stopped waiting is not served: nothing was done yet.
    fn still_wanted(self) -> Option<Self> {
        if self.answer.is_closed() {
            return None;
        }
        if self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            self.reply(Err(StoreError::DeadlineExceeded));
            return None;
        }
        Some(self)
    }

    fn reply(self, result: Answer) {
        // The caller may have gone: then its request id will tell it what happened.
        if self.answer.send(result).is_err() {
            tracing::debug!("an answer of the ledger came too late for its caller");
        }
    }
}

/// The same failure for the next of those who share it.
fn again(error: &StoreError) -> StoreError {
    let text = error.to_string();
    match error {
        StoreError::Conflict { constraint } => StoreError::Conflict { constraint },
        StoreError::Contention(_) => StoreError::Contention(text.into()),
        StoreError::DeadlineExceeded => StoreError::DeadlineExceeded,
        StoreError::Unavailable(cause) => StoreError::Unavailable(cause.to_string().into()),
        StoreError::CommitUnknown(cause) => StoreError::CommitUnknown(cause.to_string().into()),
        StoreError::Corrupt { what, cause } => StoreError::Corrupt {
            what: what.clone(),
            cause: cause.as_ref().map(|cause| cause.to_string().into()),
        },
    }
}
