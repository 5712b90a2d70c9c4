//! One file per command. A command takes its arguments and the settings, and returns why it failed.

pub mod assets;
pub mod config;
pub mod dev;
pub mod healthcheck;
pub mod jobs;
pub mod keys;
pub mod migrate;
pub mod mock_vendors;
pub mod models;
pub mod serve;
pub mod verify;
pub mod worker;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::config::Problems;

/// Why a command is not done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Settings(Problems),
    /// `what` is wrong, and what to do about it.
    #[error("{what}")]
    Failed { what: String },
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Self {
        Self::Failed { what: what.into() }
    }

    /// `what` failed, with the whole chain of causes, for a terminal has no log to look into.
    pub fn because(what: &str, error: &dyn Error) -> Self {
        let mut text = format!("{what}: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            // Some errors repeat their source in their own text.
            let why = error.to_string();
            if !text.ends_with(&why) {
                text = format!("{text}: {why}");
            }
            cause = error.source();
        }
        Self::new(text)
    }

    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Settings(_) => ExitCode::from(2),
            Self::Failed { .. } => ExitCode::FAILURE,
        }
    }
}

/// Writes to standard output. A reader who has seen enough, such as `head`, is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::because("the output cannot be written", &error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Runs the command.
pub fn run(cli: Cli) -> Result<(), Failure> {
    let Cli { settings, command } = cli;
    match command {
        Command::Dev(dev) => block_on(dev::run(dev, settings)),
        Command::Serve(serve) => block_on(serve::run(serve, settings)),
        Command::Worker(worker) => block_on(worker::run(worker, settings)),
        Command::Migrate(step) => block_on(migrate::run(step, settings.load(Vec::new()))),
        Command::Verify(verify) => {
            let flags = verify.flags();
            block_on(verify::run(verify, settings.load(flags)))
        }
        Command::Assets(assets) => block_on(assets::run(assets, settings.load(Vec::new()))),
        Command::Jobs(jobs) => block_on(jobs::run(jobs, settings.load(Vec::new()))),
        Command::Models(models) => block_on(models::run(models, settings.load(Vec::new()))),
        Command::Keys(keys) => block_on(keys::run(keys, settings.load(Vec::new()))),
        Command::Config(config) => config::run(&config, &settings.load(Vec::new())),
        Command::MockVendors(mock) => block_on(mock_vendors::run(mock)),
        Command::Healthcheck(check) => block_on(healthcheck::run(check, settings.load(Vec::new()))),
    }
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| Failure::because("threads cannot be started", &error))?.block_on(work)
}
