//! What every store of users promises. Lists are in `list`, two units of work at once in `race`.

mod account;
mod list;
mod race;

use kernel::{Etag, PageSize, Span, Timestamp};
use ports::{
    LedgerReads, Store, StoreError, USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE,
    USERS_USERNAME_UNIQUE, UserFilter, UserReads, UserTx, finish,
};
use users::{Identity, User, UserFields};

pub use account::{
    how_a_user_stands_is_read_under_a_lock, identities_come_and_go_and_belong_to_one_user,
    the_account_and_the_preferences_are_stored,
};
pub use list::{
    a_list_is_stable_while_users_come_and_go, a_list_of_users_is_narrowed_by_every_filter,
    users_are_listed_newest_first_by_pages,
};
pub use race::{
    the_second_to_insert_waits_and_goes_on_after_a_rollback,
    the_second_to_insert_waits_and_is_refused, the_second_to_lock_sees_what_the_first_wrote,
};

use crate::fixtures::{identity, user, user_id};

/// Makes a test of each case: `users_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! users_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            users,
            [
                a_user_reads_back_in_every_way,
                a_user_may_have_nothing_but_an_identity,
                identities_keep_their_order,
                an_email_address_has_one_user_in_any_case_of_letters,
                a_username_has_one_user_in_any_case_of_letters,
                an_identity_has_one_user_byte_for_byte,
                an_update_stores_every_field_and_keeps_the_identities,
                an_update_cannot_take_what_another_user_has,
                a_user_may_write_the_own_address_otherwise,
                nothing_is_seen_before_the_commit,
                what_is_rolled_back_never_was,
                a_deleted_user_leaves_everything_free,
                a_user_goes_after_the_account,
                nobody_is_found_where_nobody_is,
                the_second_to_insert_waits_and_is_refused,
                the_second_to_insert_waits_and_goes_on_after_a_rollback,
                the_second_to_lock_sees_what_the_first_wrote,
                users_are_listed_newest_first_by_pages,
                a_list_is_stable_while_users_come_and_go,
                a_list_of_users_is_narrowed_by_every_filter,
                identities_come_and_go_and_belong_to_one_user,
                how_a_user_stands_is_read_under_a_lock,
                the_account_and_the_preferences_are_stored,
            ]
        }
    };
}

/// A moment in 2026 with microseconds, which must survive.
fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

fn ada() -> User {
    user(1, moment(1))
}

fn eve() -> User {
    user(2, moment(2))
}

async fn insert(store: &impl Store, user: &User) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = tx.insert_user(user).await;
    finish(tx, outcome).await
}

async fn update(store: &impl Store, user: &User) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = write(&mut *tx, user).await;
    finish(tx, outcome).await
}

async fn write(tx: &mut dyn UserTx, user: &User) -> Result<(), StoreError> {
    let locked = tx.lock_user(user.id).await?;
    assert!(locked.is_some(), "{} is not there", user.id);
    tx.update_user(user).await
}

fn refused_by(outcome: Result<(), StoreError>, constraint: &str) {
    match outcome {
        Err(StoreError::Conflict { constraint: fired }) => assert_eq!(fired, constraint),
        Ok(()) | Err(_) => panic!("{constraint} did not refuse: {outcome:?}"),
    }
}

pub async fn a_user_reads_back_in_every_way(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    insert(store, &eve()).await.unwrap();
    let email = ada().fields.email.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(ada()));
    assert_eq!(store.find_user_by_email(&email).await.unwrap(), Some(ada()));
    assert_eq!(store.find_user_by_identity(&identity(1)).await.unwrap(), Some(ada()));

    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.find_user_by_identity(&identity(1)).await.unwrap(), Some(ada()));
    assert_eq!(tx.lock_user(ada().id).await.unwrap(), Some(ada()));
    tx.rollback().await.unwrap();
}

pub async fn a_user_may_have_nothing_but_an_identity(store: &(impl Store + UserReads)) {
    let bare = |user: User| User { fields: UserFields::default(), ..user };
    insert(store, &bare(ada())).await.unwrap();
    insert(store, &bare(eve())).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(bare(ada())));
    assert_eq!(store.find_user(eve().id).await.unwrap(), Some(bare(eve())));
}

pub async fn identities_keep_their_order(store: &(impl Store + UserReads)) {
    let identities = vec![identity(9), identity(3), identity(7)];
    let many = User { identities: identities.clone(), ..ada() };
    insert(store, &many).await.unwrap();
    insert(store, &eve()).await.unwrap();
    for identity in &identities {
        assert_eq!(store.find_user_by_identity(identity).await.unwrap(), Some(many.clone()));
    }
    let page = store.list_users(&UserFilter::default(), PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(page.items, [eve(), many]);
}

pub async fn an_email_address_has_one_user_in_any_case_of_letters(
    store: &(impl Store + UserReads),
) {
    insert(store, &ada()).await.unwrap();
    let other_case = ada().fields.email.unwrap().key().parse().unwrap();
    assert_eq!(store.find_user_by_email(&other_case).await.unwrap(), Some(ada()));
    let mut second = eve();
    second.fields.email = Some(other_case);
    refused_by(insert(store, &second).await, USERS_EMAIL_UNIQUE);
    assert_eq!(store.find_user(second.id).await.unwrap(), None);
}

pub async fn a_username_has_one_user_in_any_case_of_letters(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let mut second = eve();
    second.fields.username = Some(ada().fields.username.unwrap().key().parse().unwrap());
    refused_by(insert(store, &second).await, USERS_USERNAME_UNIQUE);
    assert_eq!(store.find_user(second.id).await.unwrap(), None);
}

pub async fn an_identity_has_one_user_byte_for_byte(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let second = User { identities: vec![identity(2), identity(1)], ..eve() };
    refused_by(insert(store, &second).await, USER_IDENTITIES_PKEY);
    assert_eq!(store.find_user_by_identity(&identity(2)).await.unwrap(), None);

    let subject = identity(1).subject.as_str().to_uppercase().parse().unwrap();
    let other_case = Identity { subject, ..identity(1) };
    let second = User { identities: vec![other_case], ..eve() };
    insert(store, &second).await.unwrap();
    assert_eq!(store.find_user_by_identity(&identity(1)).await.unwrap(), Some(ada()));
}

pub async fn an_update_stores_every_field_and_keeps_the_identities(
    store: &(impl Store + UserReads),
) {
    insert(store, &ada()).await.unwrap();
    insert(store, &eve()).await.unwrap();
    let changed = User {
        fields: user(3, moment(1)).fields,
        etag: Etag::FIRST.next(),
        updated_at: moment(5),
        ..ada()
    };
    update(store, &changed).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(changed.clone()));

    let cleared = User { fields: UserFields::default(), etag: changed.etag.next(), ..changed };
    update(store, &cleared).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(cleared));
    assert_eq!(store.find_user(eve().id).await.unwrap(), Some(eve()));
}

pub async fn an_update_cannot_take_what_another_user_has(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    insert(store, &eve()).await.unwrap();
    let (mut email, mut username) = (eve(), eve());
    email.fields.email = ada().fields.email;
    username.fields.username = ada().fields.username;
    refused_by(update(store, &email).await, USERS_EMAIL_UNIQUE);
    refused_by(update(store, &username).await, USERS_USERNAME_UNIQUE);
    assert_eq!(store.find_user(eve().id).await.unwrap(), Some(eve()));
}

pub async fn a_user_may_write_the_own_address_otherwise(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let mut changed = ada();
    changed.fields.email = Some(ada().fields.email.unwrap().key().parse().unwrap());
    changed.fields.username = Some(ada().fields.username.unwrap().key().parse().unwrap());
    assert_ne!(changed, ada());
    update(store, &changed).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(changed));
}

pub async fn nothing_is_seen_before_the_commit(store: &(impl Store + UserReads)) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&ada()).await.unwrap();
    assert_eq!(tx.lock_user(ada().id).await.unwrap(), Some(ada()));
    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(ada()));
}

pub async fn what_is_rolled_back_never_was(store: &(impl Store + UserReads)) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&ada()).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    insert(store, &ada()).await.unwrap();
}

pub async fn a_deleted_user_leaves_everything_free(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    insert(store, &eve()).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_user(ada().id).await.unwrap(), Some(ada()));
    tx.delete_user(ada().id).await.unwrap();
    assert_eq!(tx.lock_user(ada().id).await.unwrap(), None);
    tx.commit().await.unwrap();

    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    assert_eq!(store.find_user_by_identity(&identity(1)).await.unwrap(), None);
    assert_eq!(store.find_user(eve().id).await.unwrap(), Some(eve()));
    let heir = User { id: user_id(3), ..ada() };
    insert(store, &heir).await.unwrap();
    assert_eq!(store.find_user_by_identity(&identity(1)).await.unwrap(), Some(heir));
}

pub async fn a_user_goes_after_the_account(store: &(impl Store + UserReads + LedgerReads)) {
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&ada()).await.unwrap();
    tx.lock_accounts(&[ada().id], moment(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.list_accounts(None, 10).await.unwrap(), [ada().id]);

    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_user(ada().id).await.unwrap().is_some());
    assert!(tx.forget_account(ada().id, moment(2)).await.unwrap());
    tx.delete_user(ada().id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    assert_eq!(store.list_accounts(None, 10).await.unwrap(), []);
}

pub async fn nobody_is_found_where_nobody_is(store: &(impl Store + UserReads)) {
    insert(store, &eve()).await.unwrap();
    let email = ada().fields.email.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    assert_eq!(store.find_user_by_email(&email).await.unwrap(), None);
    assert_eq!(store.find_user_by_identity(&identity(1)).await.unwrap(), None);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_user(ada().id).await.unwrap(), None);
    assert_eq!(tx.find_user_by_identity(&identity(1)).await.unwrap(), None);
    tx.rollback().await.unwrap();
}
