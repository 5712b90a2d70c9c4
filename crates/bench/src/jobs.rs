//! `bench jobs`: jobs from asked for to settled, beside graphile-worker doing nothing on the same
//! Postgres; how soon an idle worker begins; what ten thousand watchers cost.

mod graphile;
mod instant;
mod ours;
mod watchers;

use std::fs;
use std::path::Path;

use clap::Args;
use devstack::s3::{S3Config, S3Endpoint};
use serde_json::{Map, Value, json};

use crate::books;
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::machine::load_average;
use crate::server::{Place, Program};
use crate::stats::{median, percentile};
use graphile::Graphile;
use ours::Ours;

/// How many processes work, of either side.
pub(crate) const WORKERS: usize = 4;

/// How many jobs each of them has in hand at once, of either side.
pub(crate) const SLOTS: usize = 16;

/// How many callers ask for jobs at once, of either side.
pub(crate) const CALLERS: usize = 32;

const DATABASE: &str = "bench_jobs";
const BUCKET: &str = "bench";

/// How often an idle worker is given a job.
const IDLE_JOBS: usize = 300;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many jobs each side does in a round
    #[arg(long, value_name = "N", default_value_t = 4_000)]
    jobs: usize,
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// How many streams watch
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    watchers: usize,
    /// The server to measure, instead of the one built beside this program
    #[arg(long, value_name = "FILE")]
    server: Option<std::path::PathBuf>,
}

/// Measures, prints, writes `jobs.json`.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let folder = crate::ledger::folder()?;
    fs::create_dir_all(&folder).context("no folder for the results")?;
    let postgres = Postgres::start(&folder.join("jobs-cluster"), false, &[]).await?;
    let objects = folder.join("jobs-s3");
    let s3 = S3Endpoint::start(S3Config::new(objects.clone(), vec![BUCKET.to_owned()])).await;
    let s3 = s3.context("no S3 endpoint")?;
    let instant = instant::start().await?;
    let program = Program {
        binary: Program::find(options.server.clone())?,
        settings: settings(&s3, &format!("http://{instant}/v1")),
        folder: folder.clone(),
    };
    let mut flat = Map::new();
    let measured = measure(&options, &postgres, &program, &folder, &mut flat).await;
    s3.stop().await;
    fs::remove_dir_all(&objects).context("the objects cannot be removed")?;
    measured?;
    for (name, value) in &flat {
        println!("{name:28} {value}");
    }
    let text = serde_json::to_string_pretty(&Value::Object(flat)).context("no JSON")?;
    let file = folder.join("jobs.json");
    fs::write(&file, text).context("no results written")?;
    println!("written to {}", file.display());
    Ok(())
}

async fn measure(
    options: &Options,
    postgres: &Postgres,
    program: &Program,
    folder: &Path,
    flat: &mut Map<String, Value>,
) -> Result<(), Failure> {
    flat.insert("load_average_at_start".into(), json!(load_average()));
    flat.insert("jobs".into(), options.jobs.into());
    flat.insert("rounds".into(), options.rounds.into());
    flat.insert("workers".into(), WORKERS.into());
    flat.insert("slots_of_each".into(), SLOTS.into());
    let key = books::seed(postgres, program).await?;
    postgres.copy(books::SEED, DATABASE).await?;
    let graphile = Graphile::prepare(postgres, folder).await;
    let url = postgres.url(DATABASE);
    let server = program.start("jobs", &url, "warn").await?;
    let workers = start_workers(program, &url).await?;
    let ours = Ours::connect(server.address, &key, postgres, DATABASE).await?;
    ours.warm_up().await?;

    // Before the rounds, whose rows are vacuumed for a while after them: that is not idle.
    let mut claims = ours.idle(IDLE_JOBS).await?;
    claims.sort_unstable();
    let ms = |percent| f64::from(percentile(&claims, percent)) / 1000.0;
    flat.insert("claim_p50_ms".into(), json!(ms(50.0)));
    flat.insert("claim_p99_ms".into(), json!(ms(99.0)));

    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        own.push(ours.round(&format!("round-{round}"), options.jobs).await?);
        eprintln!("round {round}: {:.0} jobs/s of ours", own[round - 1]);
        if let Ok(graphile) = &graphile {
            theirs.push(graphile.round(postgres, options.jobs).await?);
            eprintln!("round {round}: {:.0} jobs/s of graphile-worker's", theirs[round - 1]);
        }
    }
    flat.insert("jobs_per_s".into(), json!(median(&own)));
    match &graphile {
        Ok(_) => {
            flat.insert("graphile_jobs_per_s".into(), json!(median(&theirs)));
            let ratios: Vec<f64> = own.iter().zip(&theirs).map(|(a, b)| a / b).collect();
            flat.insert("jobs_vs_graphile".into(), json!(median(&ratios)));
        }
        Err(why) => {
            flat.insert("graphile".into(), json!(format!("not run: {}", why.chain())));
        }
    }
    drop(workers);
    drop(server);
    watchers::measure(options.watchers, program, postgres, DATABASE, &key, flat).await?;
    flat.insert("books".into(), program.verify(&url).await?.into());
    Ok(())
}

async fn start_workers(
    program: &Program,
    url: &str,
) -> Result<Vec<crate::server::Server>, Failure> {
    let slots = SLOTS.to_string();
    let set = [("jobs.slots", slots.as_str()), ("database.pool_max", "8")];
    let mut workers = Vec::new();
    for number in 1..=WORKERS {
        let name = format!("worker-{number}");
        workers.push(program.start_as(Place::Worker, &name, url, "warn", &set).await?);
    }
    Ok(workers)
}

fn settings(s3: &S3Endpoint, provider: &str) -> Vec<(String, String)> {
    let config = S3Config::new(std::path::PathBuf::new(), Vec::new());
    [
        ("s3.endpoint", s3.url()),
        ("s3.bucket", BUCKET.to_owned()),
        ("s3.access_key", config.access_key),
        ("s3.secret_key", config.secret_key),
        ("s3.path_style", "true".to_owned()),
        // The models that it comes with.
        ("product.profile", "vibe".to_owned()),
        // Only the workers work.
        ("jobs.slots", "0".to_owned()),
        ("providers.openai.base_url", provider.to_owned()),
        ("providers.openai.key", "none".to_owned()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}
