//! The role that `migrations/README.md` gives the server: it can do all that the server does, and
//! cannot rewrite the journal even where no trigger would stop it.

use ports::{LedgerReads, Store, StoreError};
use postgres::Config;
use testkit::TestDatabase;
use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use crate::books::desk::{deduct, findings, insert_user, moment, post, purchase, try_post};

const README: &str = include_str!("../../../../migrations/README.md");

/// A role of the README under a name of its own: roles are the whole server's.
struct Role {
    name: String,
    owner: Client,
    database: TestDatabase,
}

impl Role {
    async fn new() -> Self {
        let database = TestDatabase::new().await;
        let owner = database.client().await;
        let name = format!("role_of_{}", name_of(&database));
        // A run that was ended early may have left it.
        owner.batch_execute(&format!("DROP ROLE IF EXISTS {name}")).await.unwrap();
        let block = README.split("```sql\n").nth(1).expect("the README has a block of SQL");
        let block = block.split("```").next().expect("it ends");
        owner.batch_execute(&block.replace("atelier_server", &name)).await.unwrap();
        Self { name, owner, database }
    }

    fn config(&self) -> Config {
        let url = self.database.url();
        let (_, place) = url.split_once('@').expect("the URL names a user");
        Config::new(format!("postgres://{}:change-me@{place}", self.name))
    }

    async fn end(self) {
        let Self { name, owner, database: _database } = self;
        owner.batch_execute(&format!("DROP OWNED BY {name}; DROP ROLE {name}")).await.unwrap();
    }
}

fn name_of(database: &TestDatabase) -> String {
    database.url().rsplit('/').next().expect("the URL names a database").to_owned()
}

#[tokio::test]
async fn the_role_of_the_server_can_do_all_that_the_server_does() {
    let role = Role::new().await;
    let store = role.database.postgres_with(role.config()).await;
    store.check().await.unwrap();
    store.make_months(moment(0)).await.unwrap();
    let (ada, eve) = (insert_user(&store, 1).await, insert_user(&store, 2).await);
    for user in [ada, eve] {
        post(&store, user, "p1", purchase("10"), 1).await;
        try_post(&store, user, "d1", deduct("4"), moment(2)).await.unwrap();
    }
    assert_eq!(findings(&store, eve).await, []);
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(ada).await.unwrap().unwrap();
    assert!(tx.forget_account(ada, moment(3)).await.unwrap());
    tx.delete_user(ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.audit(ada).await.unwrap(), None);
    drop(store);
    role.end().await;
}

#[tokio::test]
async fn the_role_of_the_server_cannot_rewrite_the_journal() {
    let role = Role::new().await;
    let store = role.database.postgres_with(role.config()).await;
    let ada = insert_user(&store, 1).await;
    post(&store, ada, "p1", purchase("10"), 1).await;
    store.make_months(moment(0)).await.unwrap();
    let (client, connection) =
        tokio_postgres::connect(&role.config().url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let parts = "SELECT relid::regclass::text FROM pg_partition_tree('ledger_entries')";
    let parts: Vec<String> =
        client.query(parts, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(parts.len() >= 5, "{parts:?}");
    for table in &parts {
        for statement in [
            format!("UPDATE {table} SET hash = hash"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table}"),
            format!("DROP TABLE {table}"),
            format!("ALTER TABLE {table} DISABLE TRIGGER USER"),
        ] {
            refused(&client, &statement).await;
        }
    }
    for statement in [
        "SET session_replication_role = 'replica'",
        "DELETE FROM ledger_tombstones",
        "DROP FUNCTION ledger_refuse_rewriting CASCADE",
    ] {
        refused(&client, statement).await;
    }
    drop((client, store));
    role.end().await;
}

#[tokio::test]
async fn another_role_may_forget_nobody() {
    let role = Role::new().await;
    let (name, owner) = (&role.name, &role.owner);
    owner
        .batch_execute(&format!("REVOKE EXECUTE ON FUNCTION ledger_forget FROM {name}"))
        .await
        .unwrap();
    let store = role.database.postgres_with(role.config()).await;
    let ada = insert_user(&store, 1).await;
    let mut tx = store.begin().await.unwrap();
    let outcome = tx.forget_account(ada, moment(3)).await;
    assert!(matches!(outcome, Err(StoreError::Corrupt { .. })), "{outcome:?}");
    tx.rollback().await.unwrap();
    drop(store);
    role.end().await;
}

async fn refused(client: &Client, statement: &str) {
    let error = client.batch_execute(statement).await.expect_err(statement);
    assert_eq!(error.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE), "{statement}: {error:?}");
}
