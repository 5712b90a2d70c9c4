//! The registry of features.

use async_trait::async_trait;
use diesel::pg::Pg;
use diesel::prelude::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgArrayExpressionMethods,
    QueryDsl, SelectableHelper,
};
use diesel_async::RunQueryDsl;
use kernel::{FeatureId, Page, PageSize, Position, UserId};
use ports::{FeatureFilter, FeatureReads, FeatureTx, StoreError};
use projects::Feature;

use crate::error::store_error;
use crate::pool::Postgres;
use crate::rows::projects::FeatureRow;
use crate::schema::features;
use crate::store::{after, only_one};
use crate::tx::PgTx;
use crate::types::{one_more, to_pg};

#[async_trait]
impl FeatureTx for PgTx {
    async fn insert_feature(&mut self, feature: &Feature) -> Result<(), StoreError> {
        let insert = diesel::insert_into(features::table).values(FeatureRow::from(feature));
        insert.execute(self.conn()).await.map(drop).map_err(store_error)
    }

    async fn lock_feature(
        &mut self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError> {
        let row: Option<FeatureRow> = features::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(FeatureRow::as_select())
            .for_update()
            .get_result(self.conn())
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Feature::try_from).transpose()
    }

    async fn update_feature(&mut self, feature: &Feature) -> Result<(), StoreError> {
        let key = (*feature.user.as_uuid(), *feature.id.as_uuid());
        let update = diesel::update(features::table.find(key)).set(FeatureRow::from(feature));
        only_one(update.execute(self.conn()).await)
    }

    async fn delete_feature(&mut self, user: UserId, id: FeatureId) -> Result<(), StoreError> {
        let key = (*user.as_uuid(), *id.as_uuid());
        only_one(diesel::delete(features::table.find(key)).execute(self.conn()).await)
    }
}

#[async_trait]
impl FeatureReads for Postgres {
    async fn find_feature(
        &self,
        user: UserId,
        id: FeatureId,
    ) -> Result<Option<Feature>, StoreError> {
        let mut conn = self.keyed().await?;
        let row: Option<FeatureRow> = features::table
            .find((*user.as_uuid(), *id.as_uuid()))
            .select(FeatureRow::as_select())
            .get_result(&mut conn)
            .await
            .optional()
            .map_err(store_error)?;
        row.map(Feature::try_from).transpose()
    }

    async fn list_features(
        &self,
        user: UserId,
        filter: &FeatureFilter,
        size: PageSize,
        after: Option<Position<FeatureId>>,
    ) -> Result<Page<Feature, Position<FeatureId>>, StoreError> {
        use features::dsl as t;
        let FeatureFilter { workspace, name, tag } = filter;
        let mut query = t::features
            .filter(t::user_id.eq(*user.as_uuid()))
            .order((t::created_at.desc(), t::id.desc()))
            .limit(one_more(size))
            .select(FeatureRow::as_select())
            .into_boxed::<Pg>();
        if let Some(workspace) = workspace {
            query = query.filter(t::workspace.eq(workspace.as_str()));
        }
        if let Some(name) = name {
            query = query.filter(t::name_key.eq(name.as_str().to_lowercase()));
        }
        if let Some(tag) = tag {
            query = query.filter(t::tags.contains(vec![Some(tag.as_str())]));
        }
        after!(query, after, t::created_at, t::id);
        let mut conn = self.connection().await?;
        let rows: Vec<FeatureRow> = query.load(&mut conn).await.map_err(store_error)?;
        let items = rows.into_iter().map(Feature::try_from).collect::<Result<_, _>>()?;
        Ok(Page::from_one_more(items, size, Feature::position))
    }
}
