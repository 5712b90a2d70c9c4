//! How to reach the database, and what bounds a connection.

use std::path::PathBuf;
use std::time::Duration;

/// Settings of the adapter.
#[derive(Debug, Clone)]
pub struct Config {
    /// `postgres://user:password@host:port/database`. With `sslmode=require` TLS is used.
    pub url: String,
    /// The most connections that are open at once for units of work and reads by keys, and as many
    /// for lists.
    pub pool_max: u32,
    /// How long a unit of work waits for a connection.
    pub connect_timeout: Duration,
    /// Bounds a statement where no caller's deadline does.
    pub statement_timeout: Duration,
    /// Statements that take longer are logged, without their parameters.
    pub slow_query: Duration,
    /// The certificates, as PEM, that a server's certificate must lead to.
    pub tls_ca: Option<PathBuf>,
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the database URL is malformed")]
    Url(#[source] tokio_postgres::Error),
    #[error("the database's TLS certificates cannot be read from {path}")]
    TlsCa {
        path: PathBuf,
        #[source]
        cause: rustls::pki_types::pem::Error,
    },
    #[error("the database's TLS certificates are not usable")]
    Tls(#[source] rustls::Error),
    #[error("TLS to the database is required (sslmode=require), so its certificates are needed")]
    TlsCaMissing,
}

impl Config {
    /// The defaults for a database at `url`.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            // 16: more connections than that only queue inside Postgres on a few cores.
            pool_max: 16,
            connect_timeout: Duration::from_secs(3),
            // 10 s: the default deadline of a call, so that most statements need no SET.
            statement_timeout: Duration::from_secs(10),
            slow_query: Duration::from_millis(500),
            tls_ca: None,
        }
    }
}
