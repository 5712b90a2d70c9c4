//! The journal is append-only, whoever writes to it, and is kept in months.

use kernel::{Span, Timestamp};
use ports::LedgerReads;
use testkit::fixtures::user_id;
use tokio_postgres::Client;

use super::desk::{deduct, findings, insert_user, post, purchase, try_post};
use crate::contract::fixture::fixture;
use crate::failing::races::wait_until_waiting;

const MONTHS: &str = "SELECT tableoid::regclass::text, count(*)::int, min(version)::int, \
     max(version)::int FROM ledger_entries GROUP BY 1 ORDER BY 3";

/// How the database refuses, if it does.
async fn refused(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    Some(error.as_db_error().expect("the database refused").message().to_owned())
}

async fn partition_of_the_entries(client: &Client) -> String {
    client.query_one(MONTHS, &[]).await.unwrap().get(0)
}

async fn make_months(client: &Client, first: &str, months: i32) -> i32 {
    let statement = format!("SELECT ledger_make_months('{first}', $1)");
    client.query_one(&statement, &[&months]).await.unwrap().get(0)
}

#[tokio::test]
async fn entries_are_neither_changed_nor_deleted_nor_truncated() {
    let store = fixture().await;
    let ada = insert_user(&*store, 1).await;
    post(&*store, ada, "p1", purchase("10"), 1).await;
    let client = store.database.client().await;
    let partition = partition_of_the_entries(&client).await;
    for table in ["ledger_entries", partition.as_str()] {
        for (statement, what) in [
            (format!("UPDATE {table} SET available_change = 11"), "UPDATE"),
            (format!("UPDATE {table} SET hash = hash"), "UPDATE"),
            (format!("DELETE FROM {table}"), "DELETE"),
        ] {
            let expected = format!("the journal is append-only: {what} refused");
            assert_eq!(refused(&client, &statement).await, Some(expected), "{statement}");
        }
        let truncated = refused(&client, &format!("TRUNCATE {table}")).await;
        let expected = "the journal is append-only: TRUNCATE refused";
        assert_eq!(truncated.as_deref(), Some(expected), "{table}");
    }
    assert_eq!(store.list_entries(ada, 0, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_month_that_is_made_later_is_append_only_too() {
    let store = fixture().await;
    let ada = insert_user(&*store, 1).await;
    let client = store.database.client().await;
    assert_eq!(make_months(&client, "2031-05-17", 1).await, 1);
    let may = Timestamp::from_micros(1_936_000_000_000_000).unwrap();
    try_post(&*store, ada, "p1", purchase("1"), may).await.unwrap();
    assert_eq!(partition_of_the_entries(&client).await, "ledger_entries_2031_05");
    for statement in [
        "UPDATE ledger_entries_2031_05 SET version = 2",
        "DELETE FROM ledger_entries_2031_05",
        "TRUNCATE ledger_entries_2031_05",
    ] {
        assert!(refused(&client, statement).await.is_some(), "{statement}");
    }
}

#[tokio::test]
async fn naming_a_user_to_forget_opens_no_way_to_other_journals() {
    let store = fixture().await;
    let (ada, eve) = (insert_user(&*store, 1).await, insert_user(&*store, 2).await);
    for user in [ada, eve] {
        post(&*store, user, "p1", purchase("10"), 1).await;
    }
    let client = store.database.client().await;
    let all = format!(
        "BEGIN; SET LOCAL atelier.forgotten_user = '{ada}'; DELETE FROM ledger_entries; COMMIT"
    );
    assert!(refused(&client, &all).await.is_some());
    client.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(store.list_entries(eve, 0, 10).await.unwrap().len(), 1);
    // What ledger_forget leaves behind opens nothing either, not even in its own transaction.
    let after =
        format!("BEGIN; SELECT ledger_forget('{ada}', now()); DELETE FROM ledger_entries; COMMIT");
    assert!(refused(&client, &after).await.is_some());
    client.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(findings(&*store, ada).await, []);
}

#[tokio::test]
async fn a_tombstone_keeps_the_totals_and_forgets_who_it_was() {
    let store = fixture().await;
    let ada = insert_user(&*store, 1).await;
    post(&*store, ada, "p1", purchase("10"), 1).await;
    let last = post(&*store, ada, "d1", deduct("4"), 2).await;
    let head = store.audit(ada).await.unwrap().unwrap().account.head;
    let client = store.database.client().await;
    let forget = format!("SELECT ledger_forget('{ada}', now())");
    assert!(client.query_one(&forget, &[]).await.unwrap().get::<_, bool>(0));
    assert!(!client.query_one(&forget, &[]).await.unwrap().get::<_, bool>(0));
    let row = client
        .query_one(
            "SELECT concat_ws(' ', available, held, version, earned, spent, forfeited, \
             encode(head_hash, 'hex')), t::text FROM ledger_tombstones t",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, &str>(0), format!("6.00 0.00 2 10.00 4.00 0.00 {head}"));
    assert_eq!(last.balance.version, 2);
    let text: &str = row.get(1);
    assert!(!text.contains(&user_id(1).to_string()), "{text}");
}

#[tokio::test]
async fn months_are_made_once_and_only_where_nothing_lies_yet() {
    let store = fixture().await;
    let client = store.database.client().await;
    assert_eq!(make_months(&client, "2030-11-30", 3).await, 3);
    assert_eq!(make_months(&client, "2030-11-01", 3).await, 0);
    assert_eq!(make_months(&client, "2030-12-31", 3).await, 1);

    let ada = insert_user(&*store, 1).await;
    let early = Timestamp::from_micros(1_893_456_000_000_000).unwrap();
    try_post(&*store, ada, "p1", purchase("1"), early).await.unwrap();
    assert_eq!(partition_of_the_entries(&client).await, "ledger_entries_other");
    // What lies in the catch-all stays there: a partition over it would be refused.
    assert_eq!(make_months(&client, "2030-01-01", 1).await, 0);
    assert_eq!(findings(&*store, ada).await, []);
}

#[tokio::test]
async fn months_that_two_processes_make_at_once_are_made_once() {
    let store = fixture().await;
    let (first, second) = (store.database.client().await, store.database.client().await);
    first.batch_execute("BEGIN").await.unwrap();
    assert_eq!(make_months(&first, "2030-01-01", 2).await, 2);
    let (made, ()) = tokio::join!(make_months(&second, "2030-01-01", 2), async {
        wait_until_waiting(&first, 1).await;
        first.batch_execute("COMMIT").await.unwrap();
    });
    assert_eq!(made, 0);
}

#[tokio::test]
async fn the_months_ahead_are_made_by_any_number_of_processes() {
    let store = fixture().await;
    // 2029-12-31 23:59:59.999999 in UTC, which is already January elsewhere.
    let now = Timestamp::from_micros(1_893_455_999_999_999).unwrap();
    let processes = [store.database.postgres().await, store.database.postgres().await];
    for _ in 0..2 {
        // Many at once: two makers that only look before they lock end in a deadlock now and then.
        let calls = processes.iter().cycle().take(16).map(|process| process.make_months(now));
        for made in futures_util::future::join_all(calls).await {
            made.unwrap();
        }
    }
    let client = store.database.client().await;
    let rows = client
        .query(
            "SELECT relid::regclass::text FROM pg_partition_tree('ledger_entries') \
             WHERE relid::regclass::text ~ '_(2029|203.)_' ORDER BY 1",
            &[],
        )
        .await
        .unwrap();
    let months: Vec<&str> = rows.iter().map(|row| row.get(0)).collect();
    let name = |month: &str| format!("ledger_entries_{month}");
    assert_eq!(months, ["2029_12", "2030_01", "2030_02"].map(name));
}

#[tokio::test]
async fn entries_lie_in_their_month_and_versions_go_on_across_two() {
    let store = fixture().await;
    let ada = insert_user(&*store, 1).await;
    let client = store.database.client().await;
    // Whoever makes the months sits anywhere.
    client.batch_execute("SET TimeZone = 'Pacific/Kiritimati'").await.unwrap();
    assert_eq!(make_months(&client, "2030-01-01", 2).await, 2);
    let february = Timestamp::from_micros(1_896_134_400_000_000).unwrap();
    let before = |micros| february.saturating_sub(Span::from_micros(micros).unwrap());
    for (number, at) in [before(2), before(1), february, february.next()].into_iter().enumerate() {
        try_post(&*store, ada, &format!("p{number}"), purchase("1"), at).await.unwrap();
    }
    let rows = client.query(MONTHS, &[]).await.unwrap();
    let months: Vec<(String, i32, i32, i32)> =
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
    let month = |name: &str, first, last| (format!("ledger_entries_2030_{name}"), 2, first, last);
    assert_eq!(months, [month("01", 1, 2), month("02", 3, 4)]);
    let versions: Vec<u64> =
        store.list_entries(ada, 0, 10).await.unwrap().iter().map(|entry| entry.version).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    let last = store.last_entry(ada, before(1)).await.unwrap().unwrap();
    assert_eq!(last.version, 2);
    assert_eq!(findings(&*store, ada).await, []);
}
