//! Who may write to an account, and when an account comes to be.

use kernel::Digest;
use ports::{LedgerReads, Store};
use tokio::sync::oneshot;
use users::AccountStatus;

use super::*;

pub async fn accounts_are_opened_when_they_are_locked_first(store: &(impl Store + LedgerReads)) {
    let ada = insert_user(store, 1).await;
    let mut tx = store.begin().await.unwrap();
    let opened = tx.lock_accounts(&[ada], moment(5)).await.unwrap();
    assert_eq!(opened, [Account::open(ada, moment(5))]);
    tx.commit().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    let again = tx.lock_accounts(&[ada], moment(9)).await.unwrap();
    assert_eq!(again, opened);
    assert_eq!((again[0].version, again[0].head), (0, Digest::ZERO));
    tx.rollback().await.unwrap();
}

pub async fn locked_accounts_come_in_the_order_of_ids_and_without_strangers(
    store: &(impl Store + LedgerReads),
) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    let mut tx = store.begin().await.unwrap();
    let accounts = tx.lock_accounts(&[eve, user_id(99), ada], moment(1)).await.unwrap();
    let users: Vec<UserId> = accounts.iter().map(|account| account.user).collect();
    assert_eq!(users, [ada, eve]);
    assert_eq!(tx.lock_accounts(&[user_id(99)], moment(1)).await.unwrap(), []);
    tx.rollback().await.unwrap();
}

pub async fn the_second_to_lock_an_account_sees_what_the_first_wrote(
    store: &(impl Store + LedgerReads),
) {
    let ada = insert_user(store, 1).await;
    post(store, ada, "p1", purchase("10"), 1).await;
    let (locked, is_locked) = oneshot::channel();
    let first = async {
        let mut tx = store.begin().await.unwrap();
        post_in(&mut *tx, &[command(ada, "d1", deduct("4"))], moment(2)).await.unwrap();
        locked.send(()).unwrap();
        // Time for the other to run into the lock: without one it would see the old balance.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        tx.commit().await.unwrap();
    };
    let second = async {
        is_locked.await.unwrap();
        let mut tx = store.begin().await.unwrap();
        let accounts = tx.lock_accounts(&[ada], moment(3)).await.unwrap();
        tx.rollback().await.unwrap();
        accounts[0].clone()
    };
    let ((), seen) = tokio::join!(first, second);
    assert_eq!((seen.available, seen.version), (credits("6"), 2));
}

pub async fn spenders_come_with_the_status_of_their_users(store: &(impl Store + LedgerReads)) {
    let (ada, eve) = (insert_user(store, 1).await, insert_user(store, 2).await);
    let mut tx = store.begin().await.unwrap();
    let mut banned = tx.lock_user(eve).await.unwrap().unwrap();
    banned.account.status = AccountStatus::Banned;
    banned.account.changed_at = Some(moment(1));
    tx.update_user(&banned).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    // The first finds no accounts, the second some.
    for _ in 0..2 {
        let spenders = tx.lock_spenders(&[eve, user_id(99), ada], moment(5)).await.unwrap();
        let open = |user| Account::open(user, moment(5));
        let expected = [(open(ada), AccountStatus::Active), (open(eve), AccountStatus::Banned)];
        assert_eq!(spenders, expected);
    }
    tx.rollback().await.unwrap();
}

pub async fn an_account_is_not_opened_for_a_user_who_is_rolled_back(
    store: &(impl Store + LedgerReads),
) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, moment(0))).await.unwrap();
    let accounts = tx.lock_accounts(&[user_id(1)], moment(1)).await.unwrap();
    assert_eq!(accounts.len(), 1, "a user of the same unit of work is there");
    tx.rollback().await.unwrap();
    assert_eq!(store.list_accounts(None, 10).await.unwrap(), []);
}
