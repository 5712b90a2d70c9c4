//! The protocol between the use cases on users and their store: what is called in which order,
//! what ends in a commit and what in a rollback, what is tried again.

use kernel::{Change, Etag, Timestamp, UserId};
use mockall::Sequence;
use mockall::predicate::eq;
use ports::{
    MockUserReads, StoreError, USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE,
};
use testkit::fixtures::{identity, user};
use testkit::mock::{MockStore, MockTx};
use testkit::{FakeClock, FakeIds};
use users::decide::{Create, Delete, Update};
use users::{Rejection, User, UserPatch};

use super::*;

fn now() -> Timestamp {
    FakeClock::new().now()
}

/// The first user whom the use cases make.
fn ada() -> User {
    User { id: UserId::from_uuid(FakeIds::new().uuid()), ..user(1, now()) }
}

fn create() -> Create {
    Create { identity: identity(1), fields: ada().fields }
}

fn rename() -> Update {
    let username = Change::Set("countess".parse().unwrap());
    let patch = UserPatch { username, ..UserPatch::default() };
    Update { user: ada().id, patch, expected: None }
}

fn users(units: impl IntoIterator<Item = MockTx>) -> Users {
    let store = Arc::new(MockStore::of(units));
    let reads = Arc::new(MockUserReads::new());
    Users::new(store, reads, Arc::new(FakeClock::new()), Arc::new(FakeIds::new()))
}

fn conflict(constraint: &'static str) -> StoreError {
    StoreError::Conflict { constraint }
}

fn contention() -> StoreError {
    StoreError::Contention("deadlock".into())
}

/// A unit of work that finds nobody, inserts, and must be rolled back for the insert's failure.
fn failed_insert(error: StoreError) -> MockTx {
    let mut tx = MockTx::rolled_back();
    tx.expect_lock_identity().with(eq(identity(1))).times(1).returning(|_| Ok(()));
    tx.expect_find_user_by_identity().with(eq(identity(1))).times(1).returning(|_| Ok(None));
    tx.expect_insert_user().times(1).return_once(|_| Err(error));
    tx
}

/// A unit of work that finds `found` by the identity and has nothing else to do.
fn found(found: Option<User>) -> MockTx {
    let mut tx = MockTx::committed();
    // Whoever has lost a race only looks.
    tx.expect_lock_identity().with(eq(identity(1))).times(..=1).returning(|_| Ok(()));
    let find = tx.expect_find_user_by_identity().with(eq(identity(1))).times(1);
    find.return_once(|_| Ok(found));
    tx
}

/// A unit of work that locks the user, fails to write, and must be rolled back.
fn failed_update(error: StoreError) -> MockTx {
    let mut tx = MockTx::rolled_back();
    tx.expect_lock_user().times(1).returning(|_| Ok(Some(ada())));
    tx.expect_update_user().times(1).return_once(|_| Err(error));
    tx
}

#[tokio::test]
async fn creating_inserts_then_opens_the_account_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_identity().times(1).in_sequence(&mut order);
    lock.with(eq(identity(1))).returning(|_| Ok(()));
    let find = tx.expect_find_user_by_identity().times(1).in_sequence(&mut order);
    find.with(eq(identity(1))).returning(|_| Ok(None));
    let insert = tx.expect_insert_user().times(1).in_sequence(&mut order);
    insert.with(eq(ada())).returning(|_| Ok(()));
    let open = tx.expect_lock_accounts().times(1).in_sequence(&mut order);
    open.with(eq([ada().id]), eq(now())).returning(|_, _| Ok(vec![]));
    let adopt = tx.expect_adopt_events().times(1).in_sequence(&mut order);
    adopt.with(eq(identity(1)), eq(ada().id)).returning(|_, _| Ok(0));
    let log = tx.expect_append_activity().times(1).in_sequence(&mut order);
    log.withf(|entry| entry.action.as_str() == "user.created").returning(|_| Ok(()));
    let tell = tx.expect_append_event().times(1).in_sequence(&mut order);
    tell.withf(|event| (event.kind.as_str(), event.revision) == ("user.created", 1))
        .returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    let created = users([tx]).create(&create()).await.unwrap();
    assert_eq!(created, Created { user: ada(), created: true });
}

#[tokio::test]
async fn creating_again_writes_nothing() {
    let created = users([found(Some(ada()))]).create(&create()).await.unwrap();
    assert_eq!(created, Created { user: ada(), created: false });
}

#[tokio::test]
async fn the_loser_of_a_race_answers_the_winner_whichever_key_refused() {
    for constraint in [USER_IDENTITIES_PKEY, USERS_EMAIL_UNIQUE, USERS_USERNAME_UNIQUE] {
        let units = [failed_insert(conflict(constraint)), found(Some(ada()))];
        let created = users(units).create(&create()).await.unwrap();
        assert_eq!(created, Created { user: ada(), created: false });
    }
}

#[tokio::test]
async fn what_another_user_has_is_refused() {
    let refused = |constraint| async move {
        users([failed_insert(conflict(constraint)), found(None)]).create(&create()).await
    };
    assert!(matches!(refused(USERS_EMAIL_UNIQUE).await, Err(CreateUserError::EmailTaken)));
    assert!(matches!(refused(USERS_USERNAME_UNIQUE).await, Err(CreateUserError::UsernameTaken)));
}

#[tokio::test]
async fn a_winner_who_is_gone_again_makes_creating_start_over() {
    let units = [
        failed_insert(conflict(USER_IDENTITIES_PKEY)),
        found(None),
        failed_insert(contention()),
        found(Some(ada())),
    ];
    let created = users(units).create(&create()).await.unwrap();
    assert_eq!(created, Created { user: ada(), created: false });
}

#[tokio::test]
async fn contention_is_tried_four_times_in_all() {
    let units = (0..4).map(|_| failed_insert(contention()));
    let outcome = users(units).create(&create()).await;
    assert!(matches!(outcome, Err(CreateUserError::Store(StoreError::Contention(_)))));

    let units = (0..4).map(|_| failed_update(contention()));
    let outcome = users(units).update(&rename()).await;
    assert!(matches!(outcome, Err(UpdateUserError::Store(StoreError::Contention(_)))));
}

#[tokio::test]
async fn an_unknown_outcome_is_not_tried_again() {
    let mut tx = MockTx::new();
    tx.expect_lock_identity().times(1).returning(|_| Ok(()));
    tx.expect_adopt_events().times(1).returning(|_, _| Ok(0));
    tx.expect_find_user_by_identity().times(1).returning(|_| Ok(None));
    tx.expect_insert_user().times(1).returning(|_| Ok(()));
    tx.expect_lock_accounts().times(1).returning(|_, _| Ok(vec![]));
    tx.expect_append_activity().times(1).returning(|_| Ok(()));
    tx.expect_append_event().times(1).returning(|_| Ok(()));
    let lost = || Err(StoreError::CommitUnknown("connection reset".into()));
    tx.expect_commit().times(1).returning(lost);
    let outcome = users([tx]).create(&create()).await;
    assert!(matches!(outcome, Err(CreateUserError::Store(StoreError::CommitUnknown(_)))));
}

#[tokio::test]
async fn updating_locks_then_writes_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_user().times(1).in_sequence(&mut order);
    lock.with(eq(ada().id)).returning(|_| Ok(Some(ada())));
    let update = tx.expect_update_user().times(1).in_sequence(&mut order);
    update.withf(|user| user.etag == Etag::FIRST.next()).returning(|_| Ok(()));
    let log = tx.expect_append_activity().times(1).in_sequence(&mut order);
    log.withf(|entry| entry.action.as_str() == "user.updated").returning(|_| Ok(()));
    let tell = tx.expect_append_event().times(1).in_sequence(&mut order);
    tell.withf(|event| (event.kind.as_str(), event.revision) == ("user.updated", 2))
        .returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    let user = users([tx]).update(&rename()).await.unwrap();
    assert_eq!(user.fields.username, Some("countess".parse().unwrap()));
}

#[tokio::test]
async fn an_update_that_changes_nothing_writes_nothing() {
    let mut tx = MockTx::committed();
    tx.expect_lock_user().times(1).returning(|_| Ok(Some(ada())));
    let command = Update { patch: UserPatch::default(), ..rename() };
    assert_eq!(users([tx]).update(&command).await.unwrap(), ada());
}

#[tokio::test]
async fn an_update_to_what_another_user_has_is_refused() {
    let refused = |constraint| async move {
        users([failed_update(conflict(constraint))]).update(&rename()).await
    };
    assert!(matches!(refused(USERS_EMAIL_UNIQUE).await, Err(UpdateUserError::EmailTaken)));
    assert!(matches!(refused(USERS_USERNAME_UNIQUE).await, Err(UpdateUserError::UsernameTaken)));
}

#[tokio::test]
async fn refusals_are_rolled_back() {
    let locked = |user: Option<User>| {
        let mut tx = MockTx::rolled_back();
        tx.expect_lock_user().times(1).return_once(|_| Ok(user));
        tx
    };
    let stale = Some(Etag::FIRST.next());
    let update = Update { expected: stale, ..rename() };
    let delete = Delete { user: ada().id, expected: stale };
    let mismatch = Rejection::EtagMismatch { expected: Etag::FIRST.next(), current: Etag::FIRST };

    let outcome = users([locked(Some(ada()))]).update(&update).await;
    assert!(matches!(outcome, Err(UpdateUserError::Rejected(why)) if why == mismatch));
    let outcome = users([locked(Some(ada()))]).delete(&delete).await;
    assert!(matches!(outcome, Err(DeleteUserError::Rejected(why)) if why == mismatch));
    let outcome = users([locked(None)]).update(&update).await;
    assert!(matches!(outcome, Err(UpdateUserError::NotFound)));
    let outcome = users([locked(None)]).delete(&delete).await;
    assert!(matches!(outcome, Err(DeleteUserError::NotFound)));
}

#[tokio::test]
async fn deleting_locks_then_forgets_the_account_then_deletes_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let lock = tx.expect_lock_user().times(1).in_sequence(&mut order);
    lock.with(eq(ada().id)).returning(|_| Ok(Some(ada())));
    let forget = tx.expect_forget_account().times(1).in_sequence(&mut order);
    forget.with(eq(ada().id), eq(now())).returning(|_, _| Ok(true));
    let delete = tx.expect_delete_user().times(1).in_sequence(&mut order);
    delete.with(eq(ada().id)).returning(|_| Ok(()));
    let tell = tx.expect_append_event().times(1).in_sequence(&mut order);
    tell.withf(|event| event.kind.as_str() == "user.deleted").returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));

    let command = Delete { user: ada().id, expected: Some(Etag::FIRST) };
    assert!(users([tx]).delete(&command).await.is_ok());
}
