//! `atelier worker`: works on jobs without serving calls, until it is told to stop.

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::Failure;
use super::serve::telemetry;
use crate::cli::Settings;
use crate::net::drain::Signals;
use crate::serve::serve_admin;
use crate::wiring::App;

#[derive(Debug, Args)]
pub struct Worker {}

/// Works until a signal. What is in hand is finished, if it does not take long.
pub async fn run(Worker {}: Worker, settings: Settings) -> Result<(), Failure> {
    let config = settings.load(Vec::new()).config()?;
    if config.jobs.slots == 0 {
        return Err(Failure::new("jobs.slots is 0: there is nothing that a worker would do"));
    }
    let telemetry = telemetry(&config.telemetry)?;
    let mut signals =
        Signals::listen().map_err(|e| Failure::because("no signals can be heard", &e))?;
    let app = App::build(&config)
        .await
        .map_err(|error| Failure::because("the worker cannot be put together", &error))?;
    let over = CancellationToken::new();
    let _ends_with_the_process = over.clone().drop_guard();
    if let Some(address) = config.server.admin_listen {
        serve_admin(address, &app.readiness, Some(telemetry.metrics()), over)
            .await
            .map_err(|error| Failure::because("the worker does not start", &error))?;
    }
    tracing::info!(slots = config.jobs.slots, "working on jobs");
    let signal = signals.next().await;
    tracing::info!(signal, "shutting down");
    tokio::select! {
        () = app.end() => {}
        signal = signals.next() => tracing::warn!(signal, "ended at once by the second signal"),
    }
    telemetry.end().await;
    Ok(())
}
