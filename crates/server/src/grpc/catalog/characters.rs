//! `atelier.catalog.v1.CharacterService`.

use proto::atelier::catalog::v1 as pb;
use tonic::{Request, Response};

use super::CatalogApi;
use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::catalog::characters as wire;

#[tonic::async_trait]
impl pb::character_service_server::CharacterService for CatalogApi {
    async fn create_character(
        &self,
        request: Request<pb::CreateCharacterRequest>,
    ) -> Reply<pb::CreateCharacterResponse> {
        let (user, fields) =
            wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.create_character(user, fields).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreateCharacterResponse {
            character: Some(wire::render_character(answer)),
        }))
    }

    async fn get_character(
        &self,
        request: Request<pb::GetCharacterRequest>,
    ) -> Reply<pb::GetCharacterResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.get_character(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetCharacterResponse {
            character: Some(wire::render_character(answer)),
        }))
    }

    async fn update_character(
        &self,
        request: Request<pb::UpdateCharacterRequest>,
    ) -> Reply<pb::UpdateCharacterResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.update_character(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateCharacterResponse {
            character: Some(wire::render_character(answer)),
        }))
    }

    async fn batch_get_characters(
        &self,
        request: Request<pb::BatchGetCharactersRequest>,
    ) -> Reply<pb::BatchGetCharactersResponse> {
        let (user, ids) =
            wire::parse_batch(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.batch_get_characters(user, &ids).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_batch(answer)))
    }

    async fn list_characters(
        &self,
        request: Request<pb::ListCharactersRequest>,
    ) -> Reply<pb::ListCharactersResponse> {
        let now = self.clock.now();
        let (user, filter, asked) =
            wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_characters(user, &filter, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn list_public_characters(
        &self,
        request: Request<pb::ListPublicCharactersRequest>,
    ) -> Reply<pb::ListPublicCharactersResponse> {
        let now = self.clock.now();
        let (filter, asked) =
            wire::parse_list_public(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self
            .catalog
            .list_public_characters(&filter, asked.size, asked.after)
            .await
            .map_err(IntoStatus::into_status)?;
        let pictures = page.items.iter().flat_map(|one| {
            let user = one.character.user;
            one.character.fields.made().map(move |asset| (user, asset))
        });
        let pictures: Vec<_> = pictures.collect();
        let shown = self.assets.show(&pictures).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_gallery(&asked, page, &shown, now)))
    }

    async fn delete_character(
        &self,
        request: Request<pb::DeleteCharacterRequest>,
    ) -> Reply<pb::DeleteCharacterResponse> {
        let command = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.delete_character(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteCharacterResponse {
            character: Some(wire::render_character(answer)),
        }))
    }

    async fn restore_character(
        &self,
        request: Request<pb::RestoreCharacterRequest>,
    ) -> Reply<pb::RestoreCharacterResponse> {
        let command = wire::parse_restore(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer =
            self.catalog.restore_character(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RestoreCharacterResponse {
            character: Some(wire::render_character(answer)),
        }))
    }

    async fn purge_character(
        &self,
        request: Request<pb::PurgeCharacterRequest>,
    ) -> Reply<pb::PurgeCharacterResponse> {
        let command = wire::parse_purge(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.catalog.purge_character(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::PurgeCharacterResponse {}))
    }

    async fn get_user_statistics(
        &self,
        request: Request<pb::GetUserStatisticsRequest>,
    ) -> Reply<pb::GetUserStatisticsResponse> {
        let user = wire::parse_statistics(request.into_inner()).map_err(IntoStatus::into_status)?;
        let answer = self.catalog.statistics(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetUserStatisticsResponse {
            statistics: Some(wire::render_statistics(answer)),
        }))
    }
}
