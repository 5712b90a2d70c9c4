//! Use cases on assets, a file each group. Bytes are moved outside units of work: a slow store
//! holds up no lock.

mod bring;
mod change;
mod download;
mod error;
mod find;
mod keep;
mod read;
mod show;
mod sweep;
mod upload;

use std::sync::Arc;

use ::assets::Asset;
use kernel::{AssetId, UserId};
use ports::{
    AssetKeeping, AssetReads, Clock, Fetcher, Ids, MediaKey, MediaStore, Store, StoreError,
    UserReads,
};
use users::Ability;

pub use bring::Import;
pub use download::Download;
pub use error::AssetError;
pub use show::Shown;
pub use sweep::{SweepReport, Sweeping};
pub use upload::Announced;

/// The use cases on assets.
pub struct Assets {
    store: Arc<dyn Store>,
    reads: Arc<dyn AssetReads>,
    users: Arc<dyn UserReads>,
    keeping: Arc<dyn AssetKeeping>,
    /// `None` where nobody has set one up: what others keep can be noted all the same.
    media: Option<Arc<dyn MediaStore>>,
    fetcher: Arc<dyn Fetcher>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// What [`Assets`] works on.
pub struct AssetParts<S> {
    /// Everything that the database is asked.
    pub store: Arc<S>,
    pub media: Option<Arc<dyn MediaStore>>,
    pub fetcher: Arc<dyn Fetcher>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
}

impl Assets {
    pub fn new<S>(parts: AssetParts<S>) -> Self
    where
        S: Store + AssetReads + AssetKeeping + UserReads + 'static,
    {
        let AssetParts { store, media, fetcher, clock, ids } = parts;
        Self {
            reads: store.clone(),
            users: store.clone(),
            keeping: store.clone(),
            store,
            media,
            fetcher,
            clock,
            ids,
        }
    }

    fn media(&self) -> Result<&dyn MediaStore, AssetError> {
        self.media.as_deref().ok_or(AssetError::NoMediaStore)
    }

    fn fresh_id(&self) -> AssetId {
        AssetId::from_uuid(self.ids.uuid())
    }

    async fn find(&self, user: UserId, id: AssetId) -> Result<Asset, AssetError> {
        self.reads.find_asset(user, id).await?.ok_or(AssetError::NotFound { id })
    }

    /// Refuses early what inserting an asset would refuse.
    async fn check_user(&self, user: UserId) -> Result<(), AssetError> {
        let user = self.users.find_user(user).await?.ok_or(AssetError::UserNotFound)?;
        user.account.status.check(Ability::Change).map_err(AssetError::Barred)
    }
}

/// The key that the rules made.
fn media_key(key: &str) -> Result<MediaKey, StoreError> {
    key.parse().map_err(|_| StoreError::Corrupt { what: "a key of bytes".into(), cause: None })
}
