//! `bench catalog`: every list and search of what users own, at a million characters over 10,000
//! users. Shows how long a page takes, and that no page reads a whole table.

mod fill;
mod lists;

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Map, Value, json};
use tokio_postgres::Client;

use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::stats::percentile;
use lists::List;

const DATABASE: &str = "bench_catalog";

/// What 99 of 100 pages may take at most.
const P99_MAX_MS: f64 = 20.0;

/// How many pages are asked for before any is timed.
const WARMING: u32 = 8;

/// How long the last connections may take to end, and with that to tell of their scans.
const END_PATIENCE: Duration = Duration::from_secs(20);

/// A table of fewer rows may be read as a whole: that is then the quicker way.
const BIG_ROWS: i64 = 10_000;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// How many characters in all
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    characters: u32,
    /// How many assets, outputs and themes in all; half as many of other things
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    many: u32,
    /// How many pages of each list
    #[arg(long, value_name = "N", default_value_t = 200)]
    pages: u32,
}

/// What was seen of a list.
struct Seen {
    name: &'static str,
    p50_ms: f64,
    p99_ms: f64,
    /// Big tables that were read as a whole.
    whole: Vec<String>,
}

/// Fills a cluster, asks for the pages, prints what came of it and writes `catalog.json`.
pub(crate) async fn run(options: Options) -> Result<(), Failure> {
    let folder = crate::ledger::folder()?;
    fs::create_dir_all(&folder).context("no folder for the results")?;
    let postgres = Postgres::start(&folder.join("catalog-cluster"), false, &[]).await?;
    postgres.create(DATABASE).await?;
    let began = Instant::now();
    fill::fill(&postgres, DATABASE, options.characters, options.many).await?;
    let filled = began.elapsed().as_secs_f64();
    eprintln!("  filled in {filled:.0} s");

    let stand = Stand { postgres: &postgres, client: postgres.connect(DATABASE).await? };
    let mut seen = Vec::new();
    for list in List::all() {
        let one = stand.see(&list, options.pages).await?;
        let plan = if one.whole.is_empty() { "index" } else { "Seq Scan" };
        println!(
            "{:40} p50 {:>8.2} ms   p99 {:>8.2} ms   {plan}",
            one.name, one.p50_ms, one.p99_ms
        );
        seen.push(one);
    }
    let text = serde_json::to_string_pretty(&report(&options, filled, &seen));
    let file = folder.join("catalog.json");
    fs::write(&file, text.context("the results are no JSON")?).context("no results written")?;
    println!("written to {}", file.display());
    judge(&seen)
}

fn judge(seen: &[Seen]) -> Result<(), Failure> {
    for one in seen.iter().filter(|one| one.p99_ms > P99_MAX_MS) {
        println!("{}: p99 is {:.1} ms, more than {P99_MAX_MS}", one.name, one.p99_ms);
    }
    let whole: Vec<String> = seen
        .iter()
        .filter(|one| !one.whole.is_empty())
        .map(|one| format!("{} ({})", one.name, one.whole.join(", ")))
        .collect();
    if whole.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("whole tables are read by {}", whole.join("; "))))
}

/// One flat object.
fn report(options: &Options, filled: f64, seen: &[Seen]) -> Value {
    let mut flat = Map::new();
    flat.insert("characters".into(), options.characters.into());
    flat.insert("many".into(), options.many.into());
    flat.insert("pages".into(), options.pages.into());
    flat.insert("fill_seconds".into(), json!(filled));
    for one in seen {
        let name = one.name.replace([' ', ','], "_");
        flat.insert(format!("{name}_p50_ms"), json!(one.p50_ms));
        flat.insert(format!("{name}_p99_ms"), json!(one.p99_ms));
        flat.insert(format!("{name}_uses_index"), json!(one.whole.is_empty()));
    }
    let slowest = seen.iter().map(|one| one.p99_ms).fold(0.0, f64::max);
    flat.insert("slowest_p99_ms".into(), json!(slowest));
    Value::Object(flat)
}

struct Stand<'a> {
    postgres: &'a Postgres,
    client: Client,
}

impl Stand<'_> {
    async fn see(&self, list: &List, pages: u32) -> Result<Seen, Failure> {
        let before = self.whole_reads().await?;
        let mut times = self.pages(list, pages).await?;
        let after = self.whole_reads().await?;
        times.sort_unstable();
        let ms = |percent| f64::from(percentile(&times, percent)) / 1000.0;
        let read = |(table, reads): (&String, &i64)| {
            (before.get(table) != Some(reads)).then(|| table.clone())
        };
        Ok(Seen {
            name: list.name,
            p50_ms: ms(50.0),
            p99_ms: ms(99.0),
            whole: after.iter().filter_map(read).collect(),
        })
    }

    /// The microseconds of each page, on connections of its own, which have ended then.
    async fn pages(&self, list: &List, pages: u32) -> Result<Vec<u32>, Failure> {
        let url = self.postgres.url(DATABASE);
        let store = postgres::Postgres::connect(&postgres::Config::new(url)).await;
        let store = store.context("no store")?;
        let page = async |number, times: &mut Vec<u32>| {
            let asked = list.pages(&store, number, times).await;
            asked.context(format!("no page of: {}", list.name))
        };
        // A connection that is new has everything to look up, which is not the list's doing.
        let mut warming = Vec::new();
        for number in 0..WARMING {
            page(number, &mut warming).await?;
        }
        let mut times = Vec::new();
        for number in WARMING..WARMING + pages {
            page(number, &mut times).await?;
        }
        drop(store);
        self.ended().await?;
        Ok(times)
    }

    /// Waits until the connections have ended: then all their scans are counted.
    async fn ended(&self) -> Result<(), Failure> {
        let others = "SELECT count(*) FROM pg_stat_activity \
             WHERE datname = current_database() AND backend_type = 'client backend' \
             AND pid <> pg_backend_pid()";
        let until = Instant::now() + END_PATIENCE;
        loop {
            let row = self.client.query_one(others, &[]).await.context("connections unknown")?;
            if row.get::<_, i64>(0) == 0 {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(Failure::new("connections of a closed store do not end"));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// How often each big table was read as a whole.
    async fn whole_reads(&self) -> Result<BTreeMap<String, i64>, Failure> {
        let query = "SELECT s.relname::text, s.seq_scan FROM pg_stat_user_tables s \
             JOIN pg_class c ON c.oid = s.relid WHERE c.reltuples >= $1::bigint";
        let rows = self.client.query(query, &[&BIG_ROWS]).await.context("scans unknown")?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
    }
}
