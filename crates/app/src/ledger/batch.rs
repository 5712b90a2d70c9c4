//! Many commands in one call, in one unit of work of their own.

use ledger::{Command, Outcome};
use ports::{AsStoreError, StoreError, finish, retry};
use tracing::instrument;

use crate::ledger::post::{Refusal, post_all_in, post_in};
use crate::ledger::{Ledger, LedgerError};

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
    ) -> Result<Vec<Result<Outcome, LedgerError>>, BatchError> {
        let commands: Vec<&Command> = commands.iter().collect();
        let results = retry(|| self.try_batch(&commands, mode)).await?;
        Ok(results.into_iter().map(|result| result.map_err(LedgerError::from)).collect())
    }

    async fn try_batch(
        &self,
        commands: &[&Command],
        mode: BatchMode,
    ) -> Result<Vec<Result<Outcome, Refusal>>, BatchError> {
        let mut tx = self.store.begin().await?;
        let outcome = match mode {
            BatchMode::Each => {
                post_in(&mut *tx, &*self.clock, &self.rules, commands).await.map_err(Into::into)
            }
            BatchMode::AllOrNothing => {
                match post_all_in(&mut *tx, &*self.clock, &self.rules, commands).await {
                    Ok(Ok(outcomes)) => Ok(outcomes.into_iter().map(Ok).collect()),
                    Ok(Err((index, refusal))) => Err(BatchError::Aborted { index, refusal }),
                    Err(error) => Err(error.into()),
                }
            }
        };
        finish(tx, outcome).await
    }
}

impl AsStoreError for BatchError {
    fn as_store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Aborted { .. } => None,
        }
    }
}
