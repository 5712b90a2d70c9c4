//! Jobs on the fakes, from the call to what is in the library and on the account. The faults are in
//! files of their own.

mod catalogue;
mod faults;
mod kinds;
mod matrix;
mod prints;
mod real;
mod trouble;
mod watches;

use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};

use app::assets::AssetParts;
use app::billing::Quotas;
use app::jobs::{
    Accepted, JobParts, JobsReads, Killed, NewJob, Providers, Saga, SagaStep, SetUp, Worker,
    WorkerLimits, install_models,
};
use app::{Assets, Conversations, JobError, Jobs};
use async_trait::async_trait;
use billing::profile::Profile;
use generation::{HoldState, Job, JobState, Places, Priority, ProviderLimits, Request, Rules};
use kernel::{AssetId, Credits, OutputKind, PageSize, Span, UserId};
use ledger::{Action, Command, Operation, verify};
use library::Output;
use ports::{
    AssetKeeping, Clock, EventFilter, EventReads, FetchError, Fetched, Fetcher, Ids, JobReads,
    LedgerReads, OutputFilter, OutputReads, QuotaReads, Store, SubscriptionReads, UserReads,
    finish,
};
use testkit::fixtures::{image_request, user, user_id};
use testkit::{FakeClock, FakeDarkroom, FakeIds, FakeMediaStore, FakeProvider, FakeStore};

pub(super) const PICTURE: &[u8] = include_bytes!("../../../assets/tests/files/a.png");

/// How often a worker is sent round until a job must have ended.
const ROUNDS_MAX: usize = 400;

/// A web with nothing in it.
struct Nowhere;

#[async_trait]
impl Fetcher for Nowhere {
    async fn fetch(&self, _url: &str, _limit: u64) -> Result<Fetched, FetchError> {
        Err(FetchError::Status(404))
    }
}

/// A whole product: one user with a hundred credits, a provider called studio and one called fal.
pub(super) struct World {
    pub(super) store: FakeStore,
    pub(super) clock: Arc<FakeClock>,
    pub(super) ids: Arc<FakeIds>,
    pub(super) media: Arc<FakeMediaStore>,
    pub(super) studio: Arc<FakeProvider>,
    pub(super) fal: Arc<FakeProvider>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) user: UserId,
    counter: AtomicUsize,
}

/// Ends the worker at one step of one time.
struct Assassin {
    step: SagaStep,
    /// How often it lets the step pass before. Below zero it is over.
    after: AtomicIsize,
}

#[async_trait]
impl Saga for Assassin {
    async fn reached(&self, step: SagaStep, _job: &Job) -> Result<(), Killed> {
        if step != self.step {
            return Ok(());
        }
        // Once: whoever was ended is another process afterwards.
        let left = self.after.fetch_sub(1, Ordering::SeqCst);
        if left == 0 { Err(Killed(step)) } else { Ok(()) }
    }
}

impl World {
    pub(super) async fn new() -> Self {
        Self::making(PICTURE).await
    }

    pub(super) async fn making(file: &[u8]) -> Self {
        Self::seeing(file, FakeDarkroom::new()).await
    }

    pub(super) async fn seeing(file: &[u8], darkroom: FakeDarkroom) -> Self {
        let store = FakeStore::new();
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        let (media, shared) = (Arc::new(FakeMediaStore::new()), Arc::new(store.clone()));
        let studio = Arc::new(FakeProvider::making(file.to_vec()));
        let fal = Arc::new(FakeProvider::making(file.to_vec()));
        let providers = [("studio", &studio), ("fal", &fal)];
        let jobs = jobs_on(shared, &clock, &ids, &media, Arc::new(darkroom), &providers);
        install_models(&store, true, clock.now()).await.unwrap();
        for profile in [Profile::Vibe, Profile::Characters] {
            app::billing::install(profile, &store, &*clock, &*ids).await.unwrap();
        }
        add_user(&store, &clock, &ids, 1).await;
        let counter = AtomicUsize::new(0);
        Self { store, clock, ids, media, studio, fal, jobs, user: user_id(1), counter }
    }

    pub(super) fn new_job(&self, model: &str, request: Request) -> NewJob {
        let number = self.counter.fetch_add(1, Ordering::SeqCst);
        NewJob {
            user: self.user,
            request_id: format!("call-{number}").parse().unwrap(),
            request,
            model: model.parse().unwrap(),
            places: Places::default(),
            metadata: None,
            priority: Priority::Normal,
            not_before: None,
            operation_type: None,
        }
    }

    pub(super) fn images(&self, count: u32) -> NewJob {
        self.new_job("studio-image", Request::Image(image_request(count)))
    }

    pub(super) async fn create(&self, new: &NewJob) -> Job {
        let Accepted { job, replayed } = self.jobs.create(new).await.unwrap();
        assert!(!replayed);
        job
    }

    pub(super) async fn refused(&self, new: &NewJob) -> JobError {
        self.jobs.create(new).await.unwrap_err()
    }

    pub(super) fn worker(&self) -> Arc<Worker> {
        Arc::new(Worker::new(self.jobs.clone(), WorkerLimits::default()))
    }

    /// A worker that ends at a step, having passed it so many times.
    pub(super) fn doomed(&self, step: SagaStep, after: isize) -> Arc<Worker> {
        let assassin = Assassin { step, after: AtomicIsize::new(after) };
        let worker = Worker::new(self.jobs.clone(), WorkerLimits::default());
        Arc::new(worker.watched(Arc::new(assassin)))
    }

    pub(super) async fn get(&self, job: &Job) -> Job {
        self.jobs.get(self.user, job.id).await.unwrap()
    }

    /// Sends the worker round, moving the clock to when something is due, until the job has ended.
    pub(super) async fn finish(&self, worker: &Arc<Worker>, job: &Job) -> Job {
        for _ in 0..ROUNDS_MAX {
            let now = self.get(job).await;
            if now.state.is_terminal() {
                self.check(&now).await;
                return now;
            }
            self.clock.set(self.clock.now().max(now.work.due_at));
            if worker.round().await == 0 {
                self.clock.advance(seconds(1));
            }
        }
        panic!("the job has not ended: {:?}", self.get(job).await);
    }

    /// Another user with a hundred credits.
    pub(super) async fn add_user(&self, number: u64) {
        add_user(&self.store, &self.clock, &self.ids, number).await;
    }

    pub(super) async fn run(&self, new: &NewJob) -> Job {
        let job = self.create(new).await;
        self.finish(&self.worker(), &job).await
    }

    pub(super) async fn balance(&self) -> (Credits, Credits) {
        let book = self.store.find_book(self.user, &[], self.clock.now()).await.unwrap().unwrap();
        (book.account().available, book.account().held)
    }

    pub(super) async fn outputs(&self, kind: OutputKind) -> Vec<Output> {
        let filter = OutputFilter { kinds: vec![kind], ..OutputFilter::default() };
        self.store.list_outputs(self.user, &filter, PageSize::MAX, None).await.unwrap().items
    }

    pub(super) async fn quota_used(&self) -> u32 {
        let start = self.clock.now();
        let settings = billing::QuotaSettings::new(self.user, "UTC".parse().unwrap());
        let window = settings.window(start);
        self.store.used(self.user, window.start).await.unwrap()
    }

    /// What must hold of every job that has ended, however it did.
    pub(super) async fn check(&self, job: &Job) {
        let audit = self.store.audit(self.user).await.unwrap().unwrap();
        let findings = verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
        assert!(findings.is_empty(), "the books do not close: {findings:?}");
        assert_ne!(job.money.hold, HoldState::Reserved, "an end closes the hold");
        let hold = audit.transactions.iter().find(|t| Some(t.id) == job.money.transaction);
        if let Some(hold) = hold {
            assert_eq!(hold.captured, job.money.captured, "the ledger agrees with the job");
            assert!(hold.hold.is_some_and(|hold| hold.end.is_some()), "{hold:?}");
        }
        let (delivered, _) = job.tally();
        assert!(job.state != JobState::Succeeded || delivered > 0);
        // Every stored piece has its bytes, and no byte is nobody's.
        let pieces = job.steps.iter().filter(|step| !step.carried).flat_map(|step| &step.pieces);
        let assets: Vec<AssetId> = pieces.filter_map(|piece| piece.asset()).collect();
        let found = ports::AssetReads::find_assets(&self.store, self.user, &assets).await.unwrap();
        assert_eq!(found.len(), assets.len());
        let filter = EventFilter { user: Some(self.user), under: vec!["job".to_owned()] };
        let (ever, first) = (kernel::Timestamp::MIN, kernel::EventPosition::default());
        let events = self.store.list_events_after(&filter, ever, first, usize::MAX).await.unwrap();
        let ends = ["job.succeeded", "job.failed", "job.cancelled"];
        let of = |event: &kernel::Event| {
            event.subject == *job.id.as_uuid() && ends.contains(&event.kind.as_str())
        };
        assert_eq!(events.iter().filter(|(_, event)| of(event)).count(), 1, "told once");
        let stuck = self.store.list_stuck(9).await.unwrap();
        assert!(stuck.iter().all(|other| other.id != job.id));
    }
}

/// The use cases on any store, with fakes around it.
fn jobs_on<S>(
    store: Arc<S>,
    clock: &Arc<FakeClock>,
    ids: &Arc<FakeIds>,
    media: &Arc<FakeMediaStore>,
    darkroom: Arc<FakeDarkroom>,
    providers: &[(&str, &Arc<FakeProvider>)],
) -> Arc<Jobs>
where
    S: Store + JobsReads + AssetKeeping + QuotaReads + SubscriptionReads + UserReads + 'static,
{
    let providers = providers.iter().fold(Providers::default(), |providers, (name, provider)| {
        let provider: Arc<FakeProvider> = (*provider).clone();
        let set_up = SetUp { provider, limits: ProviderLimits::default() };
        providers.with(name.parse().unwrap(), set_up)
    });
    let assets = Assets::new(AssetParts {
        store: store.clone(),
        media: Some(media.clone()),
        fetcher: Arc::new(Nowhere),
        clock: clock.clone(),
        ids: ids.clone(),
    });
    let rules = billing::Rules { daily_quota: [Some(50); 4], ..billing::Rules::default() };
    let (s, c, i) = (|| store.clone(), || clock.clone(), || ids.clone());
    let quotas = Quotas::new(s(), s(), s(), c(), i(), rules);
    let conversations = Conversations::new(s(), s(), c(), i());
    Arc::new(Jobs::new(JobParts {
        store,
        providers,
        quotas: Arc::new(quotas),
        allowances: None,
        assets: Arc::new(assets),
        darkroom,
        conversations: Arc::new(conversations),
        clock: clock.clone(),
        ids: ids.clone(),
        rules: Rules::default(),
        ledger_rules: ledger::Rules::default(),
    }))
}

async fn add_user(store: &impl Store, clock: &FakeClock, ids: &FakeIds, number: u64) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(number, clock.now())).await.unwrap();
    let (amount, operation) = ("100".parse().unwrap(), Operation::default());
    let purchase = Action::Purchase { amount, expires_at: None, operation };
    let command = Command::new(user_id(number), "funds".parse().unwrap(), ids.nonce(), purchase);
    let posted =
        app::ledger::post_in(&mut *tx, clock, &ledger::Rules::default(), &[&command]).await;
    finish(tx, posted).await.unwrap().remove(0).unwrap();
}

pub(super) fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

pub(super) fn seconds(seconds: u32) -> Span {
    Span::from_secs(seconds)
}
