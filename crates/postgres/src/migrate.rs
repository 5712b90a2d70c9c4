//! Migrations: embedded, applied and reverted one by one, each in its own transaction, by one
//! process at a time. `migrations/README.md` has the rules for writing one.

use diesel::QueryableByName;
use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::sql_types::{BigInt, Bool, Text};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use ports::StoreError;

use crate::config::{Config, ConfigError};
use crate::error::{chain, store_error};
use crate::pool;
use crate::sql::sql;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The oldest schema that this build works with. A build may be rolled out before the migrations
/// that it brings only while this names an older one.
const SCHEMA_MIN: &str = "20261121000700";

// Any constant will do, as long as nothing else in the database locks the same one.
const LOCK: i64 = 0x6174_656c_6965_7201;

/// One migration and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub version: String,
    pub name: String,
    pub applied: bool,
}

/// Why migrations could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    #[error("migration failed: {0}")]
    Failed(String),
    #[error("there is nothing to revert")]
    NothingToRevert,
    #[error("this is not a database of `atelier dev`, and only those are reset")]
    NotForDevelopment,
}

/// Every migration of this build, in order.
pub async fn status(config: &Config) -> Result<Vec<Step>, MigrateError> {
    locked(config, |conn| {
        let applied = conn.applied_migrations().map_err(failed)?;
        let known = known()?;
        Ok(known
            .iter()
            .map(|migration| {
                let version = migration.name().version().to_string();
                let applied = applied.iter().any(|applied| applied.to_string() == version);
                Step { version, name: migration.name().to_string(), applied }
            })
            .collect())
    })
    .await
}

/// Applies what is pending and returns the names of it.
pub async fn up(config: &Config) -> Result<Vec<String>, MigrateError> {
    locked(config, |conn| {
        let pending = conn.pending_migrations(MIGRATIONS).map_err(failed)?;
        for migration in &pending {
            conn.run_migration(migration.as_ref()).map_err(failed)?;
        }
        Ok(pending.iter().map(|migration| migration.name().to_string()).collect())
    })
    .await
}

/// Reverts the newest migration and returns its version.
pub async fn down(config: &Config) -> Result<String, MigrateError> {
    locked(config, |conn| {
        let applied = conn.applied_migrations().map_err(failed)?;
        if applied.is_empty() {
            return Err(MigrateError::NothingToRevert);
        }
        conn.revert_last_migration(MIGRATIONS).map_err(failed).map(|version| version.to_string())
    })
    .await
}

/// Reverts everything and applies it again: all data is lost. Refused unless the database was made
/// by [`create_dev_database`].
pub async fn reset(config: &Config) -> Result<Vec<String>, MigrateError> {
    locked(config, |conn| {
        let asked = diesel::select(diesel::dsl::sql::<Bool>(
            "coalesce(current_setting('atelier.dev', true), '') = 'on'",
        ));
        let is_dev: bool =
            diesel::RunQueryDsl::get_result(asked, conn).map_err(|error| failed(error.into()))?;
        if !is_dev {
            return Err(MigrateError::NotForDevelopment);
        }
        conn.revert_all_migrations(MIGRATIONS).map_err(failed)?;
        let applied = conn.run_pending_migrations(MIGRATIONS).map_err(failed)?;
        Ok(applied.iter().map(ToString::to_string).collect())
    })
    .await
}

/// Makes a database that may be reset, unless it is there. `admin` names another database of the
/// same server; `name` is an identifier of the caller's own.
pub async fn create_dev_database(admin: &Config, name: &'static str) -> Result<(), MigrateError> {
    locked(admin, move |conn| {
        let known =
            diesel::sql_query("SELECT 1 FROM pg_database WHERE datname = $1").bind::<Text, _>(name);
        let found = diesel::RunQueryDsl::execute(known, conn);
        if found.map_err(|error| failed(error.into()))? == 0 {
            let create = diesel::sql_query(format!("CREATE DATABASE {name}"));
            diesel::RunQueryDsl::execute(create, conn).map_err(|error| failed(error.into()))?;
        }
        let mark = diesel::sql_query(format!("ALTER DATABASE {name} SET atelier.dev = 'on'"));
        diesel::RunQueryDsl::execute(mark, conn).map_err(|error| failed(error.into()))?;
        Ok(())
    })
    .await
}

type Connection = AsyncConnectionWrapper<AsyncPgConnection>;

/// Runs `work` on a connection of its own, alone among all processes.
async fn locked<T: Send + 'static>(
    config: &Config,
    work: impl FnOnce(&mut Connection) -> Result<T, MigrateError> + Send + 'static,
) -> Result<T, MigrateError> {
    let mut unhurried = config.clone();
    // A migration may rewrite a table; no caller waits for it.
    unhurried.statement_timeout = std::time::Duration::ZERO;
    let conn = pool::open(&unhurried).await?;
    let outcome = tokio::task::spawn_blocking(move || {
        let mut conn = Connection::from(conn);
        let lock = diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK);
        diesel::RunQueryDsl::execute(lock, &mut conn).map_err(|error| failed(error.into()))?;
        // The lock ends with the connection, which nobody else uses.
        work(&mut conn)
    });
    outcome.await.map_err(|panic| MigrateError::Failed(panic.to_string()))?
}

fn known() -> Result<Vec<Box<dyn Migration<Pg>>>, MigrateError> {
    let mut migrations = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(failed)?;
    migrations.sort_by(|a, b| a.name().version().cmp(&b.name().version()));
    Ok(migrations)
}

fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> MigrateError {
    MigrateError::Failed(chain(&*error))
}

#[derive(QueryableByName)]
struct Window {
    #[diesel(sql_type = Text)]
    newest: String,
    #[diesel(sql_type = Text)]
    build_min: String,
}

/// Refuses a schema that is older than this build can work with, or that has been contracted past
/// what this build knows.
pub(crate) async fn check_window(conn: &mut AsyncPgConnection) -> Result<(), StoreError> {
    let query = sql("SELECT coalesce(max(m.version), '') AS newest, \
         (SELECT w.build_min FROM schema_window w) AS build_min \
         FROM __diesel_schema_migrations m");
    let window: Window = match RunQueryDsl::get_result(query, conn).await {
        Ok(window) => window,
        Err(_missing) if !has_schema(conn).await? => {
            return Err(outside("it has no schema yet: run `atelier migrate up`".to_owned()));
        }
        Err(error) => return Err(StoreError::Unavailable(Box::new(store_error(error)))),
    };
    let known = known().map_err(|error| StoreError::Unavailable(Box::new(error)))?;
    let newest_known = known
        .last()
        .map_or_else(|| MigrationVersion::from(""), |last| last.name().version())
        .to_string();
    if window.newest.as_str() < SCHEMA_MIN {
        return Err(outside(format!(
            "its schema is at {}, this build needs {SCHEMA_MIN} or later: run `atelier migrate up`",
            window.newest
        )));
    }
    if window.build_min > newest_known {
        return Err(outside(format!(
            "its schema serves builds that know {} or later, this one knows {newest_known}: \
             deploy a newer build",
            window.build_min
        )));
    }
    Ok(())
}

async fn has_schema(conn: &mut AsyncPgConnection) -> Result<bool, StoreError> {
    let query = sql("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL \
         AND to_regclass('schema_window') IS NOT NULL AS present");
    let schema: Schema = RunQueryDsl::get_result(query, conn).await.map_err(store_error)?;
    Ok(schema.present)
}

#[derive(QueryableByName)]
struct Schema {
    #[diesel(sql_type = Bool)]
    present: bool,
}

#[derive(Debug, thiserror::Error)]
#[error("the database cannot be used: {0}")]
struct OutsideWindow(String);

fn outside(why: String) -> StoreError {
    StoreError::Unavailable(Box::new(OutsideWindow(why)))
}
