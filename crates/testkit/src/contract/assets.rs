//! What every store of assets promises, and every keeper of the keys that must go.

use assets::decide::{self, Edit, Target, Uploaded};
use assets::{Asset, AssetPatch, Kind, Place};
use kernel::{Change, Page, PageSize, Span, Timestamp, UserId};
use ports::{
    ASSETS_USER_FKEY, AssetFilter, AssetKeeping, AssetReads, MediaKey, Store, StoreError, finish,
};

use crate::fixtures::{asset_id, external_asset, pending_asset, stored_asset, user, user_id};

/// Makes a test of each case: `assets_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! assets_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            assets,
            [
                assets_of_every_place_read_back,
                an_asset_needs_its_user,
                a_change_is_stored_whole,
                an_asset_is_its_users_alone,
                only_live_assets_are_shared,
                assets_of_several_users_are_found_together,
                lists_are_filtered_and_newest_first,
                what_is_removed_dooms_its_bytes_once,
                a_deleted_user_dooms_all_bytes,
                doomed_keys_are_taken_by_one_at_a_time,
                abandoned_uploads_are_dropped,
                keys_are_known_while_somebody_answers_for_them,
            ]
        }
    };
}

/// A moment in 2026 with microseconds, which must survive.
fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

fn key(asset: &Asset) -> MediaKey {
    match &asset.place {
        Place::Ours { key, .. } => key.parse().unwrap(),
        Place::Elsewhere { .. } => panic!("has no key"),
    }
}

async fn users(store: &impl Store, numbers: std::ops::Range<u64>) {
    for number in numbers {
        let mut tx = store.begin().await.unwrap();
        let outcome = tx.insert_user(&user(number, moment(0))).await;
        finish(tx, outcome).await.unwrap();
    }
}

async fn insert(store: &impl Store, asset: &Asset) -> Result<(), StoreError> {
    let mut tx = store.begin().await?;
    let outcome = tx.insert_asset(asset).await;
    finish(tx, outcome).await
}

async fn update(store: &impl Store, asset: &Asset) {
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_asset(asset.user, asset.id).await.unwrap().is_some());
    let outcome = tx.update_asset(asset).await;
    finish(tx, outcome).await.unwrap();
}

async fn remove(store: &impl Store, asset: &Asset) {
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_asset(asset.user, asset.id).await.unwrap().is_some());
    let outcome = tx.delete_asset(asset.user, asset.id).await;
    finish(tx, outcome).await.unwrap();
}

fn changed(edit: Result<Edit, assets::Rejection>) -> Asset {
    match edit {
        Ok(Edit::Changed(asset)) => asset,
        Ok(Edit::Unchanged(_)) | Err(_) => panic!("{edit:?}"),
    }
}

fn deleted(asset: Asset, at: Timestamp) -> Asset {
    let target = Target { user: asset.user, asset: asset.id, expected: None };
    changed(decide::delete(asset, &target, at))
}

pub async fn assets_of_every_place_read_back(store: &(impl Store + AssetReads)) {
    users(store, 1..2).await;
    let bare = Asset { metadata: None, ..external_asset(1, 4, moment(4)) };
    let all = [
        stored_asset(1, 1, moment(1)),
        pending_asset(1, 2, moment(2)),
        external_asset(1, 3, moment(3)),
        bare,
    ];
    for asset in &all {
        insert(store, asset).await.unwrap();
        let found = store.find_asset(asset.user, asset.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(asset));
        let mut tx = store.begin().await.unwrap();
        assert_eq!(tx.lock_asset(asset.user, asset.id).await.unwrap().as_ref(), Some(asset));
        tx.rollback().await.unwrap();
    }
    let ids = [asset_id(3), asset_id(9), asset_id(1)];
    let mut found = store.find_assets(user_id(1), &ids).await.unwrap();
    found.sort_by_key(|asset| asset.id);
    assert_eq!(found, [all[0].clone(), all[2].clone()]);
}

pub async fn an_asset_needs_its_user(store: &(impl Store + AssetReads)) {
    let refused = insert(store, &stored_asset(1, 1, moment(1))).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict { constraint: ASSETS_USER_FKEY })),
        "{refused:?}"
    );
}

pub async fn a_change_is_stored_whole(store: &(impl Store + AssetReads)) {
    users(store, 1..2).await;
    let asset = pending_asset(1, 1, moment(1));
    insert(store, &asset).await.unwrap();
    let Place::Ours { content, .. } = asset.place else { panic!() };
    let facts = assets::Facts { size: assets::Size::new(3, 4), duration_ms: None };
    let found = Uploaded { content, facts };
    let asset = changed(decide::finalize(asset, &found, moment(2)));
    update(store, &asset).await;
    assert_eq!(store.find_asset(asset.user, asset.id).await.unwrap(), Some(asset.clone()));

    let patch = AssetPatch { name: Some("new.png".parse().unwrap()), metadata: Change::Clear };
    let change =
        decide::Update { user: asset.user, asset: asset.id, patch, expected: Some(asset.etag) };
    let asset = deleted(changed(decide::update(asset, &change, moment(3))), moment(4));
    update(store, &asset).await;
    assert_eq!(store.find_asset(asset.user, asset.id).await.unwrap(), Some(asset));
}

pub async fn an_asset_is_its_users_alone(store: &(impl Store + AssetReads)) {
    users(store, 1..3).await;
    let asset = stored_asset(1, 1, moment(1));
    insert(store, &asset).await.unwrap();
    assert_eq!(store.find_asset(user_id(2), asset.id).await.unwrap(), None);
    assert_eq!(store.find_assets(user_id(2), &[asset.id]).await.unwrap(), []);
    assert_eq!(listed(store, user_id(2), &AssetFilter::default()).await, [0_u64; 0]);
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_asset(user_id(2), asset.id).await.unwrap(), None);
    tx.rollback().await.unwrap();
}

/// The numbers of what is listed, read two at a time.
async fn listed(store: &impl AssetReads, user: UserId, filter: &AssetFilter) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut after = None;
    loop {
        let size = PageSize::parse(2).unwrap();
        let Page { items, next } = store.list_assets(user, filter, size, after).await.unwrap();
        assert!(items.len() <= 2);
        let number = |asset: &Asset| {
            (1..100).find(|number| asset_id(*number) == asset.id).expect("a fixture's")
        };
        numbers.extend(items.iter().map(number));
        after = next;
        if after.is_none() {
            return numbers;
        }
    }
}

pub async fn only_live_assets_are_shared(store: &(impl Store + AssetReads)) {
    users(store, 1..3).await;
    insert(store, &stored_asset(1, 1, moment(1))).await.unwrap();
    let gone = Asset { deleted_at: Some(moment(2)), ..stored_asset(1, 2, moment(1)) };
    insert(store, &gone).await.unwrap();
    insert(store, &pending_asset(1, 3, moment(1))).await.unwrap();
    let mut tx = store.begin().await.unwrap();
    let asked = [1, 2, 3, 9].map(asset_id);
    let mut there = tx.share_assets(user_id(1), &asked).await.unwrap();
    there.sort_unstable();
    assert_eq!(there, [1, 3].map(asset_id));
    assert_eq!(tx.share_assets(user_id(2), &asked).await.unwrap(), []);
    tx.rollback().await.unwrap();
}

pub async fn assets_of_several_users_are_found_together(store: &(impl Store + AssetReads)) {
    users(store, 1..3).await;
    let (one, other) = (stored_asset(1, 1, moment(1)), stored_asset(2, 2, moment(1)));
    insert(store, &one).await.unwrap();
    insert(store, &other).await.unwrap();
    let wanted = [(one.user, one.id), (other.user, other.id), (one.user, other.id)];
    let mut found = store.find_assets_of(&wanted).await.unwrap();
    found.sort_unstable_by_key(|asset| asset.id);
    assert_eq!(found, [one, other]);
}

pub async fn lists_are_filtered_and_newest_first(store: &(impl Store + AssetReads)) {
    users(store, 1..2).await;
    for asset in [
        stored_asset(1, 1, moment(5)),
        stored_asset(1, 2, moment(5)),
        external_asset(1, 3, moment(1)),
        pending_asset(1, 4, moment(9)),
        deleted(stored_asset(1, 5, moment(6)), moment(7)),
        external_asset(1, 6, moment(8)),
    ] {
        insert(store, &asset).await.unwrap();
    }
    let all = AssetFilter::default();
    let of = |kinds: &[Kind]| AssetFilter { kinds: kinds.to_vec(), ..all.clone() };
    let at =
        |provider: &str| AssetFilter { provider: Some(provider.parse().unwrap()), ..all.clone() };
    let everything =
        AssetFilter { with_deleted: true, with_pending: true, ..AssetFilter::default() };
    for (filter, expected) in [
        (all.clone(), &[6, 2, 1, 3][..]),
        (of(&[Kind::Image]), &[2, 1]),
        (of(&[Kind::Image, Kind::Video]), &[6, 2, 1, 3]),
        (of(&[Kind::Audio]), &[]),
        (at("atelier"), &[2, 1]),
        (at("vercel_blob"), &[6, 3]),
        (AssetFilter { with_deleted: true, ..all.clone() }, &[6, 5, 2, 1, 3]),
        (everything, &[4, 6, 5, 2, 1, 3]),
    ] {
        assert_eq!(listed(store, user_id(1), &filter).await, expected, "{filter:?}");
    }
}

pub async fn what_is_removed_dooms_its_bytes_once(
    store: &(impl Store + AssetReads + AssetKeeping),
) {
    users(store, 1..2).await;
    let (ours, theirs) = (stored_asset(1, 1, moment(1)), external_asset(1, 2, moment(1)));
    for asset in [&ours, &theirs] {
        insert(store, asset).await.unwrap();
        remove(store, asset).await;
        assert_eq!(store.find_asset(asset.user, asset.id).await.unwrap(), None);
    }
    let taken = store.claim_doomed(moment(5), moment(6), 10).await.unwrap();
    assert_eq!(taken, [key(&ours)]);
    store.forget_doomed(&taken).await.unwrap();
    assert_eq!(store.claim_doomed(moment(9), moment(9), 10).await.unwrap(), []);
}

pub async fn a_deleted_user_dooms_all_bytes(store: &(impl Store + AssetReads + AssetKeeping)) {
    users(store, 1..3).await;
    let mine = [stored_asset(1, 1, moment(1)), pending_asset(1, 2, moment(1))];
    let other = stored_asset(2, 3, moment(1));
    for asset in mine.iter().chain([&other]) {
        insert(store, asset).await.unwrap();
    }
    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_user(user_id(1)).await.unwrap().is_some());
    tx.delete_user(user_id(1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.claim_doomed(moment(5), moment(6), 10).await.unwrap(), [key(&mine[0])]);
    // The other may still be uploaded for a while, and is deleted when it no longer may.
    let ended = moment(1).saturating_add(decide::UPLOAD_SPAN);
    let mut taken = store.claim_doomed(ended, ended, 10).await.unwrap();
    taken.sort();
    assert_eq!(taken, [key(&mine[0]), key(&mine[1])]);
    assert_eq!(store.find_asset(other.user, other.id).await.unwrap(), Some(other));
}

pub async fn doomed_keys_are_taken_by_one_at_a_time(store: &(impl Store + AssetKeeping)) {
    users(store, 1..2).await;
    for number in 1..4 {
        let asset = stored_asset(1, number, moment(1));
        insert(store, &asset).await.unwrap();
        remove(store, &asset).await;
    }
    let first = store.claim_doomed(moment(5), moment(10), 2).await.unwrap();
    let second = store.claim_doomed(moment(5), moment(10), 2).await.unwrap();
    assert_eq!((first.len(), second.len()), (2, 1));
    assert!(!first.contains(&second[0]));
    store.forget_doomed(&second).await.unwrap();
    // Who took the others has died: they can be taken again when the time is over.
    assert_eq!(store.claim_doomed(moment(9), moment(20), 5).await.unwrap(), []);
    let mut again = store.claim_doomed(moment(10), moment(20), 5).await.unwrap();
    again.sort();
    let mut first = first;
    first.sort();
    assert_eq!(again, first);
}

pub async fn abandoned_uploads_are_dropped(store: &(impl Store + AssetReads + AssetKeeping)) {
    users(store, 1..2).await;
    let (old, new) = (pending_asset(1, 1, moment(1)), pending_asset(1, 2, moment(60)));
    let done = stored_asset(1, 3, moment(1));
    for asset in [&old, &new, &done] {
        insert(store, asset).await.unwrap();
    }
    let ended = moment(2).saturating_add(decide::UPLOAD_SPAN);
    assert_eq!(store.drop_abandoned(ended, 10).await.unwrap(), 1);
    assert_eq!(store.drop_abandoned(ended, 10).await.unwrap(), 0);
    assert_eq!(store.find_asset(old.user, old.id).await.unwrap(), None);
    assert!(store.find_asset(new.user, new.id).await.unwrap().is_some());
    assert_eq!(store.claim_doomed(ended, ended, 9).await.unwrap(), [key(&old)]);
}

pub async fn keys_are_known_while_somebody_answers_for_them(store: &(impl Store + AssetKeeping)) {
    users(store, 1..2).await;
    let (there, gone) = (stored_asset(1, 1, moment(1)), stored_asset(1, 2, moment(1)));
    let pending = pending_asset(1, 3, moment(1));
    for asset in [&there, &gone, &pending, &external_asset(1, 4, moment(1))] {
        insert(store, asset).await.unwrap();
    }
    remove(store, &gone).await;
    let nobodys: MediaKey = "a/nobody".parse().unwrap();
    let all = [key(&there), key(&gone), nobodys, key(&pending)];
    let mut known = store.find_known(&all).await.unwrap();
    known.sort();
    assert_eq!(known, [key(&there), key(&gone), key(&pending)]);

    let stored = store.list_stored(None, 10).await.unwrap();
    assert_eq!(stored, [(there.user, there.id, key(&there))]);
    assert_eq!(store.list_stored(Some((there.user, there.id)), 10).await.unwrap(), []);
}
