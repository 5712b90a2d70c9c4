//! Posting commands through the adapter alone, with the rules of `ledger` and no use case.

use kernel::{Credits, Span, Timestamp, TransactionId, UserId};
use ledger::{
    Action, Changes, Command, Finding, GrantTerms, LateCapture, LotSource, Operation, Outcome,
    OverCapture, Rules, decide, verify,
};
use ports::{LedgerReads, LedgerTx, Store, StoreError, Wanted, finish};
use testkit::fixtures;

/// A second of 2026, with microseconds, which must survive.
pub(crate) fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
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

pub(crate) fn grant(amount: &str, until: Timestamp) -> Action {
    Action::Grant(GrantTerms {
        source: LotSource::Plan,
        amount: credits(amount),
        priority: None,
        effective_at: None,
        expires_at: Some(until),
        operation: Operation::default(),
    })
}

pub(crate) fn reserve(amount: &str, lease: u32) -> Action {
    Action::Reserve {
        amount: credits(amount),
        lease: Span::from_secs(lease),
        over_capture: OverCapture::Cap,
        late_capture: LateCapture::Reject,
        operation: Operation::default(),
    }
}

pub(crate) fn capture(hold: TransactionId) -> Action {
    Action::Capture { hold, amount: None }
}

pub(crate) fn refund(charge: TransactionId, amount: &str) -> Action {
    let operation = Operation::default();
    Action::Refund { charge, amount: Some(credits(amount)), operation }
}

pub(crate) async fn insert_user(store: &impl Store, number: u64) -> UserId {
    let mut tx = store.begin().await.expect("begins");
    let outcome = tx.insert_user(&fixtures::user(number, moment(0))).await;
    finish(tx, outcome).await.expect("the user is new");
    fixtures::user_id(number)
}

/// Locks, loads, decides and writes, without an end.
pub(crate) async fn post_in(
    tx: &mut dyn LedgerTx,
    user: UserId,
    request: &str,
    action: Action,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let request: kernel::RequestId = request.parse().expect("is a request id");
    let nonce = request
        .as_str()
        .bytes()
        .fold(7, |nonce: u64, byte| nonce.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let command = Command::new(user, request, nonce, action);
    let accounts = tx.lock_accounts(&[user], now).await?;
    let wanted = Wanted {
        requests: vec![(user, command.request.clone())],
        transactions: command.target().map(|target| (user, target)).into_iter().collect(),
    };
    let mut books = tx.load_books(accounts, &wanted, now).await?;
    let book = books.first_mut().expect("the user exists");
    let mut decision = decide(book, &Rules::default(), now, &command).expect("is allowed");
    let outcome = decision.outcome.take().expect("a command is answered");
    let mut changes = Changes::default();
    changes.absorb(book, decision);
    tx.apply_changes(&changes).await?;
    Ok(outcome)
}

pub(crate) async fn try_post(
    store: &impl Store,
    user: UserId,
    request: &str,
    action: Action,
    now: Timestamp,
) -> Result<Outcome, StoreError> {
    let mut tx = store.begin().await?;
    let outcome = post_in(&mut *tx, user, request, action, now).await;
    finish(tx, outcome).await
}

pub(crate) async fn post(
    store: &impl Store,
    user: UserId,
    request: &str,
    action: Action,
    seconds: u32,
) -> Outcome {
    try_post(store, user, request, action, moment(seconds)).await.expect("is written")
}

/// What verification says of the user's books.
pub(crate) async fn findings(store: &impl LedgerReads, user: UserId) -> Vec<Finding> {
    let audit = store.audit(user).await.expect("can be read").expect("has an account");
    verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions)
}
