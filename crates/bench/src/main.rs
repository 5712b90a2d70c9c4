//! `bench`: how fast Atelier is, beside what it is compared with on the same machine in the same
//! run. Never shipped.

mod books;
mod calls;
mod catalog;
mod cluster;
mod failure;
mod jobs;
mod ledger;
mod load;
mod machine;
mod mixture;
mod peers;
mod report;
mod rounds;
mod server;
mod sides;
mod soak;
mod stats;
mod textbook;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mimalloc::MiMalloc;
use tokio::signal::unix::{SignalKind, signal};

use failure::{Context, Failure};

/// As the server has it, so that the client takes as little of the machine as it can.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures Atelier beside what it is compared with.
#[derive(Debug, Parser)]
#[command(name = "bench")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The ledger beside the textbook, the empty call and installable peers
    Ledger(ledger::Options),
    /// Every list and search of what users own, at a million characters
    Catalog(catalog::Options),
    /// Jobs beside graphile-worker, idle workers, and ten thousand watchers
    Jobs(jobs::Options),
    /// Mixed commands from several processes, after which the books must close
    Soak(soak::Options),
}

fn main() -> ExitCode {
    let Cli { command } = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = runtime.context("no runtime").and_then(|runtime| {
        // Children and the cluster end as their handles are dropped, on a signal as on a panic.
        runtime.block_on(async {
            tokio::select! {
                outcome = run(command) => outcome,
                name = interrupted() => Err(Failure::new(format!("ended by {name}"))),
            }
        })
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("bench: {}", failure.chain());
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Ledger(options) => ledger::run(options).await,
        Command::Catalog(options) => catalog::run(options).await,
        Command::Jobs(options) => jobs::run(options).await,
        Command::Soak(options) => soak::run(options).await,
    }
}

async fn interrupted() -> &'static str {
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        // Then a signal ends the process by itself.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => "SIGINT",
        _ = terminate.recv() => "SIGTERM",
    }
}
