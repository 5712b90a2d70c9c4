//! The protocol between the use cases on API keys and their store: what is called in which order,
//! what ends in a commit and what in a rollback, what is tried again.

use ::access::decide::{Issue, Rotate};
use ::access::{ApiKey, KeyState, Overlap, Rejection, Scope, Scopes};
use kernel::{Page, PageSize, Timestamp};
use mockall::Sequence;
use mockall::predicate::eq;
use ports::{MockApiKeyReads, StoreError};
use testkit::fixtures::{api_key, api_key_id, pepper};
use testkit::mock::{MockStore, MockTx};

use super::*;

const NOW: Timestamp = Timestamp::MIN;
const ROTATE: Rotate = Rotate { overlap: Overlap::DEFAULT, lifetime: None };

fn keys(units: impl IntoIterator<Item = MockTx>) -> ApiKeys {
    keys_with(MockStore::of(units), MockApiKeyReads::new())
}

fn keys_with(store: MockStore, reads: MockApiKeyReads) -> ApiKeys {
    let fixed = Arc::new(Fixed);
    ApiKeys::new(Arc::new(store), Arc::new(reads), fixed.clone(), fixed, pepper())
}

/// What issuing the key of number 2 takes: [`Fixed`] makes its id and random bytes.
fn issue() -> Issue {
    let ApiKey { name, scopes, .. } = api_key(2, NOW);
    Issue { name, scopes, lifetime: None }
}

fn contention() -> StoreError {
    StoreError::Contention("deadlock".into())
}

/// A unit of work that must be rolled back, and locks `key`.
fn locked(key: Option<ApiKey>) -> MockTx {
    let mut tx = MockTx::rolled_back();
    tx.expect_lock_api_key().with(eq(api_key_id(1))).times(1).return_once(|_| Ok(key));
    tx
}

#[tokio::test]
async fn issuing_inserts_then_commits_and_hands_out_the_secret() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let insert = tx.expect_insert_api_key().times(1).in_sequence(&mut order);
    insert.with(eq(api_key(2, NOW))).returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    let issued = keys([tx]).issue(Scopes::all(), &issue()).await.unwrap();
    assert_eq!(issued.key, api_key(2, NOW));
    assert_eq!(pepper().hash(&issued.secret), issued.key.hash);
}

#[tokio::test]
async fn a_refused_key_is_not_stored() {
    let issuer: Scopes = [Scope::KeysAdmin].into_iter().collect();
    let outcome = keys([MockTx::rolled_back()]).issue(issuer, &issue()).await;
    let missing = [Scope::UsersRead].into_iter().collect();
    let expected = Rejection::ScopesBeyondIssuer { missing };
    assert!(matches!(outcome, Err(IssueApiKeyError::Rejected(why)) if why == expected));
}

#[tokio::test]
async fn rotating_locks_then_inserts_the_successor_then_ends_the_old_key_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_api_key().times(1).in_sequence(&mut order);
    lock.with(eq(api_key_id(1))).returning(|_| Ok(Some(api_key(1, NOW))));
    let successor = ApiKey { name: api_key(1, NOW).name, ..api_key(2, NOW) };
    let insert = tx.expect_insert_api_key().times(1).in_sequence(&mut order);
    insert.with(eq(successor.clone())).returning(|_| Ok(()));
    let end = NOW.saturating_add(Overlap::DEFAULT.as_span());
    let replaced = ApiKey { expires_at: Some(end), ..api_key(1, NOW) };
    let ending = tx.expect_end_api_key().times(1).in_sequence(&mut order);
    ending.with(eq(replaced.clone())).returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    let rotated = keys([tx]).rotate(Scopes::all(), api_key_id(1), ROTATE).await.unwrap();
    assert_eq!((rotated.key, rotated.replaced), (successor, replaced));
}

#[tokio::test]
async fn a_key_that_is_over_is_not_rotated_and_one_that_is_not_there_neither() {
    let over = ApiKey { revoked_at: Some(NOW), ..api_key(1, NOW) };
    let outcome = keys([locked(Some(over))]).rotate(Scopes::all(), api_key_id(1), ROTATE).await;
    let expected = Rejection::Inactive { state: KeyState::Revoked };
    assert!(matches!(outcome, Err(RotateApiKeyError::Rejected(why)) if why == expected));

    let outcome = keys([locked(None)]).rotate(Scopes::all(), api_key_id(1), ROTATE).await;
    assert!(matches!(outcome, Err(RotateApiKeyError::NotFound)));
    let outcome = keys([locked(None)]).revoke(api_key_id(1)).await;
    assert!(matches!(outcome, Err(RevokeApiKeyError::NotFound)));
}

#[tokio::test]
async fn revoking_locks_then_writes_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_api_key().times(1).in_sequence(&mut order);
    lock.with(eq(api_key_id(1))).returning(|_| Ok(Some(api_key(1, NOW))));
    let revoked = ApiKey { revoked_at: Some(NOW), ..api_key(1, NOW) };
    let ending = tx.expect_end_api_key().times(1).in_sequence(&mut order);
    ending.with(eq(revoked.clone())).returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    assert_eq!(keys([tx]).revoke(api_key_id(1)).await.unwrap(), revoked);
}

#[tokio::test]
async fn revoking_again_writes_nothing() {
    let revoked = ApiKey { revoked_at: Some(NOW), ..api_key(1, NOW) };
    let mut tx = MockTx::committed();
    let found = revoked.clone();
    tx.expect_lock_api_key().times(1).return_once(|_| Ok(Some(found)));
    assert_eq!(keys([tx]).revoke(api_key_id(1)).await.unwrap(), revoked);
}

#[tokio::test]
async fn contention_is_tried_again_and_an_unknown_outcome_is_not() {
    let failed = || {
        let mut tx = MockTx::rolled_back();
        tx.expect_lock_api_key().times(1).returning(|_| Err(contention()));
        tx
    };
    let mut tx = MockTx::committed();
    tx.expect_lock_api_key().times(1).returning(|_| Ok(Some(api_key(1, NOW))));
    tx.expect_end_api_key().times(1).returning(|_| Ok(()));
    assert!(keys([failed(), failed(), tx]).revoke(api_key_id(1)).await.is_ok());

    let mut tx = MockTx::new();
    tx.expect_insert_api_key().times(1).returning(|_| Ok(()));
    tx.expect_commit().times(1).returning(|| Err(StoreError::CommitUnknown("reset".into())));
    let outcome = keys([tx]).issue(Scopes::all(), &issue()).await;
    assert!(matches!(outcome, Err(IssueApiKeyError::Store(StoreError::CommitUnknown(_)))));
}

#[tokio::test]
async fn listing_needs_no_unit_of_work() {
    let mut reads = MockApiKeyReads::new();
    let page = Page { items: vec![api_key(1, NOW)], next: Some(api_key(1, NOW).position()) };
    let found = page.clone();
    let list = reads.expect_list_api_keys().times(1);
    list.with(eq(PageSize::DEFAULT), eq(None)).return_once(|_, _| Ok(found));
    let listed = keys_with(MockStore::new(), reads).list(PageSize::DEFAULT, None).await;
    assert_eq!(listed.unwrap(), page);
}

/// The moment of every key, and what the key of number 2 is made of.
struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW
    }
}

impl Ids for Fixed {
    fn uuid(&self) -> uuid::Uuid {
        *api_key_id(2).as_uuid()
    }

    fn secret(&self) -> [u8; 32] {
        [2; 32]
    }

    fn nonce(&self) -> u64 {
        0
    }
}
