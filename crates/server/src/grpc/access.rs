//! `atelier.access.v1.ApiKeyService`.

use std::sync::Arc;

use app::access::ApiKeys;
use ports::Clock;
use proto::atelier::access::v1 as pb;
use tonic::{Request, Response};

use super::{Reply, principal};
use crate::status::IntoStatus;
use crate::wire::access as wire;

/// Answers `ApiKeyService`.
pub struct ApiKeyApi {
    keys: Arc<ApiKeys>,
    clock: Arc<dyn Clock>,
}

impl ApiKeyApi {
    pub fn new(keys: Arc<ApiKeys>, clock: Arc<dyn Clock>) -> Self {
        Self { keys, clock }
    }
}

#[tonic::async_trait]
impl pb::api_key_service_server::ApiKeyService for ApiKeyApi {
    async fn issue_api_key(
        &self,
        request: Request<pb::IssueApiKeyRequest>,
    ) -> Reply<pb::IssueApiKeyResponse> {
        let issuer = principal(&request)?.scopes();
        let command = wire::parse_issue(request.into_inner()).map_err(IntoStatus::into_status)?;
        let issued = self.keys.issue(issuer, &command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_issued(issued)))
    }

    async fn list_api_keys(
        &self,
        request: Request<pb::ListApiKeysRequest>,
    ) -> Reply<pb::ListApiKeysResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page =
            self.keys.list(asked.size, asked.after).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }

    async fn rotate_api_key(
        &self,
        request: Request<pb::RotateApiKeyRequest>,
    ) -> Reply<pb::RotateApiKeyResponse> {
        let issuer = principal(&request)?.scopes();
        let (id, command) =
            wire::parse_rotate(request.into_inner()).map_err(IntoStatus::into_status)?;
        let rotated =
            self.keys.rotate(issuer, id, command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_rotated(rotated)))
    }

    async fn revoke_api_key(
        &self,
        request: Request<pb::RevokeApiKeyRequest>,
    ) -> Reply<pb::RevokeApiKeyResponse> {
        let id = wire::parse_revoke(request.into_inner()).map_err(IntoStatus::into_status)?;
        let key = self.keys.revoke(id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::RevokeApiKeyResponse { api_key: Some(wire::render_api_key(key)) }))
    }
}
