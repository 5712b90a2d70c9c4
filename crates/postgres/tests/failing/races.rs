//! Units of work that get in each other's way: how each loss is reported, and who waits for whom.

use std::time::{Duration, Instant};

use kernel::UserId;
use ports::{LedgerReads, Store, StoreError, Tx, deadline};
use postgres::{Config, Postgres};
use testkit::TestDatabase;
use tokio_postgres::Client;

use crate::books::desk::{deduct, insert_user, moment, post, post_in, purchase};
use crate::contract::fixture::{OwnStore, fixture};

/// Statements of the test's database that wait for a lock.
const WAITING: &str = "SELECT count(*)::int FROM pg_stat_activity \
     WHERE datname = current_database() AND wait_event_type = 'Lock'";

/// Long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) async fn wait_until_waiting(client: &Client, statements: i32) {
    let begun = Instant::now();
    while client.query_one(WAITING, &[]).await.unwrap().get::<_, i32>(0) != statements {
        assert!(begun.elapsed() < PATIENCE, "nobody waits");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// A store whose deadlocks are found soon.
async fn two_users() -> (OwnStore, UserId, UserId) {
    let store = fixture().await;
    let client = store.database.client().await;
    client
        .batch_execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', \
             current_database()); END $$",
        )
        .await
        .unwrap();
    let ada = insert_user(&*store, 1).await;
    let eve = insert_user(&*store, 2).await;
    for user in [ada, eve] {
        post(&*store, user, "p1", purchase("10"), 1).await;
    }
    (store, ada, eve)
}

async fn lock(tx: &mut dyn Tx, user: UserId) -> Result<(), StoreError> {
    tx.lock_accounts(&[user], moment(2)).await.map(drop)
}

#[tokio::test]
async fn a_deadlock_is_contention_for_one_and_nothing_for_the_other() {
    let (store, ada, eve) = two_users().await;
    // A pool of its own, for the settings of the database reach new connections only.
    let store = (store.database.postgres().await, store);
    let (mut first, mut second) = (store.0.begin().await.unwrap(), store.0.begin().await.unwrap());
    lock(&mut *first, ada).await.unwrap();
    lock(&mut *second, eve).await.unwrap();
    let (of_first, of_second) = tokio::join!(lock(&mut *first, eve), async {
        let lost = lock(&mut *second, ada).await;
        // Ended at once, so that the other goes on.
        if lost.is_err() { (lost, None) } else { (lost, Some(())) }
    });
    let outcomes = [of_first, of_second.0];
    let lost = outcomes.iter().filter(|it| matches!(it, Err(StoreError::Contention(_)))).count();
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!((lost, won), (1, 1), "{outcomes:?}");
    first.rollback().await.unwrap();
    second.rollback().await.unwrap();
}

#[tokio::test]
async fn waiting_too_long_for_a_lock_is_contention() {
    let (store, ada, _) = two_users().await;
    let mut holder = store.begin().await.unwrap();
    lock(&mut *holder, ada).await.unwrap();
    let config =
        Config { statement_timeout: Duration::from_millis(400), ..store.database.config() };
    let hurried = store.database.postgres_with(config).await;
    let mut tx = hurried.begin().await.unwrap();
    let begun = Instant::now();
    let outcome = lock(&mut *tx, ada).await;
    assert!(matches!(outcome, Err(StoreError::Contention(_))), "{outcome:?}");
    // Half the time of a statement, so it cannot have been the statement's time-out.
    assert!(begun.elapsed() >= Duration::from_millis(200), "{:?}", begun.elapsed());
    tx.rollback().await.unwrap();
    holder.rollback().await.unwrap();
}

#[tokio::test]
async fn a_deadline_ends_the_statement_on_the_server_and_only_that_unit_of_work() {
    let (store, ada, _) = two_users().await;
    let client = store.database.client().await;
    let config = Config { pool_max: 1, ..store.database.config() };
    let single = store.database.postgres_with(config).await;
    let mut holder = store.begin().await.unwrap();
    lock(&mut *holder, ada).await.unwrap();

    let by = Instant::now() + Duration::from_millis(250);
    deadline::scope(by, async {
        let mut tx = single.begin().await.unwrap();
        let outcome = lock(&mut *tx, ada).await;
        assert!(matches!(outcome, Err(StoreError::DeadlineExceeded)), "{outcome:?}");
        tx.rollback().await.unwrap();
    })
    .await;
    let waiting: i32 = client.query_one(WAITING, &[]).await.unwrap().get(0);
    assert_eq!(waiting, 0, "the statement still waits on the server");

    // The same connection, outside a call, waits as long as it takes.
    let patient = async {
        let mut tx = single.begin().await.unwrap();
        let outcome = lock(&mut *tx, ada).await;
        tx.rollback().await.unwrap();
        outcome
    };
    let release = async {
        wait_until_waiting(&client, 1).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        holder.rollback().await.unwrap();
    };
    let (outcome, ()) = tokio::join!(patient, release);
    outcome.unwrap();
}

#[tokio::test]
async fn a_deadline_that_has_passed_begins_nothing() {
    let store = fixture().await;
    let outcome = deadline::scope(Instant::now(), async {
        match store.begin().await {
            Ok(tx) => tx.rollback().await,
            Err(error) => Err(error),
        }
    })
    .await;
    // A connection that is at hand may still be given; then the server has a millisecond.
    assert!(matches!(outcome, Ok(()) | Err(StoreError::DeadlineExceeded)), "{outcome:?}");
}

#[tokio::test]
async fn waiting_for_a_connection_ends_with_the_deadline_or_as_unavailable() {
    let database = TestDatabase::new().await;
    let config =
        Config { pool_max: 1, connect_timeout: Duration::from_millis(300), ..database.config() };
    let store = database.postgres_with(config).await;
    let tx = store.begin().await.unwrap();
    let by = Instant::now() + Duration::from_millis(50);
    let outcome = deadline::scope(by, async { store.begin().await.map(drop) }).await;
    assert!(matches!(outcome, Err(StoreError::DeadlineExceeded)), "{outcome:?}");
    let outcome = store.begin().await.map(drop);
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
    tx.rollback().await.unwrap();
}

/// Whoever deletes a user has locked the user and wants the account; a batch that has the account
/// must then not want the user.
#[tokio::test]
async fn opening_one_account_does_not_wait_for_the_deletion_of_another_user() {
    let (store, ada, _) = two_users().await;
    let new = insert_user(&*store, 3).await;
    let client = store.database.client().await;
    let mut deleter = store.begin().await.unwrap();
    deleter.lock_user(ada).await.unwrap().unwrap();

    let mut batch = store.begin().await.unwrap();
    let accounts = batch.lock_accounts(&[ada, new], moment(2)).await.unwrap();
    assert_eq!(accounts.len(), 2);
    let forget = async {
        let forgotten = deleter.forget_account(ada, moment(3)).await.unwrap();
        deleter.delete_user(ada).await.unwrap();
        deleter.commit().await.unwrap();
        forgotten
    };
    let release = async {
        wait_until_waiting(&client, 1).await;
        batch.commit().await.unwrap();
    };
    let (forgotten, ()) = tokio::join!(forget, release);
    assert!(forgotten);
    assert_eq!(store.audit(ada).await.unwrap(), None);
}

#[tokio::test]
async fn whoever_waits_for_a_user_who_is_deleted_finds_nobody() {
    let (store, ada, eve) = two_users().await;
    let client = store.database.client().await;
    let mut deleter = store.begin().await.unwrap();
    deleter.lock_user(ada).await.unwrap().unwrap();
    deleter.forget_account(ada, moment(2)).await.unwrap();
    deleter.delete_user(ada).await.unwrap();
    let waiting = async {
        let mut tx = store.begin().await.unwrap();
        let accounts = tx.lock_accounts(&[ada, eve], moment(3)).await;
        tx.rollback().await.unwrap();
        accounts.unwrap()
    };
    let finish = async {
        wait_until_waiting(&client, 1).await;
        deleter.commit().await.unwrap();
    };
    let (accounts, ()) = tokio::join!(waiting, finish);
    assert_eq!(accounts.iter().map(|account| account.user).collect::<Vec<_>>(), [eve]);
}

#[tokio::test]
async fn two_hundred_refusals_break_no_connection() {
    let (store, ada, _) = two_users().await;
    let pool: &Postgres = &store;
    let refuse = |number: u32| async move {
        let mut tx = pool.begin().await.unwrap();
        let request = format!("d{number}");
        post_in(&mut *tx, ada, &request, deduct("1"), moment(9)).await.unwrap();
        tx.rollback().await.unwrap();
    };
    // Forty at a time: all of them wait for one account, and a pool gives up after a while.
    for round in 0..5 {
        futures_util::future::join_all((0..40).map(|number| refuse(round * 40 + number))).await;
    }
    let state = store.state();
    assert_eq!(state.closed_broken, 0);
    assert_eq!(state.idle, state.connections, "a connection did not come back");
    assert_eq!(store.list_entries(ada, 0, 10).await.unwrap().len(), 1);
}
