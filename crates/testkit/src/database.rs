//! A database for one test, cloned from a migrated template in a cluster that all test processes
//! share. Dropping it checks that the books in it close and that nothing was left open.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use devstack::shared::SharedCluster;
use ledger::verify;
use ports::LedgerReads;
use postgres::{Config, Postgres};
use sha2::{Digest, Sha256};
use tokio_postgres::{Client, NoTls};

/// Locks out other test processes while the template is made.
const TEMPLATE_LOCK: i64 = 0x7465_6d70_6c61_7465;

/// How long a server may take to notice that a client has gone.
const NOTICED_WITHIN: Duration = Duration::from_secs(2);

const OPEN_TRANSACTIONS: &str = "SELECT query FROM pg_stat_activity \
     WHERE datname = current_database() AND state LIKE 'idle in transaction%'";

/// How many sums of days are not those of the transactions.
const WRONG_USAGE: &str = "WITH summed AS (SELECT user_id, day, operation_type, model, project_id, \
     charges, refunds, charged, refunded FROM usage_days), \
     anew AS (SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, coalesce(operation_type, ''), \
     coalesce(model, ''), coalesce(project_id, '00000000-0000-0000-0000-000000000000'), \
     count(*) FILTER (WHERE kind = 'deduction'), count(*) FILTER (WHERE kind = 'refund'), \
     sum(captured), coalesce(sum(amount) FILTER (WHERE kind = 'refund'), 0) \
     FROM ledger_transactions WHERE kind = 'refund' OR (kind = 'deduction' AND captured > 0 \
     AND status IN ('completed', 'refunded')) GROUP BY 1, 2, 3, 4, 5) \
     SELECT count(*) FROM ((SELECT * FROM summed EXCEPT SELECT * FROM anew) \
     UNION ALL (SELECT * FROM anew EXCEPT SELECT * FROM summed)) x";

static CLUSTER: LazyLock<SharedCluster> = LazyLock::new(|| {
    // Beside the test binaries, so that it goes when they go.
    let binary = std::env::current_exe().expect("a test has a binary");
    let folder = binary.parent().and_then(Path::parent).expect("cargo keeps tests in deps/");
    devstack::shared::cluster(&folder.join("test-postgres"))
        .expect("a Postgres for the tests starts")
});

/// A database that lives as long as this value.
pub struct TestDatabase {
    name: String,
    pools: Mutex<Vec<Postgres>>,
    checked: AtomicBool,
}

impl TestDatabase {
    /// An empty database with the present schema.
    pub async fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let template = template().await;
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("t_{}_{count}", std::process::id());
        let admin = connect("postgres").await;
        // An earlier process with this pid may have been killed before it could clean up.
        execute(&admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"))
            .await;
        Self { name, pools: Mutex::new(Vec::new()), checked: AtomicBool::new(true) }
    }

    pub fn url(&self) -> String {
        CLUSTER.database_url(&self.name)
    }

    pub fn config(&self) -> Config {
        Config::new(self.url())
    }

    /// A pool of its own, whose connections are looked at in the end.
    pub async fn postgres(&self) -> Postgres {
        self.postgres_with(self.config()).await
    }

    /// The same with other settings.
    pub async fn postgres_with(&self, config: Config) -> Postgres {
        let postgres = Postgres::connect(&config).await.expect("the settings are usable");
        self.look_after(&postgres);
        postgres
    }

    /// Has the connections of a pool that was made elsewhere looked at in the end.
    pub fn look_after(&self, postgres: &Postgres) {
        self.pools.lock().expect("no test panics in here").push(postgres.clone());
    }

    /// A plain connection, for what no port offers.
    pub async fn client(&self) -> Client {
        connect(&self.name).await
    }

    /// For a test that leaves broken books or broken connections behind on purpose.
    pub fn leave_broken(&self) {
        self.checked.store(false, Ordering::Relaxed);
    }

    async fn check(&self) -> Result<(), String> {
        for pool in self.pools.lock().expect("no test panics in here").iter() {
            let broken = pool.state().closed_broken;
            if broken > 0 {
                return Err(format!("{broken} connections came back inside a unit of work"));
            }
        }
        self.check_sessions().await?;
        self.check_usage().await?;
        self.check_books().await
    }

    /// The sums of days must be those of the transactions.
    async fn check_usage(&self) -> Result<(), String> {
        let client = self.client().await;
        let wrong = client.query_one(WRONG_USAGE, &[]).await;
        let wrong: i64 = wrong.map_err(|error| error.to_string())?.get(0);
        if wrong == 0 { Ok(()) } else { Err(format!("{wrong} sums of days are wrong")) }
    }

    /// Nobody may leave a transaction open. A process that a test has ended is given the moment that
    /// the server needs to notice.
    async fn check_sessions(&self) -> Result<(), String> {
        let client = self.client().await;
        let deadline = Instant::now() + NOTICED_WITHIN;
        loop {
            let open = client.query(OPEN_TRANSACTIONS, &[]).await;
            let open = open.map_err(|error| error.to_string())?;
            let Some(row) = open.first() else { return Ok(()) };
            if Instant::now() > deadline {
                return Err(format!(
                    "a transaction was left open after {:?}",
                    row.get::<_, &str>(0)
                ));
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn check_books(&self) -> Result<(), String> {
        let postgres =
            Postgres::connect(&self.config()).await.map_err(|error| error.to_string())?;
        let users =
            postgres.list_accounts(None, usize::MAX).await.map_err(|error| error.to_string())?;
        for user in users {
            let audit = postgres.audit(user).await.map_err(|error| error.to_string())?;
            let Some(audit) = audit else { continue };
            let findings = verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
            if !findings.is_empty() {
                return Err(format!("the books of {user} do not close: {findings:?}"));
            }
        }
        Ok(())
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let panicking = thread::panicking();
        let outcome = thread::scope(|scope| {
            let work = || {
                tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime starts")
                    .block_on(async {
                        let checked = self.checked.load(Ordering::Relaxed) && !panicking;
                        let outcome = if checked { self.check().await } else { Ok(()) };
                        let admin = connect("postgres").await;
                        execute(&admin, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
                        outcome
                    })
            };
            scope.spawn(work).join()
        });
        // A second panic while panicking would end the whole test process.
        if !panicking {
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(problem)) => panic!("after the test: {problem}"),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    }
}

/// The name of the migrated template, made by whoever comes first.
async fn template() -> String {
    let name = format!("template_{}", schema_hash());
    let admin = connect("postgres").await;
    admin.execute("SELECT pg_advisory_lock($1)", &[&TEMPLATE_LOCK]).await.expect("locks");
    let made = admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await
        .expect("databases can be listed")
        .is_some();
    if !made {
        let draft = format!("{name}_draft");
        execute(&admin, &format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await;
        execute(&admin, &format!("CREATE DATABASE {draft}")).await;
        let config = Config::new(CLUSTER.database_url(&draft));
        postgres::migrate::up(&config).await.expect("migrations apply");
        execute(&admin, &format!("ALTER DATABASE {draft} RENAME TO {name}")).await;
    }
    // The lock ends with the connection.
    name
}

/// Of the migrations' contents: a changed file makes another template.
fn schema_hash() -> String {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations"));
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("migrations are there")
        .map(|entry| entry.expect("a folder can be read").path().join("up.sql"))
        .filter(|path| path.exists())
        .collect();
    files.sort();
    let mut hasher = Sha256::new();
    for file in files {
        hasher.update(file.to_string_lossy().as_bytes());
        hasher.update(fs::read(&file).expect("a migration can be read"));
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

async fn connect(database: &str) -> Client {
    let url = CLUSTER.database_url(database);
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.expect("it accepts");
    tokio::spawn(connection);
    client
}

async fn execute(client: &Client, statement: &str) {
    client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error:?}"));
}
