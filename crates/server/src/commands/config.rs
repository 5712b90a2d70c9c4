//! `atelier config`: shows, checks and documents the settings.

use clap::{Subcommand, ValueEnum};

use super::{Failure, print};
use crate::config::{self, Loaded};

#[derive(Debug, Subcommand)]
pub enum Config {
    /// Prints every setting, its value and its origin; secrets as stars
    Show {
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Prints everything that is wrong with the settings for `serve`, or "ok"
    Check,
    /// Prints docs/configuration.md
    Docs,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

pub fn run(command: &Config, loaded: &Loaded) -> Result<(), Failure> {
    match command {
        Config::Show { format } => {
            match format {
                Format::Text => print(&config::text(loaded))?,
                Format::Json => print(&config::json(loaded))?,
            }
            // What is shown may be wrong: say so, but show it first.
            loaded.problems()?;
        }
        Config::Check => {
            loaded.config()?;
            print("ok\n")?;
        }
        Config::Docs => print(&config::markdown())?,
    }
    Ok(())
}
