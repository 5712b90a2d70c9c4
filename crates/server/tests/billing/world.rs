//! Servers on one database under a clock that tests own, called over real connections.

use std::sync::Arc;
use std::time::Duration;

use access::Scopes;
use access::decide::Issue;
use kernel::{Span, Timestamp};
use ports::Clock;
use proto::atelier::billing::v1::{
    CreatePlanRequest, EventKind, GetAllowanceRequest, GetSubscriptionRequest, Plan, PlanFields,
    PlanInterval, RecordEventRequest, RecordEventResponse, SubscriptionEvent, Tier,
    record_event_request,
};
use proto::atelier::ledger::v1::{
    Account, CaptureRequest, DeductRequest, GetBalanceRequest, ListLotsRequest, ReserveRequest,
    Transaction,
};
use server::config::{self, Flag, Sources};
use server::layers::CallOptions;
use server::serve::{DrainOptions, Ended, Running, ServeOptions, serve};
use server::wiring::App;
use testkit::{FakeClock, FakeIds, TestDatabase};
use tonic::Status;

use crate::whole::calls::Api;

pub(crate) const HOUR: u32 = 60 * 60;
pub(crate) const DAY: u32 = 24 * HOUR;

/// The database, the time, and as many servers as a test wants.
pub(crate) struct World {
    pub(crate) clock: Arc<FakeClock>,
    ids: Arc<FakeIds>,
    pub(crate) database: TestDatabase,
}

/// A server, and a client with a key of all scopes.
pub(crate) struct Server {
    pub(crate) api: Api,
    pub(crate) app: App,
    running: Running,
}

impl World {
    pub(crate) async fn new() -> Self {
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        Self { clock, ids, database: TestDatabase::new().await }
    }

    /// A server with more settings than it needs to start.
    pub(crate) async fn server(&self, settings: &[(&str, &str)]) -> Server {
        let flag = |key: &str, value: &str| Flag {
            name: "the test".to_owned(),
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let mut flags = vec![
            flag("server.listen", "127.0.0.1:0"),
            flag("database.url", &self.database.url()),
            flag("auth.pepper", &"ab".repeat(32)),
        ];
        flags.extend(settings.iter().map(|(key, value)| flag(key, value)));
        let config = config::load(&Sources { flags, ..Sources::default() }).config().unwrap();
        let (clock, ids) = (self.clock.clone(), self.ids.clone());
        let app = App::build_with(&config, clock, ids).await.unwrap();
        let options = ServeOptions {
            listen: config.server.listen,
            drain: DrainOptions { lame_duck: Duration::ZERO, finish: Duration::from_secs(10) },
            ..ServeOptions::default()
        };
        let parts = app.parts(&CallOptions::default(), None).unwrap();
        let running = serve(options, parts).await.unwrap();
        let issue = Issue { name: "boss".parse().unwrap(), scopes: Scopes::all(), lifetime: None };
        let issued = app.api_keys.issue(Scopes::all(), &issue).await.unwrap();
        let api = Api::new(running.local_addr(), Some(&issued.secret.reveal()));
        Server { api, app, running }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn pass_secs(&self, seconds: u32) {
        self.clock.advance(Span::from_secs(seconds));
    }

    /// So many seconds from now, as the wire has it.
    pub(crate) fn in_secs(&self, seconds: u32) -> Option<prost_types::Timestamp> {
        wire(self.now().saturating_add(Span::from_secs(seconds)))
    }
}

pub(crate) fn wire(at: Timestamp) -> Option<prost_types::Timestamp> {
    let seconds = at.as_micros().div_euclid(1_000_000);
    let nanos = i32::try_from(at.as_micros().rem_euclid(1_000_000) * 1_000).unwrap();
    Some(prost_types::Timestamp { seconds, nanos })
}

/// A plan of so many credits a month.
pub(crate) fn plan(name: &str, tier: Tier, credits: &str) -> PlanFields {
    PlanFields {
        name: name.to_owned(),
        tier: tier.into(),
        credits: credits.to_owned(),
        credits_interval: PlanInterval::Month.into(),
        active: true,
        ..Default::default()
    }
}

impl Server {
    pub(crate) async fn end(self) {
        let Self { api, app, running } = self;
        drop(api);
        running.shutdown();
        assert_eq!(running.join().await, Ended::Drained);
        app.end().await;
    }

    pub(crate) async fn create_plan(&self, fields: PlanFields) -> Plan {
        let request = CreatePlanRequest { fields: Some(fields) };
        self.api.plans.clone().create_plan(request).await.unwrap().into_inner().plan.unwrap()
    }

    /// Tells of an event of a user.
    pub(crate) async fn tell(
        &self,
        user: &str,
        event: SubscriptionEvent,
    ) -> Result<RecordEventResponse, Status> {
        let request = RecordEventRequest {
            owner: Some(record_event_request::Owner::UserId(user.to_owned())),
            content: Some(record_event_request::Content::Event(event)),
        };
        let recorded = self.api.subscriptions.clone().record_event(request).await?;
        Ok(recorded.into_inner())
    }

    pub(crate) async fn tier(&self, user: &str) -> Tier {
        let request = GetSubscriptionRequest { user_id: user.to_owned() };
        let answer = self.api.subscriptions.clone().get_subscription(request).await.unwrap();
        answer.into_inner().tier()
    }

    /// What the present period entitles to, and what was given of it.
    pub(crate) async fn allowance(&self, user: &str) -> (String, String) {
        let request = GetAllowanceRequest { user_id: user.to_owned() };
        let answer = self.api.subscriptions.clone().get_allowance(request).await.unwrap();
        let answer = answer.into_inner();
        (answer.amount, answer.granted)
    }

    pub(crate) async fn account(&self, user: &str) -> Account {
        let request = GetBalanceRequest { user_id: user.to_owned(), as_of: None };
        let answer = self.api.ledger.clone().get_balance(request).await.unwrap();
        answer.into_inner().account.unwrap()
    }

    pub(crate) async fn available(&self, user: &str) -> String {
        self.account(user).await.available
    }

    /// What is left in the user's lots, newest first.
    pub(crate) async fn lots(&self, user: &str) -> Vec<String> {
        let request = ListLotsRequest { user_id: user.to_owned(), ..Default::default() };
        let answer = self.api.ledger.clone().list_lots(request).await.unwrap().into_inner();
        answer.lots.into_iter().map(|lot| lot.remaining).collect()
    }

    pub(crate) async fn deduct(
        &self,
        user: &str,
        request: &str,
        amount: &str,
    ) -> Result<Transaction, Status> {
        let request = DeductRequest {
            user_id: user.to_owned(),
            request_id: request.to_owned(),
            amount: amount.to_owned(),
            ..Default::default()
        };
        let answer = self.api.ledger.clone().deduct(request).await?;
        Ok(answer.into_inner().transaction.unwrap())
    }

    /// Sets credits aside for an hour.
    pub(crate) async fn reserve(&self, user: &str, request: &str, amount: &str) -> Transaction {
        let request = ReserveRequest {
            user_id: user.to_owned(),
            request_id: request.to_owned(),
            amount: amount.to_owned(),
            lease: Some(prost_types::Duration { seconds: i64::from(HOUR), nanos: 0 }),
            ..Default::default()
        };
        let answer = self.api.ledger.clone().reserve(request).await.unwrap();
        answer.into_inner().transaction.unwrap()
    }

    pub(crate) async fn capture(&self, user: &str, request: &str, hold: &str) -> Transaction {
        let request = CaptureRequest {
            user_id: user.to_owned(),
            request_id: request.to_owned(),
            transaction_id: hold.to_owned(),
            ..Default::default()
        };
        let answer = self.api.ledger.clone().capture(request).await.unwrap();
        answer.into_inner().transaction.unwrap()
    }
}

impl World {
    /// An event of this moment, of the paid period of 30 days that begins now if it begins one.
    pub(crate) fn event(
        &self,
        id: &str,
        kind: EventKind,
        plan: Option<&Plan>,
    ) -> SubscriptionEvent {
        let begins = matches!(kind, EventKind::Created | EventKind::Renewed);
        SubscriptionEvent {
            source: "test".to_owned(),
            external_id: id.to_owned(),
            kind: kind.into(),
            plan_id: plan.map(|plan| plan.id.clone()),
            occur_time: wire(self.now()),
            period_start_time: wire(self.now()).filter(|_| begins),
            period_end_time: self.in_secs(30 * DAY).filter(|_| begins),
            ..Default::default()
        }
    }
}
