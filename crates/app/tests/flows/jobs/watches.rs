//! Following jobs and events: nothing is missed between two looks, whatever happens in between.

use std::time::Duration;

use app::jobs::{FollowError, JobWatch, Subscription, Watches};
use kernel::{Event, EventPosition, JobId, Timestamp};

use testkit::fixtures::job_id;
use tokio::time::{sleep, timeout};

use super::*;

/// Longer than anything takes to be seen.
const SOON: Duration = Duration::from_secs(3);

/// Longer than the pause between two looks at everything.
const LATER: Duration = Duration::from_secs(120);

fn number(event: &Event) -> JobId {
    JobId::from_uuid(event.subject)
}

fn watches(world: &World) -> Watches {
    Watches::start(Arc::new(world.store.clone()))
}

async fn next(watch: &mut JobWatch) -> Option<Arc<Job>> {
    timeout(SOON, watch.next()).await.expect("something is seen soon").unwrap()
}

async fn still(watch: &mut JobWatch) {
    let seen = timeout(SOON, watch.next()).await;
    assert!(seen.is_err(), "{seen:?}");
}

fn told(user: u64, number: u64, kind: &str) -> Event {
    Event {
        user: user_id(user),
        kind: kind.parse().unwrap(),
        subject: *job_id(number).as_uuid(),
        revision: 1,
        details: None,
        at: Timestamp::from_micros(1_767_225_600_000_000).unwrap(),
    }
}

async fn tell(world: &World, events: impl IntoIterator<Item = Event>) {
    let mut tx = world.store.begin().await.unwrap();
    for event in events {
        tx.append_event(&event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// What is told until nothing more comes.
async fn heard(subscription: &mut Subscription) -> Vec<Event> {
    let mut events = Vec::new();
    loop {
        let some = subscription.next(SOON).await.unwrap();
        if some.is_empty() {
            return events;
        }
        events.extend(some.iter().map(|told| told.1.clone()));
    }
}

fn all() -> EventFilter {
    EventFilter::default()
}

#[tokio::test(start_paused = true)]
async fn a_watch_shows_the_job_as_it_is_then_each_change_and_ends_after_its_end() {
    let world = World::new().await;
    let watches = watches(&world);
    let job = world.create(&world.images(1)).await;
    let mut watch = watches.watch(world.user, job.id, None).await.unwrap();
    assert_eq!(next(&mut watch).await.as_deref(), Some(&job));
    still(&mut watch).await;
    let mut seen = Vec::new();
    let worker = world.worker();
    let end = loop {
        let now = world.get(&job).await;
        if now.state.is_terminal() {
            break now;
        }
        world.clock.set(world.clock.now().max(now.work.due_at));
        worker.round().await;
        if let Ok(shown) = timeout(SOON, watch.next()).await {
            seen.extend(shown.unwrap());
        }
    };
    while let Some(shown) = next(&mut watch).await {
        seen.push(shown);
    }
    let states: Vec<JobState> = seen.iter().map(|job| job.state).collect();
    assert!(states.contains(&JobState::Running), "{states:?}");
    assert_eq!(seen.last().map(|last| &**last), Some(&end));
    assert!(seen.is_sorted_by(|one, other| one.etag < other.etag));
    assert_eq!(next(&mut watch).await, None);
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_again_is_told_only_what_is_new() {
    let world = World::new().await;
    let watches = watches(&world);
    let job = world.create(&world.images(1)).await;
    let mut again = watches.watch(world.user, job.id, Some(job.etag)).await.unwrap();
    still(&mut again).await;
    let cancelled = world.jobs.cancel(world.user, job.id).await.unwrap();
    assert_eq!(next(&mut again).await.as_deref(), Some(&cancelled));
    assert_eq!(next(&mut again).await, None);
    let mut late = watches.watch(world.user, job.id, Some(job.etag)).await.unwrap();
    assert_eq!(next(&mut late).await.as_deref(), Some(&cancelled));
    let mut over = watches.watch(world.user, job.id, Some(cancelled.etag)).await.unwrap();
    assert_eq!(next(&mut over).await, None);
}

#[tokio::test]
async fn no_change_is_missed_between_the_first_look_and_the_watch() {
    let world = World::new().await;
    let watches = watches(&world);
    for round in 0..50_u64 {
        let job = world.create(&world.images(1)).await;
        let (watch, cancelled) = tokio::join!(watches.watch(world.user, job.id, None), async {
            for _ in 0..round % 10 {
                tokio::task::yield_now().await;
            }
            world.jobs.cancel(world.user, job.id).await
        });
        let mut watch = watch.unwrap();
        let mut last = None;
        while let Some(job) = next(&mut watch).await {
            last = Some(job);
        }
        assert_eq!(last.as_deref(), Some(&cancelled.unwrap()));
    }
}

#[tokio::test(start_paused = true)]
async fn many_watchers_cost_one_read_and_none_while_nothing_happens() {
    let world = World::new().await;
    let watches = watches(&world);
    let job = world.create(&world.images(1)).await;
    let mut many = Vec::new();
    for _ in 0..200 {
        let mut watch = watches.watch(world.user, job.id, None).await.unwrap();
        next(&mut watch).await;
        many.push(watch);
    }
    let cancelled = world.jobs.cancel(world.user, job.id).await.unwrap();
    let mut shown = Vec::new();
    for watch in &mut many {
        shown.push(next(watch).await.unwrap());
    }
    assert_eq!(*shown[0], cancelled);
    // It is the same one that all of them have.
    assert!(shown.iter().all(|job| Arc::ptr_eq(job, &shown[0])));
}

#[tokio::test(start_paused = true)]
async fn a_job_of_another_is_not_watched_and_one_that_goes_ends_its_watch() {
    let world = World::new().await;
    let watches = watches(&world);
    world.add_user(2).await;
    let job = world.create(&world.images(1)).await;
    let other = watches.watch(user_id(2), job.id, None).await;
    assert!(matches!(other.err(), Some(JobError::JobNotFound)));
    let mut watch = watches.watch(world.user, job.id, None).await.unwrap();
    next(&mut watch).await;
    let mut tx = world.store.begin().await.unwrap();
    tx.delete_user(world.user).await.unwrap();
    tx.commit().await.unwrap();
    let gone = timeout(LATER, watch.next()).await.expect("it is found out");
    assert!(matches!(gone, Err(JobError::JobNotFound)), "{gone:?}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_ends_with_the_job_or_with_patience() {
    let world = World::new().await;
    let watches = watches(&world);
    let job = world.create(&world.images(1)).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(watches.wait(world.user, job.id, Duration::from_secs(2)).await.unwrap(), job);
    assert_eq!(begun.elapsed().as_secs(), 2);
    assert_eq!(watches.wait(world.user, job.id, Duration::ZERO).await.unwrap(), job);
    let (ended, cancelled) = tokio::join!(watches.wait(world.user, job.id, LATER), async {
        sleep(Duration::from_secs(5)).await;
        world.jobs.cancel(world.user, job.id).await.unwrap()
    });
    assert_eq!(ended.unwrap(), cancelled);
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    assert_eq!(watches.wait(world.user, job.id, LATER).await.unwrap(), cancelled);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_is_gone_for_a_while_costs_time_and_nothing_else() {
    let world = World::new().await;
    let watches = watches(&world);
    let job = world.create(&world.images(1)).await;
    let mut watch = watches.watch(world.user, job.id, None).await.unwrap();
    let mut events = watches.subscribe(all(), None).await;
    next(&mut watch).await;
    let cancelled = world.jobs.cancel(world.user, job.id).await.unwrap();
    world.store.set_down(true);
    still(&mut watch).await;
    world.store.set_down(false);
    assert_eq!(next(&mut watch).await.as_deref(), Some(&cancelled));
    let kinds: Vec<String> =
        heard(&mut events).await.iter().map(|event| event.kind.to_string()).collect();
    assert_eq!(kinds, ["transaction.released", "job.cancelled"]);
}

#[tokio::test(start_paused = true)]
async fn events_come_by_user_and_by_kind_from_where_each_begins() {
    let world = World::new().await;
    world.add_user(2).await;
    let watches = watches(&world);
    let before = [told(1, 1, "job.queued"), told(2, 2, "job.queued"), told(1, 3, "jobless.day")];
    tell(&world, before.clone()).await;
    let begin = Some(EventPosition::default());
    let mine = EventFilter { user: Some(user_id(1)), under: vec!["job".to_owned()] };
    // Without what the ledger tells of the users' first credits.
    let under = vec!["job".to_owned(), "jobless".to_owned()];
    let everybodys = EventFilter { user: None, under };
    let mut from_now = watches.subscribe(everybodys.clone(), None).await;
    let mut from_begin = watches.subscribe(everybodys, begin).await;
    let mut of_mine = watches.subscribe(mine, begin).await;
    assert_eq!(heard(&mut from_begin).await, before);
    assert_eq!(heard(&mut of_mine).await, before[..1]);
    assert_eq!(heard(&mut from_now).await, []);
    let after = [told(1, 4, "job.running"), told(2, 5, "job.running")];
    tell(&world, after.clone()).await;
    assert_eq!(heard(&mut from_now).await, after);
    assert_eq!(heard(&mut from_begin).await, after);
    assert_eq!(heard(&mut of_mine).await, after[..1]);
    // Also the one that heard little stands where nothing more is to come.
    assert_eq!(of_mine.position(), from_now.position());
    let mut resumed = watches.subscribe(all(), Some(of_mine.position())).await;
    assert_eq!(heard(&mut resumed).await, []);
}

#[tokio::test(start_paused = true)]
async fn more_than_a_queue_holds_is_told_once_and_in_order() {
    let world = World::new().await;
    let watches = watches(&world);
    let mut live = watches.subscribe(all(), None).await;
    for round in 0..3 {
        let begin = round * 5_000;
        tell(&world, (begin..begin + 5_000).map(|number| told(1, number, "job.queued"))).await;
        // The queue is full long before anybody looks.
        sleep(Duration::from_secs(1)).await;
        let ids: Vec<_> = heard(&mut live).await.iter().map(number).collect();
        assert_eq!(ids, (begin..begin + 5_000).map(job_id).collect::<Vec<_>>());
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_takes_nothing_for_long_is_cut_off_and_comes_again() {
    let world = World::new().await;
    let watches = watches(&world);
    let mut slow = watches.subscribe(all(), None).await;
    tell(&world, (0..3_000).map(|number| told(1, number, "job.queued"))).await;
    sleep(Duration::from_secs(30)).await;
    let cut = slow.next(SOON).await.err();
    assert!(matches!(cut, Some(FollowError::TooSlow)), "{cut:?}");
    let mut again = watches.subscribe(all(), Some(slow.position())).await;
    let rest: Vec<_> = heard(&mut again).await.iter().map(number).collect();
    assert_eq!(rest, (0..3_000).map(job_id).collect::<Vec<_>>());
}
