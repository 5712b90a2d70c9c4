//! `atelier.projects.v1.FeatureService`.

use std::sync::Arc;

use app::Features;
use ports::Clock;
use proto::atelier::projects::v1 as pb;
use tonic::{Request, Response};

use super::{OrStatus, Reply};
use crate::wire::features as wire;

/// Answers `FeatureService`.
pub struct FeatureApi {
    features: Arc<Features>,
    clock: Arc<dyn Clock>,
}

impl FeatureApi {
    pub fn new(features: Arc<Features>, clock: Arc<dyn Clock>) -> Self {
        Self { features, clock }
    }
}

#[tonic::async_trait]
impl pb::feature_service_server::FeatureService for FeatureApi {
    async fn create_feature(
        &self,
        request: Request<pb::CreateFeatureRequest>,
    ) -> Reply<pb::CreateFeatureResponse> {
        let asked = wire::parse_create(request.into_inner()).or_status()?;
        let feature = self.features.create(&asked).await.or_status()?;
        Ok(Response::new(pb::CreateFeatureResponse {
            feature: Some(wire::render_feature(feature)),
        }))
    }

    async fn get_feature(
        &self,
        request: Request<pb::GetFeatureRequest>,
    ) -> Reply<pb::GetFeatureResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).or_status()?;
        let feature = self.features.get(user, id).await.or_status()?;
        Ok(Response::new(pb::GetFeatureResponse { feature: Some(wire::render_feature(feature)) }))
    }

    async fn list_features(
        &self,
        request: Request<pb::ListFeaturesRequest>,
    ) -> Reply<pb::ListFeaturesResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .features
            .list(asked.user, &asked.filter, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_list(page, found, now)))
    }

    async fn update_feature(
        &self,
        request: Request<pb::UpdateFeatureRequest>,
    ) -> Reply<pb::UpdateFeatureResponse> {
        let (named, patch) = wire::parse_update(request.into_inner()).or_status()?;
        let feature = self.features.update(named, &patch).await.or_status()?;
        Ok(Response::new(pb::UpdateFeatureResponse {
            feature: Some(wire::render_feature(feature)),
        }))
    }

    async fn delete_feature(
        &self,
        request: Request<pb::DeleteFeatureRequest>,
    ) -> Reply<pb::DeleteFeatureResponse> {
        let named = wire::parse_delete(request.into_inner()).or_status()?;
        self.features.delete(named).await.or_status()?;
        Ok(Response::new(pb::DeleteFeatureResponse {}))
    }
}
