//! `atelier.billing.v1.PriceService`.

use std::sync::Arc;

use app::billing::Prices;
use ports::Clock;
use proto::atelier::billing::v1 as pb;
use tonic::{Request, Response};

use crate::grpc::{Reply, principal};
use crate::status::IntoStatus;
use crate::wire::billing::prices as wire;

/// Answers `PriceService`.
pub struct PriceApi {
    prices: Arc<Prices>,
    clock: Arc<dyn Clock>,
}

impl PriceApi {
    pub fn new(prices: Arc<Prices>, clock: Arc<dyn Clock>) -> Self {
        Self { prices, clock }
    }
}

#[tonic::async_trait]
impl pb::price_service_server::PriceService for PriceApi {
    async fn create_operation_type(
        &self,
        request: Request<pb::CreateOperationTypeRequest>,
    ) -> Reply<pb::CreateOperationTypeResponse> {
        let (id, description) =
            wire::parse_create_type(request.into_inner()).map_err(IntoStatus::into_status)?;
        let made = self.prices.create_operation_type(&id, description.as_ref()).await;
        let operation_type = Some(wire::render_type(made.map_err(IntoStatus::into_status)?));
        Ok(Response::new(pb::CreateOperationTypeResponse { operation_type }))
    }

    async fn list_operation_types(
        &self,
        request: Request<pb::ListOperationTypesRequest>,
    ) -> Reply<pb::ListOperationTypesResponse> {
        let now = self.clock.now();
        let asked =
            wire::parse_list_types(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let (size, after) = (asked.page.size, asked.page.after.clone());
        let page = self.prices.operation_types(asked.retired, size, after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_types(&asked, page, now)))
    }

    async fn update_operation_type(
        &self,
        request: Request<pb::UpdateOperationTypeRequest>,
    ) -> Reply<pb::UpdateOperationTypeResponse> {
        let wire::TypeUpdate { id, patch, expected } =
            wire::parse_update_type(request.into_inner()).map_err(IntoStatus::into_status)?;
        let changed = self.prices.update_operation_type(&id, &patch, expected).await;
        let operation_type = Some(wire::render_type(changed.map_err(IntoStatus::into_status)?));
        Ok(Response::new(pb::UpdateOperationTypeResponse { operation_type }))
    }

    async fn set_price(
        &self,
        request: Request<pb::SetPriceRequest>,
    ) -> Reply<pb::SetPriceResponse> {
        let caller = principal(&request)?.clone();
        let command =
            wire::parse_set(request.into_inner(), &caller).map_err(IntoStatus::into_status)?;
        let set = self.prices.set(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::SetPriceResponse { price: Some(wire::render_version(set)) }))
    }

    async fn withdraw_price(
        &self,
        request: Request<pb::WithdrawPriceRequest>,
    ) -> Reply<pb::WithdrawPriceResponse> {
        let caller = principal(&request)?.clone();
        let command =
            wire::parse_withdraw(request.into_inner(), &caller).map_err(IntoStatus::into_status)?;
        let set = self.prices.set(&command).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(pb::WithdrawPriceResponse { price: Some(wire::render_version(set)) }))
    }

    async fn list_prices(
        &self,
        request: Request<pb::ListPricesRequest>,
    ) -> Reply<pb::ListPricesResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let (size, after) = (asked.page.size, asked.page.after.clone());
        let page = self.prices.list(asked.operation.as_ref(), asked.at, size, after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_prices(&asked, page, now)))
    }

    async fn list_price_history(
        &self,
        request: Request<pb::ListPriceHistoryRequest>,
    ) -> Reply<pb::ListPriceHistoryResponse> {
        let now = self.clock.now();
        let asked =
            wire::parse_history(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let page = self.prices.history(&asked.key, asked.page.size, asked.page.after).await;
        let page = page.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_history(&asked, page, now)))
    }

    async fn quote(&self, request: Request<pb::QuoteRequest>) -> Reply<pb::QuoteResponse> {
        let wire::AskedQuote { operation, model, edit, quantity } =
            wire::parse_quote(request.into_inner()).map_err(IntoStatus::into_status)?;
        let quote = self.prices.quote(&operation, model.as_ref(), edit, quantity).await;
        Ok(Response::new(wire::render_quote(quote.map_err(IntoStatus::into_status)?)))
    }
}
