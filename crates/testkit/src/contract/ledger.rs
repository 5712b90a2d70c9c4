//! What every store of the ledger promises. Its cases decide with the rules of `ledger` itself, so
//! that what is written is what the product writes.

mod locking;
mod reading;
mod sums;
mod writing;

use kernel::{Credits, LotId, Span, Timestamp, TransactionId, UserId};
use ledger::{
    Account, Action, Book, Changes, Command, GrantTerms, Label, LateCapture, LotSource, Operation,
    Outcome, OverCapture, Rules, decide, settle,
};
use ports::{LedgerTx, Store, StoreError, Wanted, finish};

pub use locking::*;
pub use reading::*;
pub use sums::*;
pub use writing::*;

use crate::fixtures::{user, user_id};

/// Makes a test of each case: `ledger_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! ledger_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            ledger,
            [
                accounts_are_opened_when_they_are_locked_first,
                locked_accounts_come_in_the_order_of_ids_and_without_strangers,
                the_second_to_lock_an_account_sees_what_the_first_wrote,
                an_account_is_not_opened_for_a_user_who_is_rolled_back,
                spenders_come_with_the_status_of_their_users,
                every_change_reads_back,
                changes_of_several_users_do_not_mix,
                a_batch_writes_what_it_has_chained,
                what_is_rolled_back_left_no_trace,
                a_request_is_found_with_its_transaction,
                a_request_is_recorded_once,
                a_target_comes_with_the_lots_that_paid,
                a_lot_that_is_used_up_is_loaded_only_where_it_is_needed,
                a_hold_is_loaded_once_it_is_due,
                a_grant_comes_with_its_transaction_when_it_begins,
                a_forgotten_account_leaves_nothing_behind,
                forgetting_a_stranger_forgets_nobody,
                a_book_outside_a_unit_of_work_is_the_same_book,
                standings_tell_who_exists_and_what_is_due,
                transactions_are_listed_newest_first_by_pages,
                transactions_are_listed_by_every_filter,
                lots_are_listed_newest_first_by_pages,
                entries_are_listed_in_order_from_any_version,
                the_last_entry_is_that_of_the_moment,
                accounts_are_listed_in_the_order_of_ids,
                whoever_is_due_is_listed,
                an_audit_has_everything_of_one_account,
                entries_are_summed_by_kind_between_versions,
                usage_is_summed_by_every_dimension,
                usage_counts_what_began_in_the_time,
            ]
        }
    };
}

/// A moment in 2026 with microseconds, which must survive.
pub(super) fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

fn credits(text: &str) -> Credits {
    text.parse().expect("is an amount")
}

fn label<const MAX: usize>(text: &str) -> Option<Label<MAX>> {
    Some(Label::parse(text).expect("is a label"))
}

/// Every part of an operation, none of them as its default.
fn operation() -> Operation {
    Operation {
        operation_type: label("IMAGE_GENERATION"),
        model: label("imagen"),
        operation_id: label("op-1"),
        edit_price: true,
        project: Some(kernel::ProjectId::from_uuid(*user_id(77).as_uuid())),
        reference: label("invoice 7"),
        description: label("A cat, “purring”"),
        metadata: Some(r#"{"a":[1,-0.5,null,"é"],"b":{"c":true}}"#.to_owned()),
    }
}

/// An operation of this type, model and project.
fn named(operation_type: &str, model: Option<&str>, project: Option<u64>) -> Operation {
    Operation {
        operation_type: label(operation_type),
        model: model.and_then(label),
        project: project.map(|number| kernel::ProjectId::from_uuid(*user_id(number).as_uuid())),
        ..Operation::default()
    }
}

fn deduct(amount: &str) -> Action {
    Action::Deduct { amount: credits(amount), operation: operation() }
}

pub(super) fn reserve(amount: &str, lease: u32) -> Action {
    Action::Reserve {
        amount: credits(amount),
        lease: Span::from_secs(lease),
        over_capture: OverCapture::Cap,
        late_capture: LateCapture::AcceptIfCovered,
        operation: operation(),
    }
}

pub(super) fn purchase(amount: &str) -> Action {
    let operation = Operation::default();
    Action::Purchase { amount: credits(amount), expires_at: None, operation }
}

/// A grant from one moment to another.
fn grant(amount: &str, from: u32, until: Option<u32>) -> Action {
    Action::Grant(GrantTerms {
        source: LotSource::Plan,
        amount: credits(amount),
        priority: None,
        effective_at: Some(moment(from)),
        expires_at: until.map(moment),
        operation: Operation::default(),
    })
}

/// The lot that a transaction has opened.
fn lot_of(id: TransactionId) -> LotId {
    LotId::from_uuid(*id.as_uuid())
}

async fn insert_user(store: &impl Store, number: u64) -> UserId {
    let mut tx = store.begin().await.expect("begins");
    let outcome = tx.insert_user(&user(number, moment(0))).await;
    finish(tx, outcome).await.expect("the user is new");
    user_id(number)
}

fn command(user: UserId, request: &str, action: Action) -> Command {
    let request: kernel::RequestId = request.parse().expect("is a request id");
    let nonce = request
        .as_str()
        .bytes()
        .fold(7, |nonce: u64, byte| nonce.wrapping_mul(31).wrapping_add(byte.into()));
    Command::new(user, request, nonce, action)
}

/// Decides the commands, each on top of those before, and writes what came of them.
async fn post_in(
    tx: &mut dyn LedgerTx,
    commands: &[Command],
    now: Timestamp,
) -> Result<Vec<Outcome>, StoreError> {
    let users: Vec<UserId> = commands.iter().map(|command| command.user).collect();
    let accounts = tx.lock_accounts(&users, now).await?;
    let wanted = Wanted {
        requests: commands.iter().map(|it| (it.user, it.request.clone())).collect(),
        transactions: commands.iter().filter_map(|it| Some((it.user, it.target()?))).collect(),
    };
    let mut books = tx.load_books(accounts, &wanted, now).await?;
    let mut changes = Changes::default();
    let mut outcomes = Vec::new();
    for command in commands {
        let book = books.iter_mut().find(|book| book.account().user == command.user);
        let book = book.expect("the user exists");
        let mut decision = decide(book, &Rules::default(), now, command).expect("is allowed");
        outcomes.extend(decision.outcome.take());
        changes.absorb(book, decision);
    }
    tx.apply_changes(&changes).await?;
    Ok(outcomes)
}

async fn post_all(store: &impl Store, commands: &[Command], seconds: u32) -> Vec<Outcome> {
    let mut tx = store.begin().await.expect("begins");
    let outcome = post_in(&mut *tx, commands, moment(seconds)).await;
    finish(tx, outcome).await.expect("is written")
}

pub(super) async fn post(
    store: &impl Store,
    user: UserId,
    request: &str,
    action: Action,
    seconds: u32,
) -> Outcome {
    let outcomes = post_all(store, &[command(user, request, action)], seconds).await;
    outcomes.into_iter().next().expect("one command, one outcome")
}

/// Posts what the clock has brought about by then.
async fn tick(store: &impl Store, user: UserId, seconds: u32) {
    let mut tx = store.begin().await.expect("begins");
    let outcome = settle_in(&mut *tx, user, moment(seconds)).await;
    finish(tx, outcome).await.expect("is written");
}

async fn settle_in(tx: &mut dyn LedgerTx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let accounts = tx.lock_accounts(&[user], now).await?;
    let books = tx.load_books(accounts, &Wanted::default(), now).await?;
    let mut changes = Changes::default();
    for mut book in books {
        if let Some(decision) = settle(&book, &Rules::default(), now).expect("the book is sound") {
            changes.absorb(&mut book, decision);
        }
    }
    tx.apply_changes(&changes).await
}

/// The books of these users with what is wanted, as they are committed.
async fn load(store: &impl Store, users: &[UserId], wanted: &Wanted, seconds: u32) -> Vec<Book> {
    let mut tx = store.begin().await.expect("begins");
    let accounts = tx.lock_accounts(users, moment(seconds)).await.expect("locks");
    let books = tx.load_books(accounts, wanted, moment(seconds)).await.expect("loads");
    tx.rollback().await.expect("rolls back");
    books
}

async fn account(store: &impl Store, user: UserId) -> Account {
    let books = load(store, &[user], &Wanted::default(), 0).await;
    books.first().expect("the user exists").account().clone()
}
