//! `atelier.catalog.v1.CollectionService`.

use proto::atelier::catalog::v1 as pb;
use tonic::{Request, Response};

use super::CatalogApi;
use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::catalog::collections as wire;

#[tonic::async_trait]
impl pb::collection_service_server::CollectionService for CatalogApi {
    async fn create_collection(
        &self,
        request: Request<pb::CreateCollectionRequest>,
    ) -> Reply<pb::CreateCollectionResponse> {
        let (user, fields) =
            wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.create_collection(user, fields).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreateCollectionResponse {
            collection: Some(wire::render_collection(answer)),
        }))
    }

    async fn get_collection(
        &self,
        request: Request<pb::GetCollectionRequest>,
    ) -> Reply<pb::GetCollectionResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.get_collection(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetCollectionResponse {
            collection: Some(wire::render_collection(answer)),
        }))
    }

    async fn update_collection(
        &self,
        request: Request<pb::UpdateCollectionRequest>,
    ) -> Reply<pb::UpdateCollectionResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.update_collection(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateCollectionResponse {
            collection: Some(wire::render_collection(answer)),
        }))
    }

    async fn list_collections(
        &self,
        request: Request<pb::ListCollectionsRequest>,
    ) -> Reply<pb::ListCollectionsResponse> {
        let now = self.clock.now();
        let (user, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_collections(user, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn delete_collection(
        &self,
        request: Request<pb::DeleteCollectionRequest>,
    ) -> Reply<pb::DeleteCollectionResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog.delete_collection(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteCollectionResponse {}))
    }

    async fn add_collection_character(
        &self,
        request: Request<pb::AddCollectionCharacterRequest>,
    ) -> Reply<pb::AddCollectionCharacterResponse> {
        let command = wire::parse_add(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.add_to_collection(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_added(answer)))
    }

    async fn remove_collection_character(
        &self,
        request: Request<pb::RemoveCollectionCharacterRequest>,
    ) -> Reply<pb::RemoveCollectionCharacterResponse> {
        let (user, collection, character) =
            wire::parse_remove(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog
            .remove_from_collection(user, collection, character)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RemoveCollectionCharacterResponse {}))
    }

    async fn list_collection_characters(
        &self,
        request: Request<pb::ListCollectionCharactersRequest>,
    ) -> Reply<pb::ListCollectionCharactersResponse> {
        let now = self.clock.now();
        let (user, id, asked) =
            wire::parse_entries(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_entries(user, id, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_entries(&asked, page, now)))
    }
}
