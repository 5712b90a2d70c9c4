//! Ledgers that can be installed from PyPI, driven as their own documents say. One that cannot be
//! run here is reported as such, with the reason.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;

use crate::books::USERS;
use crate::calls::Users;
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::load::Sample;
use crate::sides::{CLIENTS, Peer};

/// The versions that the drivers were written for.
const PACKAGES: [&str; 2] = ["hf-nostro[postgres]==0.2.0", "credit-ledger[postgres]==0.3.0"];

const DRIVERS: [(&str, &str); 3] = [
    ("drive.py", include_str!("peers/drive.py")),
    ("nostro_driver.py", include_str!("peers/nostro_driver.py")),
    ("credit_ledger_driver.py", include_str!("peers/credit_ledger_driver.py")),
];

/// The peers that are ready, and why the others are not.
pub(crate) struct Peers {
    folder: PathBuf,
    pub(crate) not_run: BTreeMap<Peer, String>,
}

impl Peers {
    /// Installs the peers into a folder of their own and gives each a database.
    pub(crate) async fn prepare(postgres: &Postgres, folder: &Path, wanted: &[Peer]) -> Self {
        let mut peers = Self { folder: folder.join("peers"), not_run: BTreeMap::new() };
        if wanted.is_empty() {
            return peers;
        }
        if let Err(failure) = peers.install().await {
            for peer in wanted {
                peers.not_run.insert(*peer, failure.chain());
            }
            return peers;
        }
        for peer in wanted {
            if let Err(failure) = peers.fill(postgres, *peer).await {
                peers.not_run.insert(*peer, failure.chain());
            }
        }
        peers
    }

    async fn install(&self) -> Result<(), Failure> {
        fs::create_dir_all(&self.folder).context("no folder for the peers")?;
        for (name, text) in DRIVERS {
            fs::write(self.folder.join(name), text).context("no drivers for the peers")?;
        }
        if !self.python().exists() {
            let venv = self.folder.join("venv");
            let mut make = Command::new("python3");
            finished(make.args(["-m", "venv"]).arg(venv), "python3 -m venv").await?;
        }
        let mut pip = Command::new(self.python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        finished(pip.args(PACKAGES), "pip install").await?;
        Ok(())
    }

    async fn fill(&self, postgres: &Postgres, peer: Peer) -> Result<(), Failure> {
        let database = database(peer);
        postgres.drop(database).await?;
        postgres.run("postgres", &format!("CREATE DATABASE {database}")).await?;
        let mut command = self.driver(peer);
        command.arg("prepare").arg(postgres.url(database)).arg(USERS.to_string());
        finished(&mut command, "making its tables and accounts").await?;
        postgres.run(database, "VACUUM ANALYZE").await
    }

    /// Charges for some time. `run` MUST differ from one call to the next.
    pub(crate) async fn run(
        &self,
        postgres: &Postgres,
        peer: Peer,
        users: Users,
        time: Duration,
        run: &str,
    ) -> Result<Sample, Failure> {
        let mut command = self.driver(peer);
        command.arg("run").arg(postgres.url(database(peer))).arg(users.0.to_string());
        command.args([&time.as_secs_f64().to_string(), &CLIENTS.to_string(), run]);
        let said = finished(&mut command, "charging").await?;
        sample(&said, time).ok_or_else(|| Failure::new(format!("{} told no result", peer.name())))
    }

    fn driver(&self, peer: Peer) -> Command {
        let mut command = Command::new(self.python());
        command.current_dir(&self.folder).arg(match peer {
            Peer::Nostro => "nostro_driver.py",
            Peer::CreditLedger => "credit_ledger_driver.py",
        });
        command
    }

    fn python(&self) -> PathBuf {
        self.folder.join("venv/bin/python")
    }
}

fn database(peer: Peer) -> &'static str {
    match peer {
        Peer::Nostro => "bench_nostro",
        Peer::CreditLedger => "bench_credit_ledger",
    }
}

/// Runs a program to its end and returns what it printed, or the last line of its complaint.
/// Runs a program to its end, and answers what it wrote.
pub(crate) async fn finished(command: &mut Command, what: &str) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context(format!("{what} cannot be run"))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing was said");
    Err(Failure::new(format!("{what} failed: {}", last.trim())))
}

fn sample(said: &str, time: Duration) -> Option<Sample> {
    let result: Value = serde_json::from_str(said.lines().last()?).ok()?;
    let latencies = result["latencies_us"].as_array()?.iter().filter_map(Value::as_u64);
    let mut latencies: Vec<u32> = latencies.filter_map(|us| u32::try_from(us).ok()).collect();
    latencies.sort_unstable();
    let mut errors = BTreeMap::new();
    if let Some(count) = result["failures"].as_u64().filter(|count| *count > 0) {
        errors.insert(result["first"][0].as_str().unwrap_or("a failure").to_owned(), count);
    }
    let done = latencies.len() as u64;
    Some(Sample { done, seconds: time.as_secs_f64(), latencies, entries: 0, errors })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_driver_tells_is_understood() {
        let said =
            "a warning\n{\"latencies_us\": [30, 10], \"failures\": 2, \"first\": [\"no\"]}\n";
        let sample = sample(said, Duration::from_secs(2)).unwrap();
        assert_eq!(sample.latencies, [10, 30]);
        assert_eq!(sample.per_second(), 1.0);
        assert_eq!(sample.errors, BTreeMap::from([("no".to_owned(), 2)]));
    }
}
