//! `atelier assets`: looks after the bytes of assets, on the database and the store themselves.

use app::assets::{SweepReport, Sweeping};
use clap::{Args, Subcommand};
use kernel::Span;

use super::{Failure, print};
use crate::config::Loaded;
use crate::wiring;

#[derive(Debug, Subcommand)]
pub enum Assets {
    /// Deletes bytes that belong to no asset, and names assets whose bytes are not there
    Sweep(Sweep),
}

#[derive(Debug, Args)]
pub struct Sweep {
    /// Deletes nothing, and only says what it would
    #[arg(long)]
    dry_run: bool,
    /// Leaves bytes alone that are younger: somebody may be about to make their asset
    #[arg(long, value_name = "SPAN", default_value = "24h", value_parser = span)]
    grace: Span,
}

/// Fails if an asset's bytes are missing, or if bytes without an asset are left.
pub async fn run(command: Assets, loaded: Loaded) -> Result<(), Failure> {
    let Assets::Sweep(Sweep { dry_run, grace }) = command;
    let (database, s3) = loaded.media()?;
    let assets = wiring::assets(&database, s3).await;
    let assets = assets.map_err(|error| Failure::because("nothing was swept", &error))?;
    let report = assets.sweep(Sweeping { grace, remove: !dry_run }).await;
    let report = report.map_err(|error| Failure::because("the sweep was not finished", &error))?;
    print(&told(&report))?;
    if report.is_clean() {
        Ok(())
    } else {
        Err(Failure::new("bytes and assets do not match: see above"))
    }
}

fn told(report: &SweepReport) -> String {
    let SweepReport {
        objects,
        orphans,
        orphan_bytes,
        removed,
        young,
        assets,
        missing,
        orphan_keys,
        missing_keys,
    } = report;
    let mut text = String::new();
    for key in orphan_keys {
        text.push_str(&format!("without an asset: {key}\n"));
    }
    for (user, asset, key) in missing_keys {
        text.push_str(&format!("without bytes: asset {asset} of user {user}: {key}\n"));
    }
    text.push_str(&format!(
        "{objects} objects: {orphans} without an asset ({orphan_bytes} bytes), {removed} deleted, \
         {young} too young to tell\n{assets} assets: {missing} without bytes\n"
    ));
    text
}

/// A whole number and a unit, as in `24h`.
fn span(text: &str) -> Result<Span, String> {
    let problem = || "must be a number and one of s, m, h and d, such as 24h".to_owned();
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(problem)?;
    let seconds: u32 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return Err(problem()),
    };
    let number: u32 = number.parse().map_err(|_| problem())?;
    number.checked_mul(seconds).map(Span::from_secs).ok_or_else(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_a_number_and_a_unit() {
        assert_eq!(span("24h"), Ok(Span::from_secs(86_400)));
        assert_eq!(span("0s"), Ok(Span::ZERO));
        for text in ["", "h", "24", "-1h", "1.5h", "99999999d", "é"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
