//! `atelier.catalog.v1.SceneService`.

use proto::atelier::catalog::v1 as pb;
use tonic::{Request, Response};

use super::CatalogApi;
use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::catalog::scenes as wire;

#[tonic::async_trait]
impl pb::scene_service_server::SceneService for CatalogApi {
    async fn create_scene(
        &self,
        request: Request<pb::CreateSceneRequest>,
    ) -> Reply<pb::CreateSceneResponse> {
        let (user, fields) =
            wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.create_scene(user, fields).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreateSceneResponse { scene: Some(wire::render_scene(answer)) }))
    }

    async fn get_scene(
        &self,
        request: Request<pb::GetSceneRequest>,
    ) -> Reply<pb::GetSceneResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.get_scene(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetSceneResponse { scene: Some(wire::render_scene(answer)) }))
    }

    async fn update_scene(
        &self,
        request: Request<pb::UpdateSceneRequest>,
    ) -> Reply<pb::UpdateSceneResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.update_scene(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateSceneResponse { scene: Some(wire::render_scene(answer)) }))
    }

    async fn list_scenes(
        &self,
        request: Request<pb::ListScenesRequest>,
    ) -> Reply<pb::ListScenesResponse> {
        let now = self.clock.now();
        let (user, character, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_scenes(user, character, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn delete_scene(
        &self,
        request: Request<pb::DeleteSceneRequest>,
    ) -> Reply<pb::DeleteSceneResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog.delete_scene(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteSceneResponse {}))
    }

    async fn add_scene_image(
        &self,
        request: Request<pb::AddSceneImageRequest>,
    ) -> Reply<pb::AddSceneImageResponse> {
        let (user, scene, asset) =
            wire::parse_add_image(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self
            .catalog
            .add_scene_image(user, scene, asset)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::AddSceneImageResponse { scene: Some(wire::render_scene(answer)) }))
    }

    async fn remove_scene_image(
        &self,
        request: Request<pb::RemoveSceneImageRequest>,
    ) -> Reply<pb::RemoveSceneImageResponse> {
        let (user, scene, asset) =
            wire::parse_remove_image(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self
            .catalog
            .remove_scene_image(user, scene, asset)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RemoveSceneImageResponse { scene: Some(wire::render_scene(answer)) }))
    }
}
