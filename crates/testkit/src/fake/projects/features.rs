//! The registry of features in memory.

use async_trait::async_trait;
use kernel::{FeatureId, Page, PageSize, Position, UserId};
use ports::{
    FEATURES_NAME_UNIQUE, FEATURES_USER_FKEY, FeatureFilter, FeatureReads, FeatureTx, StoreError,
};
use projects::Feature;

use crate::fake::newest_first;
use crate::fake::store::{FakeStore, FakeTx};

#[async_trait]
impl FeatureTx for FakeTx {
    async fn insert_feature(&mut self, feature: &Feature) -> Result<(), StoreError> {
        if !self.state.users.exists(feature.user) {
            return Err(StoreError::Conflict { constraint: FEATURES_USER_FKEY });
        }
        self.update_feature(feature).await
    }

    async fn lock_feature(
        &mut self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError> {
        Ok(self.state.projects.features.get(&(user, id)).cloned())
    }

    async fn update_feature(&mut self, feature: &Feature) -> Result<(), StoreError> {
        if self.state.projects.is_taken(feature) {
            return Err(StoreError::Conflict { constraint: FEATURES_NAME_UNIQUE });
        }
        self.state.projects.features.insert((feature.user, feature.id), feature.clone());
        Ok(())
    }

    async fn delete_feature(&mut self, user: UserId, id: FeatureId) -> Result<(), StoreError> {
        self.state.projects.features.remove(&(user, id));
        Ok(())
    }
}

#[async_trait]
impl FeatureReads for FakeStore {
    async fn find_feature(
        &self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError> {
        self.check_up()?;
        Ok(self.state.lock().await.projects.features.get(&(user, id)).cloned())
    }

    async fn list_features(
        &self,
        user: UserId,
        filter: &FeatureFilter,
        size: PageSize,
        after: Option<Position<FeatureId>>,
    ) -> Result<Page<Feature, Position<FeatureId>>, StoreError> {
        self.check_up()?;
        let state = self.state.lock().await;
        let FeatureFilter { workspace, name, tag } = filter;
        let lower = |text: &str| text.to_lowercase();
        let wanted = state.projects.features.values().filter(|feature| {
            feature.user == user
                && workspace.as_ref().is_none_or(|workspace| feature.workspace == *workspace)
                && name
                    .as_ref()
                    .is_none_or(|name| lower(feature.fields.name.as_str()) == lower(name.as_str()))
                && tag.as_ref().is_none_or(|tag| feature.fields.tags.contains(tag))
        });
        Ok(newest_first(wanted, size, after, Feature::position))
    }
}
