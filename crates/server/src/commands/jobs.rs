//! `atelier jobs`: what an operator decides about jobs that nobody knows the outcome of, on the
//! database itself.

use app::Jobs;
use clap::{Args, Subcommand, ValueEnum};
use generation::Job;
use generation::decide::Resolution;
use kernel::{JobId, UserId};

use super::{Failure, print};
use crate::config::Loaded;
use crate::wiring;

/// How many jobs are listed: more than anybody decides about at once.
const LISTED_MAX: usize = 1_000;

#[derive(Debug, Subcommand)]
pub enum JobsCommand {
    /// Lists jobs that are stuck, longest first
    List(List),
    /// Ends a job that is stuck and gives its credits back
    Settle(Settle),
    /// Lets a job that is stuck be asked for again: only if nothing was made
    Retry(Named),
}

#[derive(Debug, Args)]
pub struct List {
    /// Those that nobody knows the outcome of: the only ones that are listed so far
    #[arg(long, required = true)]
    stuck: bool,
}

#[derive(Debug, Args)]
pub struct Named {
    /// Whose job it is
    user: UserId,
    /// The job
    job: JobId,
}

#[derive(Debug, Args)]
pub struct Settle {
    #[command(flatten)]
    named: Named,
    /// Whether somebody was paid for it
    #[arg(long, value_enum)]
    how: How,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    /// Nothing was made
    Release,
    /// Something was made and is lost
    WriteOff,
}

pub async fn run(command: JobsCommand, loaded: Loaded) -> Result<(), Failure> {
    let jobs = wiring::jobs(&loaded.database()?).await;
    let jobs = jobs.map_err(|error| Failure::because("nothing was done", &error))?;
    match command {
        JobsCommand::List(List { stuck: _ }) => {
            let stuck = jobs.stuck(LISTED_MAX).await;
            let stuck =
                stuck.map_err(|error| Failure::because("the jobs cannot be listed", &error))?;
            print(&stuck.iter().map(told).collect::<String>())
        }
        JobsCommand::Settle(Settle { named, how }) => {
            let how = match how {
                How::Release => Resolution::Release,
                How::WriteOff => Resolution::WriteOff,
            };
            resolve(&jobs, named, how).await
        }
        JobsCommand::Retry(named) => resolve(&jobs, named, Resolution::TryAgain).await,
    }
}

async fn resolve(jobs: &Jobs, named: Named, how: Resolution) -> Result<(), Failure> {
    let Named { user, job } = named;
    let job = jobs.resolve(user, job, how).await;
    let job = job.map_err(|error| Failure::because("the job was left as it is", &error))?;
    print(&told(&job))
}

fn told(job: &Job) -> String {
    let step = job.active().map(|(_, step)| step);
    let trouble = step.and_then(|step| step.trouble.as_ref());
    let until = step.and_then(|step| step.quarantined_until);
    format!(
        "{} of user {}: {} {}, {} {}, since {}{}{}\n",
        job.id,
        job.user,
        job.kind(),
        job.state,
        job.money.amount,
        job.money.hold,
        job.updated_at,
        until.map(|until| format!(", until {until}")).unwrap_or_default(),
        trouble.map(|trouble| format!(": {}", trouble.message)).unwrap_or_default(),
    )
}
