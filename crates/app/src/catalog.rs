//! Use cases on the catalogue, a file for each kind of thing.
//!
//! All changes have one shape: see whether the account may change anything, lock, decide, write. The order of locks is in `migrations/README.md`.

mod characters;
mod collections;
mod error;
mod find;
mod scenes;
mod themes;
mod variants;

use std::sync::Arc;

use ::catalog::Mark;
use kernel::{AssetId, CharacterId, Etag, Patch, UserId};
use ports::{
    CharacterReads, Clock, CollectionReads, Ids, SceneReads, Store, ThemeReads, Tx, UserReads,
};
use users::activity::Action;
use users::{Ability, Standing};
use uuid::Uuid;

pub use collections::AddEntry;
pub use error::CatalogError;
pub use find::Batch;
pub use themes::NewTheme;
pub use variants::NewVariant;

use crate::activity::{self, Deed};
use crate::standing::{may, missing_asset};

/// The use cases on the catalogue.
pub struct Catalog {
    store: Arc<dyn Store>,
    reads: Arc<dyn CatalogReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// All that is read of the catalogue.
pub trait CatalogReads:
    CharacterReads + CollectionReads + SceneReads + ThemeReads + UserReads
{
}

impl<T> CatalogReads for T where
    T: CharacterReads + CollectionReads + SceneReads + ThemeReads + UserReads + ?Sized
{
}

/// Asks for a change of one thing of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update<I, F> {
    pub user: UserId,
    pub id: I,
    pub patch: Patch<F>,
    /// The revision that the caller decided on, if it matters to the caller.
    pub expected: Option<Etag>,
}

/// Names one thing of a user, to be deleted, restored or purged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<I> {
    pub user: UserId,
    pub id: I,
    /// The revision that the caller decided on, if it matters to the caller.
    pub expected: Option<Etag>,
}

impl Catalog {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn CatalogReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    /// Logs that `action` was done to the thing of `id` and `mark`, in the unit of work that does it.
    async fn log(
        &self,
        tx: &mut dyn Tx,
        user: UserId,
        action: Action,
        (id, mark): (&Uuid, Mark),
    ) -> Result<(), CatalogError> {
        let deed = Deed::on(user, action, id, mark.etag.revision());
        Ok(activity::record(tx, &*self.ids, self.clock.now(), deed).await?)
    }
}

async fn may_change(tx: &mut dyn Tx, user: UserId) -> Result<Standing, CatalogError> {
    Ok(may(tx, user, Ability::Change).await?)
}

/// Keeps the assets; refuses the first that is not there.
async fn require_assets(
    tx: &mut dyn Tx,
    user: UserId,
    ids: impl IntoIterator<Item = AssetId>,
) -> Result<(), CatalogError> {
    let missing = missing_asset(tx, user, ids).await?;
    missing.map_or(Ok(()), |id| Err(CatalogError::AssetNotFound { id }))
}

/// Keeps the characters from being purged; refuses the first that is not there.
async fn require_characters(
    tx: &mut dyn Tx,
    user: UserId,
    ids: &[CharacterId],
) -> Result<(), CatalogError> {
    if ids.is_empty() {
        return Ok(());
    }
    let there = tx.share_characters(user, ids).await?;
    let missing = ids.iter().find(|id| !there.contains(id));
    missing.map_or(Ok(()), |id| Err(CatalogError::CharacterNotFound { id: *id }))
}

#[cfg(test)]
mod tests;
