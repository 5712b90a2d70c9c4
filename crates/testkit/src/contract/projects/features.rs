//! The registry of features.

use kernel::PageSize;
use ports::{FEATURES_NAME_UNIQUE, FeatureFilter, FeatureReads, Store};
use projects::Feature;

use super::{committed, moment, prepare, refused_by};
use crate::fixtures::{feature, user_id};

pub async fn a_feature_has_its_name_alone_in_its_workspace(store: &(impl Store + FeatureReads)) {
    prepare(store).await;
    let named = |number, user, workspace: &str, name: &str| {
        let mut feature = feature(number, user_id(user), workspace, moment(1));
        feature.fields.name = name.parse().unwrap();
        feature
    };
    let add = async |feature: &Feature| {
        let mut tx = store.begin().await.unwrap();
        let outcome = tx.insert_feature(feature).await;
        ports::finish(tx, outcome).await
    };
    add(&named(1, 1, "a", "Login")).await.unwrap();
    refused_by(add(&named(2, 1, "a", "LOGIN")).await, FEATURES_NAME_UNIQUE);
    add(&named(2, 1, "b", "Login")).await.unwrap();
    add(&named(3, 2, "a", "Login")).await.unwrap();
    add(&named(4, 1, "a", "Logout")).await.unwrap();

    let mut tx = store.begin().await.unwrap();
    assert!(tx.lock_feature(user_id(2), named(4, 1, "a", "x").id).await.unwrap().is_none());
    let mut locked = tx.lock_feature(user_id(1), named(4, 1, "a", "x").id).await.unwrap().unwrap();
    locked.fields.name = "login".parse().unwrap();
    let outcome = tx.update_feature(&locked).await;
    refused_by(ports::finish(tx, outcome).await, FEATURES_NAME_UNIQUE);
    committed!(store, |tx| {
        locked.fields.name = "LogOut".parse().unwrap();
        tx.update_feature(&locked).await.unwrap();
        tx.delete_feature(user_id(1), named(1, 1, "a", "x").id).await.unwrap();
    });
    assert_eq!(store.find_feature(user_id(1), locked.id).await.unwrap(), Some(locked));
    let gone = named(1, 1, "a", "x").id;
    assert_eq!(store.find_feature(user_id(1), gone).await.unwrap(), None);
}

pub async fn features_are_found_by_workspace_name_and_tag(store: &(impl Store + FeatureReads)) {
    prepare(store).await;
    let one = feature(1, user_id(1), "a", moment(1));
    let mut two = feature(2, user_id(1), "a", moment(2));
    two.fields.tags = projects::Tags::default();
    two.fields.description = None;
    let three = feature(3, user_id(1), "b", moment(3));
    committed!(store, |tx| {
        for feature in [&one, &two, &three] {
            tx.insert_feature(feature).await.unwrap();
        }
    });
    let all = FeatureFilter::default;
    let workspace = Some("a".parse().unwrap());
    for (filter, expected) in [
        (all(), vec![&three, &two, &one]),
        (FeatureFilter { workspace: workspace.clone(), ..all() }, vec![&two, &one]),
        (FeatureFilter { name: Some("FEATURE 3".parse().unwrap()), ..all() }, vec![&three]),
        (FeatureFilter { tag: Some("common".parse().unwrap()), ..all() }, vec![&three, &one]),
        (FeatureFilter { tag: Some("common".parse().unwrap()), workspace, ..all() }, vec![&one]),
    ] {
        let page = store.list_features(user_id(1), &filter, PageSize::MAX, None).await.unwrap();
        assert_eq!(page.items.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
}
