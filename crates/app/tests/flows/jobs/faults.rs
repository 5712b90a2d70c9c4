//! Workers that come back late, workers that work at once, and users who want everything.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::jobs::{Killed, NewJob, Saga, SagaStep, Worker, WorkerLimits};
use async_trait::async_trait;
use generation::{Job, JobState};
use kernel::PageSize;
use ports::{EventFilter, JobFilter, JobReads};
use tokio::sync::{Notify, watch};

use super::{World, credits, seconds};

/// Holds a worker up at one step until it is let go.
struct Sleeper {
    step: SagaStep,
    asleep: Notify,
    wake: Notify,
}

#[async_trait]
impl Saga for Sleeper {
    async fn reached(&self, step: SagaStep, _job: &Job) -> Result<(), Killed> {
        if step == self.step {
            self.asleep.notify_one();
            self.wake.notified().await;
        }
        Ok(())
    }
}

#[tokio::test]
async fn job_scenario_13_a_worker_that_comes_back_late_changes_nothing() {
    for step in [SagaStep::Answered, SagaStep::Polled, SagaStep::BytesStored] {
        let world = World::new().await;
        let job = world.create(&world.images(1)).await;
        let sleeper = Arc::new(Sleeper { step, asleep: Notify::new(), wake: Notify::new() });
        let worker = Worker::new(world.jobs.clone(), WorkerLimits::default());
        let worker = Arc::new(worker.watched(sleeper.clone()));
        let sleeping = tokio::spawn({
            let (worker, clock, world_job) = (worker.clone(), world.clock.clone(), job.clone());
            async move {
                for _ in 0..6 {
                    clock.set(ports::Clock::now(&*clock).max(world_job.work.due_at));
                    clock.advance(kernel::Span::from_secs(4));
                    worker.round().await;
                }
            }
        });
        sleeper.asleep.notified().await;
        // Five minutes later another has finished the job.
        world.clock.advance(seconds(300));
        let done = world.finish(&world.worker(), &job).await;
        assert_eq!(done.state, JobState::Succeeded, "{step:?}");
        sleeper.wake.notify_one();
        // What is left of its rounds finds nothing to do.
        tokio::time::timeout(Duration::from_secs(10), sleeping).await.unwrap().unwrap();
        assert_eq!(world.get(&job).await, done, "{step:?}");
        assert_eq!(world.balance().await, (credits("98"), credits("0")));
        assert_eq!(world.studio.created(), 1, "{step:?}");
        assert_eq!(world.media.keys().len(), 1, "{step:?}");
        assert_eq!(world.outputs(kernel::OutputKind::Image).await.len(), 1);
    }
}

#[tokio::test]
async fn a_worker_that_is_stopped_gives_back_what_it_cannot_finish() {
    let world = World::new().await;
    let job = world.create(&world.images(1)).await;
    let (step, asleep) = (SagaStep::Answered, Notify::new());
    let sleeper = Arc::new(Sleeper { step, asleep, wake: Notify::new() });
    let limits = WorkerLimits { grace: Duration::ZERO, ..WorkerLimits::default() };
    let worker = Arc::new(Worker::new(world.jobs.clone(), limits).watched(sleeper.clone()));
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(worker.run(stopped));
    sleeper.asleep.notified().await;
    stop.send(true).unwrap();
    tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
    // No lease has run out: the time stands still.
    assert_eq!(world.worker().round().await, 1, "{:?}", world.get(&job).await);
    let job = world.finish(&world.worker(), &job).await;
    assert_eq!((job.state, world.studio.created()), (JobState::Succeeded, 1));
}

/// Counts what the workers do.
#[derive(Default)]
struct Counter(AtomicUsize);

#[async_trait]
impl Saga for Counter {
    async fn reached(&self, step: SagaStep, _job: &Job) -> Result<(), Killed> {
        self.0.fetch_add(usize::from(step == SagaStep::Settled), Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn job_scenario_12_workers_at_once_settle_each_job_once() {
    let world = World::new().await;
    let mut jobs = Vec::new();
    for _ in 0..20 {
        jobs.push(world.create(&world.images(1)).await);
    }
    let counter = Arc::new(Counter::default());
    let workers: Vec<Arc<Worker>> = (0..4)
        .map(|_| {
            let limits = WorkerLimits { slots: 3, ..WorkerLimits::default() };
            Arc::new(Worker::new(world.jobs.clone(), limits).watched(counter.clone()))
        })
        .collect();
    let (stop, stopped) = watch::channel(false);
    let running: Vec<_> =
        workers.iter().map(|worker| tokio::spawn(worker.clone().run(stopped.clone()))).collect();
    let filter = JobFilter { states: vec![JobState::Succeeded], ..JobFilter::default() };
    for _ in 0..2_000 {
        world.clock.advance(kernel::Span::from_micros(200_000).unwrap());
        tokio::time::sleep(Duration::from_millis(2)).await;
        let done = world.store.list_jobs(world.user, &filter, PageSize::MAX, None).await.unwrap();
        if done.items.len() == jobs.len() {
            break;
        }
    }
    stop.send(true).unwrap();
    for worker in running {
        tokio::time::timeout(Duration::from_secs(10), worker).await.unwrap().unwrap();
    }
    for job in &jobs {
        let job = world.get(job).await;
        assert_eq!(job.state, JobState::Succeeded, "{job:?}");
        world.check(&job).await;
    }
    assert_eq!(counter.0.load(Ordering::SeqCst), 20);
    assert_eq!(world.studio.created(), 20);
    assert_eq!(world.balance().await, (credits("60"), credits("0")));
}

#[tokio::test]
async fn job_scenario_20_one_user_with_many_jobs_holds_up_nobody() {
    let world = World::new().await;
    let chat = testkit::fixtures::requests().remove(0);
    for _ in 0..100 {
        world.create(&world.new_job("studio-text", chat.clone())).await;
    }
    let mut others = Vec::new();
    for number in 2..=6 {
        world.add_user(number).await;
        let user = testkit::fixtures::user_id(number);
        others.push(
            world.create(&NewJob { user, ..world.new_job("studio-text", chat.clone()) }).await,
        );
    }
    let limits = WorkerLimits { slots: 3, ..WorkerLimits::default() };
    let worker = Arc::new(Worker::new(world.jobs.clone(), limits));
    for _ in 0..2 {
        worker.round().await;
    }
    let mut served = BTreeSet::new();
    for job in &others {
        let now = world.jobs.get(job.user, job.id).await.unwrap();
        if now.state == JobState::Succeeded {
            served.insert(job.user);
        }
    }
    assert!(served.len() >= 4, "{served:?}");
    while worker.round().await > 0 {}
    let filter = JobFilter { states: vec![JobState::Succeeded], ..JobFilter::default() };
    let done = world.store.list_jobs(world.user, &filter, PageSize::MAX, None).await.unwrap();
    assert_eq!(done.items.len(), 100, "nobody else was there: every turn was taken");
}

#[tokio::test]
async fn whoever_follows_along_hears_of_every_state_in_order_for_three_days() {
    let world = World::new().await;
    let begin = world.jobs.last_event().await.unwrap();
    let job = world.run(&world.images(1)).await;
    let filter = EventFilter { user: Some(world.user), under: vec!["job".to_owned()] };
    let heard = world.jobs.events_after(&filter, begin, 99).await.unwrap();
    let kinds: Vec<&str> = heard.iter().map(|(_, event)| event.kind.as_str()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"job.queued"), Some(&"job.succeeded")));
    assert!(kinds.contains(&"job.running"), "{kinds:?}");
    let subject = *job.id.as_uuid();
    let revisions: Vec<i64> = heard.iter().map(|(_, event)| event.revision).collect();
    assert!(revisions.is_sorted() && heard.iter().all(|(_, event)| event.subject == subject));
    let (place, _) = heard[0];
    assert_eq!(world.jobs.events_after(&filter, place, 99).await.unwrap(), heard[1..]);
    assert_eq!(world.jobs.forget_events().await.unwrap(), 0);
    world.clock.advance(seconds(3 * 24 * 60 * 60 + 1));
    assert_eq!(world.jobs.events_after(&EventFilter::default(), begin, 99).await.unwrap(), []);
    assert!(world.jobs.forget_events().await.unwrap() >= heard.len());
}
