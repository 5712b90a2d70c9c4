//! The databases of the run and what is in them before the first call: users who can pay for it.

use std::time::Instant;

use crate::calls::Callers;
use crate::cluster::Postgres;
use crate::failure::{Context, Failure};
use crate::server::Program;

/// The database that each round begins with a copy of.
pub(crate) const SEED: &str = "bench_seed";

/// How many users can be charged.
pub(crate) const USERS: u64 = 10_000;

/// What each of them has: more than any run can spend.
const AMOUNT: &str = "1000000.00";

/// How many commands a batch may have.
const BATCH: u64 = 1_000;

/// How many users' pasts are written in one transaction.
const FILL_USERS: u64 = 500;

/// The id of the user of a number, from 1. The SQL files make ids in the same way.
pub(crate) fn user_id(number: u64) -> String {
    format!("00000000-0000-7000-8000-{number:012x}")
}

/// Makes the seed, through the server's own API as far as that goes, and returns an API key that
/// works on it and on its copies.
pub(crate) async fn seed(postgres: &Postgres, program: &Program) -> Result<String, Failure> {
    postgres.drop(SEED).await?;
    postgres.create(SEED).await?;
    let users = include_str!("sql/users.sql").replace("{users}", &USERS.to_string());
    postgres.run(SEED, &users).await?;
    let key = program.issue_key(&postgres.url(SEED)).await?;
    let server = program.start("seed", &postgres.url(SEED), "warn").await?;
    let callers = Callers::connect(&[server.address], &key, "seed").await?;
    let mut caller = callers.caller(0);
    for first in (1..=USERS).step_by(BATCH as usize) {
        let users = first..(first + BATCH).min(USERS + 1);
        caller.purchase(users, AMOUNT).await.context("the users cannot be given credits")?;
    }
    drop(server);
    postgres.run(SEED, include_str!("sql/textbook.sql")).await?;
    postgres.run(SEED, "VACUUM ANALYZE").await?;
    Ok(key)
}

/// How long a past each user of the big database has.
pub(crate) fn past(entries: u64) -> u64 {
    entries / USERS
}

/// Makes a copy of the seed with so many journal entries, and returns how long that took. One that
/// is there already is taken as it is, and took no time.
pub(crate) async fn big(postgres: &Postgres, entries: u64) -> Result<(String, f64), Failure> {
    let name = format!("bench_big_{entries}");
    if postgres.exists(&name).await? {
        return Ok((name, 0.0));
    }
    let began = Instant::now();
    let making = format!("{name}_making");
    postgres.copy(SEED, &making).await?;
    for first in (1..=USERS).step_by(FILL_USERS as usize) {
        let last = (first + FILL_USERS - 1).min(USERS);
        let fill = include_str!("sql/fill.sql")
            .replace("{first}", &first.to_string())
            .replace("{last}", &last.to_string())
            .replace("{entries}", &past(entries).to_string());
        // Statements that are sent together are one transaction.
        postgres.run(&making, &fill).await?;
        eprintln!("  filled {last} of {USERS} users, {:.0} s", began.elapsed().as_secs_f64());
    }
    postgres.run(&making, "VACUUM ANALYZE").await?;
    postgres.run(&making, "CHECKPOINT").await?;
    postgres.run("postgres", &format!("ALTER DATABASE {making} RENAME TO {name}")).await?;
    Ok((name, began.elapsed().as_secs_f64()))
}

/// How many entries the journal has by the accounts' own count.
pub(crate) async fn entries(postgres: &Postgres, database: &str) -> Result<u64, Failure> {
    let client = postgres.connect(database).await?;
    let sum = "SELECT coalesce(sum(version), 0)::bigint FROM ledger_accounts";
    let row = client.query_one(sum, &[]).await.context("the versions cannot be summed")?;
    Ok(u64::try_from(row.get::<_, i64>(0)).unwrap_or_default())
}
