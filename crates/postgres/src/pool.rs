//! The pool of connections and the store on top of it.

use std::sync::Arc;

use async_trait::async_trait;
use bb8::QueueStrategy;
use diesel::ConnectionError;
use diesel::sql_types::Timestamptz;
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use kernel::Timestamp;
use ports::{Store, StoreError, Tx};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::bell::Bell;
use crate::config::{Config, ConfigError};
use crate::instrument::SlowQueries;
use crate::ring::{self, Ringer};
use crate::sql::sql;
use crate::tx::{BEGIN, BEGIN_LAZY, PgTx, Snapshot};
use crate::types::to_pg;
use crate::{error, migrate};

pub(crate) type Pool = diesel_async::pooled_connection::bb8::Pool<AsyncPgConnection>;
pub(crate) type PooledConnection =
    diesel_async::pooled_connection::bb8::PooledConnection<'static, AsyncPgConnection>;

/// The store on Postgres.
#[derive(Clone)]
pub struct Postgres {
    /// For units of work, and for reads of what is known by its key.
    keyed: Pool,
    /// For lists, searches and sums.
    lists: Pool,
    pub(crate) jobs_bell: Arc<Bell>,
    pub(crate) events_bell: Arc<Bell>,
    ringer: Arc<Ringer>,
}

/// What the pool holds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolState {
    pub connections: u32,
    pub idle: u32,
    /// Connections that came back in the middle of a unit of work. Each is a bug or a lost server.
    pub closed_broken: u64,
}

impl Postgres {
    /// Makes the pool. Connections are opened when they are needed, so this does not tell whether
    /// the database is there: [`Postgres::check`] does.
    pub async fn connect(config: &Config) -> Result<Self, ConfigError> {
        let (keyed, lists) = (pool(config, Planning::Once)?, pool(config, Planning::Each)?);
        let bell = |channel| {
            Ok(Arc::new(Bell::new(channel, setup(config, Planning::Once)?, config.url.clone())))
        };
        let (jobs_bell, events_bell) = (bell(ring::JOBS)?, bell(ring::EVENTS)?);
        let ringer = Arc::new(Ringer::new(keyed.clone()));
        Ok(Self { keyed, lists, jobs_bell, events_bell, ringer })
    }

    /// Whether the database answers and its schema is one that this build can work with.
    pub async fn check(&self) -> Result<(), StoreError> {
        let mut conn = self.connection().await?;
        migrate::check_window(&mut conn).await
    }

    /// Makes the journal's partitions of this month and the next ones, where they are missing.
    /// Entries of a month without one go to `ledger_entries_other`, so nothing waits for this.
    pub async fn make_months(&self, now: Timestamp) -> Result<(), StoreError> {
        // 3: a process that is restarted once a quarter is never without.
        let query = sql("SELECT ledger_make_months(($1 AT TIME ZONE 'UTC')::date, 3)")
            .bind::<Timestamptz, _>(to_pg(now));
        let mut conn = self.connection().await?;
        RunQueryDsl::execute(query, &mut conn).await.map_err(error::store_error)?;
        Ok(())
    }

    pub fn state(&self) -> PoolState {
        let (keyed, lists) = (self.keyed.state(), self.lists.state());
        let closed = keyed.statistics.connections_closed_broken;
        PoolState {
            connections: keyed.connections + lists.connections,
            idle: keyed.idle_connections + lists.idle_connections,
            closed_broken: closed + lists.statistics.connections_closed_broken,
        }
    }

    /// A connection for a read whose plan depends on what is asked for.
    pub(crate) async fn connection(&self) -> Result<PooledConnection, StoreError> {
        lent(&self.lists).await
    }

    /// A connection for a read of what is known by its key, whose plan is always the same.
    pub(crate) async fn keyed(&self) -> Result<PooledConnection, StoreError> {
        lent(&self.keyed).await
    }

    /// Begins a unit of work in this crate's own type.
    pub(crate) async fn begin_tx(&self) -> Result<PgTx, StoreError> {
        self.begin_as(BEGIN).await
    }

    /// The same for what may be lost with the server: its commit does not wait for the disk.
    pub(crate) async fn begin_lazy_tx(&self) -> Result<PgTx, StoreError> {
        self.begin_as(BEGIN_LAZY).await
    }

    async fn begin_as(&self, how: &str) -> Result<PgTx, StoreError> {
        let conn = self.keyed().await?;
        PgTx::begin(conn, self.ringer.clone(), how, ports::deadline::remaining()).await
    }

    /// Begins a read of several statements that see one moment.
    pub(crate) async fn begin_snapshot(&self) -> Result<Snapshot, StoreError> {
        let conn = self.connection().await?;
        Snapshot::begin(conn, ports::deadline::remaining()).await
    }
}

#[async_trait]
impl Store for Postgres {
    async fn begin(&self) -> Result<Box<dyn Tx>, StoreError> {
        Ok(Box::new(self.begin_tx().await?))
    }
}

/// Opens one connection outside the pool.
pub(crate) async fn open(config: &Config) -> Result<AsyncPgConnection, migrate::MigrateError> {
    let setup = setup(config, Planning::Each)?;
    setup(&config.url)
        .await
        .map_err(|error| migrate::MigrateError::Unreachable(error::chain(&error)))
}

pub(crate) type Setup =
    Box<dyn Fn(&str) -> BoxFuture<'_, diesel::ConnectionResult<AsyncPgConnection>> + Send + Sync>;

/// When the statements of a connection are planned.
#[derive(Clone, Copy)]
enum Planning {
    /// Once, by keys and their indexes: what is done to rows that are known does not depend on how
    /// many there are. Left to itself the planner plans statements with arrays at every use, which
    /// takes longer than running them, and would rather read a whole table that is empty yet.
    Once,
    /// At each use, for the values at hand: a tag that every tenth character has wants another plan
    /// than a rare one, and a plan for any tag would be the wrong one for half of them.
    Each,
}

impl Planning {
    fn settings(self) -> &'static str {
        match self {
            Self::Once => {
                "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off \
                 -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off"
            }
            Self::Each => "-c plan_cache_mode=force_custom_plan",
        }
    }
}

fn pool(config: &Config, planning: Planning) -> Result<Pool, ConfigError> {
    let mut manager_config = ManagerConfig::default();
    // A test query before each use would double the round trips of a short call; a connection
    // that has died meanwhile shows at its first statement, before anything was done.
    manager_config.recycling_method = RecyclingMethod::Fast;
    manager_config.custom_setup = setup(config, planning)?;
    let manager = AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(
        config.url.clone(),
        manager_config,
    );
    Ok(Pool::builder()
        .max_size(config.pool_max)
        .connection_timeout(config.connect_timeout)
        .test_on_check_out(true)
        // The connection that came back last: what its server has at hand is still warm.
        .queue_strategy(QueueStrategy::Lifo)
        .build_unchecked(manager))
}

/// Waits for a connection no longer than the caller does.
pub(crate) async fn lent(pool: &Pool) -> Result<PooledConnection, StoreError> {
    let wait = pool.get_owned();
    let conn = match ports::deadline::remaining() {
        Some(left) => tokio::time::timeout(left, wait)
            .await
            .map_err(|_elapsed| StoreError::DeadlineExceeded)?,
        None => wait.await,
    };
    conn.map_err(|cause| StoreError::Unavailable(Box::new(cause)))
}

fn setup(config: &Config, planning: Planning) -> Result<Setup, ConfigError> {
    let mut postgres: tokio_postgres::Config = config.url.parse().map_err(ConfigError::Url)?;
    // As startup parameters they cost no round trip. A lock is waited for half as long as a
    // statement may run, so that a convoy ends as contention, which is retried. Compiling a plan
    // takes longer than any statement here runs: half a second for a year's usage.
    let statement_ms = config.statement_timeout.as_millis();
    let settings = format!(
        "-c statement_timeout={statement_ms} -c lock_timeout={} \
         -c idle_in_transaction_session_timeout=30000 -c jit=off {}",
        statement_ms / 2,
        planning.settings()
    );
    let options = match postgres.get_options() {
        Some(given) => format!("{settings} {given}"),
        None => settings,
    };
    postgres.options(options);
    postgres.connect_timeout(config.connect_timeout);
    if postgres.get_application_name().is_none() {
        postgres.application_name("atelier");
    }
    let tls = tls(config, postgres.get_ssl_mode())?;
    let postgres = Arc::new(postgres);
    let slow_query = config.slow_query;
    Ok(Box::new(move |_url| {
        let (postgres, tls) = (postgres.clone(), tls.clone());
        async move {
            let mut conn = match tls {
                Some(tls) => {
                    let (client, conn) = postgres.connect(tls).await.map_err(refused)?;
                    AsyncPgConnection::try_from_client_and_connection(client, conn).await?
                }
                None => {
                    let (client, conn) =
                        postgres.connect(tokio_postgres::NoTls).await.map_err(refused)?;
                    AsyncPgConnection::try_from_client_and_connection(client, conn).await?
                }
            };
            conn.set_instrumentation(SlowQueries::new(slow_query));
            Ok(conn)
        }
        .boxed()
    }))
}

fn tls(config: &Config, mode: SslMode) -> Result<Option<MakeRustlsConnect>, ConfigError> {
    let Some(path) = &config.tls_ca else {
        let plain = matches!(mode, SslMode::Disable | SslMode::Prefer);
        return if plain { Ok(None) } else { Err(ConfigError::TlsCaMissing) };
    };
    let read = |cause| ConfigError::TlsCa { path: path.clone(), cause };
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(read)? {
        roots.add(certificate.map_err(read)?).map_err(ConfigError::Tls)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ConfigError::Tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(client)))
}

fn refused(cause: tokio_postgres::Error) -> ConnectionError {
    ConnectionError::BadConnection(error::chain(&cause))
}
