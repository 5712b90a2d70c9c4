//! Pages of users.

use kernel::PageSize;
use ports::{Store, UserFilter, UserReads};
use users::{AccountStatus, User};

use super::{insert, moment};
use crate::fixtures::{user, user_id};

pub async fn users_are_listed_newest_first_by_pages(store: &(impl Store + UserReads)) {
    let empty = store.list_users(&UserFilter::default(), PageSize::DEFAULT, None).await.unwrap();
    assert_eq!((empty.items, empty.next), (vec![], None));
    // Inserted out of order, two of them created in the same microsecond.
    for (number, at) in [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)] {
        insert(store, &user(number, moment(at))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let mut after = None;
    let mut pages = Vec::new();
    loop {
        let page = store.list_users(&UserFilter::default(), two, after).await.unwrap();
        pages.push(page.items.iter().map(|user| user.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u64]| numbers.iter().map(|n| user_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);

    let five = PageSize::parse(5).unwrap();
    let all = store.list_users(&UserFilter::default(), five, None).await.unwrap();
    assert_eq!((all.items.len(), all.next), (5, None));
}

pub async fn a_list_is_stable_while_users_come_and_go(store: &(impl Store + UserReads)) {
    for number in 1..=4 {
        insert(store, &user(number, moment(10))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let first = store.list_users(&UserFilter::default(), two, None).await.unwrap();
    insert(store, &user(9, moment(20))).await.unwrap();
    // The very user that the page ended with goes.
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(3)).await.unwrap();
    tx.delete_user(user_id(3)).await.unwrap();
    tx.commit().await.unwrap();

    let second = store.list_users(&UserFilter::default(), two, first.next).await.unwrap();
    let ids = |users: Vec<User>| users.into_iter().map(|user| user.id).collect::<Vec<_>>();
    assert_eq!(ids(first.items), [user_id(4), user_id(3)]);
    assert_eq!(ids(second.items), [user_id(2), user_id(1)]);
    assert_eq!(second.next, None);
}

pub async fn a_list_of_users_is_narrowed_by_every_filter(store: &(impl Store + UserReads)) {
    for number in 1..=12 {
        let mut user = user(number, moment(u32::try_from(number).unwrap()));
        if number == 3 {
            user.account.status = AccountStatus::Banned;
        }
        if number == 4 {
            user.fields.email = None;
            user.fields.username = Some("Zed_100".parse().unwrap());
        }
        insert(store, &user).await.unwrap();
    }
    let none = UserFilter::default;
    let prefix = |text: &str| UserFilter { prefix: Some(text.to_owned()), ..none() };
    let ids = |numbers: &[u64]| numbers.iter().map(|n| user_id(*n)).collect::<Vec<_>>();
    for (filter, numbers) in [
        (UserFilter { status: Some(AccountStatus::Banned), ..none() }, &[3][..]),
        (UserFilter { created_from: Some(moment(11)), ..none() }, &[12, 11]),
        (UserFilter { created_before: Some(moment(3)), ..none() }, &[2, 1]),
        (prefix("uSer1"), &[12, 11, 10, 1]),
        (prefix("USER_12"), &[12]),
        (prefix("zed_1"), &[4]),
        (prefix("user%"), &[]),
        (UserFilter { created_before: Some(moment(12)), ..prefix("user1") }, &[11, 10, 1]),
    ] {
        let page = store.list_users(&filter, PageSize::DEFAULT, None).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|user| user.id).collect();
        assert_eq!(found, ids(numbers), "{filter:?}");
    }
    let mut found = store.find_users(&ids(&[7, 99, 2])).await.unwrap();
    found.sort_by_key(|user| user.id);
    assert_eq!(found.iter().map(|user| user.id).collect::<Vec<_>>(), ids(&[2, 7]));
}
