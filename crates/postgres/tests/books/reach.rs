//! How many rows a command reads: no more however long the past of its user is.

use std::time::{Duration, Instant};

use kernel::{TransactionId, UserId};
use postgres::Postgres;
use testkit::TestDatabase;
use tokio_postgres::Client;

use super::desk::{capture, deduct, insert_user, post, purchase, refund, reserve};

/// Rows of the ledger that connections which have ended have read, by whatever plan.
const READ: &str = "SELECT (SELECT sum(seq_tup_read) FROM pg_stat_user_tables \
     WHERE relname LIKE 'ledger_%')::int8 + (SELECT sum(idx_tup_read) \
     FROM pg_stat_user_indexes WHERE relname LIKE 'ledger_%')::int8";

const OTHERS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
     AND pid <> pg_backend_pid()";

/// What is closed is there ten thousand times.
const PAST: &str = "INSERT INTO ledger_transactions SELECT (r).* FROM ( \
     SELECT jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid())) AS r \
     FROM ledger_transactions t, generate_series(1, 10000) \
     WHERE status = 'completed' AND kind = 'deduction') x";

/// Does something on a pool of its own, and waits until its connections have ended: only then has
/// the server counted all that they read.
async fn on_own_pool<T>(
    database: &TestDatabase,
    client: &Client,
    work: impl AsyncFnOnce(&Postgres) -> T,
) -> T {
    let store = Postgres::connect(&database.config()).await.unwrap();
    let done = work(&store).await;
    drop(store);
    let deadline = Instant::now() + Duration::from_secs(10);
    while client.query_one(OTHERS, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(Instant::now() < deadline, "connections of a pool that is gone are still there");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    done
}

async fn funded(store: &Postgres) -> (UserId, TransactionId) {
    let user = insert_user(store, 1).await;
    post(store, user, "funds", purchase("1000"), 1).await;
    let hold = post(store, user, "first-hold", reserve("2", 60), 2).await.transaction.id;
    post(store, user, "first-capture", capture(hold), 3).await;
    let charge = post(store, user, "first-charge", deduct("2"), 4).await.transaction.id;
    (user, charge)
}

async fn every_command_ten_times(store: &Postgres, user: UserId, charge: TransactionId) {
    for round in 0..10 {
        let request = |what: &str| format!("{what}-{round}");
        post(store, user, &request("deduct"), deduct("1"), 10).await;
        let hold = post(store, user, &request("hold"), reserve("1", 60), 11).await;
        post(store, user, &request("capture"), capture(hold.transaction.id), 12).await;
        post(store, user, &request("refund"), refund(charge, "0.10"), 13).await;
    }
}

/// What the commands of a user read whose past is short or long.
async fn read(long: bool) -> i64 {
    let database = TestDatabase::new().await;
    // The long past is put there by hand, and does not add up.
    database.leave_broken();
    let client = database.client().await;
    let (user, charge) = on_own_pool(&database, &client, funded).await;
    if long {
        assert_eq!(client.execute(PAST, &[]).await.unwrap(), 20_000);
        client.batch_execute("ANALYZE ledger_transactions").await.unwrap();
    }
    let before: i64 = client.query_one(READ, &[]).await.unwrap().get(0);
    on_own_pool(&database, &client, async |store: &Postgres| {
        every_command_ten_times(store, user, charge).await;
    })
    .await;
    // A new connection: this one sees the counts of its first look.
    let after: i64 = database.client().await.query_one(READ, &[]).await.unwrap().get(0);
    after - before
}

#[tokio::test]
async fn a_command_reads_no_more_rows_when_its_user_has_a_long_past() {
    let (short, long) = (read(false).await, read(true).await);
    assert!(short > 0, "nothing was counted");
    // 40 commands: not one row more for each of them.
    assert!(long < short + 40, "{short} rows with a short past, {long} with a long one");
}
