//! Collections and scenes.

use catalog::{Character, Entry, PLACE_STEP, Places, Scene, SceneImage};
use kernel::{CollectionId, PageSize, UserId};
use ports::{COLLECTION_ENTRIES_PKEY, EntryPosition, SCENE_IMAGES_PKEY};

use super::{CatalogStore, begin, moment, refused_by, with_characters, with_users};
use crate::fixtures::{asset_id, character_id, collection, scene, scene_id};

async fn numbers(store: &impl CatalogStore, user: UserId, id: CollectionId) -> Vec<u64> {
    let page = store.list_entries(user, id, PageSize::DEFAULT, None).await.unwrap();
    let of = |one: &(Entry, Character)| {
        (1..=9).find(|number| character_id(*number) == one.0.character).unwrap()
    };
    page.items.iter().map(of).collect()
}

pub async fn a_collection_keeps_its_order_and_each_character_once(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2, 3]).await;
    let heroes = collection(ada, 1, moment(1));
    let entry =
        |number, place| Entry { character: character_id(number), place, added_at: moment(2) };
    let mut tx = begin(store).await;
    tx.insert_collection(&heroes).await.unwrap();
    assert_eq!(tx.find_places(ada, heroes.id, None).await.unwrap(), Some(Places::default()));
    for (number, place) in [(2, 20), (1, -5), (3, 7)] {
        tx.insert_entry(ada, heroes.id, &entry(number, place)).await.unwrap();
    }
    let end = Places { count: 3, after: Some(20), before: None };
    assert_eq!(tx.find_places(ada, heroes.id, None).await.unwrap(), Some(end));
    let middle = Places { count: 3, after: Some(-5), before: Some(7) };
    let places = tx.find_places(ada, heroes.id, Some(character_id(3))).await.unwrap();
    assert_eq!(places, Some(middle));
    assert_eq!(tx.find_places(ada, heroes.id, Some(character_id(9))).await.unwrap(), None);
    tx.commit().await.unwrap();
    assert_eq!(numbers(store, ada, heroes.id).await, [1, 3, 2]);
    let two = PageSize::parse(2).unwrap();
    let page = store.list_entries(ada, heroes.id, two, None).await.unwrap();
    assert_eq!(page.next, Some(EntryPosition(7)));
    let rest = store.list_entries(ada, heroes.id, two, page.next).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![(entry(2, 20), made[1].clone())], None));

    let mut tx = begin(store).await;
    refused_by(tx.insert_entry(ada, heroes.id, &entry(1, 99)).await, COLLECTION_ENTRIES_PKEY);
    tx.rollback().await.unwrap();
    // A deleted character is in it, and not seen.
    let mut tx = begin(store).await;
    assert!(tx.delete_entry(ada, heroes.id, character_id(1)).await.unwrap());
    assert!(!tx.delete_entry(ada, heroes.id, character_id(1)).await.unwrap());
    let mark = made[2].mark.next(moment(9));
    let deleted = Character { mark, deleted_at: Some(moment(9)), ..made[2].clone() };
    tx.update_character(&deleted).await.unwrap();
    let places = tx.find_places(ada, heroes.id, None).await.unwrap();
    assert_eq!(places.map(|places| places.count), Some(2));
    tx.commit().await.unwrap();
    assert_eq!(numbers(store, ada, heroes.id).await, [2]);

    let mut renamed = heroes.clone();
    renamed.fields.cover = None;
    renamed.fields.description = None;
    renamed.mark = renamed.mark.next(moment(9));
    let mut tx = begin(store).await;
    assert_eq!(tx.lock_collection(ada, heroes.id).await.unwrap(), Some(heroes.clone()));
    tx.update_collection(&renamed).await.unwrap();
    tx.insert_collection(&collection(ada, 2, moment(2))).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_collection(ada, heroes.id).await.unwrap(), Some(renamed.clone()));
    let listed = store.list_collections(ada, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(listed.items, [collection(ada, 2, moment(2)), renamed]);
    let mut tx = begin(store).await;
    tx.delete_collection(ada, heroes.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_collection(ada, heroes.id).await.unwrap(), None);
    assert!(store.find_character(ada, made[1].id).await.unwrap().is_some());
}

pub async fn a_collection_that_is_numbered_anew_keeps_its_order(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    with_characters(store, ada, &[1, 2, 3]).await;
    let heroes = collection(ada, 1, moment(1));
    let mut tx = begin(store).await;
    tx.insert_collection(&heroes).await.unwrap();
    for (number, place) in [(3, 1), (2, 2), (1, PLACE_STEP)] {
        let entry = Entry { character: character_id(number), place, added_at: moment(2) };
        tx.insert_entry(ada, heroes.id, &entry).await.unwrap();
    }
    tx.renumber_entries(ada, heroes.id, PLACE_STEP).await.unwrap();
    let places = tx.find_places(ada, heroes.id, Some(character_id(2))).await.unwrap();
    let apart = Places { count: 3, after: Some(PLACE_STEP), before: Some(2 * PLACE_STEP) };
    assert_eq!(places, Some(apart));
    tx.commit().await.unwrap();
    assert_eq!(numbers(store, ada, heroes.id).await, [3, 2, 1]);
}

pub async fn a_scene_keeps_its_cast_and_its_images(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2, 3]).await;
    let picnic = scene(ada, 1, vec![made[2].id, made[0].id], moment(1));
    let images = [(7, 3), (5, 4)]
        .map(|(asset, at)| SceneImage { asset: asset_id(asset), added_at: moment(at) });
    let mut tx = begin(store).await;
    tx.insert_scene(&picnic).await.unwrap();
    assert_eq!(tx.lock_scene(ada, picnic.id).await.unwrap(), Some(picnic.clone()));
    for image in &images {
        tx.insert_scene_image(ada, picnic.id, image).await.unwrap();
    }
    tx.commit().await.unwrap();
    let full = Scene { images: images.to_vec(), ..picnic.clone() };
    assert_eq!(store.find_scene(ada, picnic.id).await.unwrap(), Some(full.clone()));

    let mut tx = begin(store).await;
    refused_by(tx.insert_scene_image(ada, picnic.id, &images[0]).await, SCENE_IMAGES_PKEY);
    tx.rollback().await.unwrap();
    let recast = Scene {
        mark: picnic.mark.next(moment(9)),
        images: images[1..].to_vec(),
        ..scene(ada, 1, vec![made[0].id, made[1].id], moment(1))
    };
    let mut tx = begin(store).await;
    tx.lock_scene(ada, picnic.id).await.unwrap();
    assert!(tx.delete_scene_image(ada, picnic.id, images[0].asset).await.unwrap());
    assert!(!tx.delete_scene_image(ada, picnic.id, images[0].asset).await.unwrap());
    tx.update_scene(&recast, true).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_scene(ada, picnic.id).await.unwrap(), Some(recast));
    let mut tx = begin(store).await;
    tx.delete_scene(ada, picnic.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_scene(ada, picnic.id).await.unwrap(), None);
}

pub async fn scenes_are_listed_and_found_by_character(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2]).await;
    let (one, two) = (made[0].id, made[1].id);
    let mut tx = begin(store).await;
    for (number, cast) in [(1, vec![one]), (2, vec![]), (3, vec![two, one])] {
        let at = moment(u32::try_from(number).unwrap());
        tx.insert_scene(&scene(ada, number, cast, at)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let list = async |character| {
        let page = store.list_scenes(ada, character, PageSize::DEFAULT, None).await.unwrap();
        page.items.iter().map(|scene| scene.id).collect::<Vec<_>>()
    };
    assert_eq!(list(None).await, [scene_id(3), scene_id(2), scene_id(1)]);
    assert_eq!(list(Some(one)).await, [scene_id(3), scene_id(1)]);
    assert_eq!(list(Some(character_id(9))).await, []);
}
