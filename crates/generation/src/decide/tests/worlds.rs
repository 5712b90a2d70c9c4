//! Chance plays the provider, the workers and the user, in any order. Whatever happens: ends are
//! for good, holds end once, and nothing is asked for again that may have been made.

use proptest::prelude::*;

use super::*;

/// What may happen next.
#[derive(Debug, Clone)]
enum Happening {
    /// A worker takes the job on and does what is next; the world answers so.
    Work(Answer),
    /// A worker takes the job on, begins, and does not come back.
    Crash {
        made: bool,
    },
    Cancel,
    Wait(u32),
    Resolve(Resolution),
}

#[derive(Debug, Clone)]
enum Answer {
    Made(usize),
    Accepted,
    Failed(usize),
    Found,
    Nothing,
    Unknown,
}

fn classes() -> Vec<Class> {
    vec![
        Class::InvalidArgument,
        Class::ContentRefused { stage: Stage::Output, categories: Vec::new() },
        Class::RateLimited { retry_after: Some(Duration::from_secs(9)) },
        Class::QuotaExhausted { until: None },
        Class::AuthFailed,
        Class::ModelRetired,
        Class::Transient,
        Class::Ambiguous,
        Class::ProviderFailed { retryable: true },
        Class::ProviderFailed { retryable: false },
        Class::OutputLost,
    ]
}

fn answers() -> impl Strategy<Value = Answer> {
    prop_oneof![
        (0..5_usize).prop_map(Answer::Made),
        Just(Answer::Accepted),
        (0..classes().len()).prop_map(Answer::Failed),
        Just(Answer::Found),
        Just(Answer::Nothing),
        Just(Answer::Unknown),
    ]
}

fn happenings() -> impl Strategy<Value = Happening> {
    prop_oneof![
        12 => answers().prop_map(Happening::Work),
        2 => any::<bool>().prop_map(|made| Happening::Crash { made }),
        1 => Just(Happening::Cancel),
        3 => (0..90_000_u32).prop_map(Happening::Wait),
        1 => prop_oneof![
            Just(Resolution::Release),
            Just(Resolution::WriteOff),
            Just(Resolution::TryAgain),
        ]
        .prop_map(Happening::Resolve),
    ]
}

/// The job, and what is true of the world beside what the job knows of it.
struct World {
    job: Job,
    now: u32,
    /// Something may have been made of the step under way, and nobody has proven otherwise.
    maybe_made: bool,
    payments: Vec<Payment>,
}

impl World {
    fn turn_into(&mut self, outcome: Result<Job, Rejection>) {
        let Ok(after) = outcome else { return };
        match payment(&self.job, &after) {
            Payment::None => {}
            paid @ (Payment::Capture(_) | Payment::Release { .. }) => self.payments.push(paid),
        }
        if after.steps.iter().filter(|step| step.state == StepState::Stored).count()
            > self.job.steps.iter().filter(|step| step.state == StepState::Stored).count()
        {
            self.maybe_made = false;
        }
        self.job = after;
    }

    fn begin(&mut self) -> bool {
        let now = at(self.now);
        let Ok(begun) = start(self.job.clone(), now) else { return false };
        assert!(!self.maybe_made, "asked again for what may have been made: {:?}", self.job);
        self.turn_into(Ok(begun));
        true
    }

    /// Answers as `start` of a provider does.
    fn submit(&mut self, answer: &Answer) {
        if !self.begin() {
            return;
        }
        let (job, now) = (self.job.clone(), at(self.now));
        self.maybe_made = true;
        let outcome = match answer {
            Answer::Made(pieces) => made(job, (0..=*pieces).map(|_| remote()).collect(), now),
            Answer::Accepted | Answer::Found | Answer::Unknown | Answer::Nothing => {
                accepted(job, operation(), &rules(), 7, now)
            }
            Answer::Failed(class) => {
                let class = classes()[*class].clone();
                self.maybe_made = matches!(class, Class::Ambiguous);
                failed(job, &failure(class), &rules(), 7, now)
            }
        };
        self.turn_into(outcome);
    }

    fn poll(&mut self, answer: &Answer) {
        let (job, now) = (self.job.clone(), at(self.now));
        let outcome = match answer {
            Answer::Made(pieces) => made(job, (0..=*pieces).map(|_| remote()).collect(), now),
            Answer::Failed(class) => {
                let class = classes()[*class].clone();
                // The operation's own failures prove that nothing came of it.
                self.maybe_made = !matches!(
                    class,
                    Class::ContentRefused { .. }
                        | Class::ProviderFailed { .. }
                        | Class::InvalidArgument
                        | Class::OutputLost
                );
                poll_failed(job, &failure(class), &rules(), 7, now)
            }
            Answer::Accepted | Answer::Found | Answer::Unknown | Answer::Nothing => {
                polled(job, Some(50), None, &rules(), 7, now)
            }
        };
        self.turn_into(outcome);
    }

    fn store(&mut self, answer: &Answer) {
        let (job, now) = (self.job.clone(), at(self.now));
        let outcome = match answer {
            Answer::Failed(_) => fetch_failed(job, &failure(Class::Transient), &rules(), 7, now),
            Answer::Made(lost) => {
                let (_, step) = job.active().unwrap();
                let pieces = (0_u128..).zip(&step.pieces);
                let lost = u128::try_from(*lost).unwrap();
                let pieces = pieces.map(|(n, _)| if n < lost { remote() } else { piece(n) });
                let pieces = pieces.collect();
                stored(job, pieces, now)
            }
            Answer::Accepted | Answer::Found | Answer::Unknown | Answer::Nothing => Ok(job),
        };
        self.turn_into(outcome);
    }

    fn recover(&mut self, answer: &Answer) {
        let found = match answer {
            Answer::Found | Answer::Accepted => Recovered::Found(operation()),
            Answer::Nothing => {
                self.maybe_made = false;
                Recovered::Nothing
            }
            Answer::Made(_) | Answer::Failed(_) | Answer::Unknown => Recovered::Unknown,
        };
        let outcome = recovered(self.job.clone(), found, &rules(), 7, at(self.now));
        self.turn_into(outcome);
    }

    fn work(&mut self, answer: &Answer) {
        self.turn_into(Ok(claimed(self.job.clone())));
        let (job, now) = (self.job.clone(), at(self.now));
        match next(&job, &rules(), now) {
            Next::Start => self.submit(answer),
            Next::Poll => self.poll(answer),
            Next::Store => self.store(answer),
            Next::Recover => self.recover(answer),
            Next::Lost => self.turn_into(lost(job, &rules(), now)),
            Next::GiveUp => self.turn_into(give_up(job, Reason::OutcomeUnknown, now)),
            Next::Abandon => self.turn_into(give_up(job, Reason::WorkerCrashed, now)),
            Next::Stop => self.turn_into(cancelled(job, Some(Cancelled::Asked), now)),
            Next::Cancel => self.turn_into(cancelled(job, None, now)),
            Next::Expire => self.turn_into(expire(job, None, now)),
            Next::Nothing => {}
        }
    }

    fn happen(&mut self, happening: &Happening) {
        // A job that has ended is taken on by nobody.
        let open = !self.job.state.is_terminal();
        match happening {
            Happening::Wait(seconds) => self.now += seconds,
            Happening::Work(answer) if open => self.work(answer),
            Happening::Crash { made } if open => {
                self.turn_into(Ok(claimed(self.job.clone())));
                if next(&self.job, &rules(), at(self.now)) == Next::Start && self.begin() {
                    self.maybe_made = *made;
                }
            }
            Happening::Cancel => self.turn_into(cancel(self.job.clone(), at(self.now))),
            Happening::Resolve(how) => {
                if self.job.is_stuck() && *how == Resolution::TryAgain {
                    self.maybe_made = false;
                }
                self.turn_into(resolve(self.job.clone(), *how, at(self.now)));
            }
            Happening::Work(_) | Happening::Crash { .. } => {}
        }
    }
}

fn check(world: &World) {
    let job = &world.job;
    let open = !job.state.is_terminal();
    assert_eq!(job.money.hold == HoldState::Reserved, open, "an end closes the hold");
    assert_eq!(job.ended_at.is_some(), !open);
    assert!(job.money.captured <= job.money.amount);
    assert_eq!(job.money.hold == HoldState::Captured, !job.money.captured.is_zero());
    assert_eq!(world.payments.len(), usize::from(!open), "once: {:?}", world.payments);
    let (delivered, _) = job.tally();
    assert!(job.state != JobState::Succeeded || delivered > 0, "success is something");
    for step in &job.steps {
        let known = step.operation.is_some();
        assert!(step.submission != Submission::Accepted || known, "accepted has an operation");
        assert!(step.submission != Submission::NotStarted || !known);
    }
}

proptest! {
    #[test]
    fn whatever_happens_a_job_ends_once_and_is_paid_once(
        many in prop::collection::vec(happenings(), 1..60),
        of_steps in any::<bool>(),
    ) {
        let request = if of_steps { character() } else { image(4) };
        let mut world =
            World { job: job(request), now: 1, maybe_made: false, payments: Vec::new() };
        for happening in &many {
            let before = world.job.clone();
            world.happen(happening);
            if before.state.is_terminal() {
                prop_assert_eq!(&before, &world.job);
            }
            prop_assert!(before.work.generation <= world.job.work.generation);
            prop_assert!(before.progress <= world.job.progress || world.job.state.is_terminal());
            check(&world);
        }
    }
}
