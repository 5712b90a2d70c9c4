//! Money around the ledger, on the fake.

use std::sync::Arc;

use app::billing::{Allowances, BillingError, Owner, PlanRef, Quotas, Record, Subscriptions};
use app::ledger::QueueLimits;
use app::{Ledger, LedgerError, Users};
use billing::{
    AllowanceMonth, CallToAction, EventKind, Interval, Plan, PlanFields, Rejection, Rules, Tier,
};
use kernel::{PlanId, Span, Timestamp, UserId};
use ledger::{Action, Operation};
use ports::{Clock, Ids, Store, finish};
use testkit::fixtures::{identity, user};
use testkit::{CommitFault, FakeClock, FakeIds, FakeStore};
use users::decide::Create;

const DAY: u32 = 24 * 60 * 60;

struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    ids: Arc<FakeIds>,
    users: Users,
    ledger: Ledger,
    allowances: Arc<Allowances>,
    subscriptions: Subscriptions,
    quotas: Quotas,
}

impl World {
    fn new() -> Self {
        let store = FakeStore::new();
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        let shared = Arc::new(store.clone());
        let rules = Rules {
            free_allowance: "20".parse().unwrap(),
            allowance_month: AllowanceMonth::Calendar,
            daily_quota: [Some(3), None, None, None],
            ..Rules::default()
        };
        let allowances = Arc::new(Allowances::new(
            shared.clone(),
            shared.clone(),
            clock.clone(),
            ids.clone(),
            rules,
            ledger::Rules::default(),
        ));
        let subscriptions = Subscriptions::new(
            shared.clone(),
            shared.clone(),
            shared.clone(),
            clock.clone(),
            ids.clone(),
            allowances.clone(),
        );
        let quotas = Quotas::new(
            shared.clone(),
            shared.clone(),
            shared.clone(),
            clock.clone(),
            ids.clone(),
            rules,
        );
        let users = Users::new(shared.clone(), shared.clone(), clock.clone(), ids.clone())
            .settling(allowances.clone());
        let ledger = Ledger::start(
            shared.clone(),
            shared,
            clock.clone(),
            ids.clone(),
            ledger::Rules::default(),
            QueueLimits::default(),
        )
        .touching(allowances.clone());
        Self { store, clock, ids, users, ledger, allowances, subscriptions, quotas }
    }

    async fn user(&self, number: u64) -> UserId {
        let fields = user(number, self.clock.now()).fields;
        let create = Create { identity: identity(number), fields };
        self.users.create(&create).await.unwrap().user.id
    }

    async fn plan(&self, credits: &str) -> PlanId {
        let id = PlanId::from_uuid(self.ids.uuid());
        let fields = PlanFields {
            name: "A plan".parse().unwrap(),
            description: None,
            tier: Tier::Pro,
            credits: credits.parse().unwrap(),
            interval: Interval::Month,
            currency: None,
            price_monthly: None,
            price_yearly: None,
            features: None,
            daily_quota: None,
            active: true,
            sort_order: 0,
            highlight: false,
            badge: None,
            call_to_action: CallToAction::default(),
            billing_source: None,
            external: std::collections::BTreeMap::new(),
        };
        let mut tx = self.store.begin().await.unwrap();
        let outcome = tx.insert_plan(&Plan::new(id, fields, self.clock.now())).await;
        finish(tx, outcome).await.unwrap();
        id
    }

    /// An event of this moment, of a paid period of 30 days.
    fn event(&self, id: &str, kind: EventKind, owner: Owner, plan: Option<PlanId>) -> Record {
        let now = self.clock.now();
        let begins = kind == EventKind::Created;
        Record {
            owner,
            source: "test".parse().unwrap(),
            external_id: id.parse().unwrap(),
            kind,
            plan: plan.map(PlanRef::Id),
            occurred_at: now,
            period_start: Some(now).filter(|_| begins),
            period_end: Some(now.saturating_add(Span::from_secs(30 * DAY))).filter(|_| begins),
            payload: None,
        }
    }

    async fn spend(&self, user: UserId, request: &str, amount: &str) -> Result<(), LedgerError> {
        let (amount, operation) = (amount.parse().unwrap(), Operation::default());
        let action = Action::Deduct { amount, operation };
        let command = self.ledger.command(user, request.parse().unwrap(), action);
        self.ledger.execute(command).await.map(drop)
    }

    async fn available(&self, user: UserId) -> String {
        self.ledger.account(user).await.unwrap().available.to_string()
    }

    fn pass(&self, seconds: u32) {
        self.clock.advance(Span::from_secs(seconds));
    }
}

#[tokio::test]
async fn an_allowance_is_there_for_the_charge_that_needs_it_and_is_looked_for_once() {
    let world = World::new();
    let user = world.user(1).await;
    world.spend(user, "d1", "15").await.unwrap();
    let begun = world.store.begun();
    world.spend(user, "d2", "1").await.unwrap();
    assert_eq!(world.store.begun(), begun + 1, "the charge alone");
    assert_eq!(world.available(user).await, "4.00");
    world.pass(31 * DAY);
    world.spend(user, "d3", "20").await.unwrap();
    assert_eq!(world.available(user).await, "0.00");
}

#[tokio::test]
async fn a_lost_commit_gives_no_allowance_twice() {
    let world = World::new();
    let user = world.user(1).await;
    world.store.fail_commits([CommitFault::LostAnswer]);
    assert!(world.allowances.touch(user).await.is_err());
    world.allowances.touch(user).await.unwrap();
    assert_eq!(world.available(user).await, "20.00");
    world.store.fail_commits([CommitFault::Contention]);
    let other = world.user(2).await;
    world.allowances.touch(other).await.unwrap();
    assert_eq!(world.available(other).await, "20.00");
}

#[tokio::test]
async fn an_event_is_recorded_with_its_effect_or_not_at_all() {
    let world = World::new();
    let (user, plan) = (world.user(1).await, world.plan("100").await);
    let created = world.event("e1", EventKind::Created, Owner::User(user), Some(plan));
    world.store.fail_commits([CommitFault::LostCommit]);
    assert!(world.subscriptions.record(&created).await.is_err());
    assert_eq!(world.subscriptions.get(user).await.unwrap().tier, Tier::Free);
    assert!(!world.subscriptions.record(&created).await.unwrap().replayed);
    assert!(world.subscriptions.record(&created).await.unwrap().replayed);
    assert_eq!(world.subscriptions.get(user).await.unwrap().tier, Tier::Pro);
    assert_eq!(world.available(user).await, "100.00");
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_leaves_nothing() {
    let world = World::new();
    let user = world.user(1).await;
    let without = world.event("e1", EventKind::Created, Owner::User(user), None);
    let refused = world.subscriptions.record(&without).await;
    assert!(matches!(refused, Err(BillingError::Rejected(Rejection::PlanRequired { .. }))));
    let ahead = world.clock.now().saturating_add(Span::from_secs(2 * 60 * 60));
    let future = Record { kind: EventKind::Paused, occurred_at: ahead, ..without.clone() };
    let refused = world.subscriptions.record(&future).await;
    assert!(matches!(refused, Err(BillingError::Rejected(Rejection::EventInTheFuture))));
    let nobody = UserId::from_uuid(world.ids.uuid());
    let paused = Record { kind: EventKind::Paused, ..without };
    let theirs = Record { owner: Owner::User(nobody), ..paused.clone() };
    assert!(matches!(world.subscriptions.record(&theirs).await, Err(BillingError::UserNotFound)));
    // The id was not used up by refusals.
    assert!(!world.subscriptions.record(&paused).await.unwrap().replayed);
}

#[tokio::test]
async fn events_of_somebody_to_come_are_applied_in_the_step_that_makes_the_user() {
    let world = World::new();
    let plan = world.plan("100").await;
    let owner = Owner::Identity(identity(1));
    let created = world.event("e1", EventKind::Created, owner.clone(), Some(plan));
    assert_eq!(world.subscriptions.record(&created).await.unwrap().user, None);
    world.pass(DAY);
    let refunded = world.event("e2", EventKind::Refunded, owner, None);
    world.subscriptions.record(&refunded).await.unwrap();
    let user = world.user(1).await;
    assert_eq!(world.subscriptions.get(user).await.unwrap().tier, Tier::Free);
    // What was refunded before it was given is not given; the month's own is.
    assert_eq!(world.available(user).await, "20.00");
}

#[tokio::test]
async fn a_failed_operation_gives_its_unit_back_and_another_id_takes_anew() {
    let world = World::new();
    let user = world.user(1).await;
    let take = async |request: &str| world.quotas.take(user, &request.parse().unwrap(), 1).await;
    for request in ["a", "b", "c"] {
        take(request).await.unwrap();
    }
    let exhausted = take("d").await;
    assert!(matches!(
        exhausted,
        Err(BillingError::Rejected(Rejection::QuotaExhausted { limit: 3, used: 3, .. }))
    ));
    assert!(take("a").await.unwrap().replayed);
    let two = world.quotas.take(user, &"a".parse().unwrap(), 2).await;
    assert!(matches!(two, Err(BillingError::IdReused(_))));
    world.quotas.give_back(user, &"a".parse().unwrap()).await.unwrap();
    take("d").await.unwrap();
    let midnight = Timestamp::from_micros(1_767_225_600_000_000 + 86_400_000_000).unwrap();
    assert_eq!(world.quotas.get(user).await.unwrap().window.end, midnight);
    world.clock.set(midnight);
    assert_eq!(world.quotas.get(user).await.unwrap().used, 0);
}
