//! What can be read outside a unit of work.

use kernel::{PageSize, Position};
use ledger::{Transaction, TransactionKind, TransactionStatus};
use ports::{LedgerReads, Standing, Store, TransactionFilter};

use super::*;

fn size(items: i32) -> PageSize {
    PageSize::parse(items).expect("is a size")
}

pub async fn a_book_outside_a_unit_of_work_is_the_same_book(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let empty = store.find_book(ada, &[], moment(5)).await.unwrap().unwrap();
    assert_eq!((empty.account().user, empty.account().version), (ada, 0));
    assert_eq!(store.find_book(user_id(9), &[], moment(5)).await.unwrap(), None);

    post(store, ada, "p1", purchase("10"), 1).await;
    let hold = post(store, ada, "h1", reserve("4", 60), 2).await.transaction.id;
    let charge = post(store, ada, "d1", deduct("1"), 3).await.transaction.id;
    for (wanted, seconds) in [(vec![], 5), (vec![charge], 5), (vec![charge], 99), (vec![hold], 5)] {
        let read = store.find_book(ada, &wanted, moment(seconds)).await.unwrap().unwrap();
        let transactions = wanted.into_iter().map(|id| (ada, id)).collect();
        let wanted = Wanted { requests: vec![], transactions };
        assert_eq!([read], load(store, &[ada], &wanted, seconds).await[..]);
    }
}

pub async fn standings_tell_who_exists_and_what_is_due(store: &(impl Store + LedgerReads)) {
    let (ada, eve, new) =
        (insert_user(store, 1).await, insert_user(store, 2).await, insert_user(store, 3).await);
    post(store, ada, "p1", purchase("10"), 1).await;
    post(store, ada, "h1", reserve("4", 60), 2).await;
    post(store, eve, "g1", grant("5", 100, Some(200)), 1).await;
    let at = async |seconds| {
        let asked = [new, user_id(99), eve, ada, ada];
        let mut standings = store.list_standings(&asked, moment(seconds)).await.unwrap();
        standings.sort_by_key(|standing| standing.account.user);
        standings
    };
    let due = |standings: &[Standing]| -> Vec<(UserId, bool)> {
        standings.iter().map(|standing| (standing.account.user, standing.due)).collect()
    };
    let early = at(61).await;
    assert_eq!(due(&early), [(ada, false), (eve, false), (new, false)]);
    assert_eq!(early[0].account, account(store, ada).await);
    assert_eq!((early[2].account.version, early[2].account.available), (0, Credits::ZERO));
    assert_eq!(due(&at(62).await), [(ada, true), (eve, false), (new, false)]);
    assert_eq!(due(&at(100).await), [(ada, true), (eve, true), (new, false)]);
    tick(store, ada, 100).await;
    tick(store, eve, 100).await;
    assert_eq!(due(&at(199).await), [(ada, false), (eve, false), (new, false)]);
    assert_eq!(due(&at(200).await), [(ada, false), (eve, true), (new, false)]);
    assert_eq!(store.list_standings(&[], moment(1)).await.unwrap(), []);
}

pub async fn transactions_are_listed_newest_first_by_pages(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    post(store, eve, "p1", purchase("10"), 1).await;
    let mut made = vec![post(store, ada, "p1", purchase("10"), 1).await.transaction.id];
    // Three in one microsecond, as clocks have it: their moments are told apart all the same.
    for number in 0..3 {
        made.push(post(store, ada, &format!("d{number}"), deduct("1"), 2).await.transaction.id);
    }
    made.push(post(store, ada, "h1", reserve("1", 60), 3).await.transaction.id);
    made.reverse();
    let all = TransactionFilter::default();
    let mut listed: Vec<Transaction> = Vec::new();
    let mut after: Option<Position<TransactionId>> = None;
    loop {
        let page = store.list_transactions(ada, &all, after, size(2)).await.unwrap();
        assert!(page.items.len() <= 2);
        listed.extend(page.items);
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(listed.iter().map(|found| found.id).collect::<Vec<_>>(), made);
    let book = store.find_book(ada, &made, moment(4)).await.unwrap().unwrap();
    for found in listed {
        assert_eq!(Some(&found), book.transaction(found.id));
    }
}

pub async fn transactions_are_listed_by_every_filter(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let bought = post(store, ada, "p1", purchase("10"), 1).await.transaction.id;
    let charge = post(store, ada, "d1", deduct("1"), 2).await.transaction.id;
    let plain = Action::Deduct { amount: credits("1"), operation: Operation::default() };
    let plain = post(store, ada, "d2", plain, 3).await.transaction.id;
    let hold = post(store, ada, "h1", reserve("1", 60), 4).await.transaction.id;
    let found = async |filter: TransactionFilter| -> Vec<TransactionId> {
        let page = store.list_transactions(ada, &filter, None, PageSize::DEFAULT).await.unwrap();
        page.items.into_iter().map(|found| found.id).collect()
    };
    let by = TransactionFilter::default;
    let text = |text: &str| Some(text.to_owned());
    let deduction = vec![TransactionKind::Deduction];
    assert_eq!(found(TransactionFilter { kinds: deduction, ..by() }).await, [hold, plain, charge]);
    let two = vec![TransactionKind::Purchase, TransactionKind::Refund];
    assert_eq!(found(TransactionFilter { kinds: two, ..by() }).await, [bought]);
    let pending = vec![TransactionStatus::Pending];
    assert_eq!(found(TransactionFilter { statuses: pending, ..by() }).await, [hold]);
    let named = [hold, charge];
    let operation_type = text("IMAGE_GENERATION");
    assert_eq!(found(TransactionFilter { operation_type, ..by() }).await, named);
    assert_eq!(found(TransactionFilter { model: text("imagen"), ..by() }).await, named);
    assert_eq!(found(TransactionFilter { model: text("IMAGEN"), ..by() }).await, []);
    assert_eq!(found(TransactionFilter { operation_id: text("op-1"), ..by() }).await, named);
    let project = operation().project;
    assert_eq!(found(TransactionFilter { project, ..by() }).await, named);
    assert_eq!(found(TransactionFilter { reference: text("invoice 7"), ..by() }).await, named);
    let (from, until) = (Some(moment(2)), Some(moment(4)));
    assert_eq!(found(TransactionFilter { from, ..by() }).await, [hold, plain, charge]);
    assert_eq!(found(TransactionFilter { until, ..by() }).await, [plain, charge, bought]);
    assert_eq!(found(TransactionFilter { from, until, ..by() }).await, [plain, charge]);
    let model = text("imagen");
    assert_eq!(found(TransactionFilter { from, until, model, ..by() }).await, [charge]);
}

pub async fn lots_are_listed_newest_first_by_pages(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let mut opened = Vec::new();
    for number in 0..5 {
        let bought = post(store, ada, &format!("p{number}"), purchase("1"), 1).await;
        opened.push(lot_of(bought.transaction.id));
    }
    post(store, ada, "d1", deduct("1"), 2).await;
    opened.reverse();
    let first = store.list_lots(ada, None, size(3)).await.unwrap();
    let second = store.list_lots(ada, first.next, size(3)).await.unwrap();
    assert_eq!(second.next, None);
    let listed: Vec<_> = first.items.into_iter().chain(second.items).collect();
    assert_eq!(listed.iter().map(|lot| lot.id).collect::<Vec<_>>(), opened);
    assert_eq!(listed[4].remaining, Credits::ZERO, "a lot that is used up is listed too");
}

pub async fn entries_are_listed_in_order_from_any_version(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    for number in 0..4 {
        post(store, ada, &format!("d{number}"), deduct("1"), 2).await;
    }
    let versions = async |after, limit| -> Vec<u64> {
        let entries = store.list_entries(ada, after, limit).await.unwrap();
        entries.iter().map(|entry| entry.version).collect()
    };
    assert_eq!(versions(0, 100).await, [1, 2, 3, 4, 5]);
    assert_eq!(versions(2, 2).await, [3, 4]);
    assert!(versions(5, 2).await.is_empty());
    let all = store.list_entries(ada, 0, 100).await.unwrap();
    for pair in all.windows(2) {
        assert_eq!(pair[1].chained(&pair[0].hash), pair[1].hash);
    }
}

pub async fn the_last_entry_is_that_of_the_moment(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 10).await;
    post(store, ada, "d1", deduct("1"), 20).await;
    let version = async |at| store.last_entry(ada, at).await.unwrap().map(|entry| entry.version);
    assert_eq!(version(moment(9)).await, None);
    assert_eq!(version(moment(10)).await, Some(1));
    assert_eq!(version(moment(19)).await, Some(1));
    assert_eq!(version(moment(20)).await, Some(2));
    assert_eq!(version(Timestamp::MAX).await, Some(2));
    assert_eq!(version(Timestamp::MIN).await, None);
}

pub async fn accounts_are_listed_in_the_order_of_ids(store: &(impl Store + LedgerReads)) {
    for number in [3, 1, 2] {
        let user = insert_user(store, number).await;
        account(store, user).await;
        post(store, user, "p1", purchase("1"), 1).await;
    }
    let all = store.list_accounts(None, 10).await.unwrap();
    assert_eq!(all, [user_id(1), user_id(2), user_id(3)]);
    assert_eq!(store.list_accounts(Some(user_id(1)), 1).await.unwrap(), [user_id(2)]);
    assert_eq!(store.list_accounts(Some(user_id(3)), 1).await.unwrap(), []);
}

pub async fn whoever_is_due_is_listed(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    post(store, ada, "p1", purchase("10"), 1).await;
    post(store, ada, "h1", reserve("4", 60), 2).await;
    post(store, eve, "g1", grant("5", 100, None), 1).await;
    let due = async |seconds, limit| {
        let mut users = store.list_due(moment(seconds), limit).await.unwrap();
        users.sort();
        users
    };
    assert_eq!(due(61, 10).await, []);
    assert_eq!(due(62, 10).await, [ada]);
    assert_eq!(due(100, 10).await, [ada, eve]);
    tick(store, ada, 100).await;
    tick(store, eve, 100).await;
    assert_eq!(due(9_000, 10).await, []);
}

pub async fn an_audit_has_everything_of_one_account(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    for user in [ada, eve] {
        post(store, user, "p1", purchase("10"), 1).await;
        post(store, user, "d1", deduct("10"), 2).await;
    }
    let audit = store.audit(ada).await.unwrap().unwrap();
    assert_eq!(audit.account, account(store, ada).await);
    assert_eq!(audit.entries, store.list_entries(ada, 0, 10).await.unwrap());
    assert_eq!((audit.lots.len(), audit.transactions.len()), (1, 2));
    assert!(audit.transactions.iter().all(|found| found.user == ada));
    assert_eq!(store.audit(user_id(9)).await.unwrap(), None);
}
