//! Finding and listing assets. Reads only: no unit of work.

use ::assets::Asset;
use kernel::{AssetId, Page, PageSize, Position, UserId};
use ports::AssetFilter;
use tracing::instrument;

use super::{AssetError, Assets};

impl Assets {
    #[instrument(skip_all, fields(user.id = %user, asset.id = %id))]
    pub async fn get(&self, user: UserId, id: AssetId) -> Result<Asset, AssetError> {
        self.find(user, id).await
    }

    /// Those of the assets that there are, in the order of the ids, and the ids of the others.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn batch_get(
        &self,
        user: UserId,
        ids: &[AssetId],
    ) -> Result<(Vec<Asset>, Vec<AssetId>), AssetError> {
        let found = self.reads.find_assets(user, ids).await?;
        let mut missing = Vec::new();
        let mut ordered = Vec::new();
        for id in ids {
            match found.iter().find(|asset| asset.id == *id) {
                Some(asset) => ordered.push(asset.clone()),
                None => missing.push(*id),
            }
        }
        Ok((ordered, missing))
    }

    /// Lists a user's assets newest first, those after a position only.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &AssetFilter,
        size: PageSize,
        after: Option<Position<AssetId>>,
    ) -> Result<Page<Asset, Position<AssetId>>, AssetError> {
        Ok(self.reads.list_assets(user, filter, size, after).await?)
    }
}
