//! The life of credits.

mod batches;
mod charges;
mod exports;
mod inflows;
mod queue;
mod reads;
mod standing;
mod usage;
mod watches;

use std::sync::Arc;

use app::ledger::{Ledger, LedgerError, QueueLimits};
use kernel::{Credits, Span, Timestamp, TransactionId, UserId};
use ledger::{
    Action, Balance, GrantTerms, Label, LateCapture, LotSource, Operation, Outcome, OverCapture,
    Rejection, ReleaseOutcome, Rules, Transaction,
};
use ports::{Clock, Store, finish};
use testkit::fixtures::{user, user_id};
use testkit::{FakeClock, FakeIds, FakeStore};

/// One server and its store.
struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    ledger: Arc<Ledger>,
}

impl World {
    fn new() -> Self {
        Self::with(QueueLimits::default())
    }

    fn with(limits: QueueLimits) -> Self {
        Self::beside(FakeStore::new(), Arc::new(FakeClock::new()), limits)
    }

    /// Another server on the same store.
    fn another(&self) -> Self {
        Self::beside(self.store.clone(), self.clock.clone(), QueueLimits::default())
    }

    fn beside(store: FakeStore, clock: Arc<FakeClock>, limits: QueueLimits) -> Self {
        let shared = Arc::new(store.clone());
        let ids = Arc::new(FakeIds::new());
        let ledger =
            Ledger::start(shared.clone(), shared, clock.clone(), ids, Rules::default(), limits);
        Self { store, clock, ledger: Arc::new(ledger) }
    }

    /// A user who has nothing.
    async fn poor(&self, number: u64) -> UserId {
        let mut tx = self.store.begin().await.unwrap();
        let outcome = tx.insert_user(&user(number, self.clock.now())).await;
        finish(tx, outcome).await.unwrap();
        user_id(number)
    }

    /// A user who has bought credits.
    async fn rich(&self, number: u64, amount: &str) -> UserId {
        let user = self.poor(number).await;
        self.run(user, "bought", purchase(amount)).await;
        user
    }

    async fn attempt(
        &self,
        user: UserId,
        request: &str,
        action: Action,
    ) -> Result<Outcome, LedgerError> {
        let command = self.ledger.command(user, request.parse().unwrap(), action);
        self.ledger.execute(command).await
    }

    async fn run(&self, user: UserId, request: &str, action: Action) -> Outcome {
        self.attempt(user, request, action).await.unwrap()
    }

    /// Why an action is refused.
    async fn refused(&self, user: UserId, request: &str, action: Action) -> Rejection {
        match self.attempt(user, request, action).await {
            Err(LedgerError::Rejected(rejection)) => rejection,
            outcome => panic!("not refused: {outcome:?}"),
        }
    }

    async fn hold(&self, user: UserId, request: &str, amount: &str, lease: u32) -> TransactionId {
        self.run(user, request, reserve(amount, lease)).await.transaction.id
    }

    /// What is available and held.
    async fn has(&self, user: UserId) -> (String, String) {
        let account = self.ledger.account(user).await.unwrap();
        (account.available.to_string(), account.held.to_string())
    }

    async fn find(&self, user: UserId, id: TransactionId) -> Transaction {
        self.ledger.transaction(user, id).await.unwrap()
    }

    fn wait(&self, seconds: u32) {
        self.clock.advance(Span::from_secs(seconds));
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Ends a test: every account comes to the same by its journal.
    async fn verified(&self) {
        let mut verification = self.ledger.verification(None);
        while let Some(verified) = verification.next().await.unwrap() {
            assert_eq!(verified.findings, [], "{}", verified.user);
        }
    }
}

fn credits(text: &str) -> Credits {
    text.parse().unwrap()
}

fn both(available: &str, held: &str) -> (String, String) {
    (available.to_owned(), held.to_owned())
}

fn balance(available: &str, held: &str, version: u64) -> Balance {
    Balance { available: credits(available), held: credits(held), version }
}

fn purchase(amount: &str) -> Action {
    let operation = Operation::default();
    Action::Purchase { amount: credits(amount), expires_at: None, operation }
}

fn deduct(amount: &str) -> Action {
    Action::Deduct { amount: credits(amount), operation: Operation::default() }
}

fn deduct_for(amount: &str, model: &str) -> Action {
    let model = Some(Label::parse(model).unwrap());
    let operation = Operation { model, ..Operation::default() };
    Action::Deduct { amount: credits(amount), operation }
}

fn reserve(amount: &str, lease: u32) -> Action {
    Action::Reserve {
        amount: credits(amount),
        lease: Span::from_secs(lease),
        over_capture: OverCapture::Reject,
        late_capture: LateCapture::Reject,
        operation: Operation::default(),
    }
}

fn capture(hold: TransactionId, amount: Option<&str>) -> Action {
    Action::Capture { hold, amount: amount.map(credits) }
}

fn release(hold: TransactionId) -> Action {
    Action::Release { hold, outcome: ReleaseOutcome::Cancelled }
}

fn refund(charge: TransactionId, amount: Option<&str>) -> Action {
    Action::Refund { charge, amount: amount.map(credits), operation: Operation::default() }
}

/// A grant for a while.
fn grant(amount: &str, from: Option<Timestamp>, until: Option<Timestamp>) -> Action {
    Action::Grant(GrantTerms {
        source: LotSource::Promotion,
        amount: credits(amount),
        priority: None,
        effective_at: from,
        expires_at: until,
        operation: Operation::default(),
    })
}
