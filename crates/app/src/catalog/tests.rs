//! The protocol between the use cases and their store: what is locked in which order, what ends in
//! a commit and what in a rollback.

use catalog::Rejection;
use kernel::{Etag, PageSize};
use mockall::Sequence;
use mockall::predicate::eq;
use ports::{Clock, StoreError, THEMES_NAME_UNIQUE};
use testkit::fixtures::{character, theme, user, user_id};
use testkit::mock::{MockStore, MockTx};
use testkit::{FakeClock, FakeIds, FakeStore};
use users::{AccountStatus, action};

use super::*;

fn catalog(units: impl IntoIterator<Item = MockTx>) -> Catalog {
    let (store, reads) = (Arc::new(MockStore::of(units)), Arc::new(FakeStore::new()));
    Catalog::new(store, reads, Arc::new(FakeClock::new()), Arc::new(FakeIds::new()))
}

fn mia() -> catalog::Character {
    character(user_id(1), 1, FakeClock::new().now())
}

fn standing(status: AccountStatus) -> Option<Standing> {
    Some(Standing { status, wants_to_show: true })
}

/// A unit of work that reads the account and must be rolled back.
fn refused(standing: Option<Standing>) -> MockTx {
    let mut tx = MockTx::rolled_back();
    tx.expect_share_user().with(eq(user_id(1))).times(1).returning(move |_| Ok(standing));
    tx
}

fn named<I>(id: I, expected: Option<Etag>) -> Named<I> {
    Named { user: user_id(1), id, expected }
}

#[tokio::test]
async fn a_change_locks_the_user_then_the_character_then_writes_then_commits() {
    let mut order = Sequence::new();
    let mut tx = MockTx::new();
    let share = tx.expect_share_user().times(1).in_sequence(&mut order);
    share.with(eq(user_id(1))).returning(|_| Ok(standing(AccountStatus::Active)));
    let lock = tx.expect_lock_character().times(1).in_sequence(&mut order);
    lock.with(eq(user_id(1)), eq(mia().id)).returning(|_, _| Ok(Some(mia())));
    let update = tx.expect_update_character().times(1).in_sequence(&mut order);
    update.withf(|one| one.is_deleted() && one.mark.etag.revision() == 2).returning(|_| Ok(()));
    let log = tx.expect_append_activity().times(1).in_sequence(&mut order);
    log.withf(|entry| entry.action == action!("character.deleted")).returning(|_| Ok(()));
    let tell = tx.expect_append_event().times(1).in_sequence(&mut order);
    tell.withf(|event| (event.kind.as_str(), event.revision) == ("character.deleted", 2))
        .returning(|_| Ok(()));
    tx.expect_commit().times(1).in_sequence(&mut order).returning(|| Ok(()));
    let deleted = catalog([tx]).delete_character(named(mia().id, Some(Etag::FIRST))).await;
    assert!(deleted.unwrap().is_deleted());
}

#[tokio::test]
async fn what_is_created_says_whether_the_owner_shows() {
    let mut tx = MockTx::committed();
    tx.expect_share_user().times(1).returning(|_| Ok(standing(AccountStatus::Active)));
    tx.expect_share_assets().times(1).returning(|_, ids| Ok(ids.to_vec()));
    tx.expect_insert_character().withf(|_, shown| *shown).times(1).returning(|_, _| Ok(()));
    tx.expect_append_activity().times(1).returning(|_| Ok(()));
    tx.expect_append_event().times(1).returning(|_| Ok(()));
    let created = catalog([tx]).create_character(user_id(1), mia().fields).await.unwrap();
    assert_eq!((created.fields, created.mark), (mia().fields, mia().mark));
}

#[tokio::test]
async fn nobody_and_the_barred_change_nothing() {
    let outcome = catalog([refused(None)]).create_character(user_id(1), mia().fields).await;
    assert!(matches!(outcome, Err(CatalogError::UserNotFound)), "{outcome:?}");
    for status in [AccountStatus::Suspended, AccountStatus::Banned, AccountStatus::Deleted] {
        let units = [refused(standing(status))];
        let outcome = catalog(units).delete_character(named(mia().id, None)).await;
        let barred = users::Rejection::Barred { status };
        assert!(matches!(outcome, Err(CatalogError::Barred(why)) if why == barred));
    }
}

#[tokio::test]
async fn refusals_are_rolled_back() {
    let locked = |found: Option<catalog::Character>| {
        let mut tx = refused(standing(AccountStatus::Active));
        tx.expect_lock_character().times(1).return_once(|_, _| Ok(found));
        tx
    };
    let id = mia().id;
    let outcome = catalog([locked(None)]).restore_character(named(id, None)).await;
    assert!(
        matches!(outcome, Err(CatalogError::CharacterNotFound { id: missing }) if missing == id)
    );
    let outcome = catalog([locked(Some(mia()))]).restore_character(named(id, None)).await;
    let live = Rejection::CharacterNotDeleted;
    assert!(matches!(outcome, Err(CatalogError::Rejected(why)) if why == live));
    let stale = Some(Etag::FIRST.next());
    let mut alone = MockTx::rolled_back();
    let owner = user(1, FakeClock::new().now());
    alone.expect_lock_user().times(1).return_once(|_| Ok(Some(owner)));
    alone.expect_lock_character().times(1).return_once(|_, _| Ok(Some(mia())));
    let outcome = catalog([alone]).purge_character(named(id, stale)).await;
    assert!(matches!(outcome, Err(CatalogError::Rejected(Rejection::EtagMismatch { .. }))));
}

#[tokio::test]
async fn a_lost_race_is_run_again_and_a_taken_name_is_not() {
    let theme = theme(&mia(), 1, FakeClock::new().now());
    let command = NewTheme { user: theme.user, character: mia().id, fields: theme.fields };
    let failing = |error: StoreError| {
        let mut tx = refused(standing(AccountStatus::Active));
        tx.expect_lock_character().times(1).returning(|_, _| Ok(Some(mia())));
        tx.expect_count_themes().times(1).returning(|_, _| Ok(0));
        tx.expect_insert_theme().times(1).return_once(|_| Err(error));
        tx
    };
    let lost = failing(StoreError::Contention("deadlock".into()));
    let taken = failing(StoreError::Conflict { constraint: THEMES_NAME_UNIQUE });
    let outcome = catalog([lost, taken]).create_theme(&command).await;
    assert!(matches!(outcome, Err(CatalogError::ThemeNameTaken)), "{outcome:?}");
}

#[tokio::test]
async fn an_empty_list_of_nobody_is_refused() {
    let outcome = catalog([]).list_collections(user_id(1), PageSize::DEFAULT, None).await;
    assert!(matches!(outcome, Err(CatalogError::UserNotFound)), "{outcome:?}");
}
