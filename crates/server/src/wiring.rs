//! The composition root: the one place that names concrete adapters.

mod adapters;
mod alone;
mod beside;
mod routes;

use std::sync::Arc;

use app::access::{ApiKeys, KeyAuthenticator};
use app::assets::{AssetParts, Assets};
use app::billing::{Allowances, Plans, Prices, Quotas, Subscriptions};
use app::jobs::{JobParts, Jobs, Watches};
use app::ledger::{Ledger, QueueLimits};
use app::{
    ActivityLog, Catalog, Conversations, Features, Library, Models, Profiles, Projects,
    SignupGrant, Users,
};
use darkroom::{LocalDarkroom, Patience};
use fetch::WebFetcher;
use ledger::Rules;
use metrics_exporter_prometheus::PrometheusHandle;
use ports::{Authenticator, Clock, Ids, MediaStore, StoreError};
use postgres::{ConfigError, Postgres};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::{SystemClock, SystemIds};
use crate::config::{Auth, Config};
use crate::health::Readiness;
use crate::layers::CallOptions;
use crate::methods::{Methods, MethodsError};
use crate::net::drain::Drain;
use crate::serve::Parts;
pub use adapters::postgres_config;
use adapters::{media_store, provider_set, web_rules};
pub use alone::{api_keys, assets, jobs, ledger, models, offer};
use beside::{DATABASE, MEDIA};

/// Why the parts cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    #[error("the settings of the database cannot be used")]
    Database(#[source] ConfigError),
    #[error("the database cannot be used")]
    Unusable(#[source] StoreError),
    #[error("the provider {name:?} cannot be used")]
    Provider { name: String, source: providers::ConfigError },
    #[error("the key of the provider {0:?} must be visible ASCII")]
    ProviderKey(String),
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
    pub jobs: Arc<Jobs>,
    pub models: Arc<Models>,
    pub watches: Arc<Watches>,
    pub authenticator: Arc<dyn Authenticator>,
    pub readiness: Readiness,
    drain: Drain,
    clock: Arc<dyn Clock>,
    workers: TaskTracker,
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
        let conversations = Arc::new(conversations);
        let assets = Arc::new(assets);
        let providers = provider_set(config, &clock)?;
        let models = Models::new(store.clone(), store.clone(), providers.clone(), clock.clone());
        let jobs = Jobs::new(JobParts {
            store: store.clone(),
            providers,
            quotas: billing.quotas.clone(),
            allowances: Some(billing.allowances.clone()),
            assets: assets.clone(),
            darkroom: Arc::new(LocalDarkroom::new(Patience::default())),
            conversations: conversations.clone(),
            clock: clock.clone(),
            ids: ids.clone(),
            rules: generation::Rules {
                running_max: config.jobs.running_max,
                lease: config.jobs.lease,
                ..generation::Rules::default()
            },
            ledger_rules: rules,
        });
        let watches = Watches::start(store.clone());
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
            assets,
            billing,
            projects: Arc::new(projects),
            conversations,
            features: Arc::new(features),
            library: Arc::new(library),
            catalog: Arc::new(catalog),
            profiles: Arc::new(profiles),
            jobs: Arc::new(jobs),
            models: Arc::new(models),
            watches: Arc::new(watches),
            authenticator: Arc::new(authenticator),
            readiness: Readiness::new(parts),
            drain: Drain::new(),
            clock,
            workers: TaskTracker::new(),
            tasks: TaskTracker::new(),
            stop: CancellationToken::new(),
        };
        app.install(config, postgres.clone(), ids);
        app.run_beside(postgres);
        if config.jobs.slots > 0 {
            app.work(config.jobs.slots);
        }
        if let Some(media) = media {
            app.watch_media(media);
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

    /// Ends what runs beside the calls, which have ended by now. What workers have in hand they
    /// finish, if it does not take long.
    pub async fn end(self) {
        self.drain.begin();
        self.workers.close();
        self.workers.wait().await;
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
