//! `atelier.billing.v1.PlanService`.

use std::sync::Arc;

use app::billing::Plans;
use ports::Clock;
use proto::atelier::billing::v1 as pb;
use tonic::{Request, Response};

use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::billing::plans as wire;

/// Answers `PlanService`.
pub struct PlanApi {
    plans: Arc<Plans>,
    clock: Arc<dyn Clock>,
}

impl PlanApi {
    pub fn new(plans: Arc<Plans>, clock: Arc<dyn Clock>) -> Self {
        Self { plans, clock }
    }
}

#[tonic::async_trait]
impl pb::plan_service_server::PlanService for PlanApi {
    async fn create_plan(
        &self,
        request: Request<pb::CreatePlanRequest>,
    ) -> Reply<pb::CreatePlanResponse> {
        let fields = wire::parse_create(request.into_inner()).map_err(IntoStatus::into_status)?;
        let plan = self.plans.create(&fields).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::CreatePlanResponse { plan: Some(wire::render_plan(plan)) }))
    }

    async fn get_plan(&self, request: Request<pb::GetPlanRequest>) -> Reply<pb::GetPlanResponse> {
        let id = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let plan = self.plans.get(id).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::GetPlanResponse { plan: Some(wire::render_plan(plan)) }))
    }

    async fn update_plan(
        &self,
        request: Request<pb::UpdatePlanRequest>,
    ) -> Reply<pb::UpdatePlanResponse> {
        let wire::PlanUpdate { id, patch, expected } =
            wire::parse_update(request.into_inner()).map_err(IntoStatus::into_status)?;
        let plan =
            self.plans.update(id, &patch, expected).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::UpdatePlanResponse { plan: Some(wire::render_plan(plan)) }))
    }

    async fn archive_plan(
        &self,
        request: Request<pb::ArchivePlanRequest>,
    ) -> Reply<pb::ArchivePlanResponse> {
        let (id, expected) =
            wire::parse_archive(request.into_inner()).map_err(IntoStatus::into_status)?;
        let plan = self.plans.archive(id, expected).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::ArchivePlanResponse { plan: Some(wire::render_plan(plan)) }))
    }

    async fn list_plans(
        &self,
        request: Request<pb::ListPlansRequest>,
    ) -> Reply<pb::ListPlansResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self.plans.list(asked.all, asked.page.size, asked.page.after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_page(&asked, page, now)))
    }
}
