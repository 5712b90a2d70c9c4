//! `bench soak`: very many mixed commands from several server processes on one database, and then
//! every account is recomputed from its journal. What is shown is not speed but that the books
//! close.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use serde_json::json;
use tokio::task::JoinSet;

use crate::books::{self, SEED, USERS};
use crate::calls::Callers;
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::mixture::{Mixture, Outcome};
use crate::server::{Program, Server};

/// The database of the soak.
const DATABASE: &str = "bench_soak";

/// Calls under way at each process.
const CALLERS_EACH: usize = 16;

/// Outcomes that are answers. Anything else is a defect.
const ANSWERS: [&str; 4] = ["done", "replayed", "refused", "contention"];

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many commands in all
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    commands: u64,
    /// How many server processes
    #[arg(long, value_name = "N", default_value_t = 4)]
    processes: usize,
    /// The server to run, instead of the one built beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
}

/// Runs the commands, verifies the books, prints what came of it and writes `soak.json`.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let folder = crate::ledger::folder()?;
    fs::create_dir_all(&folder).context("no folder for the results")?;
    let binary = Program::find(options.server.clone())?;
    let postgres = Postgres::start(&folder.join("soak-cluster"), false, &[]).await?;
    let program = Program { binary, settings: Vec::new(), folder: folder.clone() };
    let api_key = books::seed(&postgres, &program).await?;
    postgres.copy(SEED, DATABASE).await?;
    let url = postgres.url(DATABASE);
    let mut servers: Vec<Server> = Vec::new();
    for number in 0..options.processes {
        servers.push(program.start(&format!("soak-{number}"), &url, "warn").await?);
    }

    let began = Instant::now();
    let outcomes = drive(&options, &servers, &api_key).await?;
    let seconds = began.elapsed().as_secs_f64();
    // What a server still has to tidy may be left undone: balances are right without it.
    drop(servers);
    let sent: u64 = outcomes.values().sum();
    println!(
        "{sent} commands from {} processes in {seconds:.0} s, {:.0}/s, over {USERS} users",
        options.processes,
        sent as f64 / seconds,
    );
    for (what, count) in &outcomes {
        println!("  {count:>9} {what}");
    }

    let began = Instant::now();
    let verdict = program.verify(&url).await?;
    let verified = began.elapsed().as_secs_f64();
    println!("{verdict}");
    let json = json!({
        "processes": options.processes, "commands": sent, "seconds": seconds,
        "outcomes": outcomes, "verify_s": verified, "verdict": verdict,
    });
    let json = serde_json::to_vec_pretty(&json).context("no JSON")?;
    fs::write(folder.join("soak.json"), json).context("the results cannot be written")?;
    match outcomes.keys().find(|what| !ANSWERS.contains(&what.as_str())) {
        Some(what) => Err(Failure::new(format!("some commands ended in {what}"))),
        None => Ok(()),
    }
}

async fn drive(
    options: &Options,
    servers: &[Server],
    api_key: &str,
) -> Result<BTreeMap<String, u64>, Failure> {
    let mut tasks = JoinSet::new();
    let callers_count = (servers.len() * CALLERS_EACH) as u64;
    for (number, server) in servers.iter().enumerate() {
        let callers = Callers::connect(&[server.address], api_key, &format!("s{number}")).await?;
        for caller in 0..CALLERS_EACH {
            let name = (number * CALLERS_EACH + caller) as u64;
            let share = options.commands / callers_count
                + u64::from(name < options.commands % callers_count);
            let mut mixture = Mixture::new(callers.caller(caller), name);
            tasks.spawn(async move { mixture.send(share).await });
        }
    }
    let mut all: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(outcomes) = tasks.join_next().await {
        for (outcome, count) in outcomes.context("a caller panicked")? {
            let name = match outcome {
                Outcome::Done => "done".to_owned(),
                Outcome::Replayed => "replayed".to_owned(),
                Outcome::Refused => "refused".to_owned(),
                Outcome::Contention => "contention".to_owned(),
                Outcome::Defect(what) => what,
            };
            *all.entry(name).or_default() += count;
        }
    }
    Ok(all)
}
