//! The protocol between the use cases on the ledger and their store: what is called in which
//! order, what ends in a commit and what in a rollback, what is tried again. And who looks after
//! watchers, and when.

use kernel::{Credits, Timestamp};
use ledger::{Account, Book, EntryKind, Operation};
use mockall::Sequence;
use ports::{Audit, MockLedgerReads, Standing};
use testkit::fixtures::user_id;
use testkit::mock::{MockStore, MockTx};
use testkit::{FakeClock, FakeIds};
use tokio::time::Duration;
use users::AccountStatus;

use super::*;

fn now() -> Timestamp {
    FakeClock::new().now()
}

fn ada() -> UserId {
    user_id(1)
}

fn ledger_of(store: MockStore, reads: MockLedgerReads) -> Ledger {
    let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
    let limits = QueueLimits { shards: 1, ..QueueLimits::default() };
    Ledger::start(Arc::new(store), Arc::new(reads), clock, ids, Rules::default(), limits)
}

fn ledger(units: impl IntoIterator<Item = MockTx>) -> Ledger {
    ledger_of(MockStore::of(units), MockLedgerReads::new())
}

fn purchase(ledger: &Ledger, request: &str) -> Command {
    let amount = Credits::from_hundredths(100).unwrap();
    let operation = Operation::default();
    let action = Action::Purchase { amount, expires_at: None, operation };
    ledger.command(ada(), request.parse().unwrap(), action)
}

/// More than anybody has.
fn deduct(ledger: &Ledger, request: &str) -> Command {
    let action = Action::Deduct { amount: Credits::MAX, operation: Operation::default() };
    ledger.command(ada(), request.parse().unwrap(), action)
}

/// Locks and loads an empty account, `times` in all.
fn loads(tx: &mut MockTx, times: usize) {
    let lock = tx.expect_lock_spenders().times(times);
    let open = |user: &UserId, now| (Account::open(*user, now), AccountStatus::Active);
    lock.returning(move |users, now| Ok(users.iter().map(|user| open(user, now)).collect()));
    let load = tx.expect_load_books().times(times);
    load.returning(|accounts, _, _| Ok(accounts.into_iter().map(Book::new).collect()));
}

/// A unit of work that writes once and is committed.
fn writes() -> MockTx {
    let mut tx = MockTx::committed();
    loads(&mut tx, 1);
    tx.expect_apply_changes().times(1).returning(|_| Ok(()));
    tx
}

/// A unit of work whose write fails, and which must be rolled back.
fn fails(error: StoreError) -> MockTx {
    let mut tx = MockTx::rolled_back();
    loads(&mut tx, 1);
    tx.expect_apply_changes().times(1).return_once(|_| Err(error));
    tx
}

/// A unit of work that writes, and whose commit fails.
fn fails_to_commit(error: StoreError) -> MockTx {
    let mut tx = MockTx::new();
    loads(&mut tx, 1);
    tx.expect_apply_changes().times(1).returning(|_| Ok(()));
    tx.expect_commit().times(1).return_once(|| Err(error));
    tx
}

fn contention() -> StoreError {
    StoreError::Contention("deadlock".into())
}

fn corrupt() -> StoreError {
    StoreError::Corrupt { what: "a row".into(), cause: None }
}

fn unknown() -> StoreError {
    StoreError::CommitUnknown("reset".into())
}

fn standing(user: UserId, version: u64) -> Standing {
    Standing { account: Account { version, ..Account::open(user, now()) }, due: false }
}

#[tokio::test]
async fn a_command_locks_then_loads_then_writes_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_spenders().times(1).in_sequence(&mut order);
    lock.withf(|users, at| users == [ada()] && *at == now())
        .returning(|_, now| Ok(vec![(Account::open(ada(), now), AccountStatus::Active)]));
    let load = tx.expect_load_books().times(1).in_sequence(&mut order);
    load.withf(|accounts, wanted, _| accounts.len() == 1 && wanted.requests.len() == 1)
        .returning(|accounts, _, _| Ok(accounts.into_iter().map(Book::new).collect()));
    let apply = tx.expect_apply_changes().times(1).in_sequence(&mut order);
    apply
        .withf(|changes| {
            changes.entries.iter().map(|entry| entry.kind).eq([EntryKind::Purchased])
                && changes.recorded.len() == 1
                && changes.accounts.len() == 1
        })
        .returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));
    let ledger = ledger([tx]);
    let outcome = ledger.execute(purchase(&ledger, "p1")).await.unwrap();
    assert_eq!(outcome.balance.version, 1);
}

#[tokio::test]
async fn a_refused_command_writes_nothing() {
    let mut tx = MockTx::committed();
    loads(&mut tx, 1);
    let ledger = ledger([tx]);
    let refused = ledger.execute(deduct(&ledger, "d1")).await;
    assert!(matches!(refused, Err(LedgerError::Rejected(Rejection::InsufficientCredits { .. }))));
}

#[tokio::test]
async fn validating_rolls_back_and_is_tried_again_after_a_lost_race() {
    let mut lost = MockTx::rolled_back();
    lost.expect_lock_spenders().times(1).return_once(|_, _| Err(contention()));
    let mut tx = MockTx::rolled_back();
    loads(&mut tx, 1);
    let ledger = ledger([lost, tx]);
    let outcome = ledger.validate(&purchase(&ledger, "p1")).await.unwrap();
    assert!(!outcome.replayed);
}

#[tokio::test]
async fn a_lost_race_is_run_four_times_in_all() {
    let won = ledger([fails(contention()), fails_to_commit(contention()), writes()]);
    won.execute(purchase(&won, "p1")).await.unwrap();
    let lost = ledger(std::iter::repeat_with(|| fails(contention())).take(4));
    let error = lost.execute(purchase(&lost, "p1")).await.unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::Contention(_))));
}

#[tokio::test]
async fn what_is_corrupt_or_away_is_not_tried_again() {
    let away = || StoreError::Unavailable("refused".into());
    for (unit, again) in
        [(fails(corrupt()), fails(away())), (fails_to_commit(away()), fails(corrupt()))]
    {
        let ledger = ledger([unit, again]);
        for request in ["p1", "p2"] {
            let failed = ledger.execute(purchase(&ledger, request)).await;
            assert!(matches!(failed, Err(LedgerError::Store(_))));
        }
    }
}

#[tokio::test]
async fn a_failed_batch_is_run_again_in_halves() {
    let mut whole = MockTx::rolled_back();
    loads(&mut whole, 1);
    let write = whole.expect_apply_changes().times(1);
    write.withf(|changes| changes.recorded.len() == 2).return_once(|_| Err(corrupt()));
    let ledger = ledger([whole, fails(corrupt()), writes()]);
    let (first, second) = tokio::join!(
        ledger.execute(purchase(&ledger, "p1")),
        ledger.execute(purchase(&ledger, "p2")),
    );
    assert!(matches!(first, Err(LedgerError::Store(StoreError::Corrupt { .. }))));
    assert!(second.is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_unknown_commit_is_repeated_three_times_even_past_a_store_that_is_away() {
    let away = || StoreError::Unavailable("refused".into());
    let back = ledger([fails_to_commit(unknown()), fails(away()), fails(away()), writes()]);
    back.execute(purchase(&back, "p1")).await.unwrap();
    let units = [unknown(), unknown(), unknown(), unknown()].map(fails_to_commit);
    let stays = ledger(units);
    let error = stays.execute(purchase(&stays, "p1")).await.unwrap_err();
    assert!(matches!(error, LedgerError::Store(StoreError::CommitUnknown(_))));
}

#[tokio::test]
async fn an_aborted_batch_is_rolled_back_and_writes_nothing() {
    let mut tx = MockTx::rolled_back();
    loads(&mut tx, 1);
    let ledger = ledger([tx]);
    let commands = [purchase(&ledger, "p1"), deduct(&ledger, "d1")];
    let aborted = ledger.execute_batch(&commands, BatchMode::AllOrNothing).await;
    assert!(matches!(aborted, Err(BatchError::Aborted { index: 1, .. })));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_looked_at_while_nobody_watches() {
    // Any call at all would fail the test.
    let ledger = ledger([]);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(ledger.office.hub.users(), []);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_watchers_cost_one_statement_a_look() {
    let mut reads = MockLedgerReads::new();
    let known =
        |users: &[UserId], version| Ok(users.iter().map(|user| standing(*user, version)).collect());
    let first = reads.expect_list_standings().withf(|users, _| users.len() == 1).times(1_000);
    first.returning(move |users, _| known(users, 1));
    let looks = reads.expect_list_standings().withf(|users, _| users.len() == 500).times(3..=5);
    looks.returning(move |users, _| known(users, 2));
    let ledger = ledger_of(MockStore::new(), reads);
    let mut watches = Vec::new();
    // Two for each user.
    for number in 0..1_000 {
        watches.push(ledger.watch(user_id(1 + number % 500)).await.unwrap());
    }
    tokio::time::sleep(Duration::from_millis(2_010)).await;
    for watch in &mut watches {
        assert_eq!(watch.next().await.unwrap().version, 1);
        assert_eq!(watch.next().await.unwrap().version, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_watcher_who_goes_leaves_nothing_behind() {
    let mut reads = MockLedgerReads::new();
    reads
        .expect_list_standings()
        .returning(|users, _| Ok(users.iter().map(|user| standing(*user, 1)).collect()));
    let ledger = ledger_of(MockStore::new(), reads);
    let first = ledger.watch(ada()).await.unwrap();
    let second = ledger.watch(ada()).await.unwrap();
    drop(first);
    assert_eq!(ledger.office.hub.users(), [ada()]);
    // Also in the middle of waiting, as when a client breaks off.
    let mut second = second;
    second.next().await.unwrap();
    let broken_off = tokio::time::timeout(Duration::from_secs(1), second.next()).await;
    assert!(broken_off.is_err());
    drop(second);
    assert_eq!(ledger.office.hub.users(), []);

    let (office, tasks) = (Arc::downgrade(&ledger.office), tokio::runtime::Handle::current());
    drop(ledger);
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(office.upgrade().is_none(), "the look-out and the shards have ended");
    assert_eq!(tasks.metrics().num_alive_tasks(), 0);
}

#[tokio::test]
async fn a_watch_of_a_stranger_leaves_nothing_behind() {
    let mut reads = MockLedgerReads::new();
    reads.expect_list_standings().returning(|_, _| Ok(vec![]));
    let ledger = ledger_of(MockStore::new(), reads);
    assert!(matches!(ledger.watch(ada()).await, Err(LedgerError::UserNotFound)));
    assert_eq!(ledger.office.hub.users(), []);
}

#[tokio::test]
async fn a_verification_reports_what_it_finds_and_passes_over_who_has_gone() {
    let mut reads = MockLedgerReads::new();
    let list = reads.expect_list_accounts().times(2);
    list.returning(|after, _| {
        Ok(if after.is_none() { vec![user_id(1), user_id(2), user_id(3)] } else { vec![] })
    });
    reads.expect_audit().times(3).returning(|user| {
        let altered = Account { version: 1, ..Account::open(user, now()) };
        let audit = Audit { account: altered, entries: vec![], lots: vec![], transactions: vec![] };
        Ok((user != user_id(2)).then_some(audit))
    });
    let ledger = ledger_of(MockStore::new(), reads);
    let mut checked = Vec::new();
    let stopped: Result<(), VerifyError<()>> = ledger
        .verify_all(None, async |verified| {
            assert!(!verified.findings.is_empty());
            checked.push(verified.user);
            Ok(())
        })
        .await;
    stopped.unwrap();
    assert_eq!(checked, [user_id(1), user_id(3)]);
}
