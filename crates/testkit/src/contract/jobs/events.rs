//! What has happened, in order.

use generation::{Event, EventPosition};
use kernel::Json;
use ports::{EventFilter, EventReads, Store};

use super::{moment, prepare};
use crate::fixtures::{job_id, user_id};

fn event(user: u64, kind: &str, at: u32) -> Event {
    Event {
        user: user_id(user),
        kind: kind.parse().unwrap(),
        subject: job_id(u64::from(at)),
        revision: 3,
        details: Json::of_texts(&[("progress", "40")]),
        at: moment(at),
    }
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
) -> Vec<Event> {
    let mut heard = Vec::new();
    for _ in 0..1_000 {
        let page = store.list_events_after(filter, after, 2).await.unwrap();
        assert!(page.len() <= 2);
        for (place, event) in page {
            assert!(place > after);
            after = place;
            heard.push(event);
        }
        if heard.len() >= count {
            return heard;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    panic!("{} of {count} events were heard", heard.len());
}

pub async fn events_come_in_order_and_by_filter(store: &(impl Store + EventReads)) {
    prepare(store).await;
    let begin = store.last_event_position().await.unwrap();
    let all = [
        event(1, "job.queued", 1),
        event(2, "job.queued", 2),
        event(1, "job.running", 3),
        event(1, "jobless.day", 4),
        event(1, "user.updated", 5),
    ];
    tell(store, &all[..2]).await;
    tell(store, &all[2..]).await;
    let everything = EventFilter::default();
    assert_eq!(heard(store, &everything, begin, 5).await, all);
    assert_eq!(heard(store, &everything, EventPosition::default(), 5).await, all);
    let mine = EventFilter { user: Some(user_id(1)), ..EventFilter::default() };
    assert_eq!(heard(store, &mine, begin, 4).await.len(), 4);
    let jobs = EventFilter { user: Some(user_id(1)), under: vec!["job".to_owned()] };
    assert_eq!(heard(store, &jobs, begin, 2).await, [all[0].clone(), all[2].clone()]);
    let exact = EventFilter { user: None, under: vec!["job.running".into(), "user".into()] };
    assert_eq!(heard(store, &exact, begin, 2).await, [all[2].clone(), all[4].clone()]);
    let end = store.last_event_position().await.unwrap();
    assert_eq!(store.list_events_after(&everything, end, 9).await.unwrap(), []);
}

pub async fn events_go_when_they_are_old(store: &(impl Store + EventReads)) {
    prepare(store).await;
    tell(store, &[1, 2, 3, 4].map(|at| event(1, "job.queued", at))).await;
    assert_eq!(store.forget_events(moment(4), 2).await.unwrap(), 2);
    assert_eq!(store.forget_events(moment(4), 9).await.unwrap(), 1);
    assert_eq!(store.forget_events(moment(4), 9).await.unwrap(), 0);
    let left = heard(store, &EventFilter::default(), EventPosition::default(), 1).await;
    assert_eq!(left, [event(1, "job.queued", 4)]);
}
