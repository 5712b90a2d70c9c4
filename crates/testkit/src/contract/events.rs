//! What has happened, in order: what is told, and what the ledger's journal tells by itself.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use kernel::{Event, EventPosition, Json, Timestamp};
use ports::{EventFilter, EventReads, Store, Tx};
use tokio::sync::Notify;
use uuid::Uuid;

use super::ledger::{moment, post, purchase, reserve};
use crate::fixtures::{user, user_id};

/// Makes a test of each case: `events_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! events_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            events,
            [
                events_come_in_order_and_by_filter,
                whoever_goes_on_from_anywhere_hears_exactly_the_rest,
                movements_of_credits_are_told_among_the_rest,
                movements_of_credits_come_by_user_and_by_kind,
                what_is_rolled_back_is_not_told,
                what_commits_late_is_not_missed,
                events_of_one_subject_come_in_the_order_of_its_revisions,
                events_go_when_they_are_old,
                of_a_user_who_was_deleted_only_that_is_told,
                whoever_stands_past_the_end_begins_anew,
            ]
        }
    };
}

fn event(user: u64, kind: &str, at: u32) -> Event {
    Event {
        user: user_id(user),
        kind: kind.parse().unwrap(),
        subject: Uuid::from_u128(u128::from(at)),
        revision: i64::from(at),
        details: Json::of_texts(&[("progress", "40")]),
        at: moment(at),
    }
}

fn all() -> EventFilter {
    EventFilter::default()
}

fn under(words: &[&str]) -> EventFilter {
    EventFilter { under: words.iter().map(|word| (*word).to_owned()).collect(), ..all() }
}

async fn prepare(store: &impl Store) {
    let mut tx = store.begin().await.unwrap();
    for number in 1..=3 {
        tx.insert_user(&user(number, moment(0))).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn tell(store: &impl Store, events: &[Event]) {
    let mut tx = store.begin().await.unwrap();
    for event in events {
        tx.append_event(event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What there is to hear by the filter, asked for again and again two by two. Bounded by a poll: a
/// server may have other work open that events wait for.
async fn heard(
    store: &impl EventReads,
    filter: &EventFilter,
    mut after: EventPosition,
    count: usize,
) -> Vec<(EventPosition, Event)> {
    let mut heard = Vec::new();
    for _ in 0..1_000 {
        let page = store.list_events_after(filter, Timestamp::MIN, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        for (place, event) in page {
            assert!(place > after);
            after = place;
            heard.push((place, event));
        }
        if heard.len() >= count {
            assert_eq!(heard.len(), count, "{heard:?}");
            return heard;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{} of {count} events were heard", heard.len());
}

async fn events(
    store: &impl EventReads,
    filter: &EventFilter,
    after: EventPosition,
    count: usize,
) -> Vec<Event> {
    heard(store, filter, after, count).await.into_iter().map(|(_, event)| event).collect()
}

pub async fn events_come_in_order_and_by_filter(store: &(impl Store + EventReads)) {
    prepare(store).await;
    let begin = store.last_event_position().await.unwrap();
    let told = [
        event(1, "job.queued", 1),
        event(2, "job.queued", 2),
        event(1, "job.running", 3),
        event(1, "jobless.day", 4),
        event(1, "user.updated", 5),
    ];
    tell(store, &told[..2]).await;
    tell(store, &told[2..]).await;
    assert_eq!(events(store, &all(), begin, 5).await, told);
    assert_eq!(events(store, &all(), EventPosition::default(), 5).await, told);
    let mine = EventFilter { user: Some(user_id(1)), ..all() };
    assert_eq!(events(store, &mine, begin, 4).await.len(), 4);
    let jobs = EventFilter { user: Some(user_id(1)), ..under(&["job"]) };
    assert_eq!(events(store, &jobs, begin, 2).await, [told[0].clone(), told[2].clone()]);
    let exact = under(&["job.running", "user"]);
    assert_eq!(events(store, &exact, begin, 2).await, [told[2].clone(), told[4].clone()]);
    let late = store.list_events_after(&all(), moment(4), begin, 9).await.unwrap();
    assert_eq!(late.into_iter().map(|(_, event)| event).collect::<Vec<_>>(), told[3..]);
    let end = store.last_event_position().await.unwrap();
    assert_eq!(store.list_events_after(&all(), Timestamp::MIN, end, 9).await.unwrap(), []);
}

/// Five events of four units of work, two of them of the ledger.
async fn mixed(store: &(impl Store + EventReads)) {
    prepare(store).await;
    tell(store, &[event(1, "job.queued", 1)]).await;
    post(store, user_id(1), "p1", purchase("10"), 2).await;
    tell(store, &[event(2, "job.queued", 3)]).await;
    post(store, user_id(1), "r1", reserve("4", 60), 4).await;
    tell(store, &[event(1, "job.running", 5)]).await;
}

pub async fn whoever_goes_on_from_anywhere_hears_exactly_the_rest(
    store: &(impl Store + EventReads),
) {
    mixed(store).await;
    for filter in [all(), EventFilter { user: Some(user_id(1)), ..all() }] {
        let count = if filter.user.is_some() { 4 } else { 5 };
        let whole = heard(store, &filter, EventPosition::default(), count).await;
        for (index, (place, _)) in whole.iter().enumerate() {
            let rest = &whole[index + 1..];
            assert_eq!(heard(store, &filter, *place, rest.len()).await, rest, "{filter:?}");
        }
    }
}

pub async fn movements_of_credits_are_told_among_the_rest(store: &(impl Store + EventReads)) {
    mixed(store).await;
    let told = events(store, &all(), EventPosition::default(), 5).await;
    let seen: Vec<_> = told.iter().map(|event| (event.kind.as_str(), event.at)).collect();
    let expected =
        ["job.queued", "transaction.purchased", "job.queued", "transaction.held", "job.running"];
    assert_eq!(seen, (1..).zip(expected).map(|(at, kind)| (kind, moment(at))).collect::<Vec<_>>());
    let held = &told[3];
    assert_eq!((held.user, held.revision), (user_id(1), 2));
    let fields = [
        ("kind", "held"),
        ("amount", "0.00"),
        ("available_change", "-4.00"),
        ("held_change", "4.00"),
        ("available", "6.00"),
        ("held", "4.00"),
    ];
    assert_eq!(held.details, Json::of_texts(&fields));
    assert_ne!(held.subject, told[1].subject);
}

pub async fn movements_of_credits_come_by_user_and_by_kind(store: &(impl Store + EventReads)) {
    mixed(store).await;
    post(store, user_id(2), "p1", purchase("10"), 6).await;
    let begin = EventPosition::default();
    let kinds = async |filter: EventFilter, count| {
        let told = events(store, &filter, begin, count).await;
        told.into_iter().map(|event| (event.user, event.kind.to_string())).collect::<Vec<_>>()
    };
    let purchased = |user| (user_id(user), "transaction.purchased".to_owned());
    let held = (user_id(1), "transaction.held".to_owned());
    let mine = EventFilter { user: Some(user_id(1)), ..under(&["transaction"]) };
    assert_eq!(kinds(mine, 2).await, [purchased(1), held.clone()]);
    let theirs = EventFilter { user: Some(user_id(2)), ..under(&["transaction.purchased"]) };
    assert_eq!(kinds(theirs, 1).await, [purchased(2)]);
    assert_eq!(kinds(under(&["transaction.held", "project"]), 1).await, [held]);
    assert_eq!(kinds(under(&["transaction.purchased"]), 2).await, [purchased(1), purchased(2)]);
    assert_eq!(kinds(under(&["trans"]), 0).await, []);
    let late = store.list_events_after(&under(&["transaction"]), moment(6), begin, 9).await;
    assert_eq!(late.unwrap().len(), 1);
}

pub async fn what_is_rolled_back_is_not_told(store: &(impl Store + EventReads)) {
    prepare(store).await;
    let mut tx = store.begin().await.unwrap();
    tx.append_event(&event(1, "job.queued", 1)).await.unwrap();
    tx.rollback().await.unwrap();
    tell(store, &[event(1, "job.queued", 2)]).await;
    let told = events(store, &all(), EventPosition::default(), 1).await;
    assert_eq!(told, [event(1, "job.queued", 2)]);
}

pub async fn what_commits_late_is_not_missed(store: &(impl Store + EventReads)) {
    prepare(store).await;
    let (begun, overtaken) = (Notify::new(), Notify::new());
    let slow = async {
        let mut tx = store.begin().await.unwrap();
        tx.append_event(&event(1, "job.queued", 1)).await.unwrap();
        begun.notify_one();
        within_reason(&overtaken).await;
        tx.commit().await.unwrap();
    };
    let quick = async {
        begun.notified().await;
        tell(store, &[event(2, "job.queued", 2)]).await;
        post(store, user_id(2), "p1", purchase("10"), 3).await;
        overtaken.notify_one();
    };
    // Whoever follows along all the while goes on from what was heard last.
    let both = under(&["job", "transaction"]);
    let follower = heard(store, &both, EventPosition::default(), 3);
    let ((), (), mut told) = tokio::join!(slow, quick, follower);
    told.sort_by_key(|(_, event)| event.at);
    let kinds: Vec<_> = told.iter().map(|(_, event)| event.kind.as_str()).collect();
    assert_eq!(kinds, ["job.queued", "job.queued", "transaction.purchased"]);
    assert_eq!((told[0].1.user, told[1].1.user), (user_id(1), user_id(2)));
}

/// Waits to be overtaken, and not for ever: where there is one unit of work at a time nobody can.
async fn within_reason(overtaken: &Notify) {
    drop(tokio::time::timeout(Duration::from_millis(200), overtaken.notified()).await);
}

/// The first to begin is the last to have the subject: where units of work may overtake one another
/// its event comes last all the same.
pub async fn events_of_one_subject_come_in_the_order_of_its_revisions(
    store: &(impl Store + EventReads),
) {
    prepare(store).await;
    let revision = AtomicI64::new(0);
    let revise = async |tx: &mut dyn Tx| {
        tx.lock_user(user_id(1)).await.unwrap();
        let revision = revision.fetch_add(1, Ordering::SeqCst) + 1;
        tx.append_event(&Event { revision, ..event(1, "user.updated", 7) }).await.unwrap();
    };
    let (begun, overtaken) = (Notify::new(), Notify::new());
    let first_to_begin = async {
        let mut tx = store.begin().await.unwrap();
        // Writes, and so has its place among the transactions.
        tx.append_event(&event(2, "job.queued", 1)).await.unwrap();
        begun.notify_one();
        within_reason(&overtaken).await;
        revise(&mut *tx).await;
        tx.commit().await.unwrap();
    };
    let second_to_begin = async {
        begun.notified().await;
        let mut tx = store.begin().await.unwrap();
        revise(&mut *tx).await;
        tx.commit().await.unwrap();
        overtaken.notify_one();
    };
    tokio::join!(first_to_begin, second_to_begin);
    let told = events(store, &under(&["user"]), EventPosition::default(), 2).await;
    assert_eq!(told.iter().map(|event| event.revision).collect::<Vec<_>>(), [1, 2]);
}

pub async fn events_go_when_they_are_old(store: &(impl Store + EventReads)) {
    prepare(store).await;
    tell(store, &[1, 2, 3, 4].map(|at| event(1, "job.queued", at))).await;
    // What the journal has said is not the log's to forget.
    post(store, user_id(1), "p1", purchase("10"), 1).await;
    assert_eq!(store.forget_events(moment(4), 2).await.unwrap(), 2);
    assert_eq!(store.forget_events(moment(4), 9).await.unwrap(), 1);
    assert_eq!(store.forget_events(moment(4), 9).await.unwrap(), 0);
    let left = events(store, &under(&["job"]), EventPosition::default(), 1).await;
    assert_eq!(left, [event(1, "job.queued", 4)]);
}

pub async fn of_a_user_who_was_deleted_only_that_is_told(store: &(impl Store + EventReads)) {
    mixed(store).await;
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(1)).await.unwrap();
    tx.forget_account(user_id(1), moment(8)).await.unwrap();
    tx.delete_user(user_id(1)).await.unwrap();
    tx.append_event(&event(1, "user.deleted", 8)).await.unwrap();
    tx.commit().await.unwrap();
    let told = events(store, &all(), EventPosition::default(), 2).await;
    assert_eq!(told, [event(2, "job.queued", 3), event(1, "user.deleted", 8)]);
}

/// As after a restore into a younger database.
pub async fn whoever_stands_past_the_end_begins_anew(store: &(impl Store + EventReads)) {
    mixed(store).await;
    let told = heard(store, &all(), EventPosition::default(), 5).await;
    let end = store.last_event_position().await.unwrap();
    let past = EventPosition { transaction: end.transaction + 1_000_000, number: 7 };
    let anew = store.list_events_after(&all(), Timestamp::MIN, past, 9).await.unwrap();
    assert_eq!(anew, told);
}
