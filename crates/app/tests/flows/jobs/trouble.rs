//! What goes wrong with providers and users, and what it costs: the failures of a job that somebody
//! may decide about.

use std::time::Duration;

use app::JobError;
use app::jobs::{NewJob, SagaStep};
use generation::decide::Resolution;
use generation::{
    Cancelled, Class, Failure, HoldState, Job, JobState, ModelName, Polled, Reason, Rejection,
    Stage, Submission,
};
use ports::{Clock, Store};
use testkit::{CommitFault, FakeProvider, Scripted};

use super::{World, credits, seconds};

fn failure(class: Class) -> Failure {
    Failure::new(class, "as the provider put it")
}

fn failing(class: Class) -> Scripted {
    Scripted::Failed(failure(class))
}

fn made(count: u32) -> Scripted {
    Scripted::Accepted(vec![Ok(Polled::Made(FakeProvider::remote(count)))])
}

fn reason(job: &Job) -> Option<Reason> {
    job.ending.as_ref().map(|ending| ending.reason)
}

/// Nothing was charged, nothing is held, and the unit of the day is back.
async fn free(world: &World, job: &Job) {
    assert_eq!(world.balance().await, (credits("100"), credits("0")));
    assert_eq!(world.quota_used().await, 0);
    assert!(job.money.captured.is_zero());
}

#[tokio::test]
async fn job_scenario_01_the_same_request_is_one_job_however_often_it_is_sent() {
    let world = World::new().await;
    let new = world.images(1);
    let (a, b, c) =
        tokio::join!(world.jobs.create(&new), world.jobs.create(&new), world.jobs.create(&new));
    let all = [a.unwrap(), b.unwrap(), c.unwrap()];
    assert_eq!(all.iter().filter(|accepted| !accepted.replayed).count(), 1);
    assert!(all.iter().all(|accepted| accepted.job.id == all[0].job.id));
    assert_eq!(world.balance().await, (credits("98"), credits("2")));

    world.finish(&world.worker(), &all[0].job).await;
    world.clock.advance(seconds(3_600));
    // Though it would be refused by now.
    let late = NewJob { ..new.clone() };
    let again = world.jobs.create(&late).await.unwrap();
    assert_eq!((again.replayed, again.job.state), (true, JobState::Succeeded));
    let other = NewJob { priority: generation::Priority::Batch, ..new };
    let refused = world.refused(&other).await;
    assert!(matches!(refused, JobError::Rejected(Rejection::RequestIdReused(_))), "{refused:?}");
    assert_eq!(world.studio.created(), 1);
}

#[tokio::test]
async fn job_scenario_02_the_hold_and_the_job_appear_together_or_not_at_all() {
    let world = World::new().await;
    let new = world.images(1);
    world.store.fail_commits([CommitFault::LostCommit]);
    assert!(world.jobs.create(&new).await.is_err());
    assert_eq!(world.balance().await, (credits("100"), credits("0")));
    assert_eq!(world.quota_used().await, 0);
    world.store.fail_commits([CommitFault::LostAnswer]);
    assert!(world.jobs.create(&new).await.is_err());
    assert_eq!(world.balance().await, (credits("98"), credits("2")));
    let again = world.jobs.create(&new).await.unwrap();
    assert!(again.replayed);
    world.finish(&world.worker(), &again.job).await;
    assert_eq!(world.balance().await, (credits("98"), credits("0")));
}

#[tokio::test]
async fn job_scenario_04_a_lost_answer_is_found_again_and_never_asked_for_twice() {
    let world = World::new().await;
    world.studio.script([Scripted::Lost { made: true }]);
    let job = world.run(&world.images(1)).await;
    assert_eq!(job.state, JobState::Succeeded);
    assert_eq!((world.studio.calls().len(), world.studio.created()), (1, 1));

    // A provider that knows of nothing has made nothing: it is asked again.
    world.studio.script([Scripted::Lost { made: false }]);
    let job = world.run(&world.images(1)).await;
    assert_eq!((job.state, world.studio.calls().len()), (JobState::Succeeded, 3));
    assert_eq!(world.studio.created(), 2);
    assert_eq!(world.balance().await, (credits("96"), credits("0")));
}

#[tokio::test]
async fn job_scenario_05_what_nobody_can_find_again_is_held_then_given_back() {
    let world = World::new().await;
    world.studio.recovers(false);
    world.studio.script([Scripted::Lost { made: true }]);
    let job = world.create(&world.images(1)).await;
    let worker = world.worker();
    worker.round().await;
    world.clock.advance(seconds(5));
    worker.round().await;
    let stuck = world.jobs.stuck(9).await.unwrap();
    assert_eq!(stuck.iter().map(|job| job.id).collect::<Vec<_>>(), [job.id]);
    assert_eq!(stuck[0].steps[0].submission, Submission::Ambiguous);
    assert_eq!(world.balance().await, (credits("98"), credits("2")), "the hold is kept");
    let job = world.finish(&worker, &job).await;
    assert_eq!((job.state, reason(&job)), (JobState::Failed, Some(Reason::OutcomeUnknown)));
    assert_eq!((job.money.hold, world.studio.calls().len()), (HoldState::WrittenOff, 1));
    free(&world, &job).await;
}

#[tokio::test]
async fn an_operator_ends_what_nobody_knows_or_lets_it_be_tried_again() {
    for (how, state) in
        [(Resolution::Release, JobState::Failed), (Resolution::TryAgain, JobState::Succeeded)]
    {
        let world = World::new().await;
        world.studio.recovers(false);
        world.studio.script([Scripted::Lost { made: false }]);
        let job = world.create(&world.images(1)).await;
        let worker = world.worker();
        worker.round().await;
        let resolved = world.jobs.resolve(world.user, job.id, how).await.unwrap();
        assert_eq!(resolved.state.is_terminal(), how == Resolution::Release);
        let job = world.finish(&worker, &job).await;
        assert_eq!(job.state, state);
        let refused = world.jobs.resolve(world.user, job.id, how).await;
        assert!(matches!(refused, Err(JobError::Rejected(Rejection::Ended { .. }))));
    }
}

#[tokio::test]
async fn job_scenario_07_a_pause_is_waited_for_and_holds_up_nobody_else() {
    let world = World::new().await;
    let limited = Class::RateLimited { retry_after: Some(Duration::from_secs(3)) };
    world.studio.script([failing(limited.clone()), failing(limited)]);
    let job = world.create(&world.images(1)).await;
    let worker = world.worker();
    worker.round().await;
    let waiting = world.get(&job).await;
    assert_eq!(waiting.work.due_at, world.clock.now().saturating_add(seconds(3)));
    assert_eq!(waiting.steps[0].attempts, 0);
    // The studio rests, the other provider does not.
    let other = world.create(&world.new_job("flux", world.images(1).request)).await;
    let mine = world.create(&world.images(1)).await;
    worker.round().await;
    worker.round().await;
    assert_eq!((world.fal.calls().len(), world.studio.calls().len()), (1, 1));
    for job in [&job, &other, &mine] {
        assert_eq!(world.finish(&worker, job).await.state, JobState::Succeeded);
    }
}

#[tokio::test]
async fn job_scenario_08_an_exhausted_provider_is_left_alone_and_another_is_asked() {
    let world = World::new().await;
    let until = world.clock.now().saturating_add(seconds(3_000));
    world.fal.script([failing(Class::QuotaExhausted { until: Some(until) })]);
    let flux = || world.new_job("flux", world.images(1).request);
    let job = world.run(&flux()).await;
    assert_eq!((job.state, job.steps[0].route), (JobState::Succeeded, 1));
    assert_eq!(world.studio.created(), 1);
    // The next one does not wait for a provider that rests for long.
    let next = world.run(&flux()).await;
    assert_eq!((next.state, next.steps[0].route), (JobState::Succeeded, 1));
    assert_eq!((world.fal.calls().len(), world.studio.created()), (1, 2));
    // Once it is open again it is the first to be asked.
    world.clock.set(until);
    let last = world.run(&flux()).await;
    assert_eq!((last.state, last.steps[0].route), (JobState::Succeeded, 0));
}

#[tokio::test]
async fn job_scenario_09_a_refusal_is_taken_to_nobody_else_and_costs_nothing() {
    for stage in [Stage::Input, Stage::Output] {
        for late in [false, true] {
            let world = World::new().await;
            let class = Class::ContentRefused { stage, categories: vec!["violence".to_owned()] };
            world.fal.script([if late {
                Scripted::Accepted(vec![Err(failure(class))])
            } else {
                failing(class)
            }]);
            let job = world.run(&world.new_job("flux", world.images(1).request)).await;
            assert_eq!(
                (job.state, reason(&job)),
                (JobState::Refused, Some(Reason::ContentRefused))
            );
            assert!(world.studio.calls().is_empty());
            free(&world, &job).await;
        }
    }
}

#[tokio::test]
async fn job_scenario_10_three_of_four_are_delivered_and_three_are_charged() {
    let world = World::new().await;
    world.studio.script([made(3)]);
    let job = world.run(&world.images(4)).await;
    assert_eq!((job.state, job.money.captured), (JobState::Succeeded, credits("6")));
    assert_eq!(world.balance().await, (credits("94"), credits("0")));
    assert_eq!(world.outputs(kernel::OutputKind::Image).await.len(), 3);
    assert_eq!(world.quota_used().await, 1);
}

#[tokio::test]
async fn job_scenario_11_what_never_ends_is_stopped_and_costs_nothing() {
    let world = World::new().await;
    let running = Polled::Running { percent: Some(99), again_after: None };
    world.studio.script([Scripted::Accepted(vec![Ok(running)])]);
    world.studio.answer_cancel(Cancelled::Unsupported);
    let job = world.run(&world.images(1)).await;
    assert_eq!((job.state, reason(&job)), (JobState::Expired, Some(Reason::DeadlineExceeded)));
    assert_eq!((world.studio.cancelled(), job.money.hold), (1, HoldState::WrittenOff));
    free(&world, &job).await;
}

#[tokio::test]
async fn job_scenario_14_a_result_that_cannot_be_had_is_fetched_again_and_never_made_again() {
    let lost = |count| (0..count).map(|_| failure(Class::OutputLost));
    let world = World::new().await;
    world.studio.fail_fetches(lost(3).chain([failure(Class::Transient)]));
    let job = world.run(&world.images(1)).await;
    assert_eq!((job.state, world.studio.fetched()), (JobState::Succeeded, 5));

    world.studio.fail_fetches(lost(99));
    let job = world.run(&world.images(1)).await;
    assert_eq!((job.state, reason(&job)), (JobState::Failed, Some(Reason::OutputLost)));
    assert_eq!((job.money.hold, world.studio.created()), (HoldState::WrittenOff, 2));

    let cut = &super::PICTURE[..super::PICTURE.len() - 9];
    for rubbish in [&b"<html>"[..], b"", &super::PICTURE[..20], cut] {
        let world = World::making(rubbish).await;
        let job = world.run(&world.images(1)).await;
        assert_eq!((job.state, reason(&job)), (JobState::Failed, Some(Reason::OutputLost)));
        assert_eq!(world.studio.created(), 1);
        assert!(world.media.keys().is_empty(), "no byte of it was kept");
        free(&world, &job).await;
    }
}

#[tokio::test(start_paused = true)]
async fn job_scenario_15_bytes_wait_for_the_store_and_are_charged_once_they_are_there() {
    let world = World::new().await;
    let job = world.create(&world.images(1)).await;
    let worker = world.worker();
    world.media.set_down(true);
    for _ in 0..6 {
        world.clock.set(world.clock.now().max(world.get(&job).await.work.due_at));
        worker.round().await;
    }
    let waiting = world.get(&job).await;
    assert_eq!((waiting.state, waiting.money.hold), (JobState::Storing, HoldState::Reserved));
    world.media.set_down(false);
    let job = world.finish(&worker, &job).await;
    assert_eq!((job.state, world.studio.created()), (JobState::Succeeded, 1));
    assert_eq!(world.media.keys().len(), 1);
}

#[tokio::test]
async fn job_scenario_16_a_cancelled_job_costs_what_was_delivered() {
    let world = World::new().await;
    // Nobody is at it.
    let queued = world.create(&world.images(1)).await;
    let cancelled = world.jobs.cancel(world.user, queued.id).await.unwrap();
    assert_eq!((cancelled.state, cancelled.money.hold), (JobState::Cancelled, HoldState::Released));
    assert_eq!(world.jobs.cancel(world.user, queued.id).await.unwrap(), cancelled, "once");
    world.worker().round().await;
    assert!(world.studio.calls().is_empty());
    free(&world, &cancelled).await;

    // Somebody is at it: the provider is asked to stop.
    let running = world.create(&world.images(1)).await;
    world.worker().round().await;
    let asked = world.jobs.cancel(world.user, running.id).await.unwrap();
    assert_eq!(asked.state, JobState::Running);
    let ended = world.finish(&world.worker(), &running).await;
    assert_eq!((ended.state, ended.money.hold), (JobState::Cancelled, HoldState::Released));
    assert_eq!(world.studio.cancelled(), 1);
    free(&world, &ended).await;

    // It is there already: the user has it, and pays.
    world.studio.script([made(1)]);
    let late = world.create(&world.images(1)).await;
    world.worker().round().await;
    world.jobs.cancel(world.user, late.id).await.unwrap();
    world.studio.answer_cancel(Cancelled::Ended);
    let late = world.finish(&world.worker(), &late).await;
    assert_eq!((late.state, late.money.captured), (JobState::Succeeded, credits("2")));
    let over = world.jobs.cancel(world.user, late.id).await;
    assert!(matches!(over, Err(JobError::Rejected(Rejection::Ended { .. }))));

    // A fraction of a character is a fraction of its price.
    let mut request =
        testkit::fixtures::requests().into_iter().find(|one| one.steps().len() > 1).unwrap();
    if let generation::Request::Character(asked) = &mut request {
        (asked.character, asked.reference) = (None, None);
    }
    let drawn = world.create(&world.new_job("studio-image", request)).await;
    let worker = world.worker();
    while world.get(&drawn).await.tally().0 < 2 {
        world.clock.set(world.clock.now().max(world.get(&drawn).await.work.due_at));
        worker.round().await;
    }
    world.studio.answer_cancel(Cancelled::Stopped);
    world.jobs.cancel(world.user, drawn.id).await.unwrap();
    let drawn = world.finish(&worker, &drawn).await;
    assert_eq!((drawn.state, drawn.money.captured), (JobState::Cancelled, credits("4.28")));
}

#[tokio::test]
async fn job_scenario_17_a_price_is_frozen_and_a_model_that_goes_is_refused_before() {
    let world = World::new().await;
    let job = world.create(&world.images(1)).await;
    let key = billing::PriceKey {
        operation: "IMAGE_GENERATION".parse().unwrap(),
        model: None,
        edit: false,
    };
    let mut tx = world.store.begin().await.unwrap();
    let versions = tx.list_price_versions(&key).await.unwrap();
    let mut dearer = versions[0].clone();
    dearer.number = 2;
    dearer.id = kernel::PriceVersionId::from_uuid(ports::Ids::uuid(&*world.ids));
    dearer.terms = dearer.terms.map(|terms| billing::Terms { unit_price: credits("9"), ..terms });
    tx.insert_price_version(&dearer).await.unwrap();
    tx.commit().await.unwrap();
    world.clock.advance(seconds(1));
    let job = world.finish(&world.worker(), &job).await;
    assert_eq!(job.money.captured, credits("2"));
    assert_eq!(world.jobs.quote(&world.images(1)).await.unwrap().total, credits("9"));
    let retired: ModelName = "imagen-4.0-generate-001".parse().unwrap();
    let refused = world.refused(&NewJob { model: retired, ..world.images(1) }).await;
    assert!(matches!(refused, JobError::Rejected(Rejection::ModelRetired { .. })));

    // A vendor that retires it under our hands costs nothing, and somebody else is asked.
    world.fal.script([failing(Class::ModelRetired)]);
    let job = world.run(&world.new_job("flux", world.images(1).request)).await;
    assert_eq!((job.state, world.studio.created()), (JobState::Succeeded, 2));
}

#[tokio::test]
async fn what_a_provider_cannot_now_is_tried_again_then_elsewhere_then_given_up() {
    let world = World::new().await;
    world.fal.script((0..4).map(|_| failing(Class::Transient)));
    let job = world.run(&world.new_job("flux", world.images(1).request)).await;
    assert_eq!((job.state, world.fal.calls().len()), (JobState::Succeeded, 4));

    let world = World::new().await;
    world.studio.script((0..9).map(|_| failing(Class::ProviderFailed { retryable: true })));
    let job = world.run(&world.images(1)).await;
    assert_eq!((job.state, reason(&job)), (JobState::Failed, Some(Reason::ProviderFailed)));
    assert_eq!(world.studio.calls().len(), 4);
    free(&world, &job).await;
}

#[tokio::test]
async fn a_poison_job_ends_after_a_few_workers() {
    let world = World::new().await;
    let job = world.create(&world.images(1)).await;
    for _ in 0..5 {
        world.clock.set(world.clock.now().max(world.get(&job).await.work.due_at));
        world.clock.advance(seconds(61));
        world.doomed(SagaStep::Claimed, 0).round().await;
    }
    world.clock.advance(seconds(61));
    let job = world.finish(&world.worker(), &job).await;
    assert_eq!((job.state, reason(&job)), (JobState::Failed, Some(Reason::WorkerCrashed)));
    free(&world, &job).await;
}
