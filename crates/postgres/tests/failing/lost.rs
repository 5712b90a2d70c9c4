//! A server that goes away, at every moment of a unit of work, and one that comes back.

use std::time::{Duration, Instant};

use ports::{LedgerReads, Store, StoreError, UserReads};
use postgres::{Config, Postgres};
use testkit::fixtures::user_id;
use testkit::{Cable, Stop, TestDatabase};

use crate::books::desk::{
    deduct, findings, insert_user, moment, post, post_in, purchase, try_post,
};
use crate::contract::fixture::{OwnStore, fixture};

const PATIENCE: Duration = Duration::from_secs(20);

/// A store with a user, whose connections will be lost.
async fn books() -> OwnStore {
    let store = fixture().await;
    store.database.leave_broken();
    let ada = insert_user(&*store, 1).await;
    post(&*store, ada, "p1", purchase("10"), 1).await;
    store
}

/// Ends every connection to the test's database but the one that asks, and waits until they are
/// gone.
async fn end_all(database: &TestDatabase) -> usize {
    let client = database.client().await;
    let others = "FROM pg_stat_activity WHERE datname = current_database() \
                  AND pid <> pg_backend_pid()";
    let ended = client
        .query(&format!("SELECT pg_terminate_backend(pid) {others}"), &[])
        .await
        .unwrap()
        .len();
    let begun = Instant::now();
    while !client.query(&format!("SELECT pid {others}"), &[]).await.unwrap().is_empty() {
        assert!(begun.elapsed() < PATIENCE, "a backend does not end");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    ended
}

fn is_unavailable<T: std::fmt::Debug>(outcome: Result<T, StoreError>) {
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_connection_that_is_lost_within_a_unit_of_work_is_unavailable() {
    let store = books().await;
    let ada = user_id(1);
    let mut tx = store.begin().await.unwrap();
    assert!(end_all(&store.database).await >= 1);
    is_unavailable(tx.lock_accounts(&[ada], moment(2)).await);
    assert!(tx.rollback().await.is_err());

    let mut tx = store.begin().await.unwrap();
    let accounts = tx.lock_accounts(&[ada], moment(2)).await.unwrap();
    assert!(end_all(&store.database).await >= 1);
    is_unavailable(tx.load_books(accounts, &ports::Wanted::default(), moment(2)).await);
    // Dropped without an end: the pool must not give such a connection to anyone.
    drop(tx);
    try_post(&*store, ada, "d1", deduct("1"), moment(3)).await.unwrap();
}

#[tokio::test]
async fn a_connection_that_is_lost_while_a_statement_waits_is_unavailable() {
    let store = books().await;
    let ada = user_id(1);
    let mut holder = store.begin().await.unwrap();
    holder.lock_accounts(&[ada], moment(2)).await.unwrap();
    let waiting = async {
        let mut tx = store.begin().await.unwrap();
        let outcome = tx.lock_accounts(&[ada], moment(2)).await;
        tx.rollback().await.ok();
        outcome
    };
    let end = async {
        let client = store.database.client().await;
        let waits = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let begun = Instant::now();
        while client.query(waits, &[]).await.unwrap().is_empty() {
            assert!(begun.elapsed() < PATIENCE, "nobody waits");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let (outcome, ()) = tokio::join!(waiting, end);
    is_unavailable(outcome);
    holder.rollback().await.unwrap();
}

#[tokio::test]
async fn a_connection_that_is_lost_before_commit_leaves_the_outcome_open() {
    let store = books().await;
    let ada = user_id(1);
    let mut tx = store.begin().await.unwrap();
    post_in(&mut *tx, ada, "d1", deduct("4"), moment(2)).await.unwrap();
    end_all(&store.database).await;
    let outcome = tx.commit().await;
    assert!(matches!(outcome, Err(StoreError::CommitUnknown(_))), "{outcome:?}");
    assert_eq!(store.list_entries(ada, 0, 10).await.unwrap().len(), 1);
    assert_eq!(findings(&*store, ada).await, []);
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_unknown_whether_or_not_it_was_made() {
    for (stop, entries) in [(Stop::BeforeCommit, 1), (Stop::AfterCommit, 2)] {
        let store = books().await;
        let ada = user_id(1);
        let cable = Cable::to(&store.database).await;
        let far = Postgres::connect(&cable.config()).await.unwrap();
        let mut tx = far.begin().await.unwrap();
        post_in(&mut *tx, ada, "d1", deduct("4"), moment(2)).await.unwrap();
        cable.stop_commits([stop]);
        let (outcome, ()) = tokio::join!(tx.commit(), async {
            cable.stopped().await;
            cable.cut();
        });
        assert!(matches!(outcome, Err(StoreError::CommitUnknown(_))), "{stop:?}: {outcome:?}");

        // The repetition waits for the lock that the lost one may still have, and sees its outcome.
        let again = try_post(&far, ada, "d1", deduct("4"), moment(3)).await.unwrap();
        assert_eq!(again.replayed, stop == Stop::AfterCommit, "{stop:?}");
        assert_eq!(store.list_entries(ada, 0, 10).await.unwrap().len(), 2, "{entries}");
        assert_eq!(findings(&*store, ada).await, []);
    }
}

#[tokio::test]
async fn the_pool_heals_after_all_its_connections_were_ended() {
    let store = books().await;
    let ada = user_id(1);
    // Several connections, all of them idle when it happens.
    let open: Vec<_> =
        futures_util::future::join_all((0..5).map(|_| store.begin())).await.into_iter().collect();
    for tx in open {
        tx.unwrap().rollback().await.unwrap();
    }
    assert_eq!(store.state().idle, 5);
    assert_eq!(end_all(&store.database).await, 5);

    let begun = Instant::now();
    let mut lost = 0;
    for number in 0..20 {
        match try_post(&*store, ada, &format!("d{number}"), deduct("0.1"), moment(2)).await {
            Ok(_) => {}
            Err(StoreError::Unavailable(_)) => lost += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert!(lost <= 5, "each dead connection may cost one unit of work, {lost} were lost");
    assert!(begun.elapsed() < PATIENCE);
    store.find_user(ada).await.unwrap().unwrap();
    assert_eq!(findings(&*store, ada).await, []);
}

#[tokio::test]
async fn reads_on_connections_that_were_ended_are_unavailable_at_worst() {
    let store = books().await;
    let ada = user_id(1);
    end_all(&store.database).await;
    for _ in 0..3 {
        match store.audit(ada).await {
            Ok(audit) => assert_eq!(audit.unwrap().entries.len(), 1),
            Err(error) => is_unavailable(Err::<(), _>(error)),
        }
    }
    assert_eq!(store.audit(ada).await.unwrap().unwrap().entries.len(), 1);
}

#[tokio::test]
async fn a_statement_that_an_operator_cancels_is_unavailable() {
    let store = books().await;
    let ada = user_id(1);
    let mut holder = store.begin().await.unwrap();
    holder.lock_accounts(&[ada], moment(2)).await.unwrap();
    let waiting = async {
        let mut tx = store.begin().await.unwrap();
        let outcome = tx.lock_accounts(&[ada], moment(2)).await;
        tx.rollback().await.unwrap();
        outcome
    };
    let cancel = async {
        let client = store.database.client().await;
        let waits = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while client.query(waits, &[]).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let (outcome, ()) = tokio::join!(waiting, cancel);
    is_unavailable(outcome);
    holder.rollback().await.unwrap();
}

#[tokio::test]
async fn a_server_that_takes_no_writes_is_unavailable() {
    let store = books().await;
    let ada = user_id(1);
    let client = store.database.client().await;
    client
        .batch_execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', \
             current_database()); END $$",
        )
        .await
        .unwrap();
    let demoted = store.database.postgres().await;
    is_unavailable(try_post(&demoted, ada, "d1", deduct("1"), moment(2)).await);
    assert_eq!(demoted.state().closed_broken, 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let connect_timeout = Duration::from_millis(200);
    for url in [
        // Nobody listens on the reserved port 1.
        "postgres://postgres@127.0.0.1:1/none".to_owned(),
        fixture().await.database.url().replace("/t_", "/gone_t_"),
    ] {
        let config = Config { connect_timeout, ..Config::new(url) };
        let store = Postgres::connect(&config).await.unwrap();
        is_unavailable(store.check().await);
        is_unavailable(store.begin().await.map(drop));
    }
}
