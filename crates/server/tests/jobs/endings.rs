//! How jobs end that do not go well, end to end: state, charge, quota, statistics and events, each
//! right. What goes wrong is ordered of the studio in the metadata of the job.

use ports::Clock;
use proto::atelier::billing::v1::GetQuotaRequest;
use proto::atelier::generation::v1::job_spec::Kind;
use proto::atelier::generation::v1::{
    CancelJobRequest, CreateJobRequest, ImageSpec, Job, JobEndReason, JobHold, JobState,
    ListEventsRequest, PixelSize, RetryJobRequest,
};
use proto::atelier::library::v1::ListOutputsRequest;
use server::clock::SystemClock;
use server::wire::json;
use tokio::time::{Duration, sleep};

use super::following::cancel;
use super::shop::{Customer, captured};
use crate::whole::calls::reason;
use crate::whole::stand::poll;
use crate::whole::wire::served::Served;

/// For other writers to end, however slow the machine is.
const EVENTS_PATIENCE: Duration = Duration::from_secs(20);

const SETTINGS: &[(&str, &str)] =
    &[("product.profile", "vibe"), ("studio.scripts", "true"), ("billing.daily_quota_free", "50")];

/// Four small pictures, and what is to go wrong with them.
fn pictures(customer: &mut Customer, script: &str) -> CreateJobRequest {
    let image = ImageSpec {
        prompt: "A lighthouse".to_owned(),
        count: 4,
        size: Some(PixelSize { width: 64, height: 64 }),
        ..Default::default()
    };
    let metadata = format!(r#"{{"studio":{script}}}"#);
    CreateJobRequest {
        metadata: Some(json::render(&metadata).unwrap()),
        ..customer.order("studio-image", Kind::Image(image))
    }
}

/// What must be true of a job that has ended: one end told, the books closed, nothing held, the
/// quota's unit back where nothing was delivered, an output only where something was.
async fn settled(customer: &Customer, job: &Job, units: u32) {
    let account = customer.account().await;
    assert_eq!(account.held, "0.00", "{job:#?}");
    let quota = GetQuotaRequest { user_id: customer.user.clone() };
    let quota = customer.api.quotas.clone().get_quota(quota).await.unwrap().into_inner();
    assert_eq!(quota.quota.unwrap().used, units, "{job:#?}");
    let request = ListEventsRequest {
        user_id: customer.user.clone(),
        kinds: vec!["job".to_owned()],
        page_size: 1_000,
        ..Default::default()
    };
    let ends = ["job.succeeded", "job.failed", "job.cancelled"];
    let mut told = Vec::new();
    // Events wait for whoever writes to the same server of databases, as other tests do.
    let heard = poll(EVENTS_PATIENCE, async || {
        let listed = customer.api.events.clone().list_events(request.clone()).await;
        told = listed.unwrap().into_inner().events;
        told.retain(|event| event.subject_id == job.id && ends.contains(&event.kind.as_str()));
        !told.is_empty()
    });
    assert!(heard.await, "no end is told");
    assert_eq!(told.len(), 1, "{told:?}");
    let outputs = ListOutputsRequest {
        user_id: customer.user.clone(),
        job_id: job.id.clone(),
        ..Default::default()
    };
    let outputs = customer.api.library.clone().list_outputs(outputs).await.unwrap().into_inner();
    let delivered: i32 = job.steps.iter().map(|step| step.delivered).sum();
    assert_eq!(outputs.outputs.len(), usize::try_from(delivered).unwrap(), "{job:#?}");
    customer.api.books_close(Some(&customer.user)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_to_end_charges_for_what_was_delivered_and_for_nothing_else() {
    use JobEndReason::{ContentRefused, InvalidArgument, OutputLost, ProviderFailed};
    use JobHold::{Captured, Released, WrittenOff};
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let mut units = 0;
    for (script, reason, charged, hold) in [
        (r#"{"fail": "refuse_input"}"#, Some(ContentRefused), "0.00", Released),
        (r#"{"fail": "refuse_output"}"#, Some(ContentRefused), "0.00", Released),
        (r#"{"fail": "invalid_argument"}"#, Some(InvalidArgument), "0.00", Released),
        (r#"{"fail": "failed"}"#, Some(ProviderFailed), "0.00", Released),
        (r#"{"garbage": true}"#, Some(OutputLost), "0.00", WrittenOff),
        (r#"{"truncate": true}"#, Some(OutputLost), "0.00", WrittenOff),
        (r#"{"partial": 3}"#, None, "6.00", Captured),
        (r#"{"fail": "failed_retryable", "times": 1}"#, None, "8.00", Captured),
        (r#"{"fail": "transient", "times": 1}"#, None, "8.00", Captured),
        (r#"{"fail": "ambiguous", "times": 1}"#, None, "8.00", Captured),
        (r#"{"accept": true}"#, None, "8.00", Captured),
        (r#"{"fail": "rate_limit", "times": 1, "retry_after_ms": 50}"#, None, "8.00", Captured),
    ] {
        let before = ada.account().await;
        let order = pictures(&mut ada, script);
        let job = ada.end_of(order).await;
        assert_eq!(job.ending.as_ref().map(|ending| ending.reason()), reason, "{script}: {job:#?}");
        let state = if reason.is_none() { JobState::Succeeded } else { JobState::Failed };
        let charge = job.charge.as_ref().unwrap();
        let told = (job.state(), charge.captured.as_str(), charge.hold());
        assert_eq!(told, (state, charged, hold), "{script}: {job:#?}");
        units += u32::from(reason.is_none());
        settled(&ada, &job, units).await;
        let after = ada.account().await;
        let cents = |text: &str| text.replace('.', "").parse::<i64>().unwrap();
        assert_eq!(cents(&before.available) - cents(&after.available), cents(charged), "{script}");
    }
    drop(ada);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_called_off_costs_what_was_delivered_by_then() {
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    // Nobody is at it: it ends at once.
    let tomorrow = SystemClock.now().as_micros() / 1_000_000 + 86_400;
    let tomorrow = prost_types::Timestamp { seconds: tomorrow, nanos: 0 };
    let order = CreateJobRequest { not_before_time: Some(tomorrow), ..pictures(&mut ada, "{}") };
    let queued = ada.ask(order).await;
    assert_eq!(cancel(&ada.api, &queued).await.state(), JobState::Cancelled);
    // Somebody is: it ends once they have stopped.
    let order = pictures(&mut ada, r#"{"hang": true}"#);
    let running = ada.ask(order).await;
    while ada.read(&running).await.state() != JobState::Running {
        sleep(Duration::from_millis(10)).await;
    }
    cancel(&ada.api, &running).await;
    for job in [ada.ended(&queued).await, ada.ended(&running).await] {
        let charge = job.charge.as_ref().unwrap();
        let told = (job.state(), charge.captured.as_str(), charge.hold());
        assert_eq!(told, (JobState::Cancelled, "0.00", JobHold::Released), "{job:#?}");
        settled(&ada, &job, 0).await;
    }
    // It is over: nothing changes.
    let order = pictures(&mut ada, "{}");
    let done = ada.end_of(order).await;
    let named = CancelJobRequest { user_id: done.user_id.clone(), job_id: done.id.clone() };
    let refused = ada.api.jobs.clone().cancel_job(named).await.unwrap_err();
    assert_eq!(reason(&refused), "JOB_ENDED");
    let late = ada.read(&done).await;
    assert_eq!((late.state(), captured(&late)), (JobState::Succeeded, "8.00"));
    settled(&ada, &late, 1).await;
    drop(ada);
    served.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn scenario_17_a_job_that_was_given_back_and_is_tried_again_has_a_hold_of_its_own() {
    let served = Served::set(4, SETTINGS).await;
    let mut ada = Customer::new(&served.api, "ada").await;
    let order = pictures(&mut ada, r#"{"fail": "failed", "times": 1}"#);
    let first = ada.end_of(order).await;
    assert_eq!((first.state(), captured(&first)), (JobState::Failed, "0.00"), "{first:#?}");
    let retry = RetryJobRequest {
        user_id: ada.user.clone(),
        job_id: first.id.clone(),
        request_id: "again".to_owned(),
    };
    let again = ada.api.jobs.clone().retry_job(retry.clone()).await.unwrap().into_inner();
    let replay = ada.api.jobs.clone().retry_job(retry).await.unwrap().into_inner();
    let (again, replayed) = (again.job.unwrap(), replay.job.unwrap());
    assert_eq!((&again.id, replay.replayed), (&replayed.id, true));
    let second = ada.ended(&again).await;
    assert_eq!((second.state(), captured(&second)), (JobState::Succeeded, "8.00"), "{second:#?}");
    assert_eq!(second.resumed_job_id, first.id);
    let holds = [&first, &second].map(|job| job.charge.as_ref().unwrap().transaction_id.clone());
    assert_ne!(holds[0], holds[1]);
    // What became of the second changes nothing of the first.
    assert_eq!(ada.read(&first).await, first);
    settled(&ada, &second, 1).await;
    drop(ada);
    served.end().await;
}
