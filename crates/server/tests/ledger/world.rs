//! Several processes of the ledger on one database, under a clock that tests own.

use std::future::Future;
use std::sync::Arc;

use app::Users;
use app::ledger::{Ledger, LedgerError, QueueLimits};
use kernel::{Credits, RequestId, Span, Timestamp, TransactionId, UserId};
use ledger::{
    Account, Action, Command, Entry, EntryKind, GrantTerms, HoldEnd, LateCapture, LotSource,
    Operation, Outcome, OverCapture, Rejection, ReleaseOutcome, Rules, Transaction,
};
use ports::{Audit, Clock, Ids, LedgerReads, Store, finish};
use postgres::{Config, Postgres};
use testkit::{FakeClock, FakeIds, TestDatabase, fixtures};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinHandle};

pub(crate) type Answer = Result<Outcome, LedgerError>;

/// The database, the time, and a store that looks on.
pub(crate) struct World {
    pub(crate) clock: Arc<FakeClock>,
    ids: Arc<FakeIds>,
    pub(crate) store: Postgres,
    /// Dropped last: it looks whether the books close.
    pub(crate) database: TestDatabase,
}

/// A server process: a runtime, a pool and a queue of its own. Dropping it is killing it.
pub(crate) struct Process {
    runtime: Option<Runtime>,
    store: Arc<Postgres>,
    ledger: Arc<Ledger>,
    pub(crate) users: Arc<Users>,
    ids: Arc<FakeIds>,
}

impl World {
    pub(crate) async fn new() -> Self {
        let database = TestDatabase::new().await;
        let store = database.postgres().await;
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        Self { clock, ids, store, database }
    }

    /// A user without an account.
    pub(crate) async fn user(&self, number: u64) -> UserId {
        let mut tx = self.store.begin().await.unwrap();
        let outcome = tx.insert_user(&fixtures::user(number, self.clock.now())).await;
        finish(tx, outcome).await.unwrap();
        fixtures::user_id(number)
    }

    pub(crate) async fn users(&self, numbers: std::ops::Range<u64>) -> Vec<UserId> {
        let mut users = Vec::new();
        for number in numbers {
            users.push(self.user(number).await);
        }
        users
    }

    /// A process that lives until the end, whose connections are looked at then.
    pub(crate) async fn process(&self) -> Process {
        let process = self.mortal(self.database.config()).await;
        self.database.look_after(&process.store);
        process
    }

    /// A process whose line may be cut and which may be killed.
    pub(crate) async fn mortal(&self, config: Config) -> Process {
        Process::start(config, self.clock.clone(), self.ids.clone()).await
    }

    /// Everything of the user as it is stored. It adds up.
    pub(crate) async fn audit(&self, user: UserId) -> Audit {
        let audit = self.store.audit(user).await.unwrap().expect("the user has an account");
        let found =
            ledger::verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
        assert_eq!(found, []);
        audit
    }

    /// The user's money as it is stored, in words.
    pub(crate) async fn money(&self, user: UserId) -> String {
        money(&self.audit(user).await.account)
    }

    pub(crate) async fn stored(&self, user: UserId, id: TransactionId) -> Transaction {
        let audit = self.audit(user).await;
        audit.transactions.into_iter().find(|found| found.id == id).expect("is there")
    }

    /// How many entries of the kind the user has.
    pub(crate) async fn count(&self, user: UserId, kind: EntryKind) -> usize {
        self.audit(user).await.entries.iter().filter(|entry| entry.kind == kind).count()
    }

    pub(crate) async fn entries(&self, user: UserId) -> Vec<Entry> {
        self.audit(user).await.entries
    }

    pub(crate) fn in_secs(&self, seconds: u32) -> Timestamp {
        self.clock.now().saturating_add(Span::from_secs(seconds))
    }

    pub(crate) fn pass_secs(&self, seconds: u32) {
        self.clock.advance(Span::from_secs(seconds));
    }
}

impl Process {
    async fn start(config: Config, clock: Arc<FakeClock>, ids: Arc<FakeIds>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let config = Config { pool_max: 6, ..config };
        let (of_ledger, of_users) = ((clock.clone(), ids.clone()), (clock, ids.clone()));
        // What the pool and the queue start of their own starts on this runtime.
        let started = runtime.spawn(async move {
            let store = Arc::new(Postgres::connect(&config).await.expect("usable settings"));
            let ((clock, ids), rules) = (of_ledger, Rules::default());
            let limits = QueueLimits::default();
            let ledger = Ledger::start(store.clone(), store.clone(), clock, ids, rules, limits);
            (store, Arc::new(ledger))
        });
        let (store, ledger) = started.await.unwrap();
        let users = Arc::new(Users::new(store.clone(), store.clone(), of_users.0, of_users.1));
        Self { runtime: Some(runtime), store, ledger, users, ids }
    }

    /// Runs something in the process.
    pub(crate) fn spawn<T, F>(&self, work: impl FnOnce(Arc<Ledger>) -> F) -> JoinHandle<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let runtime = self.runtime.as_ref().expect("the process lives");
        runtime.spawn(work(self.ledger.clone()))
    }

    /// The same, to its end.
    pub(crate) async fn within<T, F>(&self, work: impl FnOnce(Arc<Ledger>) -> F) -> T
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        self.spawn(work).await.expect("the process lives")
    }

    /// Begins a call. Its handle fails when the process dies first.
    pub(crate) fn call(&self, user: UserId, request: &str, action: Action) -> JoinHandle<Answer> {
        let command = self.command(user, request, action);
        self.spawn(async move |ledger| ledger.execute(command).await)
    }

    pub(crate) async fn run(&self, user: UserId, request: &str, action: Action) -> Answer {
        self.call(user, request, action).await.expect("the process lives")
    }

    /// A call that is expected to do something for the first time.
    pub(crate) async fn done(&self, user: UserId, request: &str, action: Action) -> Transaction {
        let outcome = self.run(user, request, action).await.unwrap();
        assert!(!outcome.replayed, "{request} was done before");
        outcome.transaction
    }

    /// A call that is expected to be refused.
    pub(crate) async fn refused(&self, user: UserId, request: &str, action: Action) -> Rejection {
        refusal(self.run(user, request, action).await)
    }

    /// The account as the process shows it.
    pub(crate) async fn money(&self, user: UserId) -> String {
        let account = self.within(async move |ledger| ledger.account(user).await).await;
        money(&account.unwrap())
    }

    /// Posts what is due everywhere.
    pub(crate) async fn tidy(&self) -> usize {
        self.within(async |ledger| ledger.tidy().await).await.unwrap()
    }

    pub(crate) fn command(&self, user: UserId, request: &str, action: Action) -> Command {
        let request: RequestId = request.parse().expect("is a request id");
        Command::new(user, request, self.ids.nonce(), action)
    }

    /// Ends the process in the middle of whatever it does.
    pub(crate) fn kill(self) {
        drop(self);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

pub(crate) fn refusal(answer: Answer) -> Rejection {
    match answer {
        Err(LedgerError::Rejected(rejection)) => rejection,
        Ok(_) | Err(_) => panic!("{answer:?}"),
    }
}

/// Whether the call ended with its process and not by itself.
pub(crate) fn died(answer: Result<Answer, JoinError>) -> bool {
    answer.is_err_and(|error| error.is_cancelled())
}

pub(crate) fn money(account: &Account) -> String {
    let Account { available, held, spent, forfeited, .. } = account;
    assert!(account.books_close(), "{account:?}");
    format!("{available} available, {held} held, {spent} spent, {forfeited} forfeited")
}

pub(crate) fn end_of(transaction: &Transaction) -> Option<HoldEnd> {
    transaction.hold.expect("is a hold").end
}

pub(crate) fn credits(text: &str) -> Credits {
    text.parse().expect("is an amount")
}

pub(crate) fn purchase(amount: &str) -> Action {
    let operation = Operation::default();
    Action::Purchase { amount: credits(amount), expires_at: None, operation }
}

pub(crate) fn deduct(amount: &str) -> Action {
    Action::Deduct { amount: credits(amount), operation: Operation::default() }
}

/// Credits that can be spent at once and until then.
pub(crate) fn grant(amount: &str, until: Timestamp) -> Action {
    grant_from(amount, None, Some(until))
}

pub(crate) fn grant_from(
    amount: &str,
    effective_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
) -> Action {
    Action::Grant(GrantTerms {
        source: LotSource::Plan,
        amount: credits(amount),
        priority: None,
        effective_at,
        expires_at,
        operation: Operation::default(),
    })
}

pub(crate) fn reserve(amount: &str, lease: u32) -> Action {
    reserve_with(amount, lease, OverCapture::Reject, LateCapture::Reject)
}

pub(crate) fn reserve_with(
    amount: &str,
    lease: u32,
    over_capture: OverCapture,
    late_capture: LateCapture,
) -> Action {
    Action::Reserve {
        amount: credits(amount),
        lease: Span::from_secs(lease),
        over_capture,
        late_capture,
        operation: Operation::default(),
    }
}

pub(crate) fn capture(hold: TransactionId, amount: Option<&str>) -> Action {
    Action::Capture { hold, amount: amount.map(credits) }
}

pub(crate) fn release(hold: TransactionId) -> Action {
    Action::Release { hold, outcome: ReleaseOutcome::Failed }
}

pub(crate) fn refund(charge: TransactionId, amount: Option<&str>) -> Action {
    Action::Refund { charge, amount: amount.map(credits), operation: Operation::default() }
}
