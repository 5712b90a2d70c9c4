//! Assets in memory, and the keys of bytes that must go.

use std::collections::BTreeMap;

use ::assets::{Asset, Place, Provider, State as BytesState};
use async_trait::async_trait;
use kernel::{AssetId, Page, PageSize, Position, Timestamp, UserId};
use ports::{
    ASSETS_USER_FKEY, AssetFilter, AssetKeeping, AssetReads, AssetTx, MadeFor, MediaKey, StoreError,
};

use crate::fake::store::{FakeStore, FakeTx, State};

/// The tables of assets and of what they leave behind.
#[derive(Debug, Clone, Default)]
pub(crate) struct Assets {
    assets: BTreeMap<(UserId, AssetId), Asset>,
    /// And until when somebody has taken each.
    doomed: BTreeMap<MediaKey, Option<Timestamp>>,
}

impl Assets {
    pub(crate) fn forget_user(&mut self, user: UserId) {
        self.remove(|asset| asset.user == user);
    }

    /// Removes assets, and answers which.
    fn remove(&mut self, goes: impl Fn(&Asset) -> bool) -> Vec<(UserId, AssetId)> {
        let gone: Vec<_> = self.assets.extract_if(.., |_, asset| goes(asset)).collect();
        self.doomed.extend(gone.iter().filter_map(|(_, asset)| {
            // What may still be uploaded is deleted when it no longer may.
            let until = match &asset.place {
                Place::Ours { state: BytesState::Pending { until }, .. } => Some(*until),
                Place::Ours { .. } | Place::Elsewhere { .. } => None,
            };
            Some((key_of(asset)?, until))
        }));
        gone.into_iter().map(|(key, _)| key).collect()
    }
}

/// Removes assets, and what others say of them.
fn remove(state: &mut State, goes: impl Fn(&Asset) -> bool) {
    for (user, id) in state.assets.remove(goes) {
        state.catalog.forget_asset(user, id);
        state.library.forget_asset(user, id);
    }
}

fn key_of(asset: &Asset) -> Option<MediaKey> {
    match &asset.place {
        Place::Ours { key, .. } => Some(key.parse().expect("the rules make keys")),
        Place::Elsewhere { .. } => None,
    }
}

fn provider_of(asset: &Asset) -> &str {
    match &asset.place {
        Place::Ours { .. } => Provider::OURS,
        Place::Elsewhere { provider, .. } => provider.as_str(),
    }
}

#[async_trait]
impl AssetTx for FakeTx {
    async fn insert_asset(&mut self, asset: &Asset) -> Result<(), StoreError> {
        let State { assets, users, .. } = &mut self.state;
        if !users.exists(asset.user) {
            return Err(StoreError::Conflict { constraint: ASSETS_USER_FKEY });
        }
        let taken = assets.assets.insert((asset.user, asset.id), asset.clone());
        assert!(taken.is_none(), "an asset's id was used twice: {taken:?}");
        Ok(())
    }

    async fn lock_asset(&mut self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        Ok(self.state.assets.assets.get(&(user, id)).cloned())
    }

    async fn update_asset(&mut self, asset: &Asset) -> Result<(), StoreError> {
        self.state.assets.assets.insert((asset.user, asset.id), asset.clone());
        Ok(())
    }

    async fn share_assets(
        &mut self,
        user: UserId,
        ids: &[AssetId],
    ) -> Result<Vec<AssetId>, StoreError> {
        let assets = &self.state.assets.assets;
        let live =
            |id: &AssetId| assets.get(&(user, *id)).is_some_and(|asset| asset.deleted_at.is_none());
        Ok(ids.iter().copied().filter(live).collect())
    }

    async fn delete_asset(&mut self, user: UserId, id: AssetId) -> Result<(), StoreError> {
        remove(&mut self.state, |asset| (asset.user, asset.id) == (user, id));
        Ok(())
    }

    async fn find_made(&mut self, user: UserId, by: MadeFor) -> Result<Vec<AssetId>, StoreError> {
        let mut made = self.state.catalog.made_for(user, by);
        made.extend(self.state.library.made_for(user, by));
        made.sort_unstable();
        made.dedup();
        Ok(made)
    }

    async fn delete_unused(&mut self, user: UserId, ids: &[AssetId]) -> Result<(), StoreError> {
        let mut used = self.state.catalog.assets_of(user);
        used.extend(self.state.library.assets_of(user));
        remove(&mut self.state, |asset| {
            asset.user == user && ids.contains(&asset.id) && !used.contains(&asset.id)
        });
        Ok(())
    }
}

#[async_trait]
impl AssetReads for FakeStore {
    async fn find_asset(&self, user: UserId, id: AssetId) -> Result<Option<Asset>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.assets.assets.get(&(user, id)).cloned())
    }

    async fn find_assets(&self, user: UserId, ids: &[AssetId]) -> Result<Vec<Asset>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let find = |id: &AssetId| state.assets.assets.get(&(user, *id)).cloned();
        Ok(ids.iter().filter_map(find).collect())
    }

    async fn find_assets_of(&self, wanted: &[(UserId, AssetId)]) -> Result<Vec<Asset>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        Ok(wanted.iter().filter_map(|key| state.assets.assets.get(key).cloned()).collect())
    }

    async fn list_assets(
        &self,
        user: UserId,
        filter: &AssetFilter,
        size: PageSize,
        after: Option<Position<AssetId>>,
    ) -> Result<Page<Asset, Position<AssetId>>, StoreError> {
        self.check_up()?;
        let AssetFilter { kinds, provider, with_deleted, with_pending } = filter;
        let wanted = |asset: &&Asset| {
            asset.user == user
                && after.is_none_or(|after| asset.position() < after)
                && (kinds.is_empty() || kinds.contains(&asset.kind()))
                && provider.as_ref().is_none_or(|wanted| wanted.as_str() == provider_of(asset))
                && (*with_deleted || asset.deleted_at.is_none())
                && (*with_pending || !asset.is_pending())
        };
        let state = self.state.lock().await;
        let mut items: Vec<Asset> = state.assets.assets.values().filter(wanted).cloned().collect();
        items.sort_by_key(|asset| std::cmp::Reverse(asset.position()));
        Ok(Page::from_one_more(items, size, Asset::position))
    }
}

#[async_trait]
impl AssetKeeping for FakeStore {
    async fn claim_doomed(
        &self,
        now: Timestamp,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<MediaKey>, StoreError> {
        self.check_up()?;
        let mut state = self.state.lock().await;
        let free = state.assets.doomed.iter_mut();
        let free = free.filter(|(_, taken)| taken.is_none_or(|until| until <= now));
        let take = |(key, taken): (&MediaKey, &mut Option<Timestamp>)| {
            *taken = Some(until);
            key.clone()
        };
        Ok(free.take(limit).map(take).collect())
    }

    async fn forget_doomed(&self, keys: &[MediaKey]) -> Result<(), StoreError> {
        self.check_up()?;
        self.state.lock().await.assets.doomed.retain(|key, _| !keys.contains(key));
        Ok(())
    }

    async fn drop_abandoned(&self, before: Timestamp, limit: usize) -> Result<usize, StoreError> {
        self.check_up()?;
        let mut state = self.state.lock().await;
        let abandoned = state.assets.assets.values().filter(|asset| match &asset.place {
            Place::Ours { state: BytesState::Pending { until }, .. } => *until < before,
            Place::Ours { state: BytesState::Stored { .. }, .. } | Place::Elsewhere { .. } => false,
        });
        let ids: Vec<AssetId> = abandoned.take(limit).map(|asset| asset.id).collect();
        remove(&mut state, |asset| ids.contains(&asset.id));
        Ok(ids.len())
    }

    async fn find_known(&self, keys: &[MediaKey]) -> Result<Vec<MediaKey>, StoreError> {
        self.check_up()?;
        let Assets { assets, doomed } = self.state.lock().await.assets.clone();
        let owned: Vec<MediaKey> = assets.values().filter_map(key_of).collect();
        let known = |key: &&MediaKey| owned.contains(key) || doomed.contains_key(*key);
        Ok(keys.iter().filter(known).cloned().collect())
    }

    async fn list_stored(
        &self,
        after: Option<(UserId, AssetId)>,
        limit: usize,
    ) -> Result<Vec<(UserId, AssetId, MediaKey)>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let behind = state.assets.assets.iter().filter(|(place, asset)| {
            after.is_none_or(|after| **place > after) && !asset.is_pending()
        });
        let listed = behind.filter_map(|((user, id), asset)| Some((*user, *id, key_of(asset)?)));
        Ok(listed.take(limit).collect())
    }
}
