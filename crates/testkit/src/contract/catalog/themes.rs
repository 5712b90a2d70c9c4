//! Themes and variants.

use catalog::{Theme, Variant};
use kernel::PageSize;
use ports::THEMES_NAME_UNIQUE;

use super::{CatalogStore, begin, moment, refused_by, with_characters, with_users};
use crate::fixtures::{theme, variant, variant_id};

fn named(theme: Theme, name: &str) -> Theme {
    let mut named = theme;
    named.fields.name = name.parse().unwrap();
    named
}

pub async fn a_theme_has_a_name_of_its_own_in_any_case_of_letters(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2]).await;
    let first = named(theme(&made[0], 1, moment(1)), "Ärmel");
    let mut tx = begin(store).await;
    tx.insert_theme(&first).await.unwrap();
    // Another character may have one of the name.
    tx.insert_theme(&named(theme(&made[1], 2, moment(1)), "Ärmel")).await.unwrap();
    tx.insert_theme(&theme(&made[0], 3, moment(1))).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin(store).await;
    let again = named(theme(&made[0], 4, moment(1)), "äRMEL");
    refused_by(tx.insert_theme(&again).await, THEMES_NAME_UNIQUE);
    tx.rollback().await.unwrap();
    let mut tx = begin(store).await;
    let renamed = named(theme(&made[0], 3, moment(1)), "ÄRMEL");
    refused_by(tx.update_theme(&renamed).await, THEMES_NAME_UNIQUE);
    tx.rollback().await.unwrap();

    let mut tx = begin(store).await;
    assert_eq!(tx.lock_theme(ada, first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(tx.count_themes(ada, made[0].id).await.unwrap(), 2);
    let mut otherwise = named(first, "ärmel");
    otherwise.fields.description = None;
    otherwise.mark = otherwise.mark.next(moment(5));
    tx.update_theme(&otherwise).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_theme(ada, otherwise.id).await.unwrap(), Some(otherwise.clone()));
    let listed = store.list_themes(ada, made[0].id, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(listed.items, [theme(&made[0], 3, moment(1)), otherwise]);
}

pub async fn a_theme_takes_its_variants_along(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1]).await;
    let themes = [theme(&made[0], 1, moment(1)), theme(&made[0], 2, moment(2))];
    let mut tx = begin(store).await;
    for (number, theme) in (1..).zip(&themes) {
        tx.insert_theme(theme).await.unwrap();
        tx.insert_variant(&variant(theme, number, moment(3))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = begin(store).await;
    tx.lock_theme(ada, themes[0].id).await.unwrap().unwrap();
    tx.delete_theme(ada, themes[0].id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_theme(ada, themes[0].id).await.unwrap(), None);
    assert_eq!(store.find_variant(ada, variant_id(1)).await.unwrap(), None);
    assert!(store.find_variant(ada, variant_id(2)).await.unwrap().is_some());
}

pub async fn variants_are_numbered_and_listed(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1]).await;
    let winter = theme(&made[0], 1, moment(1));
    let variants: Vec<Variant> =
        (1..=3).map(|n| variant(&winter, n, moment(u32::try_from(n).unwrap()))).collect();
    let mut tx = begin(store).await;
    tx.insert_theme(&winter).await.unwrap();
    assert_eq!(tx.count_variants(ada, winter.id).await.unwrap(), (0, 0));
    for variant in &variants {
        tx.insert_variant(variant).await.unwrap();
    }
    assert_eq!(tx.count_variants(ada, winter.id).await.unwrap(), (3, 3));
    tx.commit().await.unwrap();

    let mut changed = variants[1].clone();
    changed.fields.image = None;
    changed.fields.metadata = None;
    changed.mark = changed.mark.next(moment(9));
    let mut tx = begin(store).await;
    let locked = tx.lock_variant(ada, changed.id).await.unwrap();
    assert_eq!(locked, Some(variants[1].clone()));
    tx.update_variant(&changed).await.unwrap();
    tx.delete_variant(ada, variants[0].id).await.unwrap();
    tx.commit().await.unwrap();
    let two = PageSize::parse(2).unwrap();
    let page = store.list_variants(ada, winter.id, two, None).await.unwrap();
    assert_eq!((page.items, page.next), (vec![variants[2].clone(), changed], None));
}

pub async fn shelves_count_all_and_show_the_newest(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2]).await;
    let winter = theme(&made[0], 1, moment(1));
    let empty = theme(&made[0], 2, moment(2));
    let variants: Vec<Variant> =
        (1..=3).map(|n| variant(&winter, n, moment(u32::try_from(n).unwrap()))).collect();
    let mut tx = begin(store).await;
    for theme in [&winter, &empty, &theme(&made[1], 3, moment(3))] {
        tx.insert_theme(theme).await.unwrap();
    }
    for variant in &variants {
        tx.insert_variant(variant).await.unwrap();
    }
    tx.commit().await.unwrap();
    let one = PageSize::parse(1).unwrap();
    let first = store.list_shelves(ada, made[0].id, 2, one, None).await.unwrap();
    let rest = store.list_shelves(ada, made[0].id, 2, one, first.next).await.unwrap();
    assert_eq!(rest.next, None);
    let shelves = [first.items, rest.items].concat();
    assert_eq!(shelves.len(), 2);
    assert_eq!((&shelves[0].theme, shelves[0].variants, shelves[0].newest.len()), (&empty, 0, 0));
    assert_eq!((&shelves[1].theme, shelves[1].variants), (&winter, 3));
    assert_eq!(shelves[1].newest, [variants[2].clone(), variants[1].clone()]);
}
