//! The composition root: the one file that names concrete adapters.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use ::billing::profile::Profile;
use app::access::{ApiKeys, KeyAuthenticator};
use app::assets::{AssetParts, Assets};
use app::billing::{self, Allowances, Plans, Prices, Quotas, Subscriptions};
use app::jobs::{JobParts, Jobs, Providers};
use app::ledger::{Ledger, QueueLimits};
use app::{
    ActivityLog, Catalog, Conversations, Features, Library, Profiles, Projects, SignupGrant, Users,
};
use fetch::WebFetcher;
use ledger::Rules;
use media_s3::S3MediaStore;
use metrics_exporter_prometheus::PrometheusHandle;
use ports::{Authenticator, Clock, Ids, MediaStore, StoreError};
use postgres::{ConfigError, Postgres};
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
use proto::atelier::ledger::v1::ledger_service_server::LedgerServiceServer;
use proto::atelier::library::v1::library_service_server::LibraryServiceServer;
use proto::atelier::projects::v1::conversation_service_server::ConversationServiceServer;
use proto::atelier::projects::v1::feature_service_server::FeatureServiceServer;
use proto::atelier::projects::v1::project_service_server::ProjectServiceServer;
use proto::atelier::users::v1::profile_service_server::ProfileServiceServer;
use proto::atelier::users::v1::user_service_server::UserServiceServer;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tonic::service::Routes;

use crate::clock::{SystemClock, SystemIds};
use crate::config::{Auth, Config, Database, S3};
use crate::grpc::{
    ActivityApi, ApiKeyApi, AssetApi, CatalogApi, ConversationApi, FeatureApi, LedgerApi,
    LibraryApi, PlanApi, PriceApi, ProfileApi, ProjectApi, QuotaApi, SubscriptionApi, UserApi,
};
use crate::health::Readiness;
use crate::layers::{CallOptions, SEND_BYTES_MAX};
use crate::methods::{Methods, MethodsError};
use crate::net::drain::Drain;
use crate::serve::Parts;
use crate::status::Chain;

/// What must work before calls are welcome.
const DATABASE: &str = "database";
const MEDIA: &str = "media";

/// How often that is looked at.
// 1 s: a balancer learns of a lost database well before its own checks add up to a verdict.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// How long a look may take. Something that hangs works as little as something that refuses.
const CHECK_PATIENCE: Duration = Duration::from_secs(3);

/// How often lapsed holds and expired lots are posted. Nothing waits for it.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// How often bytes are deleted that nothing refers to any more: "within moments".
const CLEAR_EVERY: Duration = Duration::from_secs(5);

/// How often old entries of activity logs are deleted: they are kept by the day.
const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often the partitions of the coming months are looked after: three are there ahead.
const MAKE_MONTHS_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// Why the parts cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    #[error("the settings of the database cannot be used")]
    Database(#[source] ConfigError),
    #[error("the database cannot be used")]
    Unusable(#[source] StoreError),
}

/// The use cases on their adapters, and what runs beside the calls.
pub struct App {
    pub users: Arc<Users>,
    pub ledger: Arc<Ledger>,
    pub api_keys: Arc<ApiKeys>,
    pub activity: Arc<ActivityLog>,
    pub assets: Arc<Assets>,
    pub billing: Billing,
    pub projects: Arc<Projects>,
    pub conversations: Arc<Conversations>,
    pub features: Arc<Features>,
    pub library: Arc<Library>,
    pub catalog: Arc<Catalog>,
    pub profiles: Arc<Profiles>,
    pub authenticator: Arc<dyn Authenticator>,
    pub readiness: Readiness,
    drain: Drain,
    clock: Arc<dyn Clock>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// The use cases on money around the ledger.
pub struct Billing {
    pub prices: Arc<Prices>,
    pub plans: Arc<Plans>,
    pub subscriptions: Arc<Subscriptions>,
    pub allowances: Arc<Allowances>,
    pub quotas: Arc<Quotas>,
}

impl Billing {
    fn new(
        store: &Arc<Postgres>,
        clock: &Arc<dyn Clock>,
        ids: &Arc<dyn Ids>,
        rules: ::billing::Rules,
        ledger_rules: Rules,
    ) -> Self {
        let (clock, ids) = (|| clock.clone(), || ids.clone());
        let allowances = Arc::new(Allowances::new(
            store.clone(),
            store.clone(),
            clock(),
            ids(),
            rules,
            ledger_rules,
        ));
        let subscriptions = Subscriptions::new(
            store.clone(),
            store.clone(),
            store.clone(),
            clock(),
            ids(),
            allowances.clone(),
        );
        let quotas =
            Quotas::new(store.clone(), store.clone(), store.clone(), clock(), ids(), rules);
        Self {
            prices: Arc::new(Prices::new(store.clone(), store.clone(), clock(), ids())),
            plans: Arc::new(Plans::new(store.clone(), store.clone(), clock(), ids())),
            subscriptions: Arc::new(subscriptions),
            allowances,
            quotas: Arc::new(quotas),
        }
    }
}

impl App {
    /// Puts everything together. The database need not be there yet: until it is, the server says
    /// that it is not ready.
    pub async fn build(config: &Config) -> Result<Self, WiringError> {
        Self::build_with(config, Arc::new(SystemClock), Arc::new(SystemIds)).await
    }

    /// The same with another time and other ids than the machine's.
    pub async fn build_with(
        config: &Config,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn Ids>,
    ) -> Result<Self, WiringError> {
        let postgres = Postgres::connect(&postgres_config(&config.database))
            .await
            .map_err(WiringError::Database)?;
        let store = Arc::new(postgres.clone());
        let Auth { pepper, cache } = config.auth.clone();
        let authenticator =
            KeyAuthenticator::new(store.clone(), clock.clone(), pepper.clone(), cache);
        let api_keys =
            ApiKeys::new(store.clone(), store.clone(), clock.clone(), ids.clone(), pepper);
        let activity = ActivityLog::new(
            store.clone(),
            store.clone(),
            store.clone(),
            clock.clone(),
            ids.clone(),
        );
        let projects =
            Projects::new(store.clone(), store.clone(), store.clone(), clock.clone(), ids.clone());
        let conversations =
            Conversations::new(store.clone(), store.clone(), clock.clone(), ids.clone());
        let features = Features::new(store.clone(), store.clone(), clock.clone(), ids.clone());
        let library = Library::new(store.clone(), store.clone(), clock.clone(), ids.clone());
        let rules = Rules { refund_grace: config.ledger.refund_grace };
        let amount = config.ledger.signup_credits;
        let signup = (!amount.is_zero()).then_some(SignupGrant { amount, rules });
        let billing = Billing::new(&store, &clock, &ids, config.billing.rules, rules);
        let users = Users::new(store.clone(), store.clone(), clock.clone(), ids.clone())
            .granting(signup)
            .settling(billing.allowances.clone());
        let media = config.s3.clone().map(media_store);
        let assets = Assets::new(AssetParts {
            store: store.clone(),
            media: media.clone().map(|media| Arc::new(media) as Arc<dyn MediaStore>),
            fetcher: Arc::new(WebFetcher::new(web_rules(config))),
            clock: clock.clone(),
            ids: ids.clone(),
        });
        let catalog = Catalog::new(store.clone(), store.clone(), clock.clone(), ids.clone());
        let profiles =
            Profiles::new(store.clone(), store.clone(), store.clone(), clock.clone(), ids.clone());
        let ledger = Ledger::start(
            store.clone(),
            store,
            clock.clone(),
            ids.clone(),
            rules,
            QueueLimits {
                shards: config.ledger.shards,
                batch_max: config.ledger.batch_max,
                queue_max: config.ledger.queue_max,
            },
        )
        .touching(billing.allowances.clone());
        let parts = [DATABASE].into_iter().chain(media.as_ref().map(|_| MEDIA));
        let app = Self {
            users: Arc::new(users),
            ledger: Arc::new(ledger),
            api_keys: Arc::new(api_keys),
            activity: Arc::new(activity),
            assets: Arc::new(assets),
            billing,
            projects: Arc::new(projects),
            conversations: Arc::new(conversations),
            features: Arc::new(features),
            library: Arc::new(library),
            catalog: Arc::new(catalog),
            profiles: Arc::new(profiles),
            authenticator: Arc::new(authenticator),
            readiness: Readiness::new(parts),
            drain: Drain::new(),
            clock,
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        app.install(config.billing.profile, postgres.clone(), ids);
        app.run_beside(postgres);
        if let Some(media) = media {
            app.watch_media(media);
        }
        if let Some(kept) = config.activity_kept {
            let activity = app.activity.clone();
            app.spawn(async move { activity.keep_pruned(kept, PRUNE_EVERY).await });
        }
        Ok(app)
    }

    /// What the server serves.
    pub fn parts(
        &self,
        calls: &CallOptions,
        metrics: Option<PrometheusHandle>,
    ) -> Result<Parts, MethodsError> {
        Ok(Parts {
            routes: self.routes(calls.receive_bytes_max),
            methods: Methods::load()?,
            authenticator: self.authenticator.clone(),
            readiness: self.readiness.clone(),
            drain: self.drain.clone(),
            metrics,
        })
    }

    fn routes(&self, receive_bytes_max: usize) -> Routes {
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

    /// Makes the defaults of the product's profile into rows, as soon as the database is there.
    fn install(&self, profile: Profile, store: Postgres, ids: Arc<dyn Ids>) {
        let clock = self.clock.clone();
        self.spawn(async move {
            while let Err(error) = billing::install(profile, &store, &*clock, &*ids).await {
                tracing::warn!(error = %Chain(&error), "the profile's defaults could not be made");
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
    }

    fn run_beside(&self, postgres: Postgres) {
        let (months, clock) = (postgres.clone(), self.clock.clone());
        self.spawn(async move {
            loop {
                if let Err(error) = months.make_months(clock.now()).await {
                    tracing::warn!(error = %Chain(&error), "the next months could not be made");
                }
                tokio::time::sleep(MAKE_MONTHS_EVERY).await;
            }
        });
        let readiness = self.readiness.clone();
        self.spawn(async move {
            loop {
                readiness.set(DATABASE, within_patience(postgres.check()).await);
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
        let ledger = self.ledger.clone();
        self.spawn(async move { ledger.keep_tidy(TIDY_EVERY).await });
        let assets = self.assets.clone();
        self.spawn(async move { assets.keep_clear(CLEAR_EVERY).await });
    }

    fn watch_media(&self, media: S3MediaStore) {
        let readiness = self.readiness.clone();
        self.spawn(async move {
            loop {
                readiness.set(MEDIA, within_patience(media.check()).await);
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
    }

    /// Runs something until [`App::end`].
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = work => {}
                () = stop.cancelled() => {}
            }
        });
    }

    /// Ends what runs beside the calls, which have ended by now.
    pub async fn end(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

async fn within_patience<E: Error>(
    check: impl Future<Output = Result<(), E>>,
) -> Result<(), String> {
    match tokio::time::timeout(CHECK_PATIENCE, check).await {
        Ok(works) => works.map_err(|error| Chain(&error).to_string()),
        Err(_elapsed) => Err(format!("does not answer within {CHECK_PATIENCE:?}")),
    }
}

/// The use cases on API keys alone, on a database that answers and has the right schema.
pub async fn api_keys(database: &Database, auth: Auth) -> Result<ApiKeys, WiringError> {
    let store = Arc::new(usable(database).await?);
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(ApiKeys::new(store.clone(), store, clock, ids, auth.pepper))
}

/// The use cases on the ledger alone, as [`api_keys`].
pub async fn ledger(database: &Database) -> Result<Ledger, WiringError> {
    let store = Arc::new(usable(database).await?);
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    let limits = QueueLimits::default();
    Ok(Ledger::start(store.clone(), store, clock, ids, Rules::default(), limits))
}

/// The use cases on assets alone, as [`api_keys`].
pub async fn assets(database: &Database, s3: Option<S3>) -> Result<Assets, WiringError> {
    Ok(Assets::new(AssetParts {
        store: Arc::new(usable(database).await?),
        media: s3.map(|s3| Arc::new(media_store(s3)) as Arc<dyn MediaStore>),
        fetcher: Arc::new(WebFetcher::new(fetch::Rules::default())),
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds),
    }))
}

/// The use cases on jobs alone, as [`api_keys`]: deciding about them takes no provider and no store
/// for bytes.
pub async fn jobs(database: &Database) -> Result<Jobs, WiringError> {
    let store = Arc::new(usable(database).await?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let ids: Arc<dyn Ids> = Arc::new(SystemIds);
    let rules = ::billing::Rules::default();
    let (quotas, conversations) = (
        Quotas::new(store.clone(), store.clone(), store.clone(), clock.clone(), ids.clone(), rules),
        Conversations::new(store.clone(), store.clone(), clock.clone(), ids.clone()),
    );
    Ok(Jobs::new(JobParts {
        store,
        providers: Providers::default(),
        quotas: Arc::new(quotas),
        allowances: None,
        assets: Arc::new(assets(database, None).await?),
        conversations: Arc::new(conversations),
        clock,
        ids,
        rules: generation::Rules::default(),
        ledger_rules: Rules::default(),
    }))
}

async fn usable(database: &Database) -> Result<Postgres, WiringError> {
    let store =
        Postgres::connect(&postgres_config(database)).await.map_err(WiringError::Database)?;
    store.check().await.map_err(WiringError::Unusable)?;
    Ok(store)
}

fn web_rules(config: &Config) -> fetch::Rules {
    fetch::Rules { reachable: config.imports.reachable.clone(), ..fetch::Rules::default() }
}

fn media_store(s3: S3) -> S3MediaStore {
    let S3 { endpoint, public_endpoint, region, bucket, access_key, secret_key, path_style } = s3;
    let secret_key = secret_key.reveal().to_owned();
    S3MediaStore::new(media_s3::Config {
        endpoint,
        public_endpoint,
        region,
        bucket,
        access_key,
        secret_key,
        path_style,
    })
}

/// The adapter's settings.
pub fn postgres_config(database: &Database) -> postgres::Config {
    let Database { url, pool_max, connect_timeout, slow_query, tls_ca } = database;
    postgres::Config {
        pool_max: *pool_max,
        connect_timeout: *connect_timeout,
        slow_query: *slow_query,
        tls_ca: tls_ca.clone(),
        ..postgres::Config::new(url.reveal())
    }
}
