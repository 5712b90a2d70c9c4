//! Accounts, preferences and identities of users.

use kernel::Etag;
use ports::{Store, USER_IDENTITIES_PKEY, UserReads};
use users::{
    Account, AccountStatus, ContentFilter, Identity, Language, Preferences, Standing, User,
    Visibility,
};

use super::{ada, eve, insert, moment, refused_by, update};
use crate::fixtures::identity;

pub async fn the_account_and_the_preferences_are_stored(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let mut changed = User {
        account: Account {
            status: AccountStatus::Suspended,
            reason: Some("spam".parse().unwrap()),
            changed_at: Some(moment(3)),
            last_login_at: Some(moment(4)),
        },
        preferences: Preferences {
            language: Language::Korean,
            time_zone: "Asia/Seoul".parse().unwrap(),
            notify_email: false,
            notify_push: true,
            visibility: Visibility::Public,
            gallery_showcase: true,
            content_filter: ContentFilter::Relaxed,
        },
        etag: Etag::FIRST.next(),
        ..ada()
    };
    changed.fields.email_verified_at = Some(moment(2));
    update(store, &changed).await.unwrap();
    assert_eq!(store.find_user(ada().id).await.unwrap(), Some(changed));
}

pub async fn how_a_user_stands_is_read_under_a_lock(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    let mut shown = ada();
    shown.preferences.gallery_showcase = true;
    shown.preferences.visibility = Visibility::Public;
    shown.account.status = AccountStatus::Banned;
    let mut tx = store.begin().await.unwrap();
    let standing = tx.share_user(ada().id).await.unwrap();
    let active = Standing { status: AccountStatus::Active, wants_to_show: false };
    assert_eq!(standing, Some(active));
    assert_eq!(tx.share_user(eve().id).await.unwrap(), None);
    tx.commit().await.unwrap();

    update(store, &shown).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let standing = tx.share_user(ada().id).await.unwrap();
    let banned = Standing { status: AccountStatus::Banned, wants_to_show: true };
    assert_eq!(standing, Some(banned));
    tx.rollback().await.unwrap();
}

pub async fn identities_come_and_go_and_belong_to_one_user(store: &(impl Store + UserReads)) {
    insert(store, &ada()).await.unwrap();
    insert(store, &eve()).await.unwrap();
    let third = Identity { issuer: "clerk".parse().unwrap(), ..identity(3) };
    let mut tx = store.begin().await.unwrap();
    tx.lock_user(ada().id).await.unwrap();
    tx.insert_identity(ada().id, &third).await.unwrap();
    tx.commit().await.unwrap();
    let two = store.find_user_by_identity(&third).await.unwrap().unwrap();
    assert_eq!(two.identities, [identity(1), third.clone()]);

    let mut tx = store.begin().await.unwrap();
    tx.lock_user(ada().id).await.unwrap();
    refused_by(tx.insert_identity(ada().id, &identity(2)).await, USER_IDENTITIES_PKEY);
    tx.rollback().await.unwrap();

    let mut tx = store.begin().await.unwrap();
    tx.lock_user(ada().id).await.unwrap();
    tx.delete_identity(ada().id, &identity(1)).await.unwrap();
    tx.insert_identity(ada().id, &identity(1)).await.unwrap();
    tx.commit().await.unwrap();
    let turned = store.find_user(ada().id).await.unwrap().unwrap();
    assert_eq!(turned.identities, [third, identity(1)]);
}
