//! What is asked of the store, how long an answer counts, and whom it lets in.

use std::sync::atomic::{AtomicI64, Ordering};

use ::access::{ApiKey, Scopes};
use kernel::{Span, Timestamp};
use mockall::predicate::eq;
use ports::MockApiKeyReads;
use testkit::fixtures::{api_key, api_key_id, api_key_secret, pepper};
use tokio::sync::Semaphore;

use super::*;

const START: Timestamp = Timestamp::MIN;
const SECOND: Duration = Duration::from_secs(1);

/// Tells the moment it was set to.
struct Hands(AtomicI64);

impl Hands {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(START.as_micros())))
    }

    fn set(&self, moment: Timestamp) {
        self.0.store(moment.as_micros(), Ordering::Relaxed);
    }
}

impl Clock for Hands {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed)).unwrap()
    }
}

fn authenticator(reads: MockApiKeyReads) -> KeyAuthenticator {
    KeyAuthenticator::new(Arc::new(reads), Hands::new(), pepper(), SECOND)
}

/// A store that is asked for the key of number 1 so many times.
fn asked(times: usize, answer: impl Fn() -> Option<ApiKey> + Send + 'static) -> MockApiKeyReads {
    let mut reads = MockApiKeyReads::new();
    let find = reads.expect_find_api_key().with(eq(api_key_id(1))).times(times);
    find.returning(move |_| Ok(answer()));
    reads
}

fn present() -> Option<ApiKey> {
    Some(api_key(1, START))
}

fn caller() -> Principal {
    let ApiKey { id, name, scopes, .. } = api_key(1, START);
    Principal::Service { key: id, name: name.to_string(), scopes }
}

async fn check(authenticator: &KeyAuthenticator, number: u8) -> Result<Principal, Denial> {
    authenticator.authenticate(&api_key_secret(number).reveal()).await.unwrap()
}

#[tokio::test]
async fn what_is_no_key_is_refused_without_asking() {
    let authenticator = authenticator(MockApiKeyReads::new());
    for text in ["", "atl_", "Bearer x", &api_key_secret(1).reveal().to_uppercase()] {
        assert_eq!(authenticator.authenticate(text).await.unwrap(), Err(Denial::Invalid));
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_asked_for_once_while_it_is_remembered() {
    let authenticator = authenticator(asked(2, present));
    for _ in 0..3 {
        assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    }
    tokio::time::advance(SECOND).await;
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
}

#[tokio::test(start_paused = true)]
async fn that_there_is_no_key_is_remembered_too() {
    let authenticator = authenticator(asked(2, || None));
    for _ in 0..3 {
        assert_eq!(check(&authenticator, 1).await, Err(Denial::Invalid));
    }
    tokio::time::advance(SECOND).await;
    assert_eq!(check(&authenticator, 1).await, Err(Denial::Invalid));
}

#[tokio::test]
async fn a_remembered_key_still_needs_its_secret() {
    let authenticator = authenticator(asked(1, present));
    let forged = ApiKeySecret::new(api_key_id(1), [0xff; 32]).reveal();
    assert_eq!(authenticator.authenticate(&forged).await.unwrap(), Err(Denial::Invalid));
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    assert_eq!(authenticator.authenticate(&forged).await.unwrap(), Err(Denial::Invalid));
}

#[tokio::test(start_paused = true)]
async fn a_revocation_counts_once_the_memory_is_over() {
    let mut reads = MockApiKeyReads::new();
    let mut answers = [None, Some(START)].into_iter();
    reads.expect_find_api_key().times(2).returning(move |_| {
        let revoked_at = answers.next().unwrap();
        Ok(Some(ApiKey { revoked_at, ..api_key(1, START) }))
    });
    let authenticator = authenticator(reads);
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    tokio::time::advance(SECOND).await;
    assert_eq!(check(&authenticator, 1).await, Err(Denial::Revoked));
}

#[tokio::test]
async fn a_remembered_key_expires_by_the_clock() {
    let end = START.saturating_add(Span::from_secs(1));
    let reads = asked(1, move || Some(ApiKey { expires_at: Some(end), ..api_key(1, START) }));
    let clock = Hands::new();
    let authenticator = KeyAuthenticator::new(Arc::new(reads), clock.clone(), pepper(), SECOND);
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    clock.set(end);
    assert_eq!(check(&authenticator, 1).await, Err(Denial::Expired));
}

#[tokio::test]
async fn with_no_memory_every_call_asks() {
    let authenticator =
        KeyAuthenticator::new(Arc::new(asked(3, present)), Hands::new(), pepper(), Duration::ZERO);
    for _ in 0..3 {
        assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    }
}

#[tokio::test]
async fn a_failed_look_up_is_reported_and_not_remembered() {
    let mut reads = MockApiKeyReads::new();
    let mut answers = [Err(StoreError::DeadlineExceeded), Ok(present())].into_iter();
    reads.expect_find_api_key().times(2).returning(move |_| answers.next().unwrap());
    let authenticator = authenticator(reads);
    let failed = authenticator.authenticate(&api_key_secret(1).reveal()).await;
    assert!(matches!(failed, Err(StoreError::DeadlineExceeded)));
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
}

/// Answers when it is let, and counts how often it was asked.
struct Slow {
    gate: Semaphore,
    asked: AtomicI64,
}

#[async_trait]
impl ApiKeyReads for Slow {
    async fn find_api_key(&self, _: ApiKeyId) -> Result<Option<ApiKey>, StoreError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.gate.acquire().await.unwrap().forget();
        Ok(present())
    }

    async fn list_api_keys(
        &self,
        _: kernel::PageSize,
        _: Option<kernel::Position<ApiKeyId>>,
    ) -> Result<kernel::Page<ApiKey, kernel::Position<ApiKeyId>>, StoreError> {
        Err(StoreError::DeadlineExceeded)
    }
}

#[tokio::test]
async fn many_calls_with_a_key_not_yet_known_ask_for_it_once() {
    let slow = Arc::new(Slow { gate: Semaphore::new(0), asked: AtomicI64::new(0) });
    let authenticator =
        Arc::new(KeyAuthenticator::new(slow.clone(), Hands::new(), pepper(), SECOND));
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let authenticator = authenticator.clone();
            tokio::spawn(async move { check(&authenticator, 1).await })
        })
        .collect();
    // One thread: every call runs until it waits before this one goes on.
    tokio::task::yield_now().await;
    slow.gate.add_permits(20);
    for call in calls {
        assert_eq!(call.await.unwrap().map(|caller| caller.scopes()), Ok(caller().scopes()));
    }
    assert_eq!(slow.asked.load(Ordering::Relaxed), 1);
    assert_ne!(caller().scopes(), Scopes::NONE);
}

#[tokio::test]
async fn a_call_that_goes_away_lets_the_next_one_ask() {
    let slow = Arc::new(Slow { gate: Semaphore::new(0), asked: AtomicI64::new(0) });
    let authenticator =
        Arc::new(KeyAuthenticator::new(slow.clone(), Hands::new(), pepper(), SECOND));
    let first = tokio::spawn({
        let authenticator = authenticator.clone();
        async move { check(&authenticator, 1).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    slow.gate.add_permits(1);
    assert_eq!(check(&authenticator, 1).await, Ok(caller()));
    assert_eq!(slow.asked.load(Ordering::Relaxed), 2);
}
