//! Two units of work that want the same user, or what only one user may have.

use kernel::Etag;
use ports::{Store, StoreError, USERS_EMAIL_UNIQUE, UserReads};
use tokio::sync::oneshot;
use users::User;

use super::{ada, insert, refused_by};
use crate::fixtures::{identity, user_id};

pub async fn the_second_to_insert_waits_and_is_refused(store: &(impl Store + UserReads)) {
    refused_by(insert_while_inserted(store, true).await, USERS_EMAIL_UNIQUE);
    assert_eq!(store.find_user(user_id(3)).await.unwrap(), None);
}

pub async fn the_second_to_insert_waits_and_goes_on_after_a_rollback(
    store: &(impl Store + UserReads),
) {
    insert_while_inserted(store, false).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), None);
    assert!(store.find_user(user_id(3)).await.unwrap().is_some());
}

/// Inserts a user with another one's fields while that one is inserted and not yet committed, if
/// ever.
async fn insert_while_inserted(store: &impl Store, commit: bool) -> Result<(), StoreError> {
    let (inserted, after_insert) = oneshot::channel();
    let first = async {
        let mut tx = store.begin().await.unwrap();
        tx.insert_user(&ada()).await.unwrap();
        inserted.send(()).unwrap();
        // The second is on its way; whether it waits already makes no difference to the outcome.
        tokio::task::yield_now().await;
        let end = if commit { tx.commit().await } else { tx.rollback().await };
        end.unwrap();
    };
    let second = async {
        after_insert.await.unwrap();
        insert(store, &User { id: user_id(3), identities: vec![identity(3)], ..ada() }).await
    };
    tokio::join!(first, second).1
}

pub async fn the_second_to_lock_sees_what_the_first_wrote(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let count = async || {
        let mut tx = store.begin().await.unwrap();
        let user = tx.lock_user(ada().id).await.unwrap().unwrap();
        tokio::task::yield_now().await;
        let next = User { etag: user.etag.next(), ..user };
        tx.update_user(&next).await.unwrap();
        tx.commit().await.unwrap();
    };
    tokio::join!(count(), count(), count(), count());
    let user = store.find_user(ada().id).await.unwrap().unwrap();
    assert_eq!(user.etag.revision(), Etag::FIRST.revision() + 4);
}
