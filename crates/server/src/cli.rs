//! The command line: what can be asked for, and how an answer becomes an exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::commands::{self, Failure};
use crate::config::{self, Flag, Loaded, Sources};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  not done: the reason is on the last lines
  2  the command line or the settings are wrong: nothing was tried";

/// Sells AI generation by credits: users, a ledger of credits, and API keys, over gRPC.
#[derive(Debug, Parser)]
#[command(name = "atelier", version, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub settings: Settings,
    #[command(subcommand)]
    pub command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
pub struct Settings {
    /// A TOML file of settings; without it the one that ATELIER_CONFIG names
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Sets one setting, above all other sources; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = assignment, global = true)]
    pub set: Vec<(String, String)>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs everything on this machine: a private Postgres, an S3 endpoint, demo data, the server
    Dev(commands::dev::Dev),
    /// Runs the server
    Serve(commands::serve::Serve),
    /// Works on jobs without serving calls; any number of them beside any number of servers
    Worker(commands::worker::Worker),
    /// Applies, reverts and lists the steps of the database's schema
    #[command(subcommand)]
    Migrate(commands::migrate::Migrate),
    /// Recomputes accounts from their journals and names what does not add up
    Verify(commands::verify::Verify),
    /// Looks after the bytes of assets, on the database and the store themselves
    #[command(subcommand)]
    Assets(commands::assets::Assets),
    /// Decides about jobs that nobody knows the outcome of, on the database itself
    #[command(subcommand)]
    Jobs(commands::jobs::JobsCommand),
    /// Lists the models, and asks the providers how they are
    #[command(subcommand)]
    Models(commands::models::ModelsCommand),
    /// Issues, lists, rotates and revokes API keys, on the database itself
    #[command(subcommand)]
    Keys(commands::keys::Keys),
    /// Shows, checks and documents the settings
    #[command(subcommand)]
    Config(commands::config::Config),
    /// Stands in for every vendor of models, on loopback: for work without keys, and for tests
    MockVendors(commands::mock_vendors::MockVendors),
    /// Asks the server at the listening address whether it is ready
    Healthcheck(commands::healthcheck::Healthcheck),
}

/// Runs what the process was called for.
pub fn main() -> ExitCode {
    // clap itself ends the process with 2 if the command line is wrong.
    match commands::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("atelier: {failure}");
            failure.exit_code()
        }
    }
}

impl Settings {
    /// Reads all sources, with flags of the command that stand for settings.
    pub fn load(self, dedicated: Vec<Flag>) -> Loaded {
        config::load(&Sources::of_process(self.config, flags(self.set, dedicated)))
    }
}

// A flag of its own is the more deliberate one, so it comes last.
fn flags(set: Vec<(String, String)>, dedicated: Vec<Flag>) -> Vec<Flag> {
    let name = "--set".to_owned();
    let set = set.into_iter().map(|(key, value)| Flag { name: name.clone(), key, value });
    set.chain(dedicated).collect()
}

fn assignment(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("must be KEY=VALUE")?;
    Ok((key.trim().to_owned(), value.to_owned()))
}

impl From<config::Problems> for Failure {
    fn from(problems: config::Problems) -> Self {
        Self::Settings(problems)
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn assignments_keep_later_equals_signs() {
        assert_eq!(assignment("a.b=c=d"), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert!(assignment("a.b").is_err());
    }

    #[test]
    fn settings_may_stand_before_and_after_the_command() {
        let cli = Cli::try_parse_from(["atelier", "config", "check", "--set", "a=b"]).unwrap();
        assert_eq!(cli.settings.set, [("a".to_owned(), "b".to_owned())]);
        let cli = Cli::try_parse_from(["atelier", "--set", "a=b", "config", "check"]).unwrap();
        assert_eq!(cli.settings.set, [("a".to_owned(), "b".to_owned())]);
    }
}
