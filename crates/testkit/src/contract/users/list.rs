//! Pages of users.

use kernel::PageSize;
use ports::{Store, UserReads};
use users::User;

use super::{insert, moment};
use crate::fixtures::{user, user_id};

pub async fn users_are_listed_newest_first_by_pages(store: &(impl Store + UserReads)) {
    let empty = store.list_users(PageSize::DEFAULT, None).await.unwrap();
    assert_eq!((empty.items, empty.next), (vec![], None));
    // Inserted out of order, two of them created in the same microsecond.
    for (number, at) in [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)] {
        insert(store, &user(number, moment(at))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let mut after = None;
    let mut pages = Vec::new();
    loop {
        let page = store.list_users(two, after).await.unwrap();
        pages.push(page.items.iter().map(|user| user.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u64]| numbers.iter().map(|n| user_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);

    let five = PageSize::parse(5).unwrap();
    let all = store.list_users(five, None).await.unwrap();
    assert_eq!((all.items.len(), all.next), (5, None));
}

pub async fn a_list_is_stable_while_users_come_and_go(store: &(impl Store + UserReads)) {
    for number in 1..=4 {
        insert(store, &user(number, moment(10))).await.unwrap();
    }
    let two = PageSize::parse(2).unwrap();
    let first = store.list_users(two, None).await.unwrap();
    insert(store, &user(9, moment(20))).await.unwrap();
    // The very user that the page ended with goes.
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(user_id(3)).await.unwrap();
    tx.delete_user(user_id(3)).await.unwrap();
    tx.commit().await.unwrap();

    let second = store.list_users(two, first.next).await.unwrap();
    let ids = |users: Vec<User>| users.into_iter().map(|user| user.id).collect::<Vec<_>>();
    assert_eq!(ids(first.items), [user_id(4), user_id(3)]);
    assert_eq!(ids(second.items), [user_id(2), user_id(1)]);
    assert_eq!(second.next, None);
}
