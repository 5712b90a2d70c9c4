//! Events that commit out of order, and the walls of their table.

use std::time::{Duration, Instant};

use kernel::{Event, EventPosition, Span, Timestamp};
use ports::{EventFilter, EventReads, Store};
use testkit::fixtures::{user, user_id};
use uuid::Uuid;

use crate::books::desk::{insert_user, moment, post_in, purchase};
use crate::contract::fixture::{OwnStore, fixture};

/// Long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(20);

fn event(number: u64) -> Event {
    Event {
        user: user_id(1),
        kind: "job.queued".parse().unwrap(),
        subject: Uuid::from_u128(number.into()),
        revision: 1,
        details: None,
        at: moment(1),
    }
}

/// The kinds of all events after a position, once there are so many. Others on the server may have
/// work open that events wait for.
async fn heard(store: &OwnStore, after: EventPosition, count: usize) -> Vec<(String, Uuid)> {
    let begun = Instant::now();
    let all = EventFilter::default();
    loop {
        let heard = store.list_events_after(&all, Timestamp::MIN, after, 99).await.unwrap();
        if heard.len() >= count {
            let told = heard.into_iter().map(|(_, event)| (event.kind.to_string(), event.subject));
            return told.collect();
        }
        assert!(begun.elapsed() < PATIENCE, "{heard:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_event_that_commits_late_is_not_missed() {
    let store = fixture().await;
    let (ada, all) = (insert_user(&*store, 1).await, EventFilter::default());
    let begin = store.last_event_position().await.unwrap();
    let (mut early, mut late) = (store.begin().await.unwrap(), store.begin().await.unwrap());
    early.insert_user(&user(2, moment(1))).await.unwrap();
    early.append_event(&event(1)).await.unwrap();
    late.append_event(&event(2)).await.unwrap();
    let bought = post_in(&mut *late, ada, "p1", purchase("10"), moment(2)).await.unwrap();
    late.commit().await.unwrap();
    // The one that wrote first is still open: nothing after it is told yet.
    let since = moment(0).saturating_sub(Span::from_secs(1));
    assert_eq!(store.list_events_after(&all, since, begin, 9).await.unwrap(), []);
    let idle = store.last_event_position().await.unwrap();
    early.commit().await.unwrap();
    let bought = *bought.transaction.id.as_uuid();
    for from in [begin, idle, EventPosition::default()] {
        // The journal is written as it comes, and all else that a unit of work tells at its end.
        let kinds = ["transaction.purchased", "job.queued", "job.queued"].map(str::to_owned);
        let subjects = [bought, event(2).subject, event(1).subject];
        let told: Vec<_> = kinds.into_iter().zip(subjects).collect();
        assert_eq!(heard(&store, from, 3).await, told);
    }
}

#[tokio::test]
async fn what_is_told_late_stands_after_what_was_committed_before_it() {
    let store = fixture().await;
    let mut open = store.begin().await.unwrap();
    open.append_event(&event(1)).await.unwrap();
    for number in 2..=4 {
        let mut tx = store.begin().await.unwrap();
        tx.append_event(&event(number)).await.unwrap();
        tx.commit().await.unwrap();
    }
    open.append_event(&event(5)).await.unwrap();
    open.commit().await.unwrap();
    let told = heard(&store, EventPosition::default(), 5).await;
    let order: Vec<u128> = told.iter().map(|(_, subject)| subject.as_u128()).collect();
    assert_eq!(order, [2, 3, 4, 1, 5]);
}

#[tokio::test]
async fn what_the_rules_refuse_of_events_the_table_refuses_too() {
    let store = fixture().await;
    let client = store.database.client().await;
    let row = |kind: &str, revision: i64, details: &str| {
        format!(
            "INSERT INTO events (user_id, kind, subject_id, revision, details, at) \
             VALUES (gen_random_uuid(), '{kind}', gen_random_uuid(), {revision}, '{details}', now())"
        )
    };
    client.batch_execute(&row("job.queued", 1, "{}")).await.unwrap();
    for (statement, rule) in [
        (row("Job queued", 1, "{}"), "events_kind_valid"),
        (row("job.queued", 0, "{}"), "events_revision_positive"),
        (row("job.queued", 1, "[]"), "events_details_valid"),
    ] {
        let error = client.batch_execute(&statement).await.unwrap_err();
        let refusal = error.as_db_error().expect("the database refused");
        assert_eq!(refusal.constraint(), Some(rule), "{statement}");
    }
}

#[tokio::test]
async fn whoever_waits_for_events_hears_of_one_when_it_commits() {
    let store = fixture().await;
    let all = EventFilter::default();
    let begin = store.last_event_position().await.unwrap();
    // Opens the line.
    assert!(!store.wait_for_events(Duration::from_millis(50)).await.unwrap());
    let mut tx = store.begin().await.unwrap();
    tx.append_event(&event(1)).await.unwrap();
    tx.append_event(&event(2)).await.unwrap();
    assert!(!store.wait_for_events(Duration::from_millis(50)).await.unwrap(), "not committed yet");
    tx.commit().await.unwrap();
    let begun = Instant::now();
    assert!(store.wait_for_events(PATIENCE).await.unwrap());
    assert!(begun.elapsed() < PATIENCE / 2, "{:?}", begun.elapsed());
    // They are told once nothing older is open, in any database of the server.
    while store.list_events_after(&all, Timestamp::MIN, begin, 9).await.unwrap().len() < 2 {
        assert!(begun.elapsed() < PATIENCE);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(!store.wait_for_events(Duration::from_millis(50)).await.unwrap(), "heard of once");
}
