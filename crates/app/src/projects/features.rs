//! Use cases on the registry of features.

use std::sync::Arc;

use kernel::{FeatureId, Life, Page, PageSize, Position, UserId};
use ports::{Clock, FeatureFilter, FeatureReads, Ids, Store, Tx};
use projects::{Feature, FeatureFields, FeaturePatch, Workspace};
use tracing::instrument;
use users::activity::Action;
use users::{Ability, action};

use super::{Named, ProjectsError};
use crate::activity::{self, Deed};
use crate::standing::may;
use crate::unit::unit;

/// The use cases on features.
pub struct Features {
    store: Arc<dyn Store>,
    reads: Arc<dyn FeatureReads>,
    clock: Arc<dyn Clock>,
    ids: Arc<dyn Ids>,
}

/// Asks for a feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeature {
    pub user: UserId,
    pub workspace: Workspace,
    pub fields: FeatureFields,
}

impl Features {
    pub fn new(
        store: Arc<dyn Store>,
        reads: Arc<dyn FeatureReads>,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Self {
        Self { store, reads, clock, ids }
    }

    #[instrument(skip_all, fields(user.id = %asked.user))]
    pub async fn create(&self, asked: &NewFeature) -> Result<Feature, ProjectsError> {
        let NewFeature { user, workspace, fields } = asked.clone();
        let id = FeatureId::from_uuid(self.ids.uuid());
        let feature = Feature { id, user, workspace, fields, life: Life::begin(self.clock.now()) };
        unit!(self.store, |tx| self.create_in(tx, &feature))?;
        Ok(feature)
    }

    async fn create_in(&self, tx: &mut dyn Tx, feature: &Feature) -> Result<(), ProjectsError> {
        may(tx, feature.user, Ability::Change).await?;
        tx.insert_feature(feature).await?;
        self.log(tx, feature, action!("feature.created")).await
    }

    #[instrument(skip_all, fields(user.id = %user, feature.id = %id))]
    pub async fn get(&self, user: UserId, id: FeatureId) -> Result<Feature, ProjectsError> {
        self.reads.find_feature(user, id).await?.ok_or(ProjectsError::FeatureNotFound)
    }

    /// A page of a user's features, newest first.
    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list(
        &self,
        user: UserId,
        filter: &FeatureFilter,
        size: PageSize,
        after: Option<Position<FeatureId>>,
    ) -> Result<Page<Feature, Position<FeatureId>>, ProjectsError> {
        Ok(self.reads.list_features(user, filter, size, after).await?)
    }

    /// Changes the fields that the patch names.
    #[instrument(skip_all, fields(user.id = %named.user, feature.id = %named.id))]
    pub async fn update(
        &self,
        named: Named<FeatureId>,
        patch: &FeaturePatch,
    ) -> Result<Feature, ProjectsError> {
        unit!(self.store, |tx| self.update_in(tx, named, patch))
    }

    async fn update_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<FeatureId>,
        patch: &FeaturePatch,
    ) -> Result<Feature, ProjectsError> {
        let feature = lock(tx, named).await?;
        let fields = patch.apply(&feature.fields);
        let changes = fields != feature.fields;
        let life = feature.life.edit(named.expected, changes, self.clock.now())?;
        let Some(life) = life else { return Ok(feature) };
        let feature = Feature { fields, life, ..feature };
        tx.update_feature(&feature).await?;
        self.log(tx, &feature, action!("feature.updated")).await?;
        Ok(feature)
    }

    /// Deletes the feature for good.
    #[instrument(skip_all, fields(user.id = %named.user, feature.id = %named.id))]
    pub async fn delete(&self, named: Named<FeatureId>) -> Result<(), ProjectsError> {
        unit!(self.store, |tx| self.delete_in(tx, named))
    }

    async fn delete_in(
        &self,
        tx: &mut dyn Tx,
        named: Named<FeatureId>,
    ) -> Result<(), ProjectsError> {
        let feature = lock(tx, named).await?;
        // What is checked of a deletion is the revision alone.
        feature.life.delete(named.expected, self.clock.now())?;
        tx.delete_feature(named.user, named.id).await?;
        self.log(tx, &feature, action!("feature.deleted")).await
    }

    async fn log(
        &self,
        tx: &mut dyn Tx,
        feature: &Feature,
        action: Action,
    ) -> Result<(), ProjectsError> {
        let deed =
            Deed::on(feature.user, action, feature.id.as_uuid(), feature.life.etag.revision())
                .telling(&[("name", feature.fields.name.as_str())]);
        Ok(activity::record(tx, &*self.ids, self.clock.now(), deed).await?)
    }
}

async fn lock(tx: &mut dyn Tx, named: Named<FeatureId>) -> Result<Feature, ProjectsError> {
    may(tx, named.user, Ability::Change).await?;
    tx.lock_feature(named.user, named.id).await?.ok_or(ProjectsError::FeatureNotFound)
}
