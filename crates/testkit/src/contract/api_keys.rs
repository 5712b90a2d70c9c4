//! What every store of API keys promises.

use access::{ApiKey, Scope, Scopes};
use kernel::{ApiKeyId, PageSize, Span, Timestamp};
use ports::{ApiKeyReads, ApiKeyTx, Store, StoreError, finish};

use crate::fixtures::{api_key, api_key_id};

/// Makes a test of each case: `api_keys_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! api_keys_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            api_keys,
            [
                a_key_reads_back_as_it_was_stored,
                every_scope_reads_back,
                a_key_that_nobody_has_is_not_found,
                an_id_has_one_key,
                an_end_is_stored_and_nothing_else,
                an_end_can_be_taken_to_the_moment_of_creation,
                a_key_is_seen_after_the_commit_and_not_without,
                one_of_many_revocations_at_once_comes_first,
                keys_are_listed_newest_first_by_pages,
                a_list_is_stable_while_keys_are_issued,
            ]
        }
    };
}

/// A moment in 2026 with microseconds, which must survive.
fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

async fn insert(store: &impl Store, key: &ApiKey) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = tx.insert_api_key(key).await;
    finish(tx, outcome).await
}

async fn end(store: &impl Store, key: &ApiKey) {
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_api_key(key.id).await.unwrap().is_some(), "{} is not there", key.id);
    tx.end_api_key(key).await.unwrap();
    tx.commit().await.unwrap();
}

pub async fn a_key_reads_back_as_it_was_stored(store: &(impl Store + ApiKeyReads)) {
    let plain = api_key(1, moment(1));
    let ended = ApiKey {
        expires_at: Some(moment(9)),
        revoked_at: Some(moment(5)),
        ..api_key(2, moment(2))
    };
    for key in [&plain, &ended] {
        insert(store, key).await.unwrap();
    }
    for key in [plain, ended] {
        assert_eq!(store.find_api_key(key.id).await.unwrap(), Some(key.clone()));
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.lock_api_key(key.id).await.unwrap(), Some(key));
        tx.rollback().await.unwrap();
    }
}

pub async fn every_scope_reads_back(store: &(impl Store + ApiKeyReads)) {
    for (number, scopes) in (1..).zip(Scope::ALL.map(|scope| Scopes::from_iter([scope]))) {
        let key = ApiKey { scopes, ..api_key(number, moment(1)) };
        insert(store, &key).await.unwrap();
        assert_eq!(store.find_api_key(key.id).await.unwrap(), Some(key));
    }
    let all = ApiKey { scopes: Scopes::all(), ..api_key(100, moment(1)) };
    insert(store, &all).await.unwrap();
    assert_eq!(store.find_api_key(all.id).await.unwrap(), Some(all));
}

pub async fn a_key_that_nobody_has_is_not_found(store: &(impl Store + ApiKeyReads)) {
    insert(store, &api_key(1, moment(1))).await.unwrap();
    assert_eq!(store.find_api_key(api_key_id(2)).await.unwrap(), None);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_api_key(api_key_id(2)).await.unwrap(), None);
    tx.rollback().await.unwrap();
}

pub async fn an_id_has_one_key(store: &(impl Store + ApiKeyReads)) {
    let first = api_key(1, moment(1));
    insert(store, &first).await.unwrap();
    let again = insert(store, &ApiKey { scopes: Scopes::all(), ..first.clone() }).await;
    assert!(
        matches!(again, Err(StoreError::Conflict { constraint: "api_keys_pkey" })),
        "{again:?}"
    );
    assert_eq!(store.find_api_key(first.id).await.unwrap(), Some(first));
}

pub async fn an_end_is_stored_and_nothing_else(store: &(impl Store + ApiKeyReads)) {
    let key = api_key(1, moment(1));
    let other = api_key(2, moment(1));
    for key in [&key, &other] {
        insert(store, key).await.unwrap();
    }
    let ended =
        ApiKey { expires_at: Some(moment(60)), revoked_at: Some(moment(30)), ..key.clone() };
    let changed = ApiKey {
        name: "renamed".parse().expect("is a name"),
        scopes: Scopes::all(),
        created_at: moment(2),
        hash: other.hash,
        ..ended.clone()
    };
    end(store, &changed).await;
    assert_eq!(store.find_api_key(key.id).await.unwrap(), Some(ended));
    assert_eq!(store.find_api_key(other.id).await.unwrap(), Some(other));
}

pub async fn an_end_can_be_taken_to_the_moment_of_creation(store: &(impl Store + ApiKeyReads)) {
    let key = ApiKey { expires_at: Some(moment(60)), ..api_key(1, moment(1)) };
    insert(store, &key).await.unwrap();
    let ended = ApiKey { expires_at: Some(moment(1)), revoked_at: Some(moment(1)), ..key };
    end(store, &ended).await;
    assert_eq!(store.find_api_key(ended.id).await.unwrap(), Some(ended));
}

pub async fn a_key_is_seen_after_the_commit_and_not_without(store: &(impl Store + ApiKeyReads)) {
    let key = api_key(1, moment(1));
    let mut tx = store.begin().await.unwrap();
    tx.insert_api_key(&key).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(store.find_api_key(key.id).await.unwrap(), None);
    insert(store, &key).await.unwrap();
    assert_eq!(store.find_api_key(key.id).await.unwrap(), Some(key));
}

pub async fn one_of_many_revocations_at_once_comes_first(store: &(impl Store + ApiKeyReads)) {
    insert(store, &api_key(1, moment(1))).await.unwrap();
    let revoke = async |at: Timestamp| {
        let mut tx = store.begin().await.unwrap();
        let first = revoke_unless_revoked(&mut *tx, api_key_id(1), at).await;
        tx.commit().await.unwrap();
        first
    };
    let (a, b, c) = tokio::join!(revoke(moment(2)), revoke(moment(3)), revoke(moment(4)));
    assert_eq!([a, b, c].into_iter().filter(|first| *first).count(), 1);
    let revoked_at = store.find_api_key(api_key_id(1)).await.unwrap().unwrap().revoked_at;
    let winner = [a, b, c].iter().position(|first| *first).unwrap();
    assert_eq!(revoked_at, Some([moment(2), moment(3), moment(4)][winner]));
}

async fn revoke_unless_revoked(tx: &mut dyn ApiKeyTx, id: ApiKeyId, at: Timestamp) -> bool {
    let key = tx.lock_api_key(id).await.unwrap().unwrap();
    // Gives the others the time to lock, if the lock lets them.
    tokio::task::yield_now().await;
    let first = key.revoked_at.is_none();
    if first {
        tx.end_api_key(&ApiKey { revoked_at: Some(at), ..key }).await.unwrap();
    }
    first
}

pub async fn keys_are_listed_newest_first_by_pages(store: &(impl Store + ApiKeyReads)) {
    let empty = store.list_api_keys(PageSize::DEFAULT, None).await.unwrap();
    assert_eq!((empty.items, empty.next), (vec![], None));
    // Inserted out of order, three of them created in the same microsecond.
    for (number, at) in [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)] {
        insert(store, &api_key(number, moment(at))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let mut after = None;
    let mut pages = Vec::new();
    loop {
        let page = store.list_api_keys(two, after).await.unwrap();
        pages.push(page.items.iter().map(|key| key.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u8]| numbers.iter().map(|n| api_key_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);
    let five = PageSize::parse(5).unwrap();
    let all = store.list_api_keys(five, None).await.unwrap();
    assert_eq!((all.items.len(), all.next), (5, None));
}

pub async fn a_list_is_stable_while_keys_are_issued(store: &(impl Store + ApiKeyReads)) {
    for number in 1..=3 {
        insert(store, &api_key(number, moment(10))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let first = store.list_api_keys(two, None).await.unwrap();
    insert(store, &api_key(9, moment(20))).await.unwrap();
    let second = store.list_api_keys(two, first.next).await.unwrap();
    assert_eq!(second.items, [api_key(1, moment(10))]);
    assert_eq!(second.next, None);
}
