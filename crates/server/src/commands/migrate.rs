//! `atelier migrate`: the schema of the database, step by step.

use clap::Subcommand;
use postgres::migrate::{self, MigrateError, Step};

use super::{Failure, print};
use crate::config::Loaded;
use crate::wiring::postgres_config;

#[derive(Debug, Subcommand)]
pub enum Migrate {
    /// Applies what is pending
    Up,
    /// Reverts the newest step: what it added is lost
    Down,
    /// Lists every step and whether it is applied
    Status,
    /// Lists what `up` would apply
    Plan,
    /// Reverts and applies everything: all data is lost. Only for databases of `atelier dev`
    Reset {
        /// Says that all data may be lost
        #[arg(long)]
        yes: bool,
    },
}

pub async fn run(command: Migrate, loaded: Loaded) -> Result<(), Failure> {
    let config = postgres_config(&loaded.database()?);
    match command {
        Migrate::Up => {
            let applied = migrate::up(&config).await.map_err(failed)?;
            print(&list("applied", &applied, "nothing is pending\n"))
        }
        Migrate::Down => {
            let reverted = migrate::down(&config).await.map_err(failed)?;
            print(&format!("reverted {reverted}\n"))
        }
        Migrate::Status => {
            let steps = migrate::status(&config).await.map_err(failed)?;
            let line = |step: &Step| {
                let mark = if step.applied { "applied" } else { "pending" };
                format!("{mark}  {}\n", step.name)
            };
            print(&steps.iter().map(line).collect::<String>())
        }
        Migrate::Plan => {
            let steps = migrate::status(&config).await.map_err(failed)?;
            let pending: Vec<String> =
                steps.into_iter().filter(|step| !step.applied).map(|step| step.name).collect();
            print(&list("would apply", &pending, "nothing is pending\n"))
        }
        Migrate::Reset { yes } => {
            if !yes {
                return Err(Failure::new("reset loses all data: say --yes if that is meant"));
            }
            let applied = migrate::reset(&config).await.map_err(failed)?;
            print(&list("applied", &applied, ""))
        }
    }
}

fn list(word: &str, names: &[String], none: &str) -> String {
    if names.is_empty() {
        return none.to_owned();
    }
    names.iter().map(|name| format!("{word} {name}\n")).collect()
}

fn failed(error: MigrateError) -> Failure {
    Failure::because("the migrations stopped", &error)
}
