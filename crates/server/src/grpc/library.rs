//! `atelier.library.v1.LibraryService`.

use std::sync::Arc;

use app::Library;
use ports::Clock;
use proto::atelier::library::v1 as pb;
use tonic::{Request, Response};

use super::{OrStatus, Reply};
use crate::wire::library as wire;

/// Answers `LibraryService`.
pub struct LibraryApi {
    library: Arc<Library>,
    clock: Arc<dyn Clock>,
}

impl LibraryApi {
    pub fn new(library: Arc<Library>, clock: Arc<dyn Clock>) -> Self {
        Self { library, clock }
    }
}

#[tonic::async_trait]
impl pb::library_service_server::LibraryService for LibraryApi {
    async fn create_output(
        &self,
        request: Request<pb::CreateOutputRequest>,
    ) -> Reply<pb::CreateOutputResponse> {
        let (user, fields) = wire::parse_create(request.into_inner()).or_status()?;
        let output = self.library.create(user, &fields).await.or_status()?;
        Ok(Response::new(pb::CreateOutputResponse { output: Some(wire::render_output(output)) }))
    }

    async fn get_output(
        &self,
        request: Request<pb::GetOutputRequest>,
    ) -> Reply<pb::GetOutputResponse> {
        let (user, id) = wire::parse_get(request.into_inner()).or_status()?;
        let output = self.library.get(user, id).await.or_status()?;
        Ok(Response::new(pb::GetOutputResponse { output: Some(wire::render_output(output)) }))
    }

    async fn batch_get_outputs(
        &self,
        request: Request<pb::BatchGetOutputsRequest>,
    ) -> Reply<pb::BatchGetOutputsResponse> {
        let (user, ids) = wire::parse_batch(request.into_inner()).or_status()?;
        let batch = self.library.get_several(user, &ids).await.or_status()?;
        Ok(Response::new(wire::render_batch(batch)))
    }

    async fn list_outputs(
        &self,
        request: Request<pb::ListOutputsRequest>,
    ) -> Reply<pb::ListOutputsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).or_status()?;
        let page = &asked.page;
        let found = self
            .library
            .list(asked.user, &asked.filter, page.size, page.after)
            .await
            .or_status()?;
        Ok(Response::new(wire::render_list(page, found, now)))
    }

    async fn update_output(
        &self,
        request: Request<pb::UpdateOutputRequest>,
    ) -> Reply<pb::UpdateOutputResponse> {
        let (named, patch) = wire::parse_update(request.into_inner()).or_status()?;
        let output = self.library.update(named, &patch).await.or_status()?;
        Ok(Response::new(pb::UpdateOutputResponse { output: Some(wire::render_output(output)) }))
    }

    async fn select_segmentation(
        &self,
        request: Request<pb::SelectSegmentationRequest>,
    ) -> Reply<pb::SelectSegmentationResponse> {
        let named = wire::parse_select(request.into_inner()).or_status()?;
        let output = self.library.select(named).await.or_status()?;
        let output = Some(wire::render_output(output));
        Ok(Response::new(pb::SelectSegmentationResponse { output }))
    }

    async fn delete_output(
        &self,
        request: Request<pb::DeleteOutputRequest>,
    ) -> Reply<pb::DeleteOutputResponse> {
        let named = wire::parse_delete(request.into_inner()).or_status()?;
        let output = self.library.delete(named).await.or_status()?;
        Ok(Response::new(pb::DeleteOutputResponse { output: Some(wire::render_output(output)) }))
    }

    async fn restore_output(
        &self,
        request: Request<pb::RestoreOutputRequest>,
    ) -> Reply<pb::RestoreOutputResponse> {
        let named = wire::parse_restore(request.into_inner()).or_status()?;
        let output = self.library.restore(named).await.or_status()?;
        Ok(Response::new(pb::RestoreOutputResponse { output: Some(wire::render_output(output)) }))
    }

    async fn purge_output(
        &self,
        request: Request<pb::PurgeOutputRequest>,
    ) -> Reply<pb::PurgeOutputResponse> {
        let named = wire::parse_purge(request.into_inner()).or_status()?;
        self.library.purge(named).await.or_status()?;
        Ok(Response::new(pb::PurgeOutputResponse {}))
    }
}
