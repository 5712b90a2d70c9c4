//! What every store of the activity log promises.

use kernel::{PageSize, Span, Timestamp};
use ports::{
    ACTIVITIES_USER_FKEY, ActivityFilter, ActivityKeeping, ActivityReads, Store, StoreError, finish,
};
use users::activity::{Activity, Actor};

use crate::fixtures::{activity, activity_id, user, user_id};

/// Makes a test of each case: `activity_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! activity_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            activity,
            [
                an_entry_reads_back_as_it_was_appended,
                an_entry_belongs_to_a_user_who_is_there,
                entries_are_listed_newest_first_by_pages,
                a_filter_leaves_out_the_others,
                a_log_goes_with_its_user_and_no_other,
                what_is_rolled_back_is_not_logged,
                what_is_old_is_pruned_and_nothing_else,
            ]
        }
    };
}

/// A moment in 2026 with microseconds, which must survive.
fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

async fn insert_users(store: &impl Store) {
    let mut tx = store.begin().await.unwrap();
    for number in [1, 2] {
        tx.insert_user(&user(number, moment(0))).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn append(store: &impl Store, entry: &Activity) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = tx.append_activity(entry).await;
    finish(tx, outcome).await
}

async fn listed(store: &impl ActivityReads, number: u64, filter: &ActivityFilter) -> Vec<Activity> {
    let page = store.list_activity(user_id(number), filter, PageSize::DEFAULT, None).await;
    page.unwrap().items
}

pub async fn an_entry_reads_back_as_it_was_appended(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    let whole = activity(1, user_id(1), "character.created", moment(1));
    let bare = Activity {
        subject: None,
        details: None,
        actor: Actor::System,
        address: None,
        agent: None,
        request: None,
        ..activity(2, user_id(1), "login", moment(2))
    };
    let person = Activity {
        actor: Actor::EndUser(user_id(1)),
        address: Some("2001:db8::7".parse().unwrap()),
        ..activity(3, user_id(1), "login", moment(3))
    };
    for entry in [&whole, &bare, &person] {
        append(store, entry).await.unwrap();
    }
    assert_eq!(listed(store, 1, &ActivityFilter::default()).await, [person, bare, whole]);
}

pub async fn an_entry_belongs_to_a_user_who_is_there(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    let outcome = append(store, &activity(1, user_id(9), "login", moment(1))).await;
    match outcome {
        Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, ACTIVITIES_USER_FKEY),
        Ok(()) | Err(_) => panic!("{outcome:?}"),
    }
    assert_eq!(listed(store, 9, &ActivityFilter::default()).await, []);
}

pub async fn entries_are_listed_newest_first_by_pages(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    // Appended out of order, two of them in the same microsecond.
    for (number, at) in [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)] {
        append(store, &activity(number, user_id(1), "login", moment(at))).await.unwrap();
    }
    append(store, &activity(6, user_id(2), "login", moment(60))).await.unwrap();
    let two = PageSize::parse(2).unwrap();
    let (mut after, mut pages) = (None, Vec::new());
    loop {
        let filter = ActivityFilter::default();
        let page = store.list_activity(user_id(1), &filter, two, after).await.unwrap();
        pages.push(page.items.iter().map(|entry| entry.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u64]| numbers.iter().map(|n| activity_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);
}

pub async fn a_filter_leaves_out_the_others(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    let actions =
        ["theme.a", "theme", "themes.a", "theme.a.b", "theme_a", "login"].into_iter().zip(1..);
    for (action, number) in actions {
        let at = moment(u32::try_from(number).unwrap());
        append(store, &activity(number, user_id(1), action, at)).await.unwrap();
    }
    let numbers = async |filter: ActivityFilter| {
        let found = listed(store, 1, &filter).await;
        (1..=6)
            .filter(|n| found.iter().any(|entry| entry.id == activity_id(*n)))
            .collect::<Vec<_>>()
    };
    let action = |text: &str| Some(text.parse().unwrap());
    let default = ActivityFilter::default;
    assert_eq!(numbers(ActivityFilter { action: action("theme"), ..default() }).await, [2]);
    assert_eq!(numbers(ActivityFilter { under: action("theme"), ..default() }).await, [1, 2, 4]);
    assert_eq!(numbers(ActivityFilter { under: action("theme.a"), ..default() }).await, [1, 4]);
    let subject = activity(3, user_id(1), "themes.a", moment(3)).subject;
    assert_eq!(numbers(ActivityFilter { subject, ..default() }).await, [3]);
    let (from, until) = (Some(moment(2)), Some(moment(4)));
    assert_eq!(numbers(ActivityFilter { from, until, ..default() }).await, [2, 3]);
    let under = action("theme");
    assert_eq!(numbers(ActivityFilter { under, from, ..default() }).await, [2, 4]);
    let nothing = numbers(ActivityFilter { action: action("nothing"), ..default() }).await;
    assert!(nothing.is_empty(), "{nothing:?}");
}

pub async fn a_log_goes_with_its_user_and_no_other(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    append(store, &activity(1, user_id(1), "login", moment(1))).await.unwrap();
    let other = activity(2, user_id(2), "login", moment(1));
    append(store, &other).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_user(user_id(1)).await.unwrap().is_some());
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(store, 1, &ActivityFilter::default()).await, []);
    assert_eq!(listed(store, 2, &ActivityFilter::default()).await, [other]);
}

pub async fn what_is_rolled_back_is_not_logged(store: &(impl Store + ActivityReads)) {
    insert_users(store).await;
    let mut tx = store.begin().await.unwrap();
    let entry = activity(1, user_id(1), "login", moment(1));
    tx.append_activity(&entry).await.unwrap();
    assert_eq!(listed(store, 1, &ActivityFilter::default()).await, []);
    tx.rollback().await.unwrap();
    assert_eq!(listed(store, 1, &ActivityFilter::default()).await, []);
}

pub async fn what_is_old_is_pruned_and_nothing_else(
    store: &(impl Store + ActivityReads + ActivityKeeping),
) {
    insert_users(store).await;
    for (number, at) in [(1, 1), (2, 2), (3, 3), (4, 4)] {
        let owner = user_id(1 + number % 2);
        append(store, &activity(number, owner, "login", moment(at))).await.unwrap();
    }
    assert_eq!(store.prune_activities(moment(4), 2).await.unwrap(), 2);
    assert_eq!(store.prune_activities(moment(4), 2).await.unwrap(), 1);
    assert_eq!(store.prune_activities(moment(4), 2).await.unwrap(), 0);
    assert_eq!(listed(store, 2, &ActivityFilter::default()).await, []);
    let left = listed(store, 1, &ActivityFilter::default()).await;
    assert_eq!(left.iter().map(|entry| entry.id).collect::<Vec<_>>(), [activity_id(4)]);
}
