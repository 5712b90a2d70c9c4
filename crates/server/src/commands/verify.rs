//! `atelier verify`: recomputes accounts from their journals, on the database itself.

use std::time::Instant;

use app::ledger::{Ledger, Verified};
use clap::Args;
use kernel::UserId;

use super::{Failure, print};
use crate::config::{Flag, Loaded};
use crate::wiring;

#[derive(Debug, Args)]
pub struct Verify {
    /// One user only; everybody if not given
    #[arg(long, value_name = "ID")]
    user: Option<UserId>,
    /// Goes on after this user, in the order of ids
    #[arg(long, value_name = "ID", conflicts_with = "user")]
    after: Option<UserId>,
    /// The database; database.url if not given
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl Verify {
    /// What stands for settings.
    pub fn flags(&self) -> Vec<Flag> {
        let flag = self.database_url.as_ref().map(|url| Flag {
            name: "--database-url".to_owned(),
            key: "database.url".to_owned(),
            value: url.clone(),
        });
        flag.into_iter().collect()
    }
}

/// Fails if anything does not add up, after naming all of it.
pub async fn run(command: Verify, loaded: Loaded) -> Result<(), Failure> {
    let database = loaded.database()?;
    let ledger = wiring::ledger(&database).await;
    let ledger = ledger.map_err(|error| Failure::because("nothing was verified", &error))?;
    let started = Instant::now();
    let mut seen = Seen::default();
    match command.user {
        Some(user) => seen.count(&one(&ledger, user).await?)?,
        None => everybody(&ledger, command.after, &mut seen).await?,
    }
    let Seen { accounts, entries, findings } = seen;
    let seconds = started.elapsed().as_secs_f64();
    print(&format!(
        "{accounts} accounts with {entries} entries verified in {seconds:.1} s: {findings} findings\n"
    ))?;
    if findings == 0 { Ok(()) } else { Err(Failure::new("the books do not add up")) }
}

#[derive(Default)]
struct Seen {
    accounts: u64,
    entries: u64,
    findings: u64,
}

impl Seen {
    fn count(&mut self, verified: &Verified) -> Result<(), Failure> {
        self.accounts += 1;
        // usize is at most 64 bits everywhere.
        self.entries += verified.entries as u64;
        self.findings += verified.findings.len() as u64;
        verified
            .findings
            .iter()
            .try_for_each(|finding| print(&format!("{}: {finding}\n", verified.user)))
    }
}

async fn one(ledger: &Ledger, user: UserId) -> Result<Verified, Failure> {
    ledger
        .verify(user)
        .await
        .map_err(|error| Failure::because("the account cannot be verified", &error))
}

async fn everybody(ledger: &Ledger, after: Option<UserId>, seen: &mut Seen) -> Result<(), Failure> {
    use app::ledger::VerifyError;
    let outcome = ledger.verify_all(after, async |verified| seen.count(&verified)).await;
    outcome.map_err(|error| match error {
        VerifyError::Store(error) => Failure::because("the ledger cannot be read", &error),
        VerifyError::Stopped(failure) => failure,
    })
}
