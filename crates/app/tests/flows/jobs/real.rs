//! The same on a real database: several workers at once, some of which end in the middle, and users
//! who change their minds. The books are checked when the database is dropped.

use std::sync::Arc;
use std::sync::atomic::AtomicIsize;
use std::time::Duration;

use app::jobs::{NewJob, SagaStep, Worker, WorkerLimits, install_models};
use billing::profile::Profile;
use generation::{HoldState, Job, JobState, Places, Priority, Request};
use kernel::{PageSize, Span};
use ports::{Clock, JobFilter, JobReads};
use testkit::fixtures::{image_request, requests, user_id};
use testkit::{FakeClock, FakeDarkroom, FakeIds, FakeMediaStore, FakeProvider, TestDatabase};
use tokio::sync::watch;

use super::{Assassin, PICTURE, add_user, jobs_on};

const USERS: u64 = 3;

/// How many jobs of each sort each user has.
const EACH: usize = 4;

#[tokio::test]
async fn job_scenario_12_many_workers_some_of_whom_end_settle_every_job_once_on_a_real_database() {
    let database = TestDatabase::new().await;
    let store = Arc::new(database.postgres().await);
    let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
    let media = Arc::new(FakeMediaStore::new());
    let studio = Arc::new(FakeProvider::making(PICTURE.to_vec()));
    let darkroom = Arc::new(FakeDarkroom::printing(PICTURE.to_vec()));
    let providers = [("studio", &studio)];
    let jobs = jobs_on(store.clone(), &clock, &ids, &media, darkroom, &providers);
    install_models(&*store, true, clock.now()).await.unwrap();
    app::billing::install(Profile::Vibe, &*store, &*clock, &*ids).await.unwrap();
    let summary = requests().into_iter().find(|one| matches!(one, Request::Summary(_))).unwrap();
    let mut all: Vec<Job> = Vec::new();
    for number in 1..=USERS {
        add_user(&*store, &clock, &ids, number).await;
        for place in 0..EACH * 2 {
            let (request, model) = if place % 2 == 0 {
                (Request::Image(image_request(2)), "studio-image")
            } else {
                (summary.clone(), "studio-text")
            };
            let new = NewJob {
                user: user_id(number),
                request_id: format!("call-{place}").parse().unwrap(),
                request,
                model: model.parse().unwrap(),
                places: Places::default(),
                metadata: None,
                priority: Priority::Normal,
                not_before: None,
                operation_type: None,
            };
            all.push(jobs.create(&new).await.unwrap().job);
        }
    }
    let limits =
        WorkerLimits { slots: 4, poll_every: Duration::from_millis(20), ..WorkerLimits::default() };
    let (stop, stopped) = watch::channel(false);
    let doomed = SagaStep::ALL.map(|step| Some((step, 2)));
    let workers = doomed.into_iter().chain([None, None]).map(|doom| {
        let worker = Worker::new(jobs.clone(), limits);
        let worker = match doom {
            Some((step, after)) => {
                worker.watched(Arc::new(Assassin { step, after: AtomicIsize::new(after) }))
            }
            None => worker,
        };
        tokio::spawn(Arc::new(worker).run(stopped.clone()))
    });
    let workers: Vec<_> = workers.collect();
    // One user in the middle of it changes their mind about everything.
    for job in all.iter().filter(|job| job.user == user_id(USERS)) {
        let cancelled = jobs.cancel(job.user, job.id).await;
        assert!(cancelled.is_ok() || jobs.get(job.user, job.id).await.unwrap().state.is_terminal());
    }
    let open = JobFilter {
        states: vec![JobState::Queued, JobState::Running, JobState::Storing],
        ..JobFilter::default()
    };
    for turn in 0..3_000 {
        let mut left = 0;
        for number in 1..=USERS {
            let page = store.list_jobs(user_id(number), &open, PageSize::MAX, None).await.unwrap();
            left += page.items.len();
        }
        if left == 0 {
            break;
        }
        // Leases of those who have ended run out; in the end, so does all patience.
        clock.advance(Span::from_secs(if turn < 800 { 1 } else { 3_600 }));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(true).unwrap();
    for worker in workers {
        tokio::time::timeout(Duration::from_secs(30), worker).await.unwrap().unwrap();
    }
    let mut succeeded = 0;
    for job in &all {
        let job = jobs.get(job.user, job.id).await.unwrap();
        succeeded += usize::from(job.state == JobState::Succeeded);
        assert!(job.state.is_terminal(), "{job:?}");
        assert_ne!(job.money.hold, HoldState::Reserved);
        let usual = [JobState::Succeeded, JobState::Failed, JobState::Expired];
        assert!(job.user == user_id(USERS) || usual.contains(&job.state), "{job:?}");
    }
    assert!(succeeded >= EACH, "most of it was made: {succeeded}");
    assert!(studio.created() <= all.len(), "nothing was made twice: {}", studio.created());
}
