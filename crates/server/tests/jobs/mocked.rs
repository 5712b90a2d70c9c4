//! A product with one model, which vendors of the mock have, on any store. Providers and darkroom
//! are the real ones; the time is a fake, so that a day of waiting takes no time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::Conversations;
use app::assets::{AssetParts, Assets};
use app::billing::Quotas;
use app::jobs::{JobParts, Jobs, JobsReads, NewJob, Providers, SetUp, Worker, WorkerLimits};
use assets::MediaType;
use assets::decide::Create;
use async_trait::async_trait;
use billing::profile::Profile;
use darkroom::{LocalDarkroom, Patience};
use generation::{
    Ability, Aspect, AudioFormat, ChatRequest, EditRequest, FrameRequest, HoldState, ImageRequest,
    Job, ModelRoute, Places, Priority, ProviderLimits, ProviderName, Request, ResearchRequest,
    Route, Rules, VideoRequest, VoiceoverRequest,
};
use kernel::{AssetId, Credits, Span, UserId};
use ledger::{Action, Command, Operation, verify};
use mock_vendors::MockVendors;
use ports::{
    AssetKeeping, Clock, FetchError, Fetched, Fetcher, Ids, LedgerReads, MediaStore, QuotaReads,
    Store, SubscriptionReads, UserReads, finish,
};
use providers::{Config, World, build};
use testkit::fixtures::{image_request, model, user, user_id};
use testkit::{FakeClock, FakeIds};

use crate::assets::http;
use crate::scenarios::{Flow, Kind};

/// How often a worker is sent round until a job must have ended.
const ROUNDS_MAX: usize = 400;

/// What a customer has.
const FUNDS: &str = "100";

/// Fetches over plain text from this machine.
struct Web;

#[async_trait]
impl Fetcher for Web {
    async fn fetch(&self, url: &str, limit: u64) -> Result<Fetched, FetchError> {
        let (status, bytes) = http::get(url).await;
        match status {
            200 if bytes.len() as u64 > limit => Err(FetchError::TooLarge { limit }),
            200 => Ok(Fetched { bytes, url: url.to_owned() }),
            other => Err(FetchError::Status(other)),
        }
    }
}

/// Everything that jobs ask of where things are stored.
pub(super) trait Stores:
    Store
    + JobsReads
    + AssetKeeping
    + QuotaReads
    + SubscriptionReads
    + UserReads
    + LedgerReads
    + 'static
{
}

impl<T> Stores for T where
    T: Store
        + JobsReads
        + AssetKeeping
        + QuotaReads
        + SubscriptionReads
        + UserReads
        + LedgerReads
        + 'static
{
}

pub(super) struct Shop<S> {
    pub(super) store: Arc<S>,
    pub(super) clock: Arc<FakeClock>,
    pub(super) jobs: Arc<Jobs>,
    pub(super) assets: Arc<Assets>,
    ids: Arc<FakeIds>,
    /// Which says what is asked for.
    flow: &'static Flow,
}

/// Who has the model.
pub(super) struct Vendors<'a> {
    pub(super) mock: &'a MockVendors,
    /// Each with its position and weight. The first says what is asked for.
    pub(super) flows: &'a [(&'static Flow, u16, u16)],
    /// What they are told, if they tell anybody.
    pub(super) webhook: Option<&'a str>,
}

/// Somebody with credits and a picture.
#[derive(Debug, Clone, Copy)]
pub(super) struct Customer {
    pub(super) user: UserId,
    picture: AssetId,
}

impl<S: Stores> Shop<S> {
    pub(super) async fn new(
        store: S,
        media: Arc<dyn MediaStore>,
        clock: FakeClock,
        mock: &MockVendors,
        flow: &'static Flow,
        rules: Rules,
    ) -> Self {
        let vendors = Vendors { mock, flows: &[(flow, 1, 1)], webhook: None };
        Self::with(store, media, clock, vendors, rules).await
    }

    pub(super) async fn with(
        store: S,
        media: Arc<dyn MediaStore>,
        clock: FakeClock,
        vendors: Vendors<'_>,
        rules: Rules,
    ) -> Self {
        let Vendors { mock, flows, webhook } = vendors;
        let (store, clock, ids) = (Arc::new(store), Arc::new(clock), Arc::new(FakeIds::new()));
        let mut providers = Providers::default();
        let mut sold = model("tested", Ability::ALL, &[]);
        for (flow, position, weight) in flows {
            let config = Config {
                base_url: Some(format!("{}{}", mock.url(flow.mocked), flow.path)),
                surface: flow.surface,
                webhook: webhook.map(str::to_owned),
                ..Config::of(flow.vendor, Some(flow.mocked.key().parse().unwrap()))
            };
            let world = World { clock: clock.clone(), fetcher: Arc::new(Web) };
            let provider = build(config, world).unwrap();
            let set_up = SetUp { provider, limits: ProviderLimits::default() };
            let name: ProviderName = flow.mocked.name().parse().unwrap();
            providers = providers.with(name.clone(), set_up);
            let route = Route { provider: name, model: flow.model.parse().unwrap() };
            let (position, weight) = (*position, *weight);
            sold.fields.routes.push(ModelRoute { position, weight, route });
        }
        let assets = Arc::new(Assets::new(AssetParts {
            store: store.clone(),
            media: Some(media),
            fetcher: Arc::new(Web),
            clock: clock.clone(),
            ids: ids.clone(),
        }));
        let (s, c, i) = (|| store.clone(), || clock.clone(), || ids.clone());
        let quotas = Quotas::new(s(), s(), s(), c(), i(), billing::Rules::default());
        let jobs = Jobs::new(JobParts {
            store: store.clone(),
            providers,
            quotas: Arc::new(quotas),
            allowances: None,
            assets: assets.clone(),
            darkroom: Arc::new(LocalDarkroom::new(Patience::default())),
            conversations: Arc::new(Conversations::new(s(), s(), c(), i())),
            clock: clock.clone(),
            ids: ids.clone(),
            rules,
            ledger_rules: ledger::Rules::default(),
        });
        app::billing::install(Profile::Vibe, &*store, &*clock, &*ids).await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let inserted = tx.insert_model(&sold).await;
        finish(tx, inserted).await.unwrap();
        Self { store, clock, jobs: Arc::new(jobs), assets, ids, flow: flows[0].0 }
    }

    pub(super) async fn customer(&self, number: u64) -> Customer {
        let owner = user_id(number);
        let purchase = Action::Purchase {
            amount: FUNDS.parse().unwrap(),
            expires_at: None,
            operation: Operation::default(),
        };
        let command = Command::new(owner, "funds".parse().unwrap(), self.ids.nonce(), purchase);
        let create = Create { user: owner, name: "grey.png".parse().unwrap(), metadata: None };
        let png = include_bytes!("../../../providers/tests/providers/grey.png").to_vec();
        let picture = AssetId::from_uuid(self.ids.uuid());
        let mut tx = self.store.begin().await.unwrap();
        tx.insert_user(&user(number, self.clock.now())).await.unwrap();
        let rules = ledger::Rules::default();
        let posted = app::ledger::post_in(&mut *tx, &*self.clock, &rules, &[&command]).await;
        finish(tx, posted).await.unwrap().remove(0).unwrap();
        let asset = self.assets.store_bytes(create, picture, MediaType::Png, png).await.unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let inserted = tx.insert_asset(&asset).await;
        finish(tx, inserted).await.unwrap();
        Customer { user: owner, picture }
    }

    /// What a customer asks for, with the mock's scenario in its words.
    pub(super) fn order(&self, customer: Customer, word: &str) -> NewJob {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let number = ASKED.fetch_add(1, Ordering::Relaxed);
        NewJob {
            user: customer.user,
            request_id: format!("call-{number}").parse().unwrap(),
            request: self.request(customer, word),
            model: "tested".parse().unwrap(),
            places: Places::default(),
            metadata: None,
            priority: Priority::Normal,
            not_before: None,
            operation_type: None,
        }
    }

    fn request(&self, customer: Customer, word: &str) -> Request {
        let words = format!("a cat [[{word}]]").parse().unwrap();
        let image = ImageRequest { prompt: words, ..image_request(self.flow.count(word)) };
        let prompt = image.prompt.clone();
        match self.flow.kind {
            Kind::Chat => Request::Chat(ChatRequest { instructions: None, message: prompt }),
            Kind::Research => Request::Research(ResearchRequest { prompt }),
            Kind::Image => Request::Image(image),
            Kind::Edit => {
                let sources = vec![customer.picture];
                Request::ImageEdit(EditRequest { image, sources, strength: None })
            }
            Kind::Film => Request::Video(VideoRequest {
                prompt,
                negative_prompt: None,
                art_style: None,
                frames: vec![FrameRequest { asset: customer.picture, output: None, millis: 5_000 }],
                millis: 5_000,
                aspect: "16:9".parse::<Aspect>().unwrap(),
                resolution: 720,
                seed: None,
            }),
            Kind::Speech => Request::Voiceover(VoiceoverRequest {
                text: prompt,
                voice: None,
                language: None,
                speed: 100,
                format: AudioFormat::Wav,
            }),
        }
    }

    pub(super) async fn read(&self, job: &Job) -> Job {
        self.jobs.get(job.user, job.id).await.unwrap()
    }

    /// Moves the time to when the job is due.
    pub(super) fn wait_for(&self, job: &Job) {
        self.clock.set(self.clock.now().max(job.work.due_at));
    }

    /// Works on the job until it has ended.
    pub(super) async fn finish(&self, job: &Job) -> Job {
        let worker = Arc::new(Worker::new(self.jobs.clone(), WorkerLimits::default()));
        for _ in 0..ROUNDS_MAX {
            let now = self.read(job).await;
            if now.state.is_terminal() {
                return now;
            }
            self.wait_for(&now);
            if worker.round().await == 0 {
                self.clock.advance(Span::from_secs(1));
            }
        }
        panic!("it has not ended: {:#?}", self.read(job).await);
    }

    /// What is wrong with the money of the only job that a customer has ever had.
    pub(super) async fn unpaid(&self, job: &Job) -> Option<String> {
        let audit = self.store.audit(job.user).await.unwrap().unwrap();
        let findings = verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
        if !findings.is_empty() {
            return Some(format!("the books do not close: {findings:?}"));
        }
        let funds: Credits = FUNDS.parse().unwrap();
        let spent = funds.checked_sub(audit.account.available).unwrap();
        let (delivered, asked) = job.tally();
        let cents = |credits: Credits| credits.to_string().replace('.', "").parse::<u64>().unwrap();
        let due = cents(job.money.amount) * u64::from(delivered) / u64::from(asked);
        let right = cents(spent) == due
            && job.money.captured == spent
            && audit.account.held.is_zero()
            && job.money.hold != HoldState::Reserved;
        (!right).then(|| format!("{delivered} of {asked} for {spent}: {:?}", job.money))
    }
}
