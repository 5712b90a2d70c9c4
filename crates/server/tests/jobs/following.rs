//! Following jobs and events over real connections, on a real database, with the studio at work.

use std::time::{Duration, Instant};

use proto::atelier::billing::v1::{
    CreateOperationTypeRequest, PriceKey, PriceTerms, PriceUnit, SetPriceRequest,
};
use proto::atelier::generation::v1::{
    CancelJobRequest, CreateJobRequest, Event, GetJobRequest, ImageSpec, Job, JobHold, JobSpec,
    JobState, ListEventsRequest, SubscribeRequest, SubscribeResponse, WaitJobRequest,
    WatchJobRequest, WatchJobResponse, job_result, job_spec,
};
use proto::atelier::ledger::v1::PurchaseRequest;
use tokio::time::timeout;
use tonic::{Code, Streaming};

use crate::whole::calls::{Api, reason};
use crate::whole::wire::served::Served;

/// Long enough for any machine, and never waited out.
const PATIENCE: Duration = Duration::from_secs(60);

const SOLD_AS: &str = "PICTURE";

/// Sells pictures at two credits each.
pub(super) async fn sell(api: &Api) {
    let request = CreateOperationTypeRequest {
        id: SOLD_AS.to_owned(),
        description: Some("A picture".to_owned()),
    };
    api.prices.clone().create_operation_type(request).await.unwrap();
    let terms = PriceTerms {
        unit: PriceUnit::Image.into(),
        unit_price: "2".to_owned(),
        ..Default::default()
    };
    let key = PriceKey { operation_type: SOLD_AS.to_owned(), ..Default::default() };
    let request = SetPriceRequest { key: Some(key), terms: Some(terms), ..Default::default() };
    api.prices.clone().set_price(request).await.unwrap();
}

/// A user with a thousand credits.
pub(super) async fn rich(api: &Api, subject: &str) -> String {
    let user_id = api.user(subject).await;
    let request = PurchaseRequest {
        user_id: user_id.clone(),
        request_id: "funds".to_owned(),
        amount: "1000.00".to_owned(),
        ..Default::default()
    };
    api.ledger.clone().purchase(request).await.unwrap();
    user_id
}

/// Two pictures of a lighthouse.
pub(super) async fn create(api: &Api, user_id: &str, request_id: &str) -> Job {
    create_at(api, user_id, request_id, None).await
}

/// The same, not before a moment. The models come a little after the server.
pub(super) async fn create_at(
    api: &Api,
    user_id: &str,
    request_id: &str,
    not_before_time: Option<prost_types::Timestamp>,
) -> Job {
    let image = ImageSpec { prompt: "A lighthouse".to_owned(), count: 2, ..Default::default() };
    let request = CreateJobRequest {
        user_id: user_id.to_owned(),
        request_id: request_id.to_owned(),
        spec: Some(JobSpec { kind: Some(job_spec::Kind::Image(image)) }),
        model: "studio-image".to_owned(),
        operation_type: Some(SOLD_AS.to_owned()),
        not_before_time,
        ..Default::default()
    };
    let begun = Instant::now();
    loop {
        match api.jobs.clone().create_job(request.clone()).await {
            Ok(created) => return created.into_inner().job.unwrap(),
            Err(status) if reason(&status) == "MODEL_NOT_FOUND" => {
                assert!(begun.elapsed() < PATIENCE, "there are no models");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            Err(status) => panic!("{status:?}"),
        }
    }
}

pub(super) async fn watch(api: &Api, job: &Job, token: &str) -> Streaming<WatchJobResponse> {
    let request = WatchJobRequest {
        user_id: job.user_id.clone(),
        job_id: job.id.clone(),
        resume_token: token.to_owned(),
    };
    api.jobs.clone().watch_job(request).await.unwrap().into_inner()
}

async fn subscribe(api: &Api, user_id: &str, token: &str) -> Streaming<SubscribeResponse> {
    let request = SubscribeRequest {
        user_id: user_id.to_owned(),
        kinds: vec!["job".to_owned()],
        resume_token: token.to_owned(),
    };
    api.events.clone().subscribe(request).await.unwrap().into_inner()
}

async fn list(api: &Api, user_id: &str, token: &str) -> (Vec<Event>, String) {
    let request = ListEventsRequest {
        user_id: user_id.to_owned(),
        kinds: vec!["job".to_owned()],
        page_size: 2,
        resume_token: token.to_owned(),
    };
    let answer = api.events.clone().list_events(request).await.unwrap().into_inner();
    (answer.events, answer.resume_token)
}

/// Cancels it, which ends it where nobody is at it.
pub(super) async fn cancel(api: &Api, job: &Job) -> Job {
    let request = CancelJobRequest { user_id: job.user_id.clone(), job_id: job.id.clone() };
    api.jobs.clone().cancel_job(request).await.unwrap().into_inner().job.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_followed_from_its_acceptance_to_its_end() {
    let served = Served::working(4).await;
    let api = &served.api;
    sell(api).await;
    let user = rich(api, "follower").await;
    let mut events = subscribe(api, &user, "").await;
    let begin = events.message().await.unwrap().unwrap();
    assert_eq!(begin.events, []);

    let job = create(api, &user, "one").await;
    assert_eq!(job.charge.as_ref().unwrap().amount, "4.00");
    let mut watched = watch(api, &job, "").await;
    let mut seen: Vec<WatchJobResponse> = Vec::new();
    let follow = async {
        while let Some(message) = watched.message().await.unwrap() {
            seen.push(message);
        }
    };
    timeout(PATIENCE, follow).await.expect("the job ends, and the stream with it");
    let jobs: Vec<&Job> = seen.iter().filter_map(|message| message.job.as_ref()).collect();
    assert!(jobs.is_sorted_by_key(|job| job.progress), "{jobs:?}");
    let end = (*jobs.last().unwrap()).clone();
    assert_eq!((end.state(), end.progress), (JobState::Succeeded, 100), "{end:?}");
    let charge = end.charge.clone().unwrap();
    assert_eq!((charge.hold(), charge.captured.as_str()), (JobHold::Captured, "4.00"));
    let Some(job_result::Kind::Files(files)) = end.result.clone().unwrap().kind else {
        panic!("{end:?}");
    };
    assert_eq!(files.files.len(), 2);
    assert!(files.files.iter().all(|file| !file.thumbnail_asset_id.is_empty()));
    assert_eq!(end.steps[0].provider, "studio");

    let named = GetJobRequest { user_id: user.clone(), job_id: job.id.clone() };
    let read = api.jobs.clone().get_job(named).await.unwrap().into_inner().job.unwrap();
    assert_eq!(read, end);
    let wait = WaitJobRequest { user_id: user.clone(), job_id: job.id.clone(), patience: None };
    let waited = api.jobs.clone().wait_job(wait).await.unwrap().into_inner().job.unwrap();
    assert_eq!(waited, end);
    let token = &seen.last().unwrap().resume_token;
    assert_eq!(watch(api, &job, token).await.message().await.unwrap(), None, "nothing is new");

    let mut told: Vec<Event> = Vec::new();
    while told.last().is_none_or(|last| last.kind != "job.succeeded") {
        let message = timeout(PATIENCE, events.message()).await.expect("the end is told");
        told.extend(message.unwrap().unwrap().events);
    }
    assert!(told.iter().all(|event| event.subject_id == job.id && event.subject_type == "job"));
    assert_eq!(told[0].kind, "job.queued");
    let (mut listed, mut token) = (Vec::new(), begin.resume_token);
    loop {
        let (page, next) = list(api, &user, &token).await;
        token = next;
        if page.is_empty() {
            break;
        }
        listed.extend(page);
    }
    assert_eq!(listed, told);
    drop((events, watched));
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn news_reach_who_watches_within_moments() {
    let served = Served::start().await;
    let api = &served.api;
    sell(api).await;
    let user = rich(api, "watcher").await;
    let mut events = subscribe(api, &user, "").await;
    events.message().await.unwrap().unwrap();
    let mut took = Vec::new();
    for number in 0..10 {
        let job = create(api, &user, &format!("job-{number}")).await;
        let mut watched = watch(api, &job, "").await;
        watched.message().await.unwrap().unwrap();
        // Quiet for as long as it takes until only the notification is heard.
        tokio::time::sleep(Duration::from_millis(700)).await;
        let cancelled = cancel(api, &job).await;
        let begun = Instant::now();
        let message = timeout(PATIENCE, watched.message()).await.expect("it is told");
        took.push(begun.elapsed());
        assert_eq!(message.unwrap().unwrap().job, Some(cancelled));
        assert_eq!(watched.message().await.unwrap(), None);
    }
    took.sort_unstable();
    println!("from the answer of a cancellation to its watcher: {took:?}");
    // Far below the second after which it is looked though nothing is heard.
    assert!(took[5] < Duration::from_millis(200), "{took:?}");
    drop(events);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn streams_tell_their_followers_to_come_again_when_the_server_goes() {
    let served = Served::start().await;
    let api = served.api.clone();
    sell(&api).await;
    let user = rich(&api, "stayer").await;
    let job = create(&api, &user, "one").await;
    let mut watched = watch(&api, &job, "").await;
    let first = watched.message().await.unwrap().unwrap();
    assert!(!first.resume_token.is_empty());
    let mut events = subscribe(&api, "", "").await;
    events.message().await.unwrap().unwrap();
    let mut waiter = api.jobs.clone();
    let wait = WaitJobRequest { user_id: user, job_id: job.id, patience: None };
    let mut waiting = std::pin::pin!(waiter.wait_job(wait));
    let early = timeout(Duration::from_millis(300), &mut waiting).await;
    assert!(early.is_err(), "it waits for the end of the job: {early:?}");
    let ended = async {
        let waited = waiting.await.unwrap().into_inner().job.unwrap();
        assert_eq!(waited.state(), JobState::Queued);
        let watch = watched.message().await.unwrap_err();
        let subscription = loop {
            match events.message().await {
                Ok(message) => assert!(message.is_some(), "a subscription does not end by itself"),
                Err(status) => break status,
            }
        };
        for status in [watch, subscription] {
            assert_eq!(status.code(), Code::Unavailable);
            assert_eq!(reason(&status), "SHUTTING_DOWN");
        }
        drop((watched, events, api));
    };
    let ((), ()) = tokio::join!(served.end(), ended);
}
