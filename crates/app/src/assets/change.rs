//! Changing, deleting, restoring and purging assets.

use ::assets::Asset;
use ::assets::decide::{self, Target, Update};
use ports::{finish, retry};
use tracing::instrument;
use users::action;

use super::{AssetError, Assets};
use crate::standing::may_purge;

impl Assets {
    #[instrument(skip_all, fields(user.id = %command.user, asset.id = %command.asset))]
    pub async fn update(&self, command: &Update) -> Result<Asset, AssetError> {
        let Update { user, asset, .. } = *command;
        let change = || {
            self.edit(user, asset, action!("asset.updated"), |asset| {
                decide::update(asset, command, self.clock.now())
            })
        };
        retry(change).await
    }

    #[instrument(skip_all, fields(user.id = %target.user, asset.id = %target.asset))]
    pub async fn delete(&self, target: &Target) -> Result<Asset, AssetError> {
        let Target { user, asset, .. } = *target;
        let change = || {
            self.edit(user, asset, action!("asset.deleted"), |asset| {
                decide::delete(asset, target, self.clock.now())
            })
        };
        retry(change).await
    }

    #[instrument(skip_all, fields(user.id = %target.user, asset.id = %target.asset))]
    pub async fn restore(&self, target: &Target) -> Result<Asset, AssetError> {
        let Target { user, asset, .. } = *target;
        let change = || {
            self.edit(user, asset, action!("asset.restored"), |asset| {
                decide::restore(asset, target, self.clock.now())
            })
        };
        retry(change).await
    }

    /// Removes a deleted asset: what referred to it refers to nothing. Its bytes are doomed in the
    /// same step.
    #[instrument(skip_all, fields(user.id = %target.user, asset.id = %target.asset))]
    pub async fn purge(&self, target: &Target) -> Result<(), AssetError> {
        retry(|| self.try_purge(target)).await
    }

    async fn try_purge(&self, target: &Target) -> Result<(), AssetError> {
        let mut tx = self.store.begin().await?;
        let outcome = async {
            may_purge(&mut *tx, target.user).await?;
            let found = tx.lock_asset(target.user, target.asset).await?;
            let found = found.ok_or(AssetError::NotFound { id: target.asset })?;
            decide::purge(&found, target)?;
            tx.delete_asset(target.user, target.asset).await?;
            let purged = action!("asset.purged");
            Ok(self.record(&mut *tx, &found, purged).await?)
        };
        let outcome = outcome.await;
        finish(tx, outcome).await
    }
}
