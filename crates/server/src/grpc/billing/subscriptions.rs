//! `atelier.billing.v1.SubscriptionService`.

use std::sync::Arc;

use app::billing::{Allowances, BillingError, Subscriptions};
use ports::Clock;
use proto::atelier::billing::v1 as pb;
use tonic::{Request, Response};

use crate::grpc::Reply;
use crate::status::IntoStatus;
use crate::wire::billing::subscriptions as wire;

/// Answers `SubscriptionService`.
pub struct SubscriptionApi {
    subscriptions: Arc<Subscriptions>,
    allowances: Arc<Allowances>,
    clock: Arc<dyn Clock>,
}

impl SubscriptionApi {
    pub fn new(
        subscriptions: Arc<Subscriptions>,
        allowances: Arc<Allowances>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { subscriptions, allowances, clock }
    }
}

#[tonic::async_trait]
impl pb::subscription_service_server::SubscriptionService for SubscriptionApi {
    async fn record_event(
        &self,
        request: Request<pb::RecordEventRequest>,
    ) -> Reply<pb::RecordEventResponse> {
        let command = wire::parse_record(request.into_inner()).map_err(IntoStatus::into_status)?;
        let recorded =
            self.subscriptions.record(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_recorded(recorded)))
    }

    async fn get_subscription(
        &self,
        request: Request<pb::GetSubscriptionRequest>,
    ) -> Reply<pb::GetSubscriptionResponse> {
        let user = wire::parse_get(request.into_inner()).map_err(IntoStatus::into_status)?;
        let standing = self.subscriptions.get(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_standing(standing)))
    }

    async fn list_events(
        &self,
        request: Request<pb::ListEventsRequest>,
    ) -> Reply<pb::ListEventsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self.subscriptions.events(asked.user, asked.page.size, asked.page.after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_events(&asked, page, now)))
    }

    async fn get_allowance(
        &self,
        request: Request<pb::GetAllowanceRequest>,
    ) -> Reply<pb::GetAllowanceResponse> {
        let user =
            wire::parse_get_allowance(request.into_inner()).map_err(IntoStatus::into_status)?;
        let found = self.allowances.get(user).await;
        let found = found.map_err(|error: BillingError| error.into_status())?;
        Ok(Response::new(wire::render_allowance(found)))
    }
}
