//! The public gallery, and counts.

use catalog::{Character, CharacterFields, CharacterFilter, SceneImage, Statistics};
use kernel::PageSize;

use super::{CatalogStore, begin, insert_all, moment, with_characters, with_users};
use crate::fixtures::{asset_id, character, collection, scene, theme, user, user_id, variant};

fn public(mut character: Character) -> Character {
    character.fields.public = true;
    character
}

pub async fn the_gallery_shows_what_its_owners_let_be_shown(store: &impl CatalogStore) {
    let users = with_users(store, &[1, 2]).await;
    let of = |owner: usize, number| {
        character(users[owner], number, moment(u32::try_from(number).unwrap()))
    };
    let deleted = Character { deleted_at: Some(moment(9)), ..public(of(0, 3)) };
    let deleted = Character { mark: deleted.mark.next(moment(9)), ..deleted };
    insert_all(store, &[public(of(0, 1)), of(0, 2), deleted], true).await;
    insert_all(store, &[public(of(1, 4))], false).await;

    let shown = async || {
        let all = CharacterFilter::default();
        let page = store.list_public_characters(&all, PageSize::DEFAULT, None).await.unwrap();
        page.items
    };
    let names = |items: Vec<catalog::Gallery>| {
        let one = |one: catalog::Gallery| (one.character.id, one.owner_name);
        items.into_iter().map(one).collect::<Vec<_>>()
    };
    let name = |number| user(number, moment(0)).fields.display_name.map(|name| name.to_string());
    assert_eq!(names(shown().await), [(of(0, 1).id, name(1))]);

    let mut tx = begin(store).await;
    tx.lock_user(users[1]).await.unwrap();
    tx.show_characters(users[1], true).await.unwrap();
    tx.commit().await.unwrap();
    let both = [(of(1, 4).id, name(2)), (of(0, 1).id, name(1))];
    assert_eq!(names(shown().await), both);

    let one = PageSize::parse(1).unwrap();
    let all = CharacterFilter::default();
    let page = store.list_public_characters(&all, one, None).await.unwrap();
    let rest = store.list_public_characters(&all, one, page.next).await.unwrap();
    assert_eq!((names(rest.items), rest.next), (both[1..].to_vec(), None));
    let featured = CharacterFilter { showcased: Some(true), ..all };
    let page = store.list_public_characters(&featured, one, None).await.unwrap();
    assert_eq!(page.items, []);

    let mut tx = begin(store).await;
    tx.lock_user(users[0]).await.unwrap();
    tx.show_characters(users[0], false).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(shown().await), both[..1]);
}

pub async fn statistics_count_what_is_there(store: &impl CatalogStore) {
    let users = with_users(store, &[1, 2]).await;
    assert_eq!(store.count_catalog(user_id(7)).await.unwrap(), None);
    assert_eq!(store.count_catalog(users[0]).await.unwrap(), Some(Statistics::default()));
    with_characters(store, users[1], &[9]).await;

    let mut made: Vec<Character> = (1..=3).map(|n| character(users[0], n, moment(1))).collect();
    let fields = made[0].fields.clone();
    made[0].fields = CharacterFields {
        public: true,
        favourite: true,
        in_library: true,
        showcased: true,
        ..fields
    };
    made[1].fields.image = None;
    insert_all(store, &made, false).await;
    let (first, last) = (theme(&made[0], 1, moment(1)), theme(&made[2], 2, moment(1)));
    let picnic = scene(users[0], 1, vec![made[0].id], moment(1));
    let mut tx = begin(store).await;
    tx.insert_theme(&first).await.unwrap();
    tx.insert_theme(&last).await.unwrap();
    tx.insert_variant(&variant(&first, 1, moment(1))).await.unwrap();
    tx.insert_variant(&variant(&last, 2, moment(1))).await.unwrap();
    tx.insert_collection(&collection(users[0], 1, moment(1))).await.unwrap();
    tx.insert_scene(&picnic).await.unwrap();
    tx.lock_scene(users[0], picnic.id).await.unwrap();
    let image = SceneImage { asset: asset_id(1), added_at: moment(2) };
    tx.insert_scene_image(users[0], picnic.id, &image).await.unwrap();
    tx.commit().await.unwrap();
    let full = Statistics {
        characters: 3,
        public: 1,
        favourites: 1,
        in_library: 1,
        featured: 1,
        deleted: 0,
        themes: 2,
        variants: 2,
        collections: 1,
        scenes: 1,
        // Two characters, two variants, one of the scene.
        images: 5,
    };
    assert_eq!(store.count_catalog(users[0]).await.unwrap(), Some(full));

    let mut tx = begin(store).await;
    let mark = made[2].mark.next(moment(9));
    let deleted = Character { mark, deleted_at: Some(moment(9)), ..made[2].clone() };
    tx.update_character(&deleted).await.unwrap();
    tx.commit().await.unwrap();
    let less = Statistics { characters: 2, deleted: 1, themes: 1, variants: 1, images: 3, ..full };
    assert_eq!(store.count_catalog(users[0]).await.unwrap(), Some(less));
}
