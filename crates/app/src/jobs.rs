//! Use cases on jobs of generation: accepting, settling, cancelling, reading. Working on them is in
//! `work`. What becomes of a job is decided in the `generation` crate.

mod accept;
mod deliver;
mod end;
mod error;
mod follow;
mod price;
mod providers;
mod read;
mod texts;
mod watch;
mod work;
mod write;

use std::sync::Arc;

use generation::Rules;
use ports::{
    AssetReads, CharacterReads, Clock, ConversationReads, EventReads, Ids, JobQueue, JobReads,
    ModelReads, PriceReads, ProjectReads, SceneReads, Store, StoreError, ThemeReads,
};

pub use accept::{Accepted, NewJob, install_models};
pub use end::Retry;
pub use error::JobError;
pub use price::JobQuote;
pub use providers::{Providers, SetUp};
pub use watch::{FollowError, JobWatch, Subscription, Told, WatchReads, Watches};
pub use work::{Killed, Saga, SagaStep, Worker, WorkerLimits};

use crate::Conversations;
use crate::assets::Assets;
use crate::billing::{Allowances, Quotas};

/// The use cases on jobs.
pub struct Jobs {
    store: Arc<dyn Store>,
    reads: Arc<dyn JobsReads>,
    providers: Providers,
    quotas: Arc<Quotas>,
    allowances: Option<Arc<Allowances>>,
    assets: Arc<Assets>,
    conversations: Arc<Conversations>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
    rules: Rules,
    ledger_rules: ledger::Rules,
}

/// What [`Jobs`] works on.
pub struct JobParts<S> {
    /// Everything that the database is asked.
    pub store: Arc<S>,
    pub providers: Providers,
    pub quotas: Arc<Quotas>,
    pub allowances: Option<Arc<Allowances>>,
    pub assets: Arc<Assets>,
    pub conversations: Arc<Conversations>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    pub rules: Rules,
    pub ledger_rules: ledger::Rules,
}

/// All that is read beside jobs and for them.
pub trait JobsReads:
    AssetReads
    + CharacterReads
    + ConversationReads
    + EventReads
    + JobQueue
    + JobReads
    + ModelReads
    + PriceReads
    + ProjectReads
    + SceneReads
    + ThemeReads
{
}

impl<T> JobsReads for T where
    T: AssetReads
        + CharacterReads
        + ConversationReads
        + EventReads
        + JobQueue
        + JobReads
        + ModelReads
        + PriceReads
        + ProjectReads
        + SceneReads
        + ThemeReads
        + ?Sized
{
}

impl Jobs {
    pub fn new<S>(parts: JobParts<S>) -> Self
    where
        S: Store + JobsReads + 'static,
    {
        let JobParts {
            store,
            providers,
            quotas,
            allowances,
            assets,
            conversations,
            clock,
            ids,
            rules,
            ledger_rules,
        } = parts;
        Self {
            reads: store.clone(),
            store,
            providers,
            quotas,
            allowances,
            assets,
            conversations,
            clock,
            ids,
            rules,
            ledger_rules,
        }
    }
}

/// A text of ours that is no value: a bug.
fn unfit(what: &str) -> StoreError {
    StoreError::Corrupt { what: format!("{what}, which the program makes itself,"), cause: None }
}
