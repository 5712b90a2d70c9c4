//! Operation types and prices.

use billing::{Author, OperationType, PriceKey, PriceVersion, Terms, Unit};
use kernel::{Credits, PageSize, PriceVersionId};
use ports::{OPERATION_TYPES_PKEY, PriceReads, Store};

use super::{moment, refused_by, uuid, within};

fn operation(id: &str) -> OperationType {
    OperationType::new(id.parse().unwrap(), Some("What it is".parse().unwrap()), moment(0))
}

fn key(model: Option<&str>, edit: bool) -> PriceKey {
    let model = model.map(|model| model.parse().unwrap());
    PriceKey { operation: "IMAGE".parse().unwrap(), model, edit }
}

fn version(number: u64, key: PriceKey, price: Option<u64>, from: u32) -> PriceVersion {
    // One id for each number of each key.
    let model = key.model.as_ref().map_or(0, |model| model.as_str().bytes().map(u128::from).sum());
    let id = (model << 4) | (u128::from(number) << 1) | u128::from(key.edit);
    PriceVersion {
        id: PriceVersionId::from_uuid(uuid(id)),
        key,
        number,
        terms: price.map(|price| Terms {
            unit: Unit::Second,
            unit_price: Credits::from_hundredths(price).unwrap(),
            minimum: Credits::from_hundredths(7).unwrap(),
            covers_edit: false,
        }),
        valid_from: moment(from),
        created_at: moment(0),
        author: Author { key: None, name: "an operator".parse().unwrap() },
        reason: Some("because".parse().unwrap()),
    }
}

async fn price(store: &impl Store, versions: &[PriceVersion]) {
    within(store, async |tx| {
        tx.insert_operation_type(&operation("IMAGE")).await?;
        for version in versions {
            tx.insert_price_version(version).await?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

pub async fn operation_types_are_stored_once_and_listed_by_id(store: &(impl Store + PriceReads)) {
    for id in ["b", "a", "c"] {
        within(store, async |tx| tx.insert_operation_type(&operation(id)).await).await.unwrap();
    }
    let twice = within(store, async |tx| tx.insert_operation_type(&operation("a")).await).await;
    refused_by(twice, OPERATION_TYPES_PKEY);
    let retired = OperationType { retired_at: Some(moment(9)), ..operation("b") };
    within(store, async |tx| {
        let locked = tx.lock_operation_type(&retired.id).await?;
        assert_eq!(locked, Some(operation("b")));
        tx.update_operation_type(&retired).await
    })
    .await
    .unwrap();
    let one = PageSize::parse(1).unwrap();
    let first = store.list_operation_types(false, one, None).await.unwrap();
    assert_eq!(first.items, [operation("a")]);
    let second = store.list_operation_types(false, one, first.next).await.unwrap();
    assert_eq!((second.items, second.next), (vec![operation("c")], None));
    let all = store.list_operation_types(true, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(all.items, [operation("a"), retired, operation("c")]);
}

pub async fn the_price_in_force_is_found_for_each_key_that_could_match(
    store: &(impl Store + PriceReads),
) {
    let versions = [
        version(1, key(None, false), Some(100), 10),
        version(2, key(None, false), Some(200), 20),
        version(3, key(None, false), Some(300), 20),
        version(1, key(Some("flux"), true), None, 15),
        version(1, key(Some("other"), false), Some(500), 10),
    ];
    price(store, &versions).await;
    let image = "IMAGE".parse().unwrap();
    let flux = "flux".parse().unwrap();
    for (model, at, expected) in [
        (Some(&flux), 9, vec![]),
        (Some(&flux), 10, vec![0]),
        (Some(&flux), 19, vec![0, 3]),
        (Some(&flux), 20, vec![2, 3]),
        (None, 20, vec![2]),
    ] {
        let found = store.find_prices(&image, model, moment(at)).await.unwrap();
        let (sold, mut found) = found.expect("the operation type is there");
        found.sort_by_key(|version| version.key.clone());
        let expected: Vec<_> = expected.into_iter().map(|index: usize| &versions[index]).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{model:?} {at}");
        assert_eq!(sold, operation("IMAGE"));
    }
    assert_eq!(store.find_prices(&"NONE".parse().unwrap(), None, moment(9)).await.unwrap(), None);
    let mut known =
        within(store, async |tx| tx.list_price_versions(&key(None, false)).await).await.unwrap();
    known.sort_by_key(|version| version.number);
    assert_eq!(known, versions[..3]);
}

pub async fn prices_are_listed_by_key_and_their_versions_newest_first(
    store: &(impl Store + PriceReads),
) {
    let versions = [
        version(1, key(None, false), Some(100), 10),
        version(2, key(None, false), Some(200), 20),
        version(1, key(None, true), Some(300), 10),
        version(1, key(Some("flux"), false), None, 10),
        version(1, key(Some("zeta"), false), Some(400), 10),
    ];
    price(store, &versions).await;
    let two = PageSize::parse(2).unwrap();
    let first = store.list_prices(None, moment(30), two, None).await.unwrap();
    assert_eq!(first.items, [versions[1].clone(), versions[2].clone()]);
    let image = "IMAGE".parse().unwrap();
    let second = store.list_prices(Some(&image), moment(30), two, first.next).await.unwrap();
    assert_eq!((second.items, second.next), (vec![versions[4].clone()], None));
    let none = "NONE".parse().unwrap();
    let others = store.list_prices(Some(&none), moment(30), two, None).await.unwrap();
    assert_eq!(others.items, []);

    let one = PageSize::parse(1).unwrap();
    let newest = store.list_price_history(&key(None, false), one, None).await.unwrap();
    assert_eq!((newest.items, newest.next), (vec![versions[1].clone()], Some(2)));
    let oldest = store.list_price_history(&key(None, false), one, Some(2)).await.unwrap();
    assert_eq!((oldest.items, oldest.next), (vec![versions[0].clone()], None));
}
