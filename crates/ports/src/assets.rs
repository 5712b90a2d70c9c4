//! Where assets are kept: what they are and where their bytes are, not the bytes.

use assets::{Asset, Kind, Provider};
use async_trait::async_trait;
use kernel::{
    AssetId, CharacterId, OutputId, Page, PageSize, Position, ProjectId, SceneId, ThemeId,
    Timestamp, UserId, VariantId,
};

use crate::{MediaKey, StoreError};

/// An asset belongs to a user who is there.
pub const ASSETS_USER_FKEY: &str = "assets_user_fkey";

/// Which of a user's assets. The live ones that are there, by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssetFilter {
    /// Of these kinds only; none for all.
    pub kinds: Vec<Kind>,
    /// `None` for all; ours goes by [`Provider::OURS`].
    pub provider: Option<Provider>,
    pub with_deleted: bool,
    pub with_pending: bool,
}

/// What assets are made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MadeFor {
    /// The outputs of the project.
    Project(ProjectId),
    Output(OutputId),
    /// The character and its variants.
    Character(CharacterId),
    /// The variants of the theme.
    Theme(ThemeId),
    Variant(VariantId),
    /// The images that were made of the scene.
    Scene(SceneId),
}

/// Assets, in a unit of work.
///
/// Whoever stores a reference to an asset has shared the user and the asset before; whoever removes
/// an asset has locked the user. So no asset goes while something is about to refer to it.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AssetTx: Send {
    /// Stores a new asset.
    ///
    /// MUST fail with [`StoreError::Conflict`] ([`ASSETS_USER_FKEY`]) where there is no such user.
    async fn insert_asset(&mut self, asset: &Asset) -> Result<(), StoreError>;

    /// Locks the asset until the unit of work ends. `None` if the user has no such asset.
    async fn lock_asset(&mut self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// Stores what a locked asset has become. Where its bytes are stays.
    async fn update_asset(&mut self, asset: &Asset) -> Result<(), StoreError>;

    /// Answers which of the assets are there and not deleted, in no order, and keeps them until the
    /// unit of work ends.
    async fn share_assets(
        &mut self,
        user: UserId,
        ids: &[AssetId],
    ) -> Result<Vec<AssetId>, StoreError>;

    /// Removes a locked asset, with whatever is nothing without it: a video's file or source, a
    /// character's view, an image of a scene. Everything else that referred to it stays and refers
    /// to nothing. Its bytes are doomed in the same step, as those of all assets of a user are who
    /// is deleted.
    async fn delete_asset(&mut self, user: UserId, id: AssetId) -> Result<(), StoreError>;

    /// The assets that were made for a thing, each once, in no order.
    async fn find_made(&mut self, user: UserId, by: MadeFor) -> Result<Vec<AssetId>, StoreError>;

    /// Removes those of the assets that nothing of the user refers to, and dooms their bytes.
    async fn delete_unused(&mut self, user: UserId, ids: &[AssetId]) -> Result<(), StoreError>;
}

/// Assets, as committed.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AssetReads: Send + Sync {
    async fn find_asset(&self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError>;

    /// Those of the assets that there are, in no order.
    async fn find_assets(&self, user: UserId, ids: &[AssetId]) -> Result<Vec<Asset>, StoreError>;

    /// Those of the assets of several users that there are, in no order.
    async fn find_assets_of(&self, wanted: &[(UserId, AssetId)]) -> Result<Vec<Asset>, StoreError>;

    /// Lists the user's assets in descending order of position, those after `after` only.
    async fn list_assets(
        &self,
        user: UserId,
        filter: &AssetFilter,
        size: PageSize,
        after: Option<Position<AssetId>>,
    ) -> Result<Page<Asset, Position<AssetId>>, StoreError>;
}

/// Which bytes there should be: for those who clean up.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait AssetKeeping: Send + Sync {
    /// Takes up to `limit` keys of bytes that must go and that nobody else has taken, and keeps
    /// them for the caller until `until`. Longest doomed first.
    async fn claim_doomed(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<MediaKey>, StoreError>;

    /// Forgets keys whose bytes are gone.
    async fn forget_doomed(&self, keys: &[MediaKey]) -> Result<(), StoreError>;

    /// Removes up to `limit` uploads that were to be finalized before `before` and were not.
    /// Answers how many.
    async fn drop_abandoned(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError>;

    /// Those of the keys that belong to an asset, or are doomed already.
    async fn find_known(&self, keys: &[MediaKey]) -> Result<Vec<MediaKey>, StoreError>;

    /// Up to `limit` assets whose bytes are in our store, by user and id, after a place.
    async fn list_stored(
        &self,
        after: Option<(UserId, AssetId)>,
        limit: usize,
    ) -> Result<Vec<(UserId, AssetId, MediaKey)>, StoreError>;
}
