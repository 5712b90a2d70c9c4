//! Which services there are.

use proto::atelier::access::v1::api_key_service_server::ApiKeyServiceServer;
use proto::atelier::activity::v1::activity_service_server::ActivityServiceServer;
use proto::atelier::assets::v1::asset_service_server::AssetServiceServer;
use proto::atelier::billing::v1::plan_service_server::PlanServiceServer;
use proto::atelier::billing::v1::price_service_server::PriceServiceServer;
use proto::atelier::billing::v1::quota_service_server::QuotaServiceServer;
use proto::atelier::billing::v1::subscription_service_server::SubscriptionServiceServer;
use proto::atelier::catalog::v1::character_service_server::CharacterServiceServer;
use proto::atelier::catalog::v1::collection_service_server::CollectionServiceServer;
use proto::atelier::catalog::v1::scene_service_server::SceneServiceServer;
use proto::atelier::catalog::v1::theme_service_server::ThemeServiceServer;
use proto::atelier::catalog::v1::variant_service_server::VariantServiceServer;
use proto::atelier::generation::v1::event_service_server::EventServiceServer;
use proto::atelier::generation::v1::job_service_server::JobServiceServer;
use proto::atelier::generation::v1::model_service_server::ModelServiceServer;
use proto::atelier::ledger::v1::ledger_service_server::LedgerServiceServer;
use proto::atelier::library::v1::library_service_server::LibraryServiceServer;
use proto::atelier::projects::v1::conversation_service_server::ConversationServiceServer;
use proto::atelier::projects::v1::feature_service_server::FeatureServiceServer;
use proto::atelier::projects::v1::project_service_server::ProjectServiceServer;
use proto::atelier::users::v1::profile_service_server::ProfileServiceServer;
use proto::atelier::users::v1::user_service_server::UserServiceServer;
use tonic::service::Routes;

use super::App;
use crate::grpc::{
    ActivityApi, ApiKeyApi, AssetApi, CatalogApi, ConversationApi, EventApi, FeatureApi, JobApi,
    LedgerApi, LibraryApi, ModelApi, PlanApi, PriceApi, ProfileApi, ProjectApi, QuotaApi,
    SubscriptionApi, UserApi,
};
use crate::layers::SEND_BYTES_MAX;

impl App {
    pub(super) fn routes(&self, receive_bytes_max: usize) -> Routes {
        // Every service takes and sends messages of the same size.
        macro_rules! limited {
            ($server:ident, $api:expr) => {
                $server::new($api)
                    .max_decoding_message_size(receive_bytes_max)
                    .max_encoding_message_size(SEND_BYTES_MAX)
            };
        }
        let clock = || self.clock.clone();
        let billing = &self.billing;
        let catalog = CatalogApi::new(self.catalog.clone(), self.assets.clone(), clock());
        Routes::new(limited!(UserServiceServer, UserApi::new(self.users.clone(), clock())))
            .add_service(limited!(
                LedgerServiceServer,
                LedgerApi::new(self.ledger.clone(), clock())
            ))
            .add_service(limited!(
                ApiKeyServiceServer,
                ApiKeyApi::new(self.api_keys.clone(), clock())
            ))
            .add_service(limited!(
                ActivityServiceServer,
                ActivityApi::new(self.activity.clone(), clock())
            ))
            .add_service(limited!(AssetServiceServer, AssetApi::new(self.assets.clone(), clock())))
            .add_service(limited!(
                PriceServiceServer,
                PriceApi::new(billing.prices.clone(), clock())
            ))
            .add_service(limited!(PlanServiceServer, PlanApi::new(billing.plans.clone(), clock())))
            .add_service(limited!(
                SubscriptionServiceServer,
                SubscriptionApi::new(
                    billing.subscriptions.clone(),
                    billing.allowances.clone(),
                    clock()
                )
            ))
            .add_service(limited!(QuotaServiceServer, QuotaApi::new(billing.quotas.clone())))
            .add_service(limited!(
                ProjectServiceServer,
                ProjectApi::new(self.projects.clone(), self.assets.clone(), clock())
            ))
            .add_service(limited!(
                ConversationServiceServer,
                ConversationApi::new(self.conversations.clone(), clock())
            ))
            .add_service(limited!(
                FeatureServiceServer,
                FeatureApi::new(self.features.clone(), clock())
            ))
            .add_service(limited!(
                LibraryServiceServer,
                LibraryApi::new(self.library.clone(), clock())
            ))
            .add_service(limited!(ModelServiceServer, ModelApi::new(self.models.clone(), clock())))
            .add_service(limited!(
                JobServiceServer,
                JobApi::new(self.jobs.clone(), self.watches.clone(), clock(), self.drain.clone())
            ))
            .add_service(limited!(
                EventServiceServer,
                EventApi::new(self.jobs.clone(), self.watches.clone(), clock())
            ))
            .add_service(limited!(
                ProfileServiceServer,
                ProfileApi::new(self.profiles.clone(), clock())
            ))
            .add_service(limited!(CharacterServiceServer, catalog.clone()))
            .add_service(limited!(ThemeServiceServer, catalog.clone()))
            .add_service(limited!(VariantServiceServer, catalog.clone()))
            .add_service(limited!(CollectionServiceServer, catalog.clone()))
            .add_service(limited!(SceneServiceServer, catalog))
    }
}
