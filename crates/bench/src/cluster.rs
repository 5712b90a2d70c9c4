//! A private Postgres for the run: durable as in production, with the same settings for every side.

use std::fs;
use std::path::{Path, PathBuf};

use devstack::postgres::{Binaries, Cluster, ClusterConfig, Search, major_of};
use tokio_postgres::{Client, NoTls};

use crate::failure::{Context, Failure};

/// What differs from Postgres' own defaults: room to work without a checkpoint in every round.
pub(crate) const SETTINGS: [(&str, &str); 3] =
    [("shared_buffers", "512MB"), ("max_wal_size", "4GB"), ("checkpoint_timeout", "15min")];

/// A running cluster. Dropping it stops Postgres and removes the data, unless that is kept.
pub(crate) struct Postgres {
    // Taken before the folder is removed.
    cluster: Option<Cluster>,
    folder: PathBuf,
    bin: PathBuf,
    keep: bool,
}

impl Postgres {
    pub(crate) async fn start(
        folder: &Path,
        keep: bool,
        more: &[(String, String)],
    ) -> Result<Self, Failure> {
        let folder = folder.to_path_buf();
        if !keep {
            remove(&folder)?;
        }
        let settings = SETTINGS.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let settings = settings.chain(more.iter().cloned()).collect();
        let data = folder.clone();
        let start = move || {
            let search = Search { major: major_of(&data), ..Search::default() };
            let binaries = Binaries::locate(&search)?;
            let bin = binaries.folder().to_path_buf();
            let config = ClusterConfig { settings, ..ClusterConfig::new(data, binaries) };
            Cluster::start(config).map(|cluster| (cluster, bin))
        };
        let (cluster, bin) = tokio::task::spawn_blocking(start)
            .await
            .context("starting Postgres panicked")?
            .context("no Postgres")?;
        Ok(Self { cluster: Some(cluster), folder, bin, keep })
    }

    pub(crate) fn url(&self, database: &str) -> String {
        self.cluster.as_ref().map_or_else(String::new, |cluster| cluster.database_url(database))
    }

    pub(crate) fn pid(&self) -> Option<i32> {
        self.cluster.as_ref().and_then(Cluster::pid)
    }

    /// One of Postgres' own programs, such as pgbench.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }

    pub(crate) async fn connect(&self, database: &str) -> Result<Client, Failure> {
        let (client, connection) = tokio_postgres::connect(&self.url(database), NoTls)
            .await
            .context(format!("no connection to {database}"))?;
        // It ends with the client; what fails meanwhile fails the client's statements too.
        tokio::spawn(connection);
        Ok(client)
    }

    /// Runs statements in a database.
    pub(crate) async fn run(&self, database: &str, statements: &str) -> Result<(), Failure> {
        let client = self.connect(database).await?;
        client.batch_execute(statements).await.context(format!("statements in {database} failed"))
    }

    pub(crate) async fn exists(&self, database: &str) -> Result<bool, Failure> {
        let client = self.connect("postgres").await?;
        let found = client
            .query("SELECT FROM pg_database WHERE datname = $1", &[&database])
            .await
            .context("the databases cannot be listed")?;
        Ok(!found.is_empty())
    }

    /// Makes a database with the schema that the server works on.
    pub(crate) async fn create(&self, database: &str) -> Result<(), Failure> {
        self.run("postgres", &format!("CREATE DATABASE {database}")).await?;
        postgres::migrate::up(&postgres::Config::new(self.url(database)))
            .await
            .context("the schema cannot be made")?;
        Ok(())
    }

    /// Makes a database that is a copy of another, whose connections are ended.
    pub(crate) async fn copy(&self, from: &str, database: &str) -> Result<(), Failure> {
        self.drop(database).await?;
        let end = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{from}'"
        );
        self.run("postgres", &end).await?;
        // Block by block through the log: the other strategy forces a checkpoint, after which each
        // page that is touched would be logged whole, in this round and not in another.
        let copy = format!("CREATE DATABASE {database} TEMPLATE {from} STRATEGY WAL_LOG");
        self.run("postgres", &copy).await
    }

    pub(crate) async fn drop(&self, database: &str) -> Result<(), Failure> {
        let drop = format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        self.run("postgres", &drop).await
    }

    pub(crate) async fn version(&self) -> Result<String, Failure> {
        let client = self.connect("postgres").await?;
        let row = client.query_one("SHOW server_version", &[]).await.context("no version")?;
        Ok(row.get(0))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Stops Postgres and waits for that.
        drop(self.cluster.take());
        if !self.keep
            && let Err(failure) = remove(&self.folder)
        {
            eprintln!("bench: {}", failure.chain());
        }
    }
}

/// Removes the cluster's folder, and the place that it names where it could not hold the data.
fn remove(folder: &Path) -> Result<(), Failure> {
    if !folder.exists() {
        return Ok(());
    }
    if let Ok(place) = fs::read_to_string(folder.join("location")) {
        fs::remove_dir_all(place.trim_end()).context("the last cluster cannot be removed")?;
    }
    fs::remove_dir_all(folder).context("the last cluster cannot be removed")
}
