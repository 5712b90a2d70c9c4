//! Kills under load while jobs are made: of the process, at any moment. Every job ends once, what was
//! delivered is charged once, and no byte is left that is nobody's.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{
    CreateJobRequest, ImageSpec, Job, JobHold, JobSpec, JobState, ListEventsRequest,
    ListJobsRequest, PixelSize,
};
use proto::atelier::ledger::v1::GetBalanceRequest;
use tokio::sync::watch;
use tonic::Code;

use super::calls::{Api, reason};
use super::life::purchase;
use super::stand::{Place, atelier, poll};
use crate::jobs::shop::is_over;

const KILLS: usize = 5;
pub(super) const CUSTOMERS: usize = 4;
pub(super) const JOBS: usize = 12;

/// Jobs of a worker that was killed go on after it.
pub(super) const LEASE: &[&str] = &["--set", "jobs.lease_ms=2000"];

/// For all jobs to end after the last kill: several leases, on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(120);

/// Asks again and again, as a client does who retries, until it is answered.
async fn ask(api: &watch::Receiver<Api>, request: CreateJobRequest) -> Job {
    let begun = Instant::now();
    loop {
        let now = api.borrow().clone();
        match now.jobs.clone().create_job(request.clone()).await {
            Ok(created) => return created.into_inner().job.unwrap(),
            Err(status) => {
                assert!(begun.elapsed() < PATIENCE, "{status:?}");
                // What says that it is well and refuses is a bug; the rest is the kill.
                let code = status.code();
                let killed = [Code::Unavailable, Code::DeadlineExceeded, Code::Unknown];
                assert!(killed.contains(&code) || reason(&status).is_empty(), "{status:?}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

pub(super) fn picture(user: &str, number: usize) -> CreateJobRequest {
    let image = ImageSpec {
        prompt: format!("Lighthouse number {number}"),
        size: Some(PixelSize { width: 64, height: 64 }),
        count: 2,
        ..Default::default()
    };
    CreateJobRequest {
        user_id: user.to_owned(),
        request_id: format!("picture-{number}"),
        spec: Some(JobSpec { kind: Some(Kind::Image(image)) }),
        model: "studio-image".to_owned(),
        ..Default::default()
    }
}

pub(super) async fn jobs(api: &Api, user: &str) -> Vec<Job> {
    let request =
        ListJobsRequest { user_id: user.to_owned(), page_size: 100, ..Default::default() };
    api.jobs.clone().list_jobs(request).await.unwrap().into_inner().jobs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scenario_14_jobs_end_once_and_are_paid_once_though_the_process_is_killed() {
    let place = Place::new();
    let mut dev = place.start_with(LEASE).await;
    let (now, api) = watch::channel(dev.api());
    let mut users = Vec::new();
    for number in 0..CUSTOMERS {
        let user = dev.api().user(&format!("customer-{number}")).await;
        purchase(&dev.api(), &user, "funds", "1000.00").await;
        users.push(user);
    }
    let asking: Vec<_> = users
        .iter()
        .map(|user| {
            let (api, user) = (api.clone(), user.clone());
            tokio::spawn(async move {
                for number in 0..JOBS {
                    ask(&api, picture(&user, number)).await;
                    tokio::time::sleep(Duration::from_millis(120)).await;
                }
            })
        })
        .collect();
    for kill in 0..KILLS {
        // Different moments of the saga each time.
        tokio::time::sleep(Duration::from_millis(400 + 170 * kill as u64)).await;
        dev.process.kill();
        dev = place.start_with(LEASE).await;
        now.send_replace(dev.api());
    }
    for task in asking {
        task.await.unwrap();
    }
    let api = dev.api();
    let ended = poll(PATIENCE, async || {
        let all = join_all(users.iter().map(|user| jobs(&api, user))).await;
        all.iter().all(|jobs| jobs.iter().all(is_over))
    });
    assert!(ended.await, "jobs are left:\n{}", dev.process.told());
    for user in &users {
        reckon(&api, user).await;
    }
    api.books_close(None).await;
    sweep(&place, &dev).await;
    dev.stop().await;
}

/// One job of each request, one end of each job, one charge of what was delivered.
pub(super) async fn reckon(api: &Api, user: &str) {
    let jobs = jobs(api, user).await;
    assert_eq!(jobs.len(), JOBS);
    let request = ListEventsRequest {
        user_id: user.to_owned(),
        kinds: vec!["job".to_owned()],
        page_size: 1_000,
        ..Default::default()
    };
    let events = api.events.clone().list_events(request).await.unwrap().into_inner().events;
    let mut spent = 0;
    for job in &jobs {
        let delivered: i32 = job.steps.iter().map(|step| step.delivered).sum();
        let charge = job.charge.as_ref().unwrap();
        let due = if job.state() == JobState::Succeeded { 200 * delivered } else { 0 };
        let captured: i32 = charge.captured.replace('.', "").parse().unwrap();
        assert_eq!(captured, due, "{job:#?}");
        assert_ne!(charge.hold(), JobHold::Reserved, "{job:#?}");
        spent += captured;
        let ends = ["job.succeeded", "job.failed", "job.cancelled"];
        let told = events.iter().filter(|event| event.subject_id == job.id);
        assert_eq!(told.filter(|event| ends.contains(&event.kind.as_str())).count(), 1);
    }
    let good = jobs.iter().filter(|job| job.state() == JobState::Succeeded).count();
    // Only what was at work in three kills one after the other is given up.
    assert!(good >= JOBS / 2, "{jobs:#?}");
    let request = GetBalanceRequest { user_id: user.to_owned(), as_of: None };
    let account = api.ledger.clone().get_balance(request).await.unwrap().into_inner();
    let account = account.account.unwrap();
    let available: i32 = account.available.replace('.', "").parse().unwrap();
    assert_eq!((100_000 - available, account.held.as_str()), (spent, "0.00"));
}

/// What other processes are told to find the same Postgres and the same S3.
pub(super) fn shared(place: &Place, dev: &super::stand::Dev) -> [String; 6] {
    let secret = std::fs::read_to_string(place.data.join("s3-secret")).unwrap();
    [
        format!("database.url={}", dev.facts.database_url),
        format!("s3.endpoint={}", dev.facts.s3),
        "s3.bucket=atelier".to_owned(),
        "s3.access_key=atelier".to_owned(),
        format!("s3.secret_key={secret}"),
        "s3.path_style=true".to_owned(),
    ]
}

/// Every byte is somebody's, and every asset has its bytes, once the doomed ones are gone.
pub(super) async fn sweep(place: &Place, dev: &super::stand::Dev) {
    let settings = shared(place, dev);
    let clean = poll(PATIENCE, async || {
        let mut command = atelier();
        command.args(["assets", "sweep", "--grace", "0s"]);
        for setting in &settings {
            command.args(["--set", setting]);
        }
        let output = command.output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{told}");
        // What a kill left between a put and its commit is deleted by this, and only this.
        told.contains(": 0 without an asset") && told.contains(": 0 without bytes")
    });
    assert!(clean.await, "bytes and assets do not match");
}
