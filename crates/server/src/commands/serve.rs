//! `atelier serve`: the server, until it is told to stop.

use std::net::SocketAddr;

use clap::Args;

use super::Failure;
use crate::cli::Settings;
use crate::config::{self, Config, Flag};
use crate::layers::CallOptions;
use crate::net::ConnectionOptions;
use crate::net::drain::Signals;
use crate::net::tls::TlsOptions;
use crate::serve::{self, DrainOptions, Ended, Running, ServeOptions};
use crate::telemetry::{LogFormat, OtlpOptions, Telemetry, TelemetryOptions};
use crate::wiring::App;

#[derive(Debug, Args)]
pub struct Serve {
    /// Where calls come in: server.listen
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<SocketAddr>,
}

/// Serves until a signal, then drains.
pub async fn run(command: Serve, settings: Settings) -> Result<(), Failure> {
    let listen = command.listen.map(|address| Flag {
        name: "--listen".to_owned(),
        key: "server.listen".to_owned(),
        value: address.to_string(),
    });
    let config = settings.load(listen.into_iter().collect()).config()?;
    let telemetry = telemetry(&config.telemetry)?;
    // Taken over before anything starts, so that a signal in between is not lost.
    let signals = Signals::listen().map_err(|e| Failure::because("no signals can be heard", &e))?;
    let app = App::build(&config)
        .await
        .map_err(|error| Failure::because("the server cannot be put together", &error))?;
    let running = start(&config, &app, &telemetry).await?;
    let ended = running.until_signalled(signals).await;
    app.end().await;
    telemetry.end().await;
    how_it_ended(ended)
}

/// A drain is a success; anything else left somebody without an answer.
pub(super) fn how_it_ended(ended: Ended) -> Result<(), Failure> {
    match ended {
        Ended::Drained => Ok(()),
        Ended::Cut { connections } => {
            Err(Failure::new(format!("{connections} connections took too long and were cut")))
        }
        Ended::Hastened { connections } => Err(Failure::new(format!(
            "ended at once by the second signal; {connections} connections were cut"
        ))),
        Ended::Broken => Err(Failure::new("a bug ended the server: see the log")),
    }
}

/// Sets up the log, the traces and the metrics of the process.
pub(super) fn telemetry(config: &config::Telemetry) -> Result<Telemetry, Failure> {
    let config::Telemetry { log_format, log_filter, otlp_endpoint } = config;
    let options = TelemetryOptions {
        format: match log_format {
            config::LogFormat::Text => LogFormat::Text,
            config::LogFormat::Json => LogFormat::Json,
        },
        filter: log_filter.clone(),
        otlp: otlp_endpoint.as_deref().map(OtlpOptions::new),
    };
    Telemetry::init(&options)
        .map_err(|error| Failure::because("telemetry cannot be set up", &error))
}

/// Listens and serves what was put together.
pub(super) async fn start(
    config: &Config,
    app: &App,
    telemetry: &Telemetry,
) -> Result<Running, Failure> {
    let options = options(config);
    let parts = app
        .parts(&options.calls, Some(telemetry.metrics()))
        .map_err(|error| Failure::because("the services cannot be served", &error))?;
    serve::serve(options, parts)
        .await
        .map_err(|error| Failure::because("the server does not start", &error))
}

fn options(config: &Config) -> ServeOptions {
    let config::Limits {
        max_connections,
        max_in_flight,
        message_bytes,
        deadline_default,
        deadline_max,
    } = config.limits;
    let config::Drain { lame_duck, in_flight } = config.server.drain;
    ServeOptions {
        listen: config.server.listen,
        tls: config.tls.as_ref().map(|tls| TlsOptions {
            client_ca: tls.client_ca.clone(),
            ..TlsOptions::new(&tls.cert, &tls.key)
        }),
        // Whether plain text is insisted on was checked with the other settings.
        insist_plaintext: true,
        admin: config.server.admin_listen,
        connections: ConnectionOptions {
            connections_max: max_connections,
            ..ConnectionOptions::default()
        },
        calls: CallOptions {
            receive_bytes_max: message_bytes,
            deadline_default,
            deadline_max,
            calls_max: max_in_flight,
            trusted_proxies: config.server.trusted_proxies,
            ..CallOptions::default()
        },
        drain: DrainOptions { lame_duck, finish: in_flight },
    }
}
