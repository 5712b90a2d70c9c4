//! The matrix of faults on real parts: Postgres behind a line that is cut at commits, an S3 endpoint
//! that fails before and after it has done what it was asked, adapters and a vendor that does as it
//! was told, and workers that are ended at each step. In every cell the job ends once and is paid
//! once, nothing is made twice, and no byte is left that is nobody's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use app::JobError;
use app::assets::Sweeping;
use app::jobs::{Killed, Saga, SagaStep, Worker, WorkerLimits};
use async_trait::async_trait;
use devstack::s3::{Fault as StoreFault, On};
use generation::{Job, JobState};
use kernel::Span;
use ports::{Clock, EventFilter, EventReads};
use server::clock::SystemClock;
use testkit::Stop;
use tokio::time::sleep;

use super::line::Line;

/// How often a worker is sent round until a job must have ended.
const ROUNDS_MAX: usize = 400;

/// How often a client asks again that is not answered.
const CALLS_MAX: usize = 4;

/// Of the S3 client for one call: so many faults make one put fail.
const ATTEMPTS: usize = 3;

/// More commits than any job has that is made at the first try: what is tried again and again commits
/// the same again and again.
const COMMITS_MAX: usize = 24;

/// For events to be told while other tests keep transactions open.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the vendor does.
#[derive(Clone, Copy)]
struct Course {
    flow: &'static str,
    /// The mock's scenario.
    word: &'static str,
    /// Whether its customer calls it off as soon as it runs.
    called_off: bool,
    /// Whether it looks at when it was asked: then each cell begins at the time of the machine.
    by_the_clock: bool,
}

/// What goes wrong with our own parts.
#[derive(Debug, Clone, Copy)]
enum Fault {
    Nothing,
    /// The worker ends after a step.
    Killed(SagaStep),
    /// The line is cut at a commit, so many after the first.
    Cut(usize, Stop),
    Store(StoreFault),
}

/// The cells of one course, on parts of its own.
struct Cells {
    course: Course,
    line: Line,
}

/// What came of a cell.
struct Outcome {
    job: Job,
    /// Whether the fault has happened.
    struck: bool,
}

/// Ends the worker at a step, once: whoever was ended is another process afterwards.
struct Assassin {
    step: SagaStep,
    done: AtomicBool,
}

#[async_trait]
impl Saga for Assassin {
    async fn reached(&self, step: SagaStep, _job: &Job) -> Result<(), Killed> {
        if step == self.step && !self.done.swap(true, Ordering::SeqCst) {
            return Err(Killed(step));
        }
        Ok(())
    }
}

impl Cells {
    /// Runs one job through a fault, and looks at everything afterwards.
    async fn cell(&self, number: u64, fault: Fault) -> Outcome {
        let customer = self.line.shop.customer(number).await;
        self.line.mock.reset();
        let mut doomed = None;
        match fault {
            Fault::Nothing => {}
            Fault::Killed(step) => {
                let assassin = Arc::new(Assassin { step, done: AtomicBool::new(false) });
                let worker = Worker::new(self.line.shop.jobs.clone(), WorkerLimits::default());
                doomed = Some((Arc::new(worker.watched(assassin.clone())), assassin));
            }
            Fault::Cut(passing, stop) => self.line.cable.stop_commit_after(passing, stop),
            Fault::Store(fault) => self.line.endpoint.faults().next(ATTEMPTS, On::Put, fault),
        }
        let worker = match &doomed {
            Some((doomed, _)) => doomed.clone(),
            None => Arc::new(Worker::new(self.line.shop.jobs.clone(), WorkerLimits::default())),
        };
        let work = self.work(&worker, self.line.shop.order(customer, self.course.word));
        let job = tokio::select! {
            job = work => job,
            () = self.keep_cutting() => unreachable!("it cuts for ever"),
        };
        let struck = match fault {
            Fault::Nothing => true,
            Fault::Killed(_) => {
                doomed.is_some_and(|(_, assassin)| assassin.done.load(Ordering::SeqCst))
            }
            Fault::Cut(..) => !self.line.cable.stop_none(),
            Fault::Store(_) => {
                let left = self.line.endpoint.faults().left();
                self.line.endpoint.faults().clear();
                left == 0
            }
        };
        self.check(&job, fault).await;
        Outcome { job, struck }
    }

    /// Asks for the job as a client does, and works on it until it has ended.
    async fn work(&self, worker: &Arc<Worker>, order: app::jobs::NewJob) -> Job {
        let mut calls = 0;
        let job = loop {
            calls += 1;
            match self.line.shop.jobs.create(&order).await {
                Ok(accepted) => break accepted.job,
                Err(JobError::Store(_)) if calls < CALLS_MAX => {}
                Err(error) => panic!("{error:?}"),
            }
        };
        let mut called_off = !self.course.called_off;
        for _ in 0..ROUNDS_MAX {
            let now = self.line.read(&job).await;
            if now.state.is_terminal() {
                return now;
            }
            if !called_off && now.state == JobState::Running {
                // Asked for again where the line was cut.
                called_off = self.line.shop.jobs.cancel(job.user, job.id).await.is_ok();
            }
            self.line.shop.wait_for(&now);
            if worker.round().await == 0 {
                // Leases run out, and pauses.
                self.line.shop.clock.advance(Span::from_secs(20));
            }
        }
        panic!("the job has not ended: {:#?}", self.line.read(&job).await);
    }

    /// Cuts whatever has stopped.
    async fn keep_cutting(&self) {
        loop {
            self.line.cable.stopped().await;
            self.line.cable.cut();
        }
    }

    async fn check(&self, job: &Job, fault: Fault) {
        let cell = format!("{}, {}, {fault:?}: {job:#?}", self.course.flow, self.course.word);
        if let Some(what) = self.line.shop.unpaid(job).await {
            panic!("{what}: {cell}");
        }
        let made = self.line.mock.created(self.line.flow.mocked).len();
        assert!(made <= 1, "made {made} times: {cell}");
        let filter = EventFilter { user: Some(job.user), under: vec!["job".to_owned()] };
        let (ever, first) = (kernel::Timestamp::MIN, kernel::EventPosition::default());
        let begun = Instant::now();
        // It is told once nothing older is open, in any database of the server.
        let ends = loop {
            let reads = &self.line.straight;
            let events = reads.list_events_after(&filter, ever, first, 1_000).await.unwrap();
            let ends = events.iter().filter(|(_, event)| {
                let kind = event.kind.as_str();
                ["job.succeeded", "job.failed", "job.cancelled"].contains(&kind)
            });
            let ends = ends.count();
            if ends > 0 || begun.elapsed() > PATIENCE {
                break ends;
            }
            sleep(Duration::from_millis(5)).await;
        };
        assert_eq!(ends, 1, "told once: {cell}");
        // The store says how old bytes are by the machine's clock.
        let clock = &self.line.shop.clock;
        clock.set(clock.now().max(SystemClock.now().saturating_add(Span::from_secs(1))));
        let how = Sweeping { grace: Span::ZERO, remove: true };
        let swept = self.line.shop.assets.sweep(how).await.unwrap();
        assert!(swept.is_clean(), "{swept:?}: {cell}");
        // Bytes of a job that has ended well are never left: each try puts them under one name.
        // Where it did not, the sweep has found what a dead worker had put.
        assert!(swept.orphans == 0 || job.state != JobState::Succeeded, "{swept:?}: {cell}");
    }
}

/// All cells of a course. Answers how many of them there were, and how many jobs succeeded.
async fn matrix(course: Course) -> (usize, usize) {
    let mut cells_of = Cells { course, line: Line::new(course.flow).await };
    let (mut number, mut cells, mut good) = (0, 0, 0);
    let mut cell = async |fault: Fault| {
        number += 1;
        if course.by_the_clock {
            cells_of.line = Line::new(course.flow).await;
        }
        let outcome = cells_of.cell(number, fault).await;
        cells += usize::from(outcome.struck);
        good += usize::from(outcome.struck && outcome.job.state == JobState::Succeeded);
        outcome.struck
    };
    cell(Fault::Nothing).await;
    for step in SagaStep::ALL {
        cell(Fault::Killed(step)).await;
    }
    for stop in [Stop::BeforeCommit, Stop::AfterCommit] {
        // Every commit there is, from the one that takes the job on.
        let mut passing = 0;
        while passing < COMMITS_MAX && cell(Fault::Cut(passing, stop)).await {
            passing += 1;
        }
        assert!(passing >= 3, "a job is more than {passing} commits");
    }
    for fault in [StoreFault::FailBefore, StoreFault::FailAfter, StoreFault::CutAfter] {
        cell(Fault::Store(fault)).await;
    }
    println!("{} with {}: {cells} cells, {good} good", course.flow, course.word);
    (cells, good)
}

const fn course(flow: &'static str, word: &'static str) -> Course {
    Course { flow, word, called_off: false, by_the_clock: false }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_made_at_once_is_charged_once_whatever_fails() {
    matrix(course("openai picture", "ok")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_its_time_is_charged_once_whatever_fails() {
    matrix(course("fal picture", "ok")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_is_charged_once_whatever_fails() {
    matrix(course("gemini text", "ok")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_hangs_is_never_asked_twice_whatever_fails() {
    matrix(course("openai picture", "hang")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_provider_that_answers_twice_is_paid_once_whatever_fails() {
    matrix(course("fal picture", "backwards")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_after_it_was_called_off_is_charged_as_promised_whatever_fails() {
    matrix(Course { called_off: true, ..course("fal picture", "slow:0.2") }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_for_an_answer_is_never_asked_for_twice_whatever_fails() {
    matrix(course("openai picture", "garbage")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_for_a_picture_costs_nothing_whatever_fails() {
    let (_, good) = matrix(course("fal picture", "wrong-magic")).await;
    assert_eq!(good, 0, "nothing that can be decoded was ever made");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn job_scenario_06_an_error_after_it_was_made_is_no_reason_to_make_it_again() {
    // One that keeps a list of what it was asked for, and one that does not.
    let (cells, good) =
        matrix(Course { by_the_clock: true, ..course("replicate picture", "ambiguous") }).await;
    assert!(good * 2 > cells, "{good} of {cells} were found again");
    let (_, good) = matrix(course("openai picture", "ambiguous")).await;
    assert_eq!(good, 0, "nobody knows what became of it");
}
