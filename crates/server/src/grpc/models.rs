//! `atelier.generation.v1.ModelService`.

use std::sync::Arc;

use app::Models;
use ports::Clock;
use proto::atelier::generation::v1 as pb;
use tonic::{Request, Response};

use crate::grpc::{OrStatus, Reply};
use crate::wire::models as wire;

/// Answers `ModelService`.
pub struct ModelApi {
    models: Arc<Models>,
    clock: Arc<dyn Clock>,
}

impl ModelApi {
    pub fn new(models: Arc<Models>, clock: Arc<dyn Clock>) -> Self {
        Self { models, clock }
    }
}

#[tonic::async_trait]
impl pb::model_service_server::ModelService for ModelApi {
    async fn list_models(
        &self,
        request: Request<pb::ListModelsRequest>,
    ) -> Reply<pb::ListModelsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let (size, after) = (asked.page.size, asked.page.after.clone());
        let page = self.models.list(&asked.filter, size, after).await.or_status()?;
        Ok(Response::new(wire::render_list(&asked, page, now)))
    }

    async fn get_model(
        &self,
        request: Request<pb::GetModelRequest>,
    ) -> Reply<pb::GetModelResponse> {
        let name = wire::parse_get(request.into_inner()).or_status()?;
        let found = self.models.get(&name).await.or_status()?;
        Ok(Response::new(pb::GetModelResponse { model: Some(wire::render_model(found)) }))
    }

    async fn create_model(
        &self,
        request: Request<pb::CreateModelRequest>,
    ) -> Reply<pb::CreateModelResponse> {
        let (name, fields, life) = wire::parse_create(request.into_inner()).or_status()?;
        let made = self.models.create(&name, &fields, &life).await.or_status()?;
        Ok(Response::new(pb::CreateModelResponse { model: Some(wire::render_model(made)) }))
    }

    async fn update_model(
        &self,
        request: Request<pb::UpdateModelRequest>,
    ) -> Reply<pb::UpdateModelResponse> {
        let (name, patch, expected) = wire::parse_update(request.into_inner()).or_status()?;
        let changed = self.models.update(&name, &patch, expected).await.or_status()?;
        Ok(Response::new(pb::UpdateModelResponse { model: Some(wire::render_model(changed)) }))
    }

    async fn set_model_life(
        &self,
        request: Request<pb::SetModelLifeRequest>,
    ) -> Reply<pb::SetModelLifeResponse> {
        let (name, life, expected) = wire::parse_set_life(request.into_inner()).or_status()?;
        let changed = self.models.set_life(&name, &life, expected).await.or_status()?;
        Ok(Response::new(pb::SetModelLifeResponse { model: Some(wire::render_model(changed)) }))
    }

    async fn probe_providers(
        &self,
        request: Request<pb::ProbeProvidersRequest>,
    ) -> Reply<pb::ProbeProvidersResponse> {
        let names = wire::parse_probe(request.into_inner()).or_status()?;
        let probed = self.models.probe(&names).await.or_status()?;
        let providers = probed.into_iter().map(wire::render_provider).collect();
        Ok(Response::new(pb::ProbeProvidersResponse { providers }))
    }
}
