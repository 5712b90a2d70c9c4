//! `atelier.assets.v1.AssetService`.

use std::sync::Arc;

use app::Assets;
use ports::Clock;
use proto::atelier::assets::v1 as pb;
use tonic::{Request, Response};

use super::Reply;
use crate::status::IntoStatus;
use crate::wire::assets as wire;

/// Answers `AssetService`.
pub struct AssetApi {
    assets: Arc<Assets>,
    clock: Arc<dyn Clock>,
}

impl AssetApi {
    pub fn new(assets: Arc<Assets>, clock: Arc<dyn Clock>) -> Self {
        Self { assets, clock }
    }
}

#[tonic::async_trait]
impl pb::asset_service_server::AssetService for AssetApi {
    async fn create_upload(
        &self,
        request: Request<pb::CreateUploadRequest>,
    ) -> Reply<pb::CreateUploadResponse> {
        let (command, content) =
            wire::parse_upload(request.into_inner()).map_err(IntoStatus::into_status)?;
        let announced = self.assets.announce(command, content).await;
        Ok(Response::new(wire::render_announced(announced.map_err(IntoStatus::into_status)?)))
    }

    async fn finalize_upload(
        &self,
        request: Request<pb::FinalizeUploadRequest>,
    ) -> Reply<pb::FinalizeUploadResponse> {
        let (user, id) =
            wire::parse_finalize(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.finalize(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::FinalizeUploadResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn create_download(
        &self,
        request: Request<pb::CreateDownloadRequest>,
    ) -> Reply<pb::CreateDownloadResponse> {
        let asked = wire::parse_download(request.into_inner()).map_err(IntoStatus::into_status)?;
        let wire::AskedDownload { user, asset, lifetime, attachment } = asked;
        let download = self.assets.download(user, asset, lifetime, attachment).await;
        Ok(Response::new(wire::render_download(download.map_err(IntoStatus::into_status)?)))
    }

    async fn get_asset(
        &self,
        request: Request<pb::GetAssetRequest>,
    ) -> Reply<pb::GetAssetResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.get(user, id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetAssetResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn batch_get_assets(
        &self,
        request: Request<pb::BatchGetAssetsRequest>,
    ) -> Reply<pb::BatchGetAssetsResponse> {
        let (user, ids) =
            wire::parse_batch_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let found = self.assets.batch_get(user, &ids).await;
        let (found, missing) = found.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_batch(found, missing)))
    }

    async fn list_assets(
        &self,
        request: Request<pb::ListAssetsRequest>,
    ) -> Reply<pb::ListAssetsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let wire::AskedAssets { user, filter, page } = &asked;
        let found = self.assets.list(*user, filter, page.size, page.after).await;
        Ok(Response::new(wire::render_page(&asked, found.map_err(IntoStatus::into_status)?, now)))
    }

    async fn update_asset(
        &self,
        request: Request<pb::UpdateAssetRequest>,
    ) -> Reply<pb::UpdateAssetResponse> {
        let command = wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.update(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdateAssetResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn delete_asset(
        &self,
        request: Request<pb::DeleteAssetRequest>,
    ) -> Reply<pb::DeleteAssetResponse> {
        let target = wire::parse_delete(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.delete(&target).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::DeleteAssetResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn restore_asset(
        &self,
        request: Request<pb::RestoreAssetRequest>,
    ) -> Reply<pb::RestoreAssetResponse> {
        let target = wire::parse_restore(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.restore(&target).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RestoreAssetResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn purge_asset(
        &self,
        request: Request<pb::PurgeAssetRequest>,
    ) -> Reply<pb::PurgeAssetResponse> {
        let target = wire::parse_purge(request.into_inner()).map_err(IntoStatus::into_status)?;
        self.assets.purge(&target).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::PurgeAssetResponse {}))
    }

    async fn copy_asset(
        &self,
        request: Request<pb::CopyAssetRequest>,
    ) -> Reply<pb::CopyAssetResponse> {
        let (user, id, name) =
            wire::parse_copy(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.copy(user, id, name).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CopyAssetResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn register_external(
        &self,
        request: Request<pb::RegisterExternalRequest>,
    ) -> Reply<pb::RegisterExternalResponse> {
        let command =
            wire::parse_register(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.register(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RegisterExternalResponse { asset: Some(wire::render_asset(asset)) }))
    }

    async fn import_from_url(
        &self,
        request: Request<pb::ImportFromUrlRequest>,
    ) -> Reply<pb::ImportFromUrlResponse> {
        let command = wire::parse_import(request.into_inner()).map_err(IntoStatus::into_status)?;
        let asset = self.assets.import(command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::ImportFromUrlResponse { asset: Some(wire::render_asset(asset)) }))
    }
}
