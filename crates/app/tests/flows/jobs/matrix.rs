//! The matrix of faults: a worker is ended at each step of the work on a job, and commits are cut;
//! whatever happens, the job ends once, the books close, and nothing is made twice.

use app::jobs::SagaStep;
use generation::{HoldState, JobState, Request};
use ports::Clock;
use testkit::{CommitFault, Scripted};

use super::{World, credits, seconds};

/// What the worker is ended in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Course {
    /// The provider takes it on and is asked about it.
    Polled,
    /// The provider answers with the bytes.
    AtOnce,
    /// A text, of which nothing is stored but words.
    Text,
    /// Seven calls.
    Character,
}

const COURSES: [Course; 4] = [Course::Polled, Course::AtOnce, Course::Text, Course::Character];

async fn request(world: &World, course: Course) -> (Request, &'static str, usize) {
    let picture = || {
        let bytes = generation::MadeFile::Bytes(super::PICTURE.to_vec());
        Scripted::Made(vec![generation::Piece::File(bytes)])
    };
    let of = |wanted: &dyn Fn(&Request) -> bool| {
        testkit::fixtures::requests().into_iter().find(wanted).unwrap()
    };
    match course {
        Course::Polled => (world.images(1).request, "studio-image", 1),
        Course::AtOnce => {
            world.studio.script((0..9).map(|_| picture()));
            (world.images(1).request, "studio-image", 1)
        }
        Course::Text => (of(&|one| matches!(one, Request::Summary(_))), "studio-text", 1),
        Course::Character => {
            let mut request = of(&|one| one.steps().len() > 1);
            if let Request::Character(asked) = &mut request {
                (asked.character, asked.reference) = (None, None);
            }
            (request, "studio-image", 7)
        }
    }
}

#[tokio::test]
async fn job_scenario_03_wherever_a_worker_ends_the_job_ends_once_and_nothing_is_made_twice() {
    let (mut cells, mut reached) = (0, std::collections::BTreeSet::new());
    for course in COURSES {
        for step in SagaStep::ALL {
            for recovers in [true, false] {
                for after in [0, 1] {
                    let world = World::new().await;
                    world.studio.recovers(recovers);
                    let (request, model, calls) = request(&world, course).await;
                    let job = world.create(&world.new_job(model, request)).await;
                    let doomed = world.doomed(step, after);
                    // The doomed one works until it has died, or all is done.
                    for _ in 0..40 {
                        let now = world.get(&job).await;
                        if now.state.is_terminal() || now.work.lease.is_some() {
                            break;
                        }
                        world.clock.set(world.clock.now().max(now.work.due_at));
                        doomed.round().await;
                    }
                    if world.get(&job).await.work.lease.is_some() {
                        reached.insert(step);
                    }
                    world.clock.advance(seconds(61));
                    let job = world.finish(&world.worker(), &job).await;
                    let cell = format!("{course:?}, {step:?}, {recovers}, {after}: {job:?}");
                    assert!(world.studio.created() <= calls, "made twice: {cell}");
                    let made = job.state == JobState::Succeeded;
                    assert_eq!(
                        made,
                        job.money.hold == HoldState::Captured && job.ending.is_none(),
                        "{cell}"
                    );
                    let (left, held) = world.balance().await;
                    let charged = credits("100").checked_sub(left);
                    assert_eq!((charged, held), (Some(job.money.captured), credits("0")), "{cell}");
                    cells += 1;
                }
            }
        }
    }
    assert_eq!(cells, 128);
    assert_eq!(reached.len(), SagaStep::ALL.len() - 1, "every step but the last: {reached:?}");
}

#[tokio::test]
async fn job_scenario_18_wherever_a_commit_is_cut_the_job_ends_once_and_is_paid_once() {
    for course in COURSES {
        for fault in [CommitFault::LostCommit, CommitFault::LostAnswer, CommitFault::Contention] {
            for nth in 0..6 {
                let world = World::new().await;
                let (request, model, calls) = request(&world, course).await;
                let job = world.create(&world.new_job(model, request)).await;
                world.store.cut_commit(nth, fault);
                let job = world.finish(&world.worker(), &job).await;
                let cell = format!("{course:?}, {fault:?}, {nth}: {job:?}");
                assert!(world.studio.created() <= calls, "made twice: {cell}");
                let (left, held) = world.balance().await;
                let charged = credits("100").checked_sub(left);
                assert_eq!((charged, held), (Some(job.money.captured), credits("0")), "{cell}");
            }
        }
    }
}
