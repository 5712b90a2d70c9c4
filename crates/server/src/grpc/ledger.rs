//! `atelier.ledger.v1.LedgerService`. Its streams are made in `streams`.

mod streams;

use std::sync::Arc;

use app::Ledger;
use ledger::{Command, Outcome};
use ports::Clock;
use proto::atelier::ledger::v1 as pb;
use tonic::{Request, Response, Status};

use super::Reply;
use crate::status::IntoStatus;
use crate::wire::ledger as wire;

/// Answers `LedgerService`.
pub struct LedgerApi {
    ledger: Arc<Ledger>,
    clock: Arc<dyn Clock>,
}

impl LedgerApi {
    pub fn new(ledger: Arc<Ledger>, clock: Arc<dyn Clock>) -> Self {
        Self { ledger, clock }
    }

    /// Carries out what a request asks, or only answers as if.
    async fn apply(&self, request: impl wire::CommandRequest) -> Result<Outcome, Status> {
        let order = wire::parse_command(request).map_err(IntoStatus::into_status)?;
        let validate_only = order.validate_only;
        let command = self.command(order);
        let outcome = if validate_only {
            self.ledger.validate(&command).await
        } else {
            self.ledger.execute(command).await
        };
        outcome.map_err(IntoStatus::into_status)
    }

    fn command(&self, order: wire::Order) -> Command {
        let wire::Order { user, request, expected_version, validate_only: _, action } = order;
        self.ledger.command(user, request, action).expecting(expected_version)
    }
}

/// A method whose answer is an outcome. The attribute of the trait would not see into a macro, so
/// that this makes the body alone.
macro_rules! outcome {
    ($api:ident, $request:ident, $response:ident) => {{
        let outcome = $api.apply($request.into_inner()).await?;
        let (transaction, balance, replayed) = wire::render_outcome(outcome);
        Ok(Response::new(pb::$response { transaction, balance, replayed }))
    }};
}

#[tonic::async_trait]
impl pb::ledger_service_server::LedgerService for LedgerApi {
    type WatchBalanceStream = streams::Streamed<pb::WatchBalanceResponse>;
    type ExportEntriesStream = streams::Streamed<pb::ExportEntriesResponse>;
    type VerifyLedgerStream = streams::Streamed<pb::VerifyLedgerResponse>;

    async fn deduct(&self, request: Request<pb::DeductRequest>) -> Reply<pb::DeductResponse> {
        outcome!(self, request, DeductResponse)
    }

    async fn reserve(&self, request: Request<pb::ReserveRequest>) -> Reply<pb::ReserveResponse> {
        outcome!(self, request, ReserveResponse)
    }

    async fn capture(&self, request: Request<pb::CaptureRequest>) -> Reply<pb::CaptureResponse> {
        outcome!(self, request, CaptureResponse)
    }

    async fn release(&self, request: Request<pb::ReleaseRequest>) -> Reply<pb::ReleaseResponse> {
        outcome!(self, request, ReleaseResponse)
    }

    async fn extend_hold(
        &self,
        request: Request<pb::ExtendHoldRequest>,
    ) -> Reply<pb::ExtendHoldResponse> {
        outcome!(self, request, ExtendHoldResponse)
    }

    async fn refund(&self, request: Request<pb::RefundRequest>) -> Reply<pb::RefundResponse> {
        outcome!(self, request, RefundResponse)
    }

    async fn purchase(&self, request: Request<pb::PurchaseRequest>) -> Reply<pb::PurchaseResponse> {
        outcome!(self, request, PurchaseResponse)
    }

    async fn grant(&self, request: Request<pb::GrantRequest>) -> Reply<pb::GrantResponse> {
        outcome!(self, request, GrantResponse)
    }

    async fn adjust(&self, request: Request<pb::AdjustRequest>) -> Reply<pb::AdjustResponse> {
        outcome!(self, request, AdjustResponse)
    }

    async fn batch_apply(
        &self,
        request: Request<pb::BatchApplyRequest>,
    ) -> Reply<pb::BatchApplyResponse> {
        let wire::AskedBatch { orders, mode } =
            wire::parse_batch(request.into_inner()).map_err(IntoStatus::into_status)?;
        let commands: Vec<_> = orders.into_iter().map(|order| self.command(order)).collect();
        let results =
            self.ledger.execute_batch(&commands, mode).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_results(results)))
    }

    async fn get_balance(
        &self,
        request: Request<pb::GetBalanceRequest>,
    ) -> Reply<pb::GetBalanceResponse> {
        let (user, as_of) =
            wire::parse_get_balance(request.into_inner()).map_err(IntoStatus::into_status)?;
        let Some(at) = as_of else {
            let account = self.ledger.account(user).await.map_err(IntoStatus::into_status)?;
            let account = Some(wire::render_account(account));
            return Ok(Response::new(pb::GetBalanceResponse { account, balance: None }));
        };
        let balance = self.ledger.balance_at(user, at).await.map_err(IntoStatus::into_status)?;
        let balance = Some(wire::render_balance(balance));
        Ok(Response::new(pb::GetBalanceResponse { account: None, balance }))
    }

    async fn get_transaction(
        &self,
        request: Request<pb::GetTransactionRequest>,
    ) -> Reply<pb::GetTransactionResponse> {
        let (user, id) =
            wire::parse_get_transaction(request.into_inner()).map_err(IntoStatus::into_status)?;
        let found = self.ledger.transaction(user, id).await.map_err(IntoStatus::into_status)?;
        let transaction = Some(wire::render_transaction(found));
        Ok(Response::new(pb::GetTransactionResponse { transaction }))
    }

    async fn list_transactions(
        &self,
        request: Request<pb::ListTransactionsRequest>,
    ) -> Reply<pb::ListTransactionsResponse> {
        let now = self.clock.now();
        let asked = wire::parse_list_transactions(request.into_inner(), now)
            .map_err(IntoStatus::into_status)?;
        let wire::AskedTransactions { user, filter, page } = &asked;
        let found = self.ledger.transactions(*user, filter, page.after, page.size).await;
        let found = found.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_transactions(&asked, found, now)))
    }

    async fn list_lots(
        &self,
        request: Request<pb::ListLotsRequest>,
    ) -> Reply<pb::ListLotsResponse> {
        let now = self.clock.now();
        let asked =
            wire::parse_list_lots(request.into_inner(), now).map_err(IntoStatus::into_status)?;
        let found = self.ledger.lots(asked.user, asked.page.after, asked.page.size).await;
        let found = found.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_lots(&asked, found, now)))
    }

    async fn get_statement(
        &self,
        request: Request<pb::GetStatementRequest>,
    ) -> Reply<pb::GetStatementResponse> {
        let wire::AskedStatement { user, from, until } =
            wire::parse_statement(request.into_inner()).map_err(IntoStatus::into_status)?;
        let statement = self.ledger.statement(user, from, until).await;
        let statement = statement.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_statement(statement)))
    }

    async fn get_usage(
        &self,
        request: Request<pb::GetUsageRequest>,
    ) -> Reply<pb::GetUsageResponse> {
        let wire::AskedUsage { user, from, until, by } =
            wire::parse_usage(request.into_inner()).map_err(IntoStatus::into_status)?;
        let groups = self.ledger.usage(user, from, until, by).await;
        let groups = groups.map_err(IntoStatus::into_status)?;
        Ok(Response::new(wire::render_usage(groups)))
    }

    async fn watch_balance(
        &self,
        request: Request<pb::WatchBalanceRequest>,
    ) -> Reply<Self::WatchBalanceStream> {
        let user = wire::parse_watch(request.into_inner()).map_err(IntoStatus::into_status)?;
        let watch = self.ledger.watch(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(streams::watched(watch)))
    }

    async fn export_entries(
        &self,
        request: Request<pb::ExportEntriesRequest>,
    ) -> Reply<Self::ExportEntriesStream> {
        let (user, after) =
            wire::parse_export(request.into_inner()).map_err(IntoStatus::into_status)?;
        let export = self.ledger.export(user, after).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(streams::exported(export)))
    }

    async fn verify_ledger(
        &self,
        request: Request<pb::VerifyLedgerRequest>,
    ) -> Reply<Self::VerifyLedgerStream> {
        let (user, after) =
            wire::parse_verify(request.into_inner()).map_err(IntoStatus::into_status)?;
        let Some(user) = user else {
            return Ok(Response::new(streams::all_verified(self.ledger.verification(after))));
        };
        let verified = self.ledger.verify(user).await.map_err(IntoStatus::into_status)?;
        Ok(Response::new(streams::one_verified(verified)))
    }
}
