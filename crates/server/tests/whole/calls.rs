//! Clients of every service over a real connection, and what a refusal says.

use std::net::SocketAddr;
use std::time::Duration;

use proto::atelier::access::v1::api_key_service_client::ApiKeyServiceClient;
use proto::atelier::assets::v1::asset_service_client::AssetServiceClient;
use proto::atelier::billing::v1::plan_service_client::PlanServiceClient;
use proto::atelier::billing::v1::price_service_client::PriceServiceClient;
use proto::atelier::billing::v1::quota_service_client::QuotaServiceClient;
use proto::atelier::billing::v1::subscription_service_client::SubscriptionServiceClient;
use proto::atelier::catalog::v1::character_service_client::CharacterServiceClient;
use proto::atelier::catalog::v1::scene_service_client::SceneServiceClient;
use proto::atelier::catalog::v1::theme_service_client::ThemeServiceClient;
use proto::atelier::catalog::v1::variant_service_client::VariantServiceClient;
use proto::atelier::generation::v1::event_service_client::EventServiceClient;
use proto::atelier::generation::v1::job_service_client::JobServiceClient;
use proto::atelier::ledger::v1::ledger_service_client::LedgerServiceClient;
use proto::atelier::ledger::v1::{VerifyLedgerRequest, VerifyLedgerResponse};
use proto::atelier::library::v1::library_service_client::LibraryServiceClient;
use proto::atelier::projects::v1::conversation_service_client::ConversationServiceClient;
use proto::atelier::projects::v1::project_service_client::ProjectServiceClient;
use proto::atelier::users::v1::user_service_client::UserServiceClient;
use proto::atelier::users::v1::{CreateUserRequest, Identity};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_types::StatusExt;

/// Longer than the server's own deadline, so that it is the server who answers.
const CALL_PATIENCE: Duration = Duration::from_secs(20);
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);

pub(crate) type Caller = InterceptedService<Channel, Key>;

/// Signs calls.
#[derive(Clone)]
pub(crate) struct Key(Option<MetadataValue<Ascii>>);

impl Interceptor for Key {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert("authorization", value.clone());
        }
        Ok(request)
    }
}

/// Every service, with one key.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) channel: Channel,
    pub(crate) users: UserServiceClient<Caller>,
    pub(crate) ledger: LedgerServiceClient<Caller>,
    pub(crate) keys: ApiKeyServiceClient<Caller>,
    pub(crate) prices: PriceServiceClient<Caller>,
    pub(crate) plans: PlanServiceClient<Caller>,
    pub(crate) subscriptions: SubscriptionServiceClient<Caller>,
    pub(crate) quotas: QuotaServiceClient<Caller>,
    pub(crate) jobs: JobServiceClient<Caller>,
    pub(crate) events: EventServiceClient<Caller>,
    pub(crate) assets: AssetServiceClient<Caller>,
    pub(crate) projects: ProjectServiceClient<Caller>,
    pub(crate) conversations: ConversationServiceClient<Caller>,
    pub(crate) library: LibraryServiceClient<Caller>,
    pub(crate) characters: CharacterServiceClient<Caller>,
    pub(crate) themes: ThemeServiceClient<Caller>,
    pub(crate) variants: VariantServiceClient<Caller>,
    pub(crate) scenes: SceneServiceClient<Caller>,
}

impl Api {
    /// Connects when it is first used, and again when the connection was lost.
    pub(crate) fn new(address: SocketAddr, key: Option<&str>) -> Self {
        let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
        let channel =
            endpoint.connect_timeout(CONNECT_PATIENCE).timeout(CALL_PATIENCE).connect_lazy();
        Self::over(channel, key)
    }

    fn over(channel: Channel, key: Option<&str>) -> Self {
        let key = Key(key.map(|key| format!("Bearer {key}").parse().unwrap()));
        let caller = InterceptedService::new(channel.clone(), key);
        Self {
            channel,
            users: UserServiceClient::new(caller.clone()),
            ledger: LedgerServiceClient::new(caller.clone()),
            keys: ApiKeyServiceClient::new(caller.clone()),
            prices: PriceServiceClient::new(caller.clone()),
            plans: PlanServiceClient::new(caller.clone()),
            subscriptions: SubscriptionServiceClient::new(caller.clone()),
            quotas: QuotaServiceClient::new(caller.clone()),
            jobs: JobServiceClient::new(caller.clone()),
            events: EventServiceClient::new(caller.clone()),
            assets: AssetServiceClient::new(caller.clone()),
            projects: ProjectServiceClient::new(caller.clone()),
            conversations: ConversationServiceClient::new(caller.clone()),
            library: LibraryServiceClient::new(caller.clone()),
            characters: CharacterServiceClient::new(caller.clone()),
            themes: ThemeServiceClient::new(caller.clone()),
            variants: VariantServiceClient::new(caller.clone()),
            scenes: SceneServiceClient::new(caller),
        }
    }

    /// The same connection with another key, or none.
    pub(crate) fn signed(&self, key: Option<&str>) -> Self {
        Self::over(self.channel.clone(), key)
    }

    /// Creates a user, or finds the one of this subject, and returns the id.
    pub(crate) async fn user(&self, subject: &str) -> String {
        let request = CreateUserRequest { identity: identity(subject), ..Default::default() };
        let answer = self.users.clone().create_user(request).await.unwrap();
        answer.into_inner().user.unwrap().id
    }

    /// Recomputes the accounts of a user, or of all: nothing is wrong. How far it came in the end.
    pub(crate) async fn books_close(&self, user_id: Option<&str>) -> VerifyLedgerResponse {
        let user_id = user_id.map(str::to_owned);
        let request = VerifyLedgerRequest { user_id, after_user_id: None };
        let mut told = self.ledger.clone().verify_ledger(request).await.unwrap().into_inner();
        let mut last = None;
        while let Some(progress) = told.message().await.unwrap() {
            assert!(progress.finding.is_none(), "{:?}", progress.finding);
            last = Some(progress);
        }
        last.unwrap()
    }

    /// What the health service says of a service; "" is the server as a whole.
    pub(crate) async fn health(&self, service: &str) -> Result<ServingStatus, Status> {
        let request = HealthCheckRequest { service: service.to_owned() };
        let answer = HealthClient::new(self.channel.clone()).check(request).await?;
        Ok(answer.into_inner().status())
    }
}

pub(crate) fn identity(subject: &str) -> Option<Identity> {
    Some(Identity { issuer: "test".to_owned(), subject: subject.to_owned() })
}

/// The reason of a refusal; empty when the server did not give one, for it was not the server who
/// spoke.
pub(crate) fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

/// A value of the refusal's metadata.
pub(crate) fn metadata(status: &Status, key: &str) -> String {
    let info = status.get_details_error_info().unwrap();
    info.metadata.get(key).cloned().unwrap_or_default()
}

/// The fields that a refusal names, in order.
pub(crate) fn violations(status: &Status) -> Vec<String> {
    let details = status.get_details_bad_request();
    let violations = details.map(|details| details.field_violations).unwrap_or_default();
    violations.into_iter().map(|violation| violation.field).collect()
}
