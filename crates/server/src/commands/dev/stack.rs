//! What `atelier dev` runs on: its folder, Postgres, the S3 endpoint, and its secrets.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use devstack::postgres::{self as pg, Binaries, Cluster, ClusterConfig, Fetch, Search};
use devstack::s3::{S3Config, S3Endpoint};
use ports::Ids;

use crate::clock::SystemIds;
use crate::commands::Failure;

/// The bucket that everything is kept in.
pub(super) const BUCKET: &str = "atelier";
const DATABASE: &str = "atelier";

pub(super) struct DevStack {
    /// Absolute, for it is shown to people.
    pub(super) folder: PathBuf,
    pub(super) cluster: Arc<Cluster>,
    s3: S3Endpoint,
    pub(super) s3_access_key: String,
    pub(super) s3_secret_key: String,
    pub(super) pepper: String,
}

impl DevStack {
    /// Starts both, makes the database if it is missing, and migrates it.
    pub(super) async fn start(folder: &Path, bin: Option<&Path>) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| {
            Failure::because(&format!("{} cannot be used", folder.display()), &error)
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let folder = fs::canonicalize(folder).map_err(failed)?;
        let pepper = secret(&folder.join("pepper"))?;
        let s3_secret_key = secret(&folder.join("s3-secret"))?;

        let cluster = tokio::task::spawn_blocking({
            let (folder, bin) = (folder.clone(), bin.map(Path::to_path_buf));
            move || start_cluster(&folder, bin)
        });
        let s3_config = S3Config {
            secret_key: s3_secret_key.clone(),
            ..S3Config::new(folder.join("s3"), vec![BUCKET.to_owned()])
        };
        let s3_access_key = s3_config.access_key.clone();
        let s3 = S3Endpoint::start(s3_config)
            .await
            .map_err(|error| Failure::because("the S3 endpoint does not start", &error))?;
        let cluster = cluster
            .await
            .map_err(|panic| Failure::because("Postgres could not be started", &panic))?
            .map_err(|error| Failure::because("Postgres does not start", &error))?;
        let stack = Self { folder, cluster, s3, s3_access_key, s3_secret_key, pepper };
        stack.migrate().await?;
        Ok(stack)
    }

    async fn migrate(&self) -> Result<(), Failure> {
        let admin = postgres::Config::new(self.cluster.database_url("postgres"));
        postgres::migrate::create_dev_database(&admin, DATABASE)
            .await
            .map_err(|error| Failure::because("the database cannot be made", &error))?;
        let config = postgres::Config::new(self.database_url());
        postgres::migrate::up(&config)
            .await
            .map_err(|error| Failure::because("the database cannot be migrated", &error))?;
        Ok(())
    }

    pub(super) fn database_url(&self) -> String {
        self.cluster.database_url(DATABASE)
    }

    pub(super) fn s3_url(&self) -> String {
        self.s3.url()
    }

    /// Stops both. Dropping would too, but without saying what went wrong.
    pub(super) async fn stop(self) -> Result<(), Failure> {
        self.s3.stop().await;
        let cluster = self.cluster;
        let stopped = tokio::task::spawn_blocking(move || cluster.stop()).await;
        stopped
            .map_err(|panic| Failure::because("Postgres could not be stopped", &panic))?
            .map_err(|error| Failure::because("Postgres could not be stopped", &error))
    }
}

fn start_cluster(folder: &Path, bin: Option<PathBuf>) -> Result<Arc<Cluster>, pg::Error> {
    let data = folder.join("postgres");
    let search = Search {
        explicit: bin,
        major: pg::major_of(&data),
        fetch: Some(Fetch::new(folder.join("postgres-binaries"))),
    };
    let binaries = Binaries::locate(&search)?;
    Ok(Arc::new(Cluster::start(ClusterConfig::new(data, binaries))?))
}

/// A secret that is made once and kept, readable by its owner alone.
fn secret(path: &Path) -> Result<String, Failure> {
    let failed = |error: std::io::Error| {
        Failure::because(&format!("{} cannot be used", path.display()), &error)
    };
    match fs::read_to_string(path) {
        Ok(secret) if secret.len() == 64 => return Ok(secret),
        Ok(_) => {
            return Err(Failure::new(format!("{} is damaged: delete it", path.display())));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    let secret = hex::encode(SystemIds.secret());
    write_private(path, secret.as_bytes()).map_err(failed)?;
    Ok(secret)
}

/// Writes a file that its owner alone can read, whole or not at all.
pub(super) fn write_private(path: &Path, contents: &[u8]) -> std::io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let draft = path.with_file_name(name);
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(contents)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}
