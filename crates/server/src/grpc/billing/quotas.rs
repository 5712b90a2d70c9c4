//! `atelier.billing.v1.QuotaService`.

use std::sync::Arc;

use app::billing::Quotas;
use proto::atelier::billing::v1 as pb;
use tonic::{Request, Response};

use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::billing::quotas as wire;

/// Answers `QuotaService`.
pub struct QuotaApi {
    quotas: Arc<Quotas>,
}

impl QuotaApi {
    pub fn new(quotas: Arc<Quotas>) -> Self {
        Self { quotas }
    }
}

#[tonic::async_trait]
impl pb::quota_service_server::QuotaService for QuotaApi {
    async fn take(&self, request: Request<pb::TakeRequest>) -> Reply<pb::TakeResponse> {
        let wire::AskedUnits { user, request, units } =
            wire::parse_take(request.into_inner()).map_err(IntoStatus::into_status)?;
        let taken = self.quotas.take(user, &request, units).await;
        Ok(Response::new(wire::render_taken(taken.map_err(IntoStatus::into_status)?)))
    }

    async fn give_back(
        &self,
        request: Request<pb::GiveBackRequest>,
    ) -> Reply<pb::GiveBackResponse> {
        let (user, request) =
            wire::parse_give_back(request.into_inner()).map_err(IntoStatus::into_status)?;
        let given = self.quotas.give_back(user, &request).await;
        Ok(Response::new(wire::render_given_back(given.map_err(IntoStatus::into_status)?)))
    }

    async fn get_quota(
        &self,
        request: Request<pb::GetQuotaRequest>,
    ) -> Reply<pb::GetQuotaResponse> {
        let user = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let quota = self.quotas.get(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetQuotaResponse { quota: Some(wire::render_quota(quota)) }))
    }
}
