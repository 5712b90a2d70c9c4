//! graphile-worker, as its own documents say: processes that do jobs which do nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use super::{CALLERS, SLOTS, WORKERS};
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::peers::finished;

/// The version that the driver was written for.
const PACKAGE: &str = "graphile-worker@0.18.0";
const DRIVER: &str = include_str!("graphile.mjs");
const DATABASE: &str = "bench_graphile";

/// What has not ended by then will not.
const PATIENCE: Duration = Duration::from_secs(120);

pub(super) struct Graphile {
    // They are killed as this is dropped.
    _workers: Vec<Child>,
}

impl Graphile {
    /// Installs it into a folder of its own, and starts its workers on a database of their own.
    pub(super) async fn prepare(postgres: &Postgres, folder: &Path) -> Result<Self, Failure> {
        let home = folder.join("graphile");
        fs::create_dir_all(&home).context("no folder for graphile-worker")?;
        fs::write(home.join("graphile.mjs"), DRIVER).context("no driver")?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"]).arg(&home);
        finished(npm.arg(PACKAGE), "npm install").await?;
        postgres.drop(DATABASE).await?;
        postgres.run("postgres", &format!("CREATE DATABASE {DATABASE}")).await?;
        finished(node(&home, postgres).arg("migrate"), "making its tables").await?;
        let mut workers = Vec::new();
        for _ in 0..WORKERS {
            let mut command = node(&home, postgres);
            command.args(["work", &SLOTS.to_string()]).stdout(Stdio::null());
            workers.push(command.spawn().context("no worker")?);
        }
        let graphile = Self { _workers: workers };
        graphile.round(postgres, 200).await.context("graphile-worker does no jobs")?;
        Ok(graphile)
    }

    /// Jobs a second, from the first that is added to the last that is done. Added by its own
    /// function in SQL, which is the least that adding one costs.
    pub(super) async fn round(&self, postgres: &Postgres, jobs: usize) -> Result<f64, Failure> {
        let mut clients = Vec::new();
        for _ in 0..CALLERS {
            clients.push(postgres.connect(DATABASE).await?);
        }
        let began = Instant::now();
        let next = Arc::new(AtomicUsize::new(0));
        let mut callers = JoinSet::new();
        for client in clients {
            let next = next.clone();
            callers.spawn(async move {
                let add = "SELECT FROM graphile_worker.add_job('nothing', '{}'::json)";
                let add = client.prepare(add).await?;
                while next.fetch_add(1, Ordering::Relaxed) < jobs {
                    client.query(&add, &[]).await?;
                }
                Ok::<_, tokio_postgres::Error>(())
            });
        }
        while let Some(caller) = callers.join_next().await {
            caller.context("a caller panicked")?.context("no job was added")?;
        }
        let client = postgres.connect(DATABASE).await?;
        let open = "SELECT EXISTS (SELECT FROM graphile_worker._private_jobs)";
        while began.elapsed() < PATIENCE {
            let row = client.query_one(open, &[]).await.context("its jobs cannot be read")?;
            if !row.get::<_, bool>(0) {
                return Ok(jobs as f64 / began.elapsed().as_secs_f64());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Failure::new(format!("its jobs are not done after {PATIENCE:?}")))
    }
}

fn node(home: &PathBuf, postgres: &Postgres) -> Command {
    let mut command = Command::new("node");
    command.arg(home.join("graphile.mjs")).current_dir(home).kill_on_drop(true);
    command.env("DATABASE_URL", postgres.url(DATABASE)).stdin(Stdio::null());
    command
}
