//! The life of API keys: issued, used, rotated, revoked, and refused ever after.

use std::sync::Arc;
use std::time::Duration;

use access::decide::{Issue, Rotate};
use access::{ApiKeySecret, Denial, Lifetime, Overlap, Principal, Rejection, Scope, Scopes};
use app::access::{ApiKeys, IssueApiKeyError, Issued, KeyAuthenticator, RotateApiKeyError};
use kernel::{ApiKeyId, PageSize, Span};
use ports::{Authenticator, StoreError};
use testkit::fixtures::pepper;
use testkit::{FakeClock, FakeIds, FakeStore};

/// The use cases and two servers that check keys: one remembers for a second, one does not.
struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    keys: ApiKeys,
    forgetful: KeyAuthenticator,
    remembering: KeyAuthenticator,
}

impl World {
    fn new() -> Self {
        let store = FakeStore::new();
        let reads = Arc::new(store.clone());
        let clock = Arc::new(FakeClock::new());
        let ids = Arc::new(FakeIds::new());
        let check = |memory| KeyAuthenticator::new(reads.clone(), clock.clone(), pepper(), memory);
        Self {
            forgetful: check(Duration::ZERO),
            remembering: check(Duration::from_secs(1)),
            keys: ApiKeys::new(reads.clone(), reads.clone(), clock.clone(), ids, pepper()),
            clock,
            store,
        }
    }

    async fn issue(&self, scopes: &[Scope], lifetime: Option<u32>) -> Issued {
        let scopes = scopes.iter().copied().collect();
        let lifetime = lifetime
            .map(|seconds| Lifetime::from_span(Span::from_secs(seconds)).expect("is in range"));
        let command = Issue { name: "web".parse().expect("is a name"), scopes, lifetime };
        self.keys.issue(Scopes::all(), &command).await.expect("the store is up")
    }

    async fn call(&self, secret: &ApiKeySecret) -> Result<ApiKeyId, Denial> {
        let caller = self.forgetful.authenticate(&secret.reveal()).await.expect("the store is up");
        caller.map(|Principal::Service { key, .. }| key)
    }
}

fn overlap(seconds: u32) -> Rotate {
    Rotate {
        overlap: Overlap::from_span(Span::from_secs(seconds)).expect("is in range"),
        lifetime: None,
    }
}

#[tokio::test]
async fn an_issued_key_calls_with_its_scopes() {
    let world = World::new();
    let Issued { key, secret } = world.issue(&[Scope::UsersRead], None).await;
    let caller = world.forgetful.authenticate(&secret.reveal()).await.unwrap().unwrap();
    assert!(caller.may(Scope::UsersRead) && !caller.may(Scope::UsersWrite));
    assert_eq!(world.keys.list(PageSize::DEFAULT, None).await.unwrap().items, [key]);
}

#[tokio::test]
async fn a_key_expires_at_its_moment() {
    let world = World::new();
    let Issued { key, secret } = world.issue(&[Scope::UsersRead], Some(60)).await;
    world.clock.set(key.expires_at.unwrap());
    assert_eq!(world.call(&secret).await, Err(Denial::Expired));
    let outcome = world.keys.rotate(Scopes::all(), key.id, overlap(60)).await;
    assert!(matches!(outcome, Err(RotateApiKeyError::Rejected(Rejection::Inactive { .. }))));
}

#[tokio::test]
async fn both_keys_are_good_while_a_rotation_overlaps() {
    let world = World::new();
    let old = world.issue(&[Scope::UsersRead], None).await;
    world.clock.advance(Span::from_secs(5));
    let new = world.keys.rotate(Scopes::all(), old.key.id, overlap(60)).await.unwrap();
    assert_eq!(world.call(&old.secret).await, Ok(old.key.id));
    assert_eq!(world.call(&new.secret).await, Ok(new.key.id));
    world.clock.advance(Span::from_secs(60));
    assert_eq!(world.call(&old.secret).await, Err(Denial::Expired));
    assert_eq!(world.call(&new.secret).await, Ok(new.key.id));
    let listed = world.keys.list(PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(listed.items, [new.key, new.replaced]);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_key_is_refused_at_once_by_the_forgetful_and_in_time_by_the_others() {
    let world = World::new();
    let Issued { key, secret } = world.issue(&[Scope::UsersRead], None).await;
    let text = secret.reveal();
    assert!(world.remembering.authenticate(&text).await.unwrap().is_ok());
    let revoked = world.keys.revoke(key.id).await.unwrap();
    assert_eq!(world.call(&secret).await, Err(Denial::Revoked));
    assert!(world.remembering.authenticate(&text).await.unwrap().is_ok());
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(world.remembering.authenticate(&text).await.unwrap(), Err(Denial::Revoked));

    world.clock.advance(Span::from_secs(9));
    assert_eq!(world.keys.revoke(key.id).await.unwrap(), revoked);
}

#[tokio::test]
async fn nobody_gains_scopes_by_issuing_or_rotating() {
    let world = World::new();
    let strong = world.issue(&[Scope::KeysAdmin, Scope::LedgerAdmin], None).await;
    let weak: Scopes = [Scope::KeysAdmin].into_iter().collect();
    let missing: Scopes = [Scope::LedgerAdmin].into_iter().collect();

    let outcome = world.keys.rotate(weak, strong.key.id, overlap(0)).await;
    let Err(RotateApiKeyError::Rejected(why)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(why, Rejection::ScopesBeyondIssuer { missing });
    assert_eq!(world.call(&strong.secret).await, Ok(strong.key.id));

    let command = Issue { name: "web".parse().unwrap(), scopes: missing, lifetime: None };
    let outcome = world.keys.issue(weak, &command).await;
    let Err(IssueApiKeyError::Rejected(why)) = outcome else { panic!("{outcome:?}") };
    assert_eq!(why, Rejection::ScopesBeyondIssuer { missing });
    assert_eq!(world.keys.list(PageSize::DEFAULT, None).await.unwrap().items.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn while_the_store_is_down_known_keys_call_as_long_as_they_are_remembered() {
    let world = World::new();
    let known = world.issue(&[Scope::UsersRead], None).await.secret.reveal();
    let unknown = world.issue(&[Scope::UsersRead], None).await.secret.reveal();
    assert!(world.remembering.authenticate(&known).await.unwrap().is_ok());
    world.store.set_down(true);
    assert!(world.remembering.authenticate(&known).await.unwrap().is_ok());
    let outcome = world.remembering.authenticate(&unknown).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))));
    tokio::time::advance(Duration::from_secs(1)).await;
    let outcome = world.remembering.authenticate(&known).await;
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))));
}
