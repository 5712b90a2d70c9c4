//! `bench ledger`: prepares, measures in rounds, reports.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use serde_json::json;

use crate::books;
use crate::cluster::{Postgres, SETTINGS};
use crate::failure::{Context, Failure};
use crate::machine::load_average;
use crate::peers::Peers;
use crate::report::{Figures, Report};
use crate::rounds::{Measured, Stage};
use crate::server::Program;
use crate::sides::{Method, Peer, Side};

/// How many entries the big journal has, unless told otherwise.
const BIG: u64 = 10_000_000;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Short rounds and no big journal: for daily use, not for claims
    #[arg(long)]
    quick: bool,
    /// Only these sides; what they are compared with must be named, too
    #[arg(long, value_name = "SIDE", value_delimiter = ',')]
    only: Vec<Side>,
    /// How long each side is measured in each round
    #[arg(long, value_name = "SECONDS")]
    seconds: Option<u64>,
    #[arg(long, value_name = "N")]
    rounds: Option<usize>,
    /// How many entries the big journal has; 0 leaves it out. 10 million if not given, and with
    /// --quick none
    #[arg(long, value_name = "N")]
    big: Option<u64>,
    /// The server to measure, instead of the one built beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<PathBuf>,
    /// A setting of the servers, such as ledger.shards=4; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// A setting of Postgres; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment)]
    postgres: Vec<(String, String)>,
    /// The usual server's log filter; it logs to a file
    #[arg(long, value_name = "FILTER", default_value = "info")]
    log: String,
    /// Keeps the data, and takes the big journal of an earlier run that kept it
    #[arg(long)]
    keep: bool,
}

/// Measures, prints the table, writes `ledger.json`.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let folder = folder()?;
    fs::create_dir_all(&folder).context("no folder for the results")?;
    let sides = sides(&options);
    let rounds = options.rounds.unwrap_or(if options.quick { 1 } else { 3 });
    let mut report = Report::default();
    note_options(&mut report, &options, rounds);
    let stage = prepare(&options, &sides, folder.clone(), &mut report).await?;

    let mut measured: Vec<Measured> = Vec::new();
    for number in 1..=rounds {
        eprintln!("round {number} of {rounds}, load average {:.1}", load_average());
        measured.extend(stage.round(number, &sides).await?);
    }
    for side in sides {
        let of_side: Vec<&Measured> = measured.iter().filter(|one| one.side == side).collect();
        if !of_side.is_empty() {
            report.sides.insert(side, Figures::of(side, &of_side));
        }
    }
    for one in &measured {
        for (what, count) in &one.sample.errors {
            eprintln!("{}: {count} times {what}", one.side.name());
        }
    }
    println!("{}", report.table());
    let json = serde_json::to_vec_pretty(&report.json()).context("no JSON")?;
    let path = folder.join("ledger.json");
    fs::write(&path, json).context("the results cannot be written")?;
    println!("written to {}", path.display());
    if report.has_errors() { Err(Failure::new("calls failed: see above")) } else { Ok(()) }
}

async fn prepare(
    options: &Options,
    sides: &[Side],
    folder: PathBuf,
    report: &mut Report,
) -> Result<Stage, Failure> {
    let binary = Program::find(options.server.clone())?;
    let cluster = folder.join("cluster");
    let postgres = Postgres::start(&cluster, options.keep, &options.postgres).await?;
    report.notes.insert("postgres".into(), json!(postgres.version().await?));
    let program = Program { binary, settings: options.set.clone(), folder: folder.clone() };
    let api_key = books::seed(&postgres, &program).await?;

    let mut big = None;
    let entries = options.big.unwrap_or(if options.quick { 0 } else { BIG });
    if books::past(entries) == 0 {
        report.notes.insert("big_journal".into(), json!("not run: left out by the flags"));
    } else if sides.contains(&Side::Big) {
        let (name, seconds) = books::big(&postgres, entries).await?;
        report.notes.insert("big_journal_entries".into(), json!(entries));
        report.notes.insert("big_journal_fill_s".into(), json!(seconds));
        let key = program.issue_key(&postgres.url(&name)).await?;
        big = Some((name, key));
    }

    let wanted = Peer::ALL.into_iter().filter(|peer| {
        sides.iter().any(|side| matches!(side.method(), Method::Peer { peer: p, .. } if p == *peer))
    });
    let peers = Peers::prepare(&postgres, &folder, &wanted.collect::<Vec<_>>()).await;
    for (peer, why) in &peers.not_run {
        report.notes.insert(peer.name().into(), json!(format!("not run: {why}")));
    }
    // A moment of Postgres' clock: request ids of an earlier run on the same data differ.
    let client = postgres.connect("postgres").await?;
    let now = "SELECT to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint)";
    let run = client.query_one(now, &[]).await.context("Postgres has no clock")?.get(0);
    let time = Duration::from_secs(options.seconds.unwrap_or(if options.quick { 3 } else { 10 }));
    let warm_up = (time / 4).max(Duration::from_secs(1));
    let log = options.log.clone();
    Ok(Stage { postgres, program, api_key, big, peers, log, time, warm_up, run })
}

fn note_options(report: &mut Report, options: &Options, rounds: usize) {
    let set = options.set.iter().map(|(key, value)| format!("{key}={value}"));
    let own = SETTINGS.iter().map(|(name, value)| format!("{name}={value}"));
    let given = options.postgres.iter().map(|(name, value)| format!("{name}={value}"));
    let settings = own.chain(given).collect::<Vec<_>>().join(" ");
    let notes = [
        ("server_settings", json!(set.collect::<Vec<_>>().join(" "))),
        ("postgres_settings", json!(format!("fsync=on {settings}"))),
        ("log_filter", json!(options.log)),
        ("rounds", json!(rounds)),
        ("users", json!(books::USERS)),
        ("processors", json!(std::thread::available_parallelism().map_or(0, |count| count.get()))),
        ("load_average_at_start", json!(load_average())),
    ];
    report.notes.extend(notes.map(|(name, value)| (name.to_owned(), value)));
}

/// The sides to measure, in their order.
fn sides(options: &Options) -> Vec<Side> {
    let all = Side::value_variants().iter().copied();
    all.filter(|side| options.only.is_empty() || options.only.contains(side)).collect()
}

/// `bench` in the folder that this program was built into.
pub(crate) fn folder() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe().context("this program's own path is not known")?;
    let target = own.parent().and_then(|profile| profile.parent());
    let target = target.ok_or_else(|| Failure::new("this program is in no target folder"))?;
    Ok(target.join("bench"))
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("must be KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}
