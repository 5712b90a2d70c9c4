//! `atelier.catalog.v1.ThemeService`.

use proto::atelier::catalog::v1 as pb;
use tonic::{Request, Response};

use super::CatalogApi;
use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::catalog::themes as wire;

#[tonic::async_trait]
impl pb::theme_service_server::ThemeService for CatalogApi {
    async fn create_theme(
        &self,
        request: Request<pb::CreateThemeRequest>,
    ) -> Reply<pb::CreateThemeResponse> {
        let command = wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.create_theme(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreateThemeResponse { theme: Some(wire::render_theme(answer)) }))
    }

    async fn get_theme(
        &self,
        request: Request<pb::GetThemeRequest>,
    ) -> Reply<pb::GetThemeResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.get_theme(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetThemeResponse { theme: Some(wire::render_theme(answer)) }))
    }

    async fn update_theme(
        &self,
        request: Request<pb::UpdateThemeRequest>,
    ) -> Reply<pb::UpdateThemeResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.update_theme(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateThemeResponse { theme: Some(wire::render_theme(answer)) }))
    }

    async fn list_themes(
        &self,
        request: Request<pb::ListThemesRequest>,
    ) -> Reply<pb::ListThemesResponse> {
        let now = self.clock.now();
        let (user, character, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_themes(user, character, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn list_gallery(
        &self,
        request: Request<pb::ListGalleryRequest>,
    ) -> Reply<pb::ListGalleryResponse> {
        let now = self.clock.now();
        let (user, character, newest, asked) =
            wire::parse_gallery(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_gallery(user, character, newest, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_gallery(&asked, page, now)))
    }

    async fn delete_theme(
        &self,
        request: Request<pb::DeleteThemeRequest>,
    ) -> Reply<pb::DeleteThemeResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog.delete_theme(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteThemeResponse {}))
    }
}
