//! Use cases by themselves, for commands that need no server.

use std::sync::Arc;

use app::access::ApiKeys;
use app::assets::{AssetParts, Assets};
use app::billing::Quotas;
use app::jobs::{JobParts, Jobs, Providers, install_models};
use app::ledger::{Ledger, QueueLimits};
use app::{Conversations, Models};
use billing::profile::Profile;
use darkroom::{LocalDarkroom, Patience};
use fetch::WebFetcher;
use ledger::Rules;
use ports::{Clock, Ids, MediaStore};
use postgres::Postgres;

use super::WiringError;
use super::adapters::{media_store, postgres_config, provider_set};
use crate::clock::{SystemClock, SystemIds};
use crate::config::{Auth, Config, Database, S3};

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
        darkroom: Arc::new(LocalDarkroom::new(Patience::default())),
        conversations: Arc::new(conversations),
        clock,
        ids,
        rules: generation::Rules::default(),
        ledger_rules: Rules::default(),
    }))
}

/// The use cases on models alone, as [`api_keys`], with the providers of the settings.
pub async fn models(config: &Config) -> Result<Models, WiringError> {
    let store = Arc::new(usable(&config.database).await?);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let providers = provider_set(config, &clock)?;
    Ok(Models::new(store.clone(), store, providers, clock))
}

/// Makes what the profiles sell and the models into rows, before anybody asks for them.
pub async fn offer(config: &Config, profiles: &[Profile]) -> Result<(), WiringError> {
    let store = usable(&config.database).await?;
    for profile in profiles {
        let made = app::billing::install(*profile, &store, &SystemClock, &SystemIds).await;
        made.map_err(WiringError::Unusable)?;
    }
    let made = install_models(&store, config.studio.stands_in, SystemClock.now()).await;
    made.map_err(WiringError::Unusable)
}

async fn usable(database: &Database) -> Result<Postgres, WiringError> {
    let store =
        Postgres::connect(&postgres_config(database)).await.map_err(WiringError::Database)?;
    store.check().await.map_err(WiringError::Unusable)?;
    Ok(store)
}
