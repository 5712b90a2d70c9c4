//! The composition root: the one file that names concrete adapters.

use std::sync::Arc;

use app::access::ApiKeys;
use ports::StoreError;
use postgres::{ConfigError, Postgres};

use crate::clock::{SystemClock, SystemIds};
use crate::config::{Auth, Database};

/// Why the parts cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum WiringError {
    #[error("the settings of the database cannot be used")]
    Database(#[source] ConfigError),
    #[error("the database cannot be used")]
    Unusable(#[source] StoreError),
}

/// The use cases on API keys alone, on a database that answers and has the right schema.
pub async fn api_keys(database: &Database, auth: Auth) -> Result<ApiKeys, WiringError> {
    let store =
        Postgres::connect(&postgres_config(database)).await.map_err(WiringError::Database)?;
    store.check().await.map_err(WiringError::Unusable)?;
    let store = Arc::new(store);
    let (clock, ids) = (Arc::new(SystemClock), Arc::new(SystemIds));
    Ok(ApiKeys::new(store.clone(), store, clock, ids, auth.pepper))
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
