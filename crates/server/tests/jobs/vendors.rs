//! Every way to ask every vendor, in every scenario of the mock, as a job: how it ends, what it
//! costs, and how often the vendor was asked to make it. Providers and darkroom are the real ones;
//! the time and the store are the fakes, so that a day of waiting takes no time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::Conversations;
use app::assets::{AssetParts, Assets};
use app::billing::Quotas;
use app::jobs::{JobParts, Jobs, NewJob, Providers, SetUp, Worker, WorkerLimits};
use assets::MediaType;
use assets::decide::Create;
use async_trait::async_trait;
use billing::profile::Profile;
use darkroom::{LocalDarkroom, Patience};
use generation::{
    Ability, Aspect, AudioFormat, ChatRequest, EditRequest, FrameRequest, HoldState, ImageRequest,
    Job, JobState, Places, Priority, ProviderLimits, Reason, Request, ResearchRequest, Rules,
    VideoRequest, VoiceoverRequest,
};
use kernel::{AssetId, Credits, UserId};
use ledger::{Action, Command, Operation, verify};
use mock_vendors::MockVendors;
use ports::{Clock, FetchError, Fetched, Fetcher, Ids, LedgerReads, Store, finish};
use providers::{Config, World, build};
use testkit::fixtures::{image_request, model, user, user_id};
use testkit::{FakeClock, FakeIds, FakeMediaStore, FakeStore};
use tokio::task::JoinSet;

use crate::assets::http;
use crate::expectations::{SCENARIOS, expected};
use crate::scenarios::{FLOWS, Flow, Kind};

/// How often a worker is sent round before a job that waits is called off.
const ROUNDS_MAX: usize = 60;

/// What a user has.
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

/// A product with one model, which one vendor of the mock has.
struct Shop {
    store: FakeStore,
    clock: Arc<FakeClock>,
    jobs: Arc<Jobs>,
    user: UserId,
    picture: AssetId,
}

impl Shop {
    async fn new(mock: &MockVendors, flow: &Flow) -> Self {
        let store = FakeStore::new();
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        let config = Config {
            base_url: Some(format!("{}{}", mock.url(flow.mocked), flow.path)),
            surface: flow.surface,
            ..Config::of(flow.vendor, Some(flow.mocked.key().parse().unwrap()))
        };
        let world = World { clock: clock.clone(), fetcher: Arc::new(Web) };
        let provider = build(config, world).unwrap();
        let set_up = SetUp { provider, limits: ProviderLimits::default() };
        let shared = Arc::new(store.clone());
        let assets = Arc::new(Assets::new(AssetParts {
            store: shared.clone(),
            media: Some(Arc::new(FakeMediaStore::new())),
            fetcher: Arc::new(Web),
            clock: clock.clone(),
            ids: ids.clone(),
        }));
        let (s, c, i) = (|| shared.clone(), || clock.clone(), || ids.clone());
        let quotas = Quotas::new(s(), s(), s(), c(), i(), billing::Rules::default());
        let jobs = Jobs::new(JobParts {
            store: shared.clone(),
            providers: Providers::default().with("tested".parse().unwrap(), set_up),
            quotas: Arc::new(quotas),
            allowances: None,
            assets: assets.clone(),
            darkroom: Arc::new(LocalDarkroom::new(Patience::default())),
            conversations: Arc::new(Conversations::new(s(), s(), c(), i())),
            clock: clock.clone(),
            ids: ids.clone(),
            rules: Rules::default(),
            ledger_rules: ledger::Rules::default(),
        });
        app::billing::install(Profile::Vibe, &store, &*clock, &*ids).await.unwrap();
        let picture = fill(&store, &clock, &ids, &assets, flow).await;
        Self { store, clock, jobs: Arc::new(jobs), user: user_id(1), picture }
    }

    fn request(&self, flow: &Flow, word: &str) -> Request {
        let words = format!("a cat [[{word}]]").parse().unwrap();
        let image = ImageRequest { prompt: words, ..image_request(flow.count(word)) };
        let prompt = image.prompt.clone();
        match flow.kind {
            Kind::Chat => Request::Chat(ChatRequest { instructions: None, message: prompt }),
            Kind::Research => Request::Research(ResearchRequest { prompt }),
            Kind::Image => Request::Image(image),
            Kind::Edit => {
                let sources = vec![self.picture];
                Request::ImageEdit(EditRequest { image, sources, strength: None })
            }
            Kind::Film => Request::Video(VideoRequest {
                prompt,
                negative_prompt: None,
                art_style: None,
                frames: vec![FrameRequest { asset: self.picture, output: None, millis: 5_000 }],
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

    /// Makes the job, and calls it off if it waits for too long. Whether that was needed.
    async fn run(&self, flow: &Flow, word: &str) -> (Job, bool) {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let number = ASKED.fetch_add(1, Ordering::Relaxed);
        let new = NewJob {
            user: self.user,
            request_id: format!("call-{number}").parse().unwrap(),
            request: self.request(flow, word),
            model: "tested".parse().unwrap(),
            places: Places::default(),
            metadata: None,
            priority: Priority::Normal,
            not_before: None,
            operation_type: None,
        };
        let job = self.jobs.create(&new).await.unwrap().job;
        let worker = Arc::new(Worker::new(self.jobs.clone(), WorkerLimits::default()));
        let mut called_off = false;
        for round in 0..4 * ROUNDS_MAX {
            let now = self.jobs.get(self.user, job.id).await.unwrap();
            if now.state.is_terminal() {
                return (now, called_off);
            }
            if round == ROUNDS_MAX && expected(flow, word) != "running" {
                self.jobs.cancel(self.user, job.id).await.unwrap();
                called_off = true;
            }
            self.clock.set(self.clock.now().max(now.work.due_at));
            if worker.round().await == 0 {
                self.clock.advance(kernel::Span::from_secs(1));
            }
        }
        panic!(
            "{}, {word}: it has not ended: {:#?}",
            flow.name,
            self.jobs.get(self.user, job.id).await
        );
    }

    /// What is wrong with the money.
    async fn unpaid(&self, job: &Job) -> Option<String> {
        let audit = self.store.audit(self.user).await.unwrap().unwrap();
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

/// A user with credits and a picture, and the model.
async fn fill(
    store: &FakeStore,
    clock: &FakeClock,
    ids: &FakeIds,
    assets: &Assets,
    flow: &Flow,
) -> AssetId {
    let mut model = model("tested", Ability::ALL, &["tested"]);
    model.fields.routes[0].route.model = flow.model.parse().unwrap();
    let owner = user_id(1);
    let purchase = Action::Purchase {
        amount: FUNDS.parse().unwrap(),
        expires_at: None,
        operation: Operation::default(),
    };
    let command = Command::new(owner, "funds".parse().unwrap(), ids.nonce(), purchase);
    let create = Create { user: owner, name: "grey.png".parse().unwrap(), metadata: None };
    let png = include_bytes!("../../../providers/tests/providers/grey.png").to_vec();
    let id = AssetId::from_uuid(ids.uuid());
    let asset = assets.store_bytes(create, id, MediaType::Png, png).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.insert_model(&model).await.unwrap();
    tx.insert_user(&user(1, clock.now())).await.unwrap();
    tx.insert_asset(&asset).await.unwrap();
    let rules = ledger::Rules::default();
    let posted = app::ledger::post_in(&mut *tx, clock, &rules, &[&command]).await;
    finish(tx, posted).await.unwrap().remove(0).unwrap();
    asset.id
}

/// Whether a job may end so where the adapter tells this of the scenario.
fn fits(told: &str, word: &str, job: &Job, called_off: bool) -> bool {
    let reason = job.ending.as_ref().map(|ending| ending.reason);
    let good = job.state == JobState::Succeeded && reason.is_none();
    let written_off = job.money.hold == HoldState::WrittenOff;
    let lost = reason == Some(Reason::OutputLost) && written_off;
    match told {
        // Bytes that came are looked at: what is no picture, or only half of one, is lost.
        "made" => good || (spoiling(word) && lost),
        "made 3 of 4" => good && job.tally() == (3, 4),
        // The mock's huge file is within what the product takes.
        "made, and then transient" | "made, and then output_lost" | "output_lost" => {
            lost || (word == "huge:4" && good)
        }
        "content_refused" => reason == Some(Reason::ContentRefused),
        "rate_limited" => {
            let late = [Some(Reason::RateLimited), Some(Reason::DeadlineExceeded)];
            called_off || good || late.contains(&reason)
        }
        "quota_exhausted" | "auth_failed" => {
            called_off || matches!(reason, Some(Reason::RateLimited | Reason::ProviderUnavailable))
        }
        "model_retired" => reason == Some(Reason::ModelRetired),
        "provider_failed" | "provider_failed for now" => reason == Some(Reason::ProviderFailed),
        // Found again where the vendor can look, though it may be of no use; else a loss of ours
        // once nobody hopes any more.
        "ambiguous" => good || lost || (reason == Some(Reason::OutcomeUnknown) && written_off),
        "running" => reason == Some(Reason::DeadlineExceeded),
        other => panic!("{other} is told of nothing here"),
    }
}

fn spoiling(word: &str) -> bool {
    ["html", "wrong-magic", "truncate", "wrong-length", "huge:4"].contains(&word)
}

/// How often the vendor may have been asked to make it: once, unless it said that nothing was made.
fn most(told: &str) -> usize {
    match told {
        "rate_limited" | "quota_exhausted" => usize::MAX,
        "provider_failed for now" | "auth_failed" => usize::from(Rules::default().attempts_max),
        _ => 1,
    }
}

async fn wrongs(flow: &'static Flow) -> Vec<String> {
    let mock = MockVendors::start().await.unwrap();
    let mut wrongs = Vec::new();
    // Whoever hangs is waited for by the clock of the machine: the adapters' own tests do that.
    for word in SCENARIOS.iter().filter(|word| **word != "hang") {
        mock.reset();
        let shop = Shop::new(&mock, flow).await;
        let (job, called_off) = shop.run(flow, word).await;
        let told = expected(flow, word);
        let mut wrong = |what: String| wrongs.push(format!("{}, {word}: {what}", flow.name));
        if !fits(told, word, &job, called_off) {
            let trouble = job.steps.iter().map(|step| &step.trouble).collect::<Vec<_>>();
            wrong(format!("{told} ended as {:?}, {:?}, {trouble:?}", job.state, job.ending));
        }
        if let Some(what) = shop.unpaid(&job).await {
            wrong(what);
        }
        let submissions: u16 = job.steps.iter().map(|step| step.submissions).sum();
        if usize::from(submissions) > most(told) {
            wrong(format!("{told} was asked for {submissions} times"));
        }
        // Gemini is asked for each picture by itself, and a voice may be taken for one as well.
        let made = mock.created(flow.mocked).len();
        let pieces = usize::try_from(flow.count(word)).unwrap();
        if made > usize::from(submissions).max(1) * pieces {
            wrong(format!("{made} were made by {submissions} submissions"));
        }
    }
    wrongs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_of_every_vendor_has_its_effect_on_credits() {
    let mut flows = JoinSet::new();
    for flow in FLOWS {
        flows.spawn(wrongs(flow));
    }
    let mut wrongs = flows.join_all().await.concat();
    wrongs.sort();
    assert!(wrongs.is_empty(), "{} wrong:\n{}", wrongs.len(), wrongs.join("\n"));
}
