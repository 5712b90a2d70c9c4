//! `atelier dev`: everything on this machine and for this machine alone: a private Postgres, an S3
//! endpoint, migrations, demo data, the server. What it keeps is in one folder.

mod banner;
mod demo;
mod stack;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use billing::profile::Profile;
use clap::Args;

use super::serve::{how_it_ended, start, telemetry};
use super::{Failure, print};
use crate::cli::Settings;
use crate::config::Flag;
use crate::net::drain::Signals;
use crate::net::plaintext_allowed;
use crate::wiring::{self, App};
use banner::Facts;
use stack::DevStack;

/// How long the parts have to come up once the server listens.
const READY_PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub struct Dev {
    /// Where everything is kept; delete it to start over
    #[arg(long, value_name = "DIR", default_value = ".atelier")]
    data: PathBuf,
    /// Where calls come in, on loopback; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:7443")]
    listen: SocketAddr,
    /// Where metrics and health are served over HTTP, on loopback; port 0 takes a free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:0")]
    admin_listen: SocketAddr,
    /// A file that is written, as JSON, once every service answers, and removed at the end
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// The folder with Postgres' programs, if they are not found by themselves
    #[arg(long, value_name = "DIR")]
    postgres_bin: Option<PathBuf>,
}

/// Runs until a signal, or until Postgres cannot be brought back.
pub async fn run(command: Dev, settings: Settings) -> Result<(), Failure> {
    for address in [command.listen, command.admin_listen] {
        if !plaintext_allowed(address, false) {
            return Err(Failure::new(format!(
                "{address} is not on loopback: `atelier dev` is for this machine alone"
            )));
        }
    }
    let signals = Signals::listen().map_err(|e| Failure::because("no signals can be heard", &e))?;
    let stack = DevStack::start(&command.data, command.postgres_bin.as_deref()).await?;
    let outcome = serve(&command, settings, &stack, signals).await;
    stack.stop().await?;
    outcome
}

async fn serve(
    command: &Dev,
    settings: Settings,
    stack: &DevStack,
    signals: Signals,
) -> Result<(), Failure> {
    let config = settings.load(flags(command, stack)).config()?;
    let telemetry = telemetry(&config.telemetry)?;
    let app = App::build(&config)
        .await
        .map_err(|error| Failure::because("the server cannot be put together", &error))?;
    // Every kind of job has its price, unless a product is named that has prices of its own.
    if config.billing.profile == Profile::None {
        wiring::offer(&config, &[Profile::Vibe, Profile::Characters])
            .await
            .map_err(|error| Failure::because("no prices", &error))?;
    }
    let api_key = demo::api_key(&app, &stack.folder).await?;
    demo::data(&app).await?;
    let running = start(&config, &app, &telemetry).await?;
    wait_until_ready(&app).await?;

    let admin = running.admin_addr().ok_or_else(|| Failure::new("no admin address"))?;
    let facts = Facts {
        grpc: running.local_addr().to_string(),
        admin: format!("http://{admin}"),
        s3: stack.s3_url(),
        database_url: stack.database_url(),
        api_key,
        pid: std::process::id(),
    };
    if let Some(path) = &command.ready_file {
        banner::write_ready_file(path, &facts)?;
    }
    print(&banner::text(&facts, &stack.folder, demo::USER))?;

    let cluster = Arc::clone(&stack.cluster);
    let outcome = tokio::select! {
        ended = running.until_signalled(signals) => how_it_ended(ended),
        // Brings Postgres back when it dies; returns only when it cannot.
        kept = cluster.keep_running() => match kept {
            Ok(()) => Err(Failure::new("Postgres was stopped")),
            Err(error) => Err(Failure::because("Postgres cannot be kept running", &error)),
        },
    };
    if let Some(path) = &command.ready_file {
        banner::remove_ready_file(path)?;
    }
    app.end().await;
    telemetry.end().await;
    outcome
}

/// What `dev` decides itself. Settings given in other ways stand below these.
fn flags(command: &Dev, stack: &DevStack) -> Vec<Flag> {
    [
        ("server.listen", command.listen.to_string()),
        ("server.admin_listen", command.admin_listen.to_string()),
        // Nobody balances load over a laptop.
        ("server.drain_lame_duck_ms", "0".to_owned()),
        ("database.url", stack.database_url()),
        ("auth.pepper", stack.pepper.clone()),
        ("s3.endpoint", stack.s3_url()),
        ("s3.bucket", stack::BUCKET.to_owned()),
        ("s3.access_key", stack.s3_access_key.clone()),
        ("s3.secret_key", stack.s3_secret_key.clone()),
        ("s3.path_style", "true".to_owned()),
        // Everything can be had without a key, and every failure ordered.
        ("studio.stands_in", "true".to_owned()),
        ("studio.scripts", "true".to_owned()),
    ]
    .map(|(key, value)| Flag { name: "atelier dev".to_owned(), key: key.to_owned(), value })
    .into()
}

async fn wait_until_ready(app: &App) -> Result<(), Failure> {
    let ready = async {
        while !app.readiness.is_ready() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(READY_PATIENCE, ready).await.map_err(|_elapsed| {
        Failure::new(format!("not ready after {READY_PATIENCE:?}: {:?}", app.readiness.problems()))
    })
}
