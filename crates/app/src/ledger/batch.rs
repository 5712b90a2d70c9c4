//! Many commands in one call: through the queue, or all of them in one unit of work.

use ledger::{Command, Outcome};
use ports::{AsStoreError, StoreError, finish, retry};
use tracing::instrument;

use crate::ledger::Ledger;
use crate::ledger::office::Office;
use crate::ledger::post::{Refusal, post_all_in};

/// What a refused command means for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchMode {
    /// Nothing: each has its own result.
    Each,
    /// That none is carried out.
    AllOrNothing,
}

/// Why none of a batch was carried out.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    #[error("command {index} was refused, and with it the batch")]
    Aborted {
        index: usize,
        #[source]
        refusal: Refusal,
    },
    #[error("more commands are waiting than the queue takes")]
    Overloaded,
    /// Some of the commands may have been carried out: repeat the call with its request ids.
    #[error("the ledger could not be reached or did not answer")]
    Store(#[from] StoreError),
}

impl Ledger {
    /// Carries out commands of any users, in order, with one result for each.
    #[instrument(skip_all, fields(commands = commands.len()))]
    pub async fn execute_batch(
        &self,
        commands: &[Command],
        mode: BatchMode,
    ) -> Result<Vec<Result<Outcome, Refusal>>, BatchError> {
        match mode {
            BatchMode::Each => self.queue.execute_each(commands).await,
            BatchMode::AllOrNothing => {
                let commands: Vec<&Command> = commands.iter().collect();
                let outcomes = retry(|| self.execute_all(&commands)).await?;
                Ok(outcomes.into_iter().map(Ok).collect())
            }
        }
    }

    async fn execute_all(&self, commands: &[&Command]) -> Result<Vec<Outcome>, BatchError> {
        let Office { store, clock, rules, hub, .. } = &*self.office;
        let mut tx = store.begin().await?;
        let outcome = match post_all_in(&mut *tx, &**clock, rules, commands).await {
            Ok(Ok(posted)) => Ok(posted),
            Ok(Err((index, refusal))) => Err(BatchError::Aborted { index, refusal }),
            Err(error) => Err(error.into()),
        };
        let posted = finish(tx, outcome).await?;
        hub.publish(posted.accounts);
        Ok(posted.results)
    }
}

impl AsStoreError for BatchError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Aborted { .. } | Self::Overloaded => None,
        }
    }
}
