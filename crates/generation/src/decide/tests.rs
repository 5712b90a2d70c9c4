//! What becomes of jobs, case by case; `worlds` lets chance play the world.

mod worlds;

use std::time::Duration;

use kernel::{AssetId, Span};
use uuid::Uuid;

use super::*;
use crate::fixtures::{acceptance, at, character, claimed, credits, image, job, reserved};
use crate::{
    Cancelled, Class, Delivered, Failure, HoldState, Operation, Reason, Recovered, Stage, StepState,
};

fn rules() -> Rules {
    Rules::default()
}

fn failure(class: Class) -> Failure {
    Failure::new(class, "as it is")
}

fn operation() -> Operation {
    Operation(kernel::Json::of_texts(&[("id", "op-1")]).unwrap())
}

fn piece(number: u128) -> Delivered {
    Delivered::Stored { asset: AssetId::from_uuid(Uuid::from_u128(number)), thumbnail: None }
}

fn remote() -> Delivered {
    Delivered::Remote(crate::RemoteFile { url: "https://example.com/1".to_owned() })
}

fn begun() -> Job {
    start(job(image(4)), at(1)).unwrap()
}

fn fails(class: Class) -> Job {
    failed(begun(), &failure(class), &rules(), 0, at(2)).unwrap()
}

fn ended(job: &Job) -> (JobState, Option<Reason>, HoldState, String) {
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    (job.state, reason, job.money.hold, job.money.captured.to_string())
}

#[test]
fn a_job_is_made_stored_and_charged() {
    let begun = begun();
    let step = &begun.steps[0];
    assert_eq!((step.submission, step.attempts, step.submissions), (Submission::InFlight, 1, 1));
    assert_eq!(step.marker.as_ref().unwrap().as_str(), format!("{}.1.1", begun.id));
    let running = accepted(begun, operation(), &rules(), 0, at(2)).unwrap();
    assert_eq!((running.work.lease, running.work.due_at), (None, at(4)));
    assert_eq!(next(&running, &rules(), at(4)), Next::Poll);
    let polled = polled(claimed(running), Some(40), None, &rules(), 0, at(4)).unwrap();
    assert_eq!((polled.progress, polled.state), (40, JobState::Running));
    let made = made(claimed(polled), vec![remote(); 5], at(9)).unwrap();
    assert_eq!((made.state, made.steps[0].pieces.len()), (JobState::Storing, 4), "not five");
    assert_eq!(next(&made, &rules(), at(99_999)), Next::Store, "however late");
    let done = stored(made, (0..4).map(piece).collect(), at(10)).unwrap();
    assert_eq!(ended(&done), (JobState::Succeeded, None, HoldState::Captured, "7.00".into()));
    assert_eq!((done.progress, done.ended_at, done.work.lease), (100, Some(at(10)), None));
    assert!(done.money.quota_taken);
}

#[test]
fn job_scenario_10_three_of_four_pieces_are_three_quarters_of_the_price() {
    let made = made(begun(), vec![remote(); 4], at(2)).unwrap();
    let before = made.clone();
    let pieces = vec![piece(1), piece(2), remote(), piece(3)];
    let done = stored(made, pieces, at(3)).unwrap();
    assert_eq!(ended(&done), (JobState::Succeeded, None, HoldState::Captured, "5.25".into()));
    assert_eq!(payment(&before, &done), Payment::Capture(credits("5.25")));
}

#[test]
fn every_class_of_failure_leads_where_the_table_says() {
    let refused = |stage| Class::ContentRefused { stage, categories: Vec::new() };
    // One that ends the job at once, and how.
    for (class, state, reason) in [
        (Class::InvalidArgument, JobState::Failed, Reason::InvalidArgument),
        (refused(Stage::Input), JobState::Refused, Reason::ContentRefused),
        (refused(Stage::Output), JobState::Refused, Reason::ContentRefused),
        (Class::ProviderFailed { retryable: false }, JobState::Failed, Reason::ProviderFailed),
    ] {
        let job = fails(class);
        assert_eq!(ended(&job), (state, Some(reason), HoldState::Released, "0.00".into()));
        assert!(!job.money.quota_taken, "the unit goes back");
    }
    // One that lets somebody else be asked, at once.
    for class in [Class::QuotaExhausted { until: None }, Class::AuthFailed, Class::ModelRetired] {
        let job = fails(class);
        let step = &job.steps[0];
        assert_eq!((job.state, step.route, step.attempts), (JobState::Running, 1, 0));
        assert_eq!((job.work.lease, job.work.due_at), (None, at(2)));
        assert_eq!(next(&job, &rules(), at(2)), Next::Start);
    }
    // One that lets the same be asked again, after a pause.
    for class in [Class::Transient, Class::ProviderFailed { retryable: true }] {
        let job = fails(class);
        assert_eq!((job.steps[0].route, job.work.due_at), (0, at(4)));
    }
    let job = fails(Class::Ambiguous);
    assert_eq!(job.steps[0].submission, Submission::Ambiguous);
    assert_eq!((job.money.hold, job.is_stuck()), (HoldState::Reserved, true));
}

#[test]
fn tries_are_counted_for_each_route_and_then_it_is_over() {
    let (mut job, mut routes) = (job(image(1)), Vec::new());
    let mut now = at(1);
    while !job.state.is_terminal() {
        job = start(claimed(job), now).unwrap();
        routes.push(job.steps[0].route);
        job = failed(job, &failure(Class::Transient), &rules(), 0, now).unwrap();
        now = job.work.due_at.max(now);
    }
    assert_eq!(routes, [0, 0, 0, 0, 1, 1, 1, 1]);
    let why = Some(Reason::ProviderUnavailable);
    assert_eq!(ended(&job), (JobState::Failed, why, HoldState::Released, "0.00".into()));
}

#[test]
fn job_scenario_07_a_pause_is_waited_for_without_counting_as_a_try() {
    let limited = |secs| Class::RateLimited { retry_after: secs };
    for (named, due) in [
        (Some(Duration::from_secs(3)), at(5)),
        (Some(Duration::from_millis(38_200)), at(40).saturating_add(millis(200))),
        (None, at(4)),
    ] {
        let job = fails(limited(named));
        assert_eq!((job.work.due_at, job.steps[0].route), (due, 0), "{named:?}");
        assert_eq!((job.steps[0].attempts, job.steps[0].submissions), (0, 1));
    }
    let elsewhere = fails(limited(Some(Duration::from_secs(7_200))));
    assert_eq!((elsewhere.steps[0].route, elsewhere.work.due_at), (1, at(2)));
    let again = start(claimed(elsewhere), at(3)).unwrap();
    let over =
        failed(again, &failure(limited(Some(Duration::from_secs(7_200)))), &rules(), 0, at(4));
    let why = Some(Reason::RateLimited);
    let over = over.unwrap();
    assert_eq!(ended(&over), (JobState::Failed, why, HoldState::Released, "0.00".into()));
}

#[test]
fn a_provider_without_a_place_is_waited_for_or_passed_over() {
    let soon = no_place(job(image(1)), at(60), &rules(), at(1));
    assert_eq!((soon.steps[0].route, soon.work.lease, soon.work.due_at), (0, None, at(60)));
    let elsewhere = no_place(job(image(1)), at(600), &rules(), at(1));
    assert_eq!((elsewhere.steps[0].route, elsewhere.work.lease), (1, Some(Lease(1))));
    assert_eq!(next(&elsewhere, &rules(), at(1)), Next::Start);
    let last = no_place(elsewhere, at(600), &rules(), at(1));
    assert_eq!((last.steps[0].route, last.work.due_at), (1, at(600)));
}

fn millis(millis: i64) -> Span {
    Span::from_micros(millis * 1_000).unwrap()
}

#[test]
fn job_scenario_03_what_nobody_came_back_from_is_never_asked_for_again_without_proof() {
    let found = claimed(begun());
    assert_eq!(next(&found, &rules(), at(90)), Next::Lost);
    let lost = lost(found, &rules(), at(90)).unwrap();
    assert_eq!(
        start(lost.clone(), at(91)),
        Err(Rejection::OutOfOrder { submission: Submission::Ambiguous })
    );
    assert_eq!(next(&lost, &rules(), at(91)), Next::Recover);
    let unknown = recovered(lost.clone(), Recovered::Unknown, &rules(), 0, at(91)).unwrap();
    let until = at(90).saturating_add(rules().quarantine);
    assert_eq!((unknown.work.due_at, unknown.is_stuck()), (until, true));
    assert_eq!(next(&unknown, &rules(), until), Next::GiveUp);
    let given_up = give_up(unknown, Reason::OutcomeUnknown, until).unwrap();
    let why = Some(Reason::OutcomeUnknown);
    assert_eq!(ended(&given_up), (JobState::Failed, why, HoldState::WrittenOff, "0.00".into()));

    let found = recovered(lost.clone(), Recovered::Found(operation()), &rules(), 0, at(91));
    assert_eq!(next(&found.unwrap(), &rules(), at(93)), Next::Poll);
    let nothing = recovered(lost, Recovered::Nothing, &rules(), 0, at(91)).unwrap();
    assert_eq!(next(&nothing, &rules(), at(93)), Next::Start);
    assert_eq!(start(claimed(nothing), at(93)).unwrap().steps[0].submissions, 2);
}

#[test]
fn job_scenario_11_what_never_ends_expires_and_what_comes_late_is_not_charged() {
    let running = accepted(begun(), operation(), &rules(), 0, at(2)).unwrap();
    let late = running.deadline;
    assert_eq!(next(&running, &rules(), late), Next::Expire);
    let expired = expire(running, Some(Cancelled::Asked), late).unwrap();
    let why = Some(Reason::DeadlineExceeded);
    assert_eq!(ended(&expired), (JobState::Expired, why, HoldState::WrittenOff, "0.00".into()));
    let ended = Err(Rejection::Ended { state: JobState::Expired });
    assert_eq!(made(expired, vec![piece(1)], late), ended);
    assert_eq!(start(job(image(1)), late), Err(Rejection::DeadlinePassed));
}

#[test]
fn job_scenario_14_a_file_is_fetched_again_and_nothing_is_made_again() {
    let mut job = made(begun(), vec![remote()], at(2)).unwrap();
    for miss in 1..rules().fetches_max {
        job = fetch_failed(job, &failure(Class::OutputLost), &rules(), 0, at(3)).unwrap();
        assert_eq!((job.state, job.steps[0].misses), (JobState::Storing, miss));
        assert!(job.work.due_at > at(3));
    }
    let lost = fetch_failed(job, &failure(Class::Transient), &rules(), 0, at(4)).unwrap();
    let why = Some(Reason::OutputLost);
    assert_eq!(ended(&lost), (JobState::Failed, why, HoldState::WrittenOff, "0.00".into()));
    let nothing = stored(made(begun(), vec![remote()], at(2)).unwrap(), vec![remote()], at(3));
    assert_eq!(nothing.unwrap().money.hold, HoldState::WrittenOff);
}

#[test]
fn job_scenario_16_cancelling_is_decided_by_where_the_job_is() {
    let queued = cancel(job(image(1)), at(1)).unwrap();
    let why = Some(Reason::Cancelled);
    let released = (JobState::Cancelled, why, HoldState::Released, "0.00".to_owned());
    assert_eq!(ended(&queued), released);
    let already = Err(Rejection::Ended { state: JobState::Cancelled });
    assert_eq!((start(queued.clone(), at(2)), cancel(queued, at(2))), (already.clone(), already));

    let asked = cancel(begun(), at(2)).unwrap();
    assert_eq!((asked.state, asked.cancel_asked_at), (JobState::Running, Some(at(2))));
    assert_eq!(cancel(asked.clone(), at(3)), Ok(asked.clone()), "once");
    let running = accepted(asked.clone(), operation(), &rules(), 0, at(3)).unwrap();
    assert_eq!(running.work.due_at, at(3), "at once");
    assert_eq!(next(&running, &rules(), at(3)), Next::Stop);
    let stopped = cancelled(running.clone(), Some(Cancelled::Stopped), at(4)).unwrap();
    assert_eq!(ended(&stopped), released);
    let left = cancelled(running, Some(Cancelled::Unsupported), at(4)).unwrap();
    assert_eq!((left.state, left.money.hold), (JobState::Cancelled, HoldState::WrittenOff));
    let failed = failed(asked.clone(), &failure(Class::Transient), &rules(), 0, at(3)).unwrap();
    assert_eq!(ended(&failed), released);

    // Nothing can be done for whoever calls off what nobody knows: it is not looked at for ever.
    let lost = super::failed(asked.clone(), &failure(Class::Ambiguous), &rules(), 0, at(3));
    let lost = recovered(lost.unwrap(), Recovered::Unknown, &rules(), 0, at(4)).unwrap();
    assert_eq!(Some(lost.work.due_at), lost.steps[0].quarantined_until);

    // What is made by then is the user's, and is paid for.
    let made = made(asked, vec![remote()], at(3)).unwrap();
    assert_eq!(next(&made, &rules(), at(3)), Next::Store);
    let done = stored(made, vec![piece(1); 4], at(4)).unwrap();
    assert_eq!(done.state, JobState::Succeeded);
    assert_eq!(cancel(done, at(5)), Err(Rejection::Ended { state: JobState::Succeeded }));
}

#[test]
fn job_scenario_13_who_lost_the_lease_changes_nothing() {
    let job = begun();
    assert_eq!(check_lease(&job, Lease(1)), Ok(()));
    assert_eq!(check_lease(&job, Lease(2)), Err(Rejection::LeaseLost));
    let waiting = release(job, at(9));
    assert_eq!(check_lease(&waiting, Lease(1)), Err(Rejection::LeaseLost));
}

#[test]
fn a_job_that_ends_workers_is_ended_itself() {
    let mut poison = job(image(1));
    for _ in 0..rules().crashes_max {
        poison = claimed(poison);
        assert_eq!(next(&poison, &rules(), at(1)), Next::Start);
    }
    let poison = claimed(poison);
    assert_eq!(next(&poison, &rules(), at(1)), Next::Abandon);
    let dead = give_up(poison, Reason::WorkerCrashed, at(1)).unwrap();
    assert_eq!(dead.money.hold, HoldState::Released);
}

#[test]
fn a_character_whose_fifth_view_fails_keeps_four_and_goes_on_from_there() {
    let mut job = job(character());
    for number in 0..4 {
        job = start(job, at(1)).unwrap();
        job = made(job, vec![remote()], at(2)).unwrap();
        job = stored(job, vec![piece(number)], at(3)).unwrap();
        assert_eq!(job.state, JobState::Running);
    }
    assert_eq!(job.progress, 57);
    job = start(job, at(4)).unwrap();
    let gone = failure(Class::ProviderFailed { retryable: false });
    let job = failed(job, &gone, &rules(), 0, at(5)).unwrap();
    let why = Some(Reason::ProviderFailed);
    assert_eq!(ended(&job), (JobState::Failed, why, HoldState::Captured, "4.00".into()));
    assert!(job.money.quota_taken, "something was made");

    resumable(&job).unwrap();
    let again = Acceptance { resumes: Some(job.clone()), ..acceptance(character()) };
    let again = claimed(reserved(accept(again, at(9))));
    assert_eq!((again.money.amount, again.resumes), (credits("3"), Some(job.id)));
    assert_eq!(again.active().map(|(place, _)| place), Some(4));
    let mut again = again;
    for number in 4..7 {
        again = start(again, at(10)).unwrap();
        again = made(again, vec![remote()], at(10)).unwrap();
        again = stored(again, vec![piece(number)], at(10)).unwrap();
    }
    assert_eq!(ended(&again), (JobState::Succeeded, None, HoldState::Captured, "3.00".into()));
    assert_eq!(resumable(&again), Err(Rejection::NotRetryable { state: JobState::Succeeded }));
    let other = Acceptance { resumes: Some(job), ..acceptance(image(1)) };
    assert_eq!(accept(other, at(9)).money.amount, credits("7"), "another request shares nothing");
}

#[test]
fn an_operator_decides_only_what_nobody_knows() {
    assert_eq!(resolve(begun(), Resolution::Release, at(2)), Err(Rejection::NotStuck));
    let stuck = fails(Class::Ambiguous);
    for (how, hold) in
        [(Resolution::Release, HoldState::Released), (Resolution::WriteOff, HoldState::WrittenOff)]
    {
        let ended = resolve(stuck.clone(), how, at(3)).unwrap();
        assert_eq!((ended.state, ended.money.hold), (JobState::Failed, hold));
    }
    let again = resolve(stuck, Resolution::TryAgain, at(3)).unwrap();
    assert_eq!(next(&again, &rules(), at(3)), Next::Start);
}

#[test]
fn a_hold_outlives_everything_that_may_happen_to_its_job() {
    let job = job(character());
    let last = job.deadline.saturating_add(rules().quarantine);
    assert!(at(0).saturating_add(hold_lease(&job, &rules(), at(0))) > last);
}

#[test]
fn a_job_that_costs_nothing_holds_nothing() {
    let free = Acceptance { total: credits("0"), ..acceptance(image(1)) };
    let free = start(claimed(accept(free, at(0))), at(1)).unwrap();
    let made = made(free, vec![remote()], at(2)).unwrap();
    let done = stored(made.clone(), vec![piece(1)], at(3)).unwrap();
    assert_eq!((done.state, done.money.hold), (JobState::Succeeded, HoldState::Free));
    assert_eq!(payment(&made, &done), Payment::None);
}
