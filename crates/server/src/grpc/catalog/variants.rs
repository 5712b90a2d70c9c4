//! `atelier.catalog.v1.VariantService`.

use proto::atelier::catalog::v1 as pb;
use tonic::{Request, Response};

use super::CatalogApi;
use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::catalog::variants as wire;

#[tonic::async_trait]
impl pb::variant_service_server::VariantService for CatalogApi {
    async fn create_variant(
        &self,
        request: Request<pb::CreateVariantRequest>,
    ) -> Reply<pb::CreateVariantResponse> {
        let command = wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.create_variant(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreateVariantResponse { variant: Some(wire::render_variant(answer)) }))
    }

    async fn get_variant(
        &self,
        request: Request<pb::GetVariantRequest>,
    ) -> Reply<pb::GetVariantResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.get_variant(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetVariantResponse { variant: Some(wire::render_variant(answer)) }))
    }

    async fn update_variant(
        &self,
        request: Request<pb::UpdateVariantRequest>,
    ) -> Reply<pb::UpdateVariantResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.update_variant(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateVariantResponse { variant: Some(wire::render_variant(answer)) }))
    }

    async fn list_variants(
        &self,
        request: Request<pb::ListVariantsRequest>,
    ) -> Reply<pb::ListVariantsResponse> {
        let now = self.clock.now();
        let (user, theme, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_variants(user, theme, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn delete_variant(
        &self,
        request: Request<pb::DeleteVariantRequest>,
    ) -> Reply<pb::DeleteVariantResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog.delete_variant(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteVariantResponse {}))
    }
}
