//! The life of users.

use std::sync::Arc;

use app::{
    CreateUserError, Created, DeleteUserError, FindUserError, Profiles, SignupGrant,
    UpdateUserError, UpsertUserError, Users,
};
use kernel::{Change, Credits, Etag, PageSize, Patch, Span};
use ledger::{LotSource, Rules};
use ports::{Clock, LedgerReads, StoreError, UserFilter};
use testkit::fixtures::{identity, user};
use testkit::{FakeClock, FakeIds, FakeStore};
use users::decide::{Create, Delete, SetStatus, Update, Upsert};
use users::{AccountStatus, Profile, ProfileFields, Rejection, User, UserFields, UserPatch};

struct World {
    store: FakeStore,
    clock: Arc<FakeClock>,
    users: Users,
}

impl World {
    fn new() -> Self {
        let store = FakeStore::new();
        let clock = Arc::new(FakeClock::new());
        let reads = Arc::new(store.clone());
        let ids = Arc::new(FakeIds::new());
        let users = Users::new(Arc::new(store.clone()), reads, clock.clone(), ids);
        Self { store, clock, users }
    }

    /// Creates the user of `number` with every field set.
    async fn sign_in(&self, number: u64) -> Created {
        self.users.create(&sign_in(number)).await.expect("nothing is taken")
    }

    async fn change(&self, user: &User, patch: UserPatch) -> Result<User, UpdateUserError> {
        self.users.update(&Update { user: user.id, patch, expected: None }).await
    }

    async fn delete(&self, user: &User) -> Result<(), DeleteUserError> {
        self.users.delete(&Delete { user: user.id, expected: Some(user.etag) }).await
    }
}

fn sign_in(number: u64) -> Create {
    let fields = user(number, FakeClock::new().now()).fields;
    Create { identity: identity(number), fields }
}

#[tokio::test]
async fn a_new_user_is_given_the_first_credits_once() {
    let mut world = World::new();
    let amount: Credits = "20".parse().unwrap();
    world.users = world.users.granting(Some(SignupGrant { amount, rules: Rules::default() }));
    let created = world.sign_in(1).await;
    world.sign_in(1).await;

    let book = world.store.find_book(created.user.id, &[], world.clock.now()).await.unwrap();
    let book = book.expect("the account was opened with the user");
    assert_eq!((book.account().available, book.account().version), (amount, 1));
    assert!(book.lots().all(|lot| lot.source == LotSource::Signup && lot.amount == amount));
}

#[tokio::test]
async fn signing_in_twice_makes_one_user_and_one_account() {
    let world = World::new();
    let first = world.sign_in(1).await;
    world.clock.advance(Span::from_secs(60));
    let again = Create { fields: UserFields::default(), ..sign_in(1) };
    let second = world.users.create(&again).await.unwrap();
    assert!(first.created && !second.created);
    assert_eq!(second.user, first.user);
    assert_eq!(first.user.fields, sign_in(1).fields);

    let accounts = world.store.list_accounts(None, 10).await.unwrap();
    assert_eq!(accounts, [first.user.id]);
    let book = world.store.find_book(first.user.id, &[], world.clock.now()).await.unwrap();
    assert_eq!(book.unwrap().account().balance().available, Credits::ZERO);
}

#[tokio::test]
async fn four_deliveries_of_one_webhook_make_one_user() {
    let world = World::new();
    let command = sign_in(1);
    let call = || world.users.create(&command);
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    let calls = [a, b, c, d].map(Result::unwrap);
    assert_eq!(calls.iter().filter(|call| call.created).count(), 1);
    assert!(calls.iter().all(|call| call.user == calls[0].user));
}

#[tokio::test]
async fn what_is_taken_is_refused_and_leaves_nothing_behind() {
    let world = World::new();
    world.sign_in(1).await;
    let with = |fields| Create { identity: identity(2), fields };
    let email = UserFields { email: sign_in(1).fields.email, ..UserFields::default() };
    let username = UserFields { username: sign_in(1).fields.username, ..UserFields::default() };
    let outcome = world.users.create(&with(email)).await;
    assert!(matches!(outcome, Err(CreateUserError::EmailTaken)));
    let outcome = world.users.create(&with(username)).await;
    assert!(matches!(outcome, Err(CreateUserError::UsernameTaken)));

    let outcome = world.users.get_by_identity(&identity(2)).await;
    assert!(matches!(outcome, Err(FindUserError::NotFound)));
    assert_eq!(world.store.list_accounts(None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_user_is_found_in_every_way() {
    let world = World::new();
    let user = world.sign_in(1).await.user;
    world.sign_in(2).await;
    let shouted = user.fields.email.as_ref().unwrap().as_str().to_uppercase().parse().unwrap();
    assert_eq!(world.users.get(user.id).await.unwrap(), user);
    assert_eq!(world.users.get_by_email(&shouted).await.unwrap(), user);
    assert_eq!(world.users.get_by_identity(&identity(1)).await.unwrap(), user);
}

#[tokio::test]
async fn a_change_is_stored_and_moves_the_etag_on() {
    let world = World::new();
    let user = world.sign_in(1).await.user;
    world.clock.advance(Span::from_secs(60));
    let patch = UserPatch {
        email: Change::Set("countess@example.com".parse().unwrap()),
        avatar_url: Change::Clear,
        ..UserPatch::default()
    };
    let changed = world.change(&user, patch.clone()).await.unwrap();
    assert_eq!(changed.fields, patch.apply(&user.fields));
    assert_eq!((changed.etag, changed.updated_at), (user.etag.next(), world.clock.now()));
    assert_eq!(world.users.get(user.id).await.unwrap(), changed);

    let stale = Update { user: user.id, patch, expected: Some(user.etag) };
    let outcome = world.users.update(&stale).await;
    let mismatch = Rejection::EtagMismatch { expected: user.etag, current: changed.etag };
    assert!(matches!(outcome, Err(UpdateUserError::Rejected(why)) if why == mismatch));
}

#[tokio::test]
async fn a_change_cannot_take_what_another_user_has() {
    let world = World::new();
    let (ada, eve) = (world.sign_in(1).await.user, world.sign_in(2).await.user);
    let email = Change::Set(ada.fields.email.clone().unwrap());
    let outcome = world.change(&eve, UserPatch { email, ..UserPatch::default() }).await;
    assert!(matches!(outcome, Err(UpdateUserError::EmailTaken)));
    let username = Change::Set(ada.fields.username.clone().unwrap());
    let outcome = world.change(&eve, UserPatch { username, ..UserPatch::default() }).await;
    assert!(matches!(outcome, Err(UpdateUserError::UsernameTaken)));
    assert_eq!(world.users.get(eve.id).await.unwrap(), eve);
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_the_account_and_may_come_back_as_another() {
    let world = World::new();
    let (ada, eve) = (world.sign_in(1).await.user, world.sign_in(2).await.user);
    let stale = Delete { user: ada.id, expected: Some(Etag::FIRST.next()) };
    assert!(matches!(world.users.delete(&stale).await, Err(DeleteUserError::Rejected(_))));
    world.delete(&ada).await.unwrap();

    assert!(matches!(world.delete(&ada).await, Err(DeleteUserError::NotFound)));
    assert!(matches!(world.users.get(ada.id).await, Err(FindUserError::NotFound)));
    assert_eq!(world.store.list_accounts(None, 10).await.unwrap(), [eve.id]);
    let back = world.sign_in(1).await;
    assert!(back.created && back.user.id != ada.id);
}

#[tokio::test]
async fn users_are_listed_newest_first() {
    let world = World::new();
    let mut expected = Vec::new();
    for number in 1..=3 {
        expected.insert(0, world.sign_in(number).await.user);
        world.clock.advance(Span::from_secs(1));
    }
    let two = PageSize::parse(2).unwrap();
    let first = world.users.list(&UserFilter::default(), two, None).await.unwrap();
    let second = world.users.list(&UserFilter::default(), two, first.next).await.unwrap();
    assert_eq!([first.items, second.items].concat(), expected);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn a_store_that_is_down_is_said_to_be() {
    let world = World::new();
    let user = world.sign_in(1).await.user;
    world.store.set_down(true);
    let down = |error: &StoreError| matches!(error, StoreError::Unavailable(_));
    let created = world.users.create(&sign_in(2)).await;
    assert!(matches!(created, Err(CreateUserError::Store(error)) if down(&error)));
    let found = world.users.get(user.id).await;
    assert!(matches!(found, Err(FindUserError::Store(error)) if down(&error)));
    world.store.set_down(false);
    assert_eq!(world.users.get(user.id).await.unwrap(), user);
}

fn upsert(number: u64, patch: UserPatch) -> Upsert {
    Upsert { identity: identity(number), patch }
}

#[tokio::test]
async fn an_upsert_creates_once_and_then_changes_what_the_mask_names() {
    let world = World::new();
    let email = |text: &str| Change::Set(text.parse().unwrap());
    let first = UserPatch { email: email("ada@example.com"), ..UserPatch::default() };
    let created = world.users.upsert(&upsert(1, first.clone())).await.unwrap();
    assert!(created.created);
    let again = world.users.upsert(&upsert(1, first)).await.unwrap();
    assert_eq!(again, Created { user: created.user.clone(), created: false });
    assert_eq!(world.store.list_accounts(None, 10).await.unwrap(), [created.user.id]);

    let name =
        UserPatch { display_name: Change::Set("Ada".parse().unwrap()), ..UserPatch::default() };
    let named = world.users.upsert(&upsert(1, name)).await.unwrap().user;
    assert_eq!(named.fields.email, created.user.fields.email);
    assert_eq!(named.fields.display_name, Some("Ada".parse().unwrap()));
    let taken = UserPatch { email: email("ADA@example.com"), ..UserPatch::default() };
    let taken = world.users.upsert(&upsert(2, taken)).await;
    assert!(matches!(taken, Err(UpsertUserError::Create(CreateUserError::EmailTaken))));
}

#[tokio::test]
async fn a_suspended_user_signs_in_and_changes_nothing_until_active_again() {
    let world = World::new();
    let ada = world.sign_in(1).await.user;
    let set = async |status| {
        let reason = Some("spam".parse().unwrap());
        let command = SetStatus { user: ada.id, status, reason, expected: None };
        world.users.set_status(&command).await.unwrap()
    };
    let suspended = set(AccountStatus::Suspended).await;
    assert_eq!(suspended.account.changed_at, Some(world.clock.now()));
    let patch = UserPatch { username: Change::Clear, ..UserPatch::default() };
    let refused = world.change(&ada, patch.clone()).await;
    let barred = Rejection::Barred { status: AccountStatus::Suspended };
    assert!(matches!(refused, Err(UpdateUserError::Rejected(why)) if why == barred));
    let seen = world.users.record_login(ada.id).await.unwrap();
    assert_eq!(seen.account.last_login_at, Some(world.clock.now()));
    assert_eq!(seen.etag, suspended.etag);
    set(AccountStatus::Banned).await;
    assert!(world.users.record_login(ada.id).await.is_err());
    set(AccountStatus::Active).await;
    assert_eq!(world.change(&ada, patch).await.unwrap().fields.username, None);
}

#[tokio::test]
async fn identities_are_added_and_removed_but_for_the_last() {
    let world = World::new();
    let (ada, _eve) = (world.sign_in(1).await.user, world.sign_in(2).await);
    let both = world.users.add_identity(ada.id, &identity(7)).await.unwrap();
    assert_eq!(both.identities, [identity(1), identity(7)]);
    assert_eq!(world.users.get_by_identity(&identity(7)).await.unwrap(), both);
    let taken = world.users.add_identity(ada.id, &identity(2)).await;
    assert!(matches!(taken, Err(UpdateUserError::IdentityTaken)), "{taken:?}");
    world.users.remove_identity(ada.id, &identity(1)).await.unwrap();
    let last = world.users.remove_identity(ada.id, &identity(7)).await;
    assert!(matches!(last, Err(UpdateUserError::Rejected(Rejection::LastIdentity))));
    assert!(!world.sign_in(7).await.created);
}

#[tokio::test]
async fn a_profile_is_empty_until_told_and_counted_without_a_revision() {
    let world = World::new();
    let ada = world.sign_in(1).await.user;
    let (store, ids) = (Arc::new(world.store.clone()), Arc::new(FakeIds::new()));
    let profiles = Profiles::new(store.clone(), store.clone(), store, world.clock.clone(), ids);
    let empty = profiles.get(ada.id).await.unwrap();
    assert_eq!(empty, Profile::empty(ada.id, ada.created_at));
    let bio = ProfileFields { bio: Some("First".parse().unwrap()), ..empty.fields.clone() };
    let patch = Patch { values: bio, names: vec!["bio"] };
    let told = profiles.update(ada.id, &patch, Some(empty.etag)).await.unwrap();
    assert_eq!(told.etag, empty.etag.next());
    let stale = profiles.update(ada.id, &patch, Some(empty.etag)).await;
    assert!(matches!(stale, Err(UpdateUserError::Rejected(Rejection::EtagMismatch { .. }))));
    let counted = profiles.count(ada.id, 2, 1).await.unwrap();
    assert_eq!((counted.likes, counted.downloads, counted.etag), (2, 1, told.etag));
    assert_eq!(profiles.get(ada.id).await.unwrap(), counted);
    let nobody = profiles.get(testkit::fixtures::user_id(9)).await;
    assert!(matches!(nobody, Err(FindUserError::NotFound)), "{nobody:?}");
}
