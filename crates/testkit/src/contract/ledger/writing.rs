//! What is written is loaded again, and only where it is asked for.

use ledger::ReleaseOutcome;
use ports::{LedgerReads, Store};

use super::*;

fn wanting(user: UserId, requests: &[&str], transactions: &[TransactionId]) -> Wanted {
    Wanted {
        requests: requests.iter().map(|id| (user, id.parse().expect("is an id"))).collect(),
        transactions: transactions.iter().map(|id| (user, *id)).collect(),
    }
}

/// Everything that the user has comes to the same by the journal.
async fn verified(store: &(impl Store + LedgerReads), user: UserId) {
    let audit = store.audit(user).await.unwrap().expect("has an account");
    let found = ledger::verify(&audit.account, &audit.entries, &audit.lots, &audit.transactions);
    assert_eq!(found, []);
}

pub async fn every_change_reads_back(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let bought = post(store, ada, "p1", purchase("10"), 1).await.transaction;
    let held = post(store, ada, "h1", reserve("4", 600), 2).await.transaction;
    let book = &load(store, &[ada], &wanting(ada, &[], &[bought.id, held.id]), 3).await[0];
    let stored = book.transaction(held.id).unwrap();
    assert_eq!(stored.operation, operation());
    assert_eq!(stored.hold, held.hold);
    assert_eq!(stored.allocations[0].lot, lot_of(bought.id));
    assert_eq!((stored.created_at, stored.processed_at), (moment(2), None));
    let lot = book.lots().next().unwrap();
    assert_eq!((lot.amount, lot.remaining), (credits("10"), credits("6")));
    assert_eq!((lot.source, lot.expires_at), (LotSource::Purchase, None));

    let part = Action::Capture { hold: held.id, amount: Some(credits("1.5")) };
    post(store, ada, "c1", part, 4).await;
    let operation = Operation { reference: label("ticket"), ..Operation::default() };
    let back = Action::Refund { charge: held.id, amount: Some(credits("0.5")), operation };
    let refund = post(store, ada, "r1", back, 5).await.transaction;
    let book = &load(store, &[ada], &wanting(ada, &[], &[held.id, refund.id]), 6).await[0];
    let charge = book.transaction(held.id).unwrap();
    assert_eq!((charge.captured, charge.refunded), (credits("1.5"), credits("0.5")));
    assert_eq!(charge.allocations[0].returned, credits("0.5"));
    assert_eq!(book.transaction(refund.id).unwrap().parent, Some(held.id));
    let account = book.account();
    assert_eq!((account.available, account.held), (credits("9"), Credits::ZERO));
    assert_eq!((account.earned, account.spent), (credits("10"), credits("1")));
    assert_eq!((account.version, account.updated_at), (4, moment(5)));
    verified(store, ada).await;
}

pub async fn changes_of_several_users_do_not_mix(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    // The same request id, moment and nonce: only the user tells them apart.
    let commands = [command(ada, "p1", purchase("1")), command(eve, "p1", purchase("2"))];
    let outcomes = post_all(store, &commands, 1).await;
    assert_eq!(outcomes[0].transaction.id, outcomes[1].transaction.id);
    assert_eq!(account(store, ada).await.available, credits("1"));
    assert_eq!(account(store, eve).await.available, credits("2"));
    verified(store, ada).await;
    verified(store, eve).await;
}

pub async fn a_batch_writes_what_it_has_chained(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    let mut commands = vec![command(ada, "p1", purchase("10")), command(eve, "p1", purchase("5"))];
    for number in 0..5 {
        commands.push(command(ada, &format!("d{number}"), deduct("1")));
        commands.push(command(eve, &format!("h{number}"), reserve("1", 60)));
    }
    post_all(store, &commands, 1).await;
    let (of_ada, of_eve) = (account(store, ada).await, account(store, eve).await);
    assert_eq!((of_ada.available, of_ada.version), (credits("5"), 6));
    assert_eq!((of_eve.available, of_eve.held), (Credits::ZERO, credits("5")));
    verified(store, ada).await;
    verified(store, eve).await;
}

pub async fn what_is_rolled_back_left_no_trace(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    let before = store.audit(ada).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    post_in(&mut *tx, &[command(ada, "d1", deduct("4"))], moment(2)).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(store.audit(ada).await.unwrap(), before);
    let book = &load(store, &[ada], &wanting(ada, &["d1"], &[]), 3).await[0];
    assert_eq!(book.requests().count(), 0);
}

pub async fn a_request_is_found_with_its_transaction(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    post(store, ada, "p1", purchase("10"), 1).await;
    let first = post(store, ada, "h1", reserve("4", 600), 2).await;
    post(store, ada, "c1", Action::Capture { hold: first.transaction.id, amount: None }, 3).await;

    let again = post(store, ada, "h1", reserve("4", 600), 4).await;
    assert!(again.replayed);
    assert_eq!((again.transaction, again.balance), (first.transaction, first.balance));
    let book = &load(store, &[eve], &wanting(eve, &["h1"], &[]), 4).await[0];
    assert_eq!(book.requests().count(), 0, "another user's request is not hers");
}

pub async fn a_request_is_recorded_once(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    let books = load(store, &[ada], &wanting(ada, &["p1"], &[]), 2).await;
    let recorded = books[0].requests().next().unwrap();
    assert_eq!(recorded.digest, command(ada, "p1", purchase("10.00")).digest);
    assert_eq!((recorded.balance.available, recorded.at), (credits("10"), moment(1)));
    assert_eq!(books[0].requests().count(), 1);
    assert!(books[0].transaction(recorded.transaction).is_some());
}

pub async fn a_target_comes_with_the_lots_that_paid(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let small = post(store, ada, "p1", purchase("1"), 1).await.transaction.id;
    let large = post(store, ada, "p2", purchase("9"), 2).await.transaction.id;
    let charge = post(store, ada, "d1", deduct("3"), 3).await.transaction.id;
    let book = &load(store, &[ada], &wanting(ada, &[], &[charge]), 4).await[0];
    let lots: Vec<LotId> = book.lots().map(|lot| lot.id).collect();
    assert_eq!(lots, [lot_of(small), lot_of(large)], "one is used up, and paid");
    let paid = &book.transaction(charge).unwrap().allocations;
    let paid: Vec<_> = paid.iter().map(|part| (part.lot, part.amount)).collect();
    assert_eq!(paid, [(lot_of(small), credits("1")), (lot_of(large), credits("2"))]);
    let stranger = TransactionId::from_uuid(*user_id(9).as_uuid());
    let book = &load(store, &[ada], &wanting(ada, &[], &[stranger]), 4).await[0];
    assert_eq!(book.transaction(stranger), None);
}

pub async fn a_lot_that_is_used_up_is_loaded_only_where_it_is_needed(
    store: &(impl Store + LedgerReads),
) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("1"), 1).await;
    let charge = post(store, ada, "d1", deduct("1"), 2).await.transaction.id;
    assert_eq!(load(store, &[ada], &Wanted::default(), 3).await[0].lots().count(), 0);
    let wanted = wanting(ada, &[], &[charge]);
    assert_eq!(load(store, &[ada], &wanted, 3).await[0].lots().count(), 1);
    // What comes back revives it.
    let operation = Operation::default();
    post(store, ada, "r1", Action::Refund { charge, amount: None, operation }, 4).await;
    let book = &load(store, &[ada], &Wanted::default(), 5).await[0];
    assert_eq!(book.lots().next().unwrap().remaining, credits("1"));
}

pub async fn a_hold_is_loaded_once_it_is_due(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    let hold = post(store, ada, "h1", reserve("4", 60), 2).await.transaction.id;
    let none = Wanted::default();
    assert_eq!(load(store, &[ada], &none, 61).await[0].transaction(hold), None);
    assert!(load(store, &[ada], &none, 62).await[0].transaction(hold).is_some());

    let longer = Action::ExtendHold { hold, lease: Span::from_secs(600) };
    post(store, ada, "e1", longer, 30).await;
    assert_eq!(load(store, &[ada], &none, 62).await[0].transaction(hold), None);
    let outcome = ReleaseOutcome::Failed;
    post(store, ada, "x1", Action::Release { hold, outcome }, 63).await;
    assert_eq!(load(store, &[ada], &none, 9_000).await[0].transaction(hold), None);
    verified(store, ada).await;
}

pub async fn a_grant_comes_with_its_transaction_when_it_begins(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let granted = post(store, ada, "g1", grant("5", 100, Some(200)), 1).await.transaction.id;
    let none = Wanted::default();
    let early = &load(store, &[ada], &none, 99).await[0];
    assert_eq!((early.lots().count(), early.transaction(granted)), (1, None));
    assert!(load(store, &[ada], &none, 100).await[0].transaction(granted).is_some());
    tick(store, ada, 250).await;
    let after = account(store, ada).await;
    assert_eq!((after.available, after.forfeited), (Credits::ZERO, credits("5")));
    assert_eq!(after.updated_at, moment(200));
    verified(store, ada).await;
}

pub async fn a_forgotten_account_leaves_nothing_behind(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    for user in [ada, eve] {
        post(store, user, "p1", purchase("10"), 1).await;
        post(store, user, "h1", reserve("4", 60), 2).await;
    }
    let before = store.audit(eve).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.forget_account(ada, moment(3)).await.unwrap());
    tx.delete_user(ada).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.audit(ada).await.unwrap(), None);
    assert_eq!(store.find_book(ada, &[], moment(4)).await.unwrap(), None);
    assert_eq!(store.list_entries(ada, 0, 10).await.unwrap(), []);
    assert_eq!(store.list_due(moment(99), 10).await.unwrap(), [eve]);
    assert_eq!(store.audit(eve).await.unwrap(), before);
}

pub async fn forgetting_a_stranger_forgets_nobody(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    let mut tx = store.begin().await.unwrap();
    assert!(!tx.forget_account(user_id(9), moment(3)).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(account(store, ada).await.available, credits("10"));
}
