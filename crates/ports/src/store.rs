//! Units of work: several changes that happen together or not at all.

use std::error::Error;
use std::future::Future;

use async_trait::async_trait;

use crate::{
    ActivityTx, ApiKeyTx, AssetTx, CharacterTx, CollectionTx, ConversationTx, EventTx, FeatureTx,
    GaugeTx, JobTx, LedgerTx, ModelTx, OutputTx, PlanTx, PriceTx, ProfileTx, ProjectTx, QuotaTx,
    SceneTx, SubscriptionTx, ThemeTx, UserTx, VariantTx,
};

/// The cause of a [`StoreError`], for the log.
pub type Cause = Box<dyn Error + Send + Sync>;

/// How a store fails. Each variant is one reaction of the caller.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique or foreign key refused the change: decide by the constraint's name.
    #[error("constraint {constraint} refused the change")]
    Conflict { constraint: &'static str },
    /// A deadlock, a lock time-out or a serialization failure: nothing was done, try it all again.
    #[error("the unit of work lost a race")]
    Contention(#[source] Cause),
    /// The call's deadline passed while the store worked. Nothing was committed.
    #[error("the deadline passed")]
    DeadlineExceeded,
    /// The store cannot be reached or has no connection to spare. Nothing was committed.
    #[error("the store is unavailable")]
    Unavailable(#[source] Cause),
    /// The connection broke during COMMIT: the outcome is unknown. Repeat with the same request
    /// ids.
    #[error("the outcome of the commit is unknown")]
    CommitUnknown(#[source] Cause),
    /// What is stored breaks a rule, or the store refused what the rules allow. A bug or tampering.
    #[error("{what} is corrupt")]
    Corrupt {
        what: String,
        #[source]
        cause: Option<Cause>,
    },
}

/// Begins units of work.
#[async_trait]
pub trait Store: Send + Sync {
    /// Begins a unit of work. It sees committed changes only, each statement afresh, and is bounded
    /// by [`crate::deadline`].
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError>;
}

/// A unit of work: the sum of the roles that use cases play in it. Ends in [`finish`]; one that is
/// only dropped is rolled back, at the price of its connection.
#[async_trait]
pub trait Tx:
    ActivityTx
    + ApiKeyTx
    + AssetTx
    + CharacterTx
    + CollectionTx
    + ConversationTx
    + EventTx
    + FeatureTx
    + GaugeTx
    + JobTx
    + LedgerTx
    + ModelTx
    + OutputTx
    + PlanTx
    + PriceTx
    + ProfileTx
    + ProjectTx
    + QuotaTx
    + SceneTx
    + SubscriptionTx
    + ThemeTx
    + UserTx
    + VariantTx
    + Send
{
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
    async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
}

/// Commits on `Ok`, rolls back on `Err`. The original error wins over a failed rollback, for a
/// broken connection rolls back by itself.
pub async fn finish<T, E: From<StoreError>>(
    tx: Box<dyn Tx>,
    outcome: Result<T, E>,
) -> Result<T, E> {
    match outcome {
        Ok(value) => {
            tx.commit().await?;
            Ok(value)
        }
        Err(error) => {
            if let Err(rollback) = tx.rollback().await {
                tracing::debug!(error = %rollback, "rollback failed; the connection is discarded");
            }
            Err(error)
        }
    }
}

/// How often a unit of work is tried in all.
// 4: a race lost three times in a row is an overload, which more tries would only feed.
const ATTEMPTS_MAX: u32 = 4;

/// Runs `work` again when it lost a race, up to four times, and returns what came of it.
///
/// Only [`StoreError::Contention`] is retried here: nothing else is known to have changed nothing.
pub async fn retry<T, E, F>(mut work: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
    E: AsStoreError,
{
    let mut attempt = 1;
    loop {
        match work().await {
            Err(error) if attempt < ATTEMPTS_MAX && is_contention(&error) => attempt += 1,
            outcome => return outcome,
        }
    }
}

/// Lets [`retry`] see the store's error inside a use case's.
pub trait AsStoreError {
    fn as_store_error(&self) -> Option<&StoreError>;
}

impl AsStoreError for StoreError {
    fn as_store_error(&self) -> Option<&StoreError> {
        Some(self)
    }
}

fn is_contention(error: &impl AsStoreError) -> bool {
    matches!(error.as_store_error(), Some(StoreError::Contention(_)))
}
