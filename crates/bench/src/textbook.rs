//! The textbook's side: lock, read, write, commit, by pgbench, as fast as pgbench can.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use crate::calls::{PRICE, Users};
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::load::Sample;

/// Runs the textbook's deduction on a copy of the seed, with so many connections.
pub(crate) async fn run(
    postgres: &Postgres,
    folder: &Path,
    database: &str,
    clients: usize,
    users: Users,
    time: Duration,
) -> Result<Sample, Failure> {
    let script = folder.join("textbook.sql");
    fs::write(&script, include_str!("sql/deduct.sql")).context("no script for pgbench")?;
    let logs = folder.join("pgbench");
    remove_logs(&logs)?;
    fs::create_dir_all(&logs).context("no folder for pgbench's logs")?;
    let threads = clients.min(2);
    let output = Command::new(postgres.program("pgbench"))
        .args(["--no-vacuum", "--protocol", "prepared", "--log"])
        .arg("--log-prefix")
        .arg(logs.join("log"))
        .args(["--client", &clients.to_string(), "--jobs", &threads.to_string()])
        .args(["--time", &time.as_secs().max(1).to_string()])
        .args(["--define", &format!("users={}", users.0)])
        .args(["--define", &format!("price={PRICE}")])
        .arg("--file")
        .arg(&script)
        .arg(postgres.url(database))
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("pgbench cannot be run")?;
    let said = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let why = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(Failure::new(format!("pgbench failed: {why}")));
    }
    let rate = rate(&said).ok_or_else(|| Failure::new("pgbench told no rate"))?;
    let mut latencies = Vec::new();
    for log in log_files(&logs)? {
        let text = fs::read_to_string(&log).context("pgbench's log cannot be read")?;
        latencies.extend(text.lines().filter_map(latency));
    }
    remove_logs(&logs)?;
    latencies.sort_unstable();
    let done = latencies.len() as u64;
    // pgbench's own rate leaves out the time that connecting took.
    Ok(Sample { done, seconds: done as f64 / rate, latencies, ..Sample::default() })
}

fn log_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = fs::read_dir(folder).context("pgbench's logs cannot be listed")?;
    let paths: Result<Vec<_>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
    paths.context("pgbench's logs cannot be listed")
}

fn remove_logs(folder: &Path) -> Result<(), Failure> {
    if folder.exists() {
        fs::remove_dir_all(folder).context("pgbench's logs cannot be removed")?;
    }
    Ok(())
}

/// Transactions each second, as pgbench sums up.
fn rate(said: &str) -> Option<f64> {
    let line = said.lines().find_map(|line| line.strip_prefix("tps = "))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Of one transaction in microseconds: the third field of a line of pgbench's log.
fn latency(line: &str) -> Option<u32> {
    line.split(' ').nth(2)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_pgbench_says_is_understood() {
        let said = "number of failed transactions: 0 (0.000%)\n\
                    latency average = 3.9 ms\n\
                    tps = 4078.5 (without initial connection time)\n";
        assert_eq!(rate(said), Some(4_078.5));
        assert_eq!(rate("nothing"), None);
        assert_eq!(latency("0 199 2241 0 1175850568 995598"), Some(2_241));
        assert_eq!(latency("0 199 skipped 0 1175850568 995598"), None);
    }
}
