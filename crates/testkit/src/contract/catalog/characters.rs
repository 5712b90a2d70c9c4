//! Characters of one user.

use catalog::{Character, CharacterFields, CharacterFilter, GenerationStatus, Style, Tags, Traits};
use kernel::PageSize;

use super::{CatalogStore, begin, insert_all, moment, with_characters, with_users};
use crate::fixtures::{character, character_id, collection, scene, theme, variant};

fn bare(character: Character) -> Character {
    let fields = CharacterFields {
        name: None,
        description: None,
        image: None,
        thumbnail: None,
        reference: None,
        tags: Tags::default(),
        metadata: None,
        age: None,
        gender: None,
        occupation: None,
        personality: Traits::default(),
        physical_traits: None,
        clothing: None,
        background: None,
        public: true,
        favourite: true,
        in_library: true,
        showcased: true,
        ..character.fields
    };
    Character { fields, ..character }
}

pub async fn a_character_reads_back_with_every_field(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let one = with_characters(store, ada, &[1]).await.remove(0);
    assert_eq!(store.find_character(ada, one.id).await.unwrap(), Some(one.clone()));

    let mut tx = begin(store).await;
    let locked = tx.lock_character(ada, one.id).await.unwrap();
    assert_eq!(locked, Some(one.clone()));
    let mark = one.mark.next(moment(9));
    let changed = bare(Character { mark, deleted_at: Some(moment(9)), ..one });
    tx.update_character(&changed).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.find_character(ada, changed.id).await.unwrap();
    assert_eq!(found, Some(changed.clone()));
    let ids = [character_id(7), changed.id];
    assert_eq!(store.find_characters(ada, &ids).await.unwrap(), [changed]);
}

pub async fn a_character_of_another_user_is_not_there(store: &impl CatalogStore) {
    let users = with_users(store, &[1, 2]).await;
    let one = with_characters(store, users[0], &[1]).await.remove(0);
    let filter = CharacterFilter { deleted: true, ..CharacterFilter::default() };
    assert_eq!(store.find_character(users[1], one.id).await.unwrap(), None);
    assert_eq!(store.find_characters(users[1], &[one.id]).await.unwrap(), []);
    let page = store.list_characters(users[1], &filter, PageSize::DEFAULT, None).await.unwrap();
    assert_eq!(page.items, []);
    let mut tx = begin(store).await;
    assert_eq!(tx.lock_character(users[1], one.id).await.unwrap(), None);
    assert_eq!(tx.share_characters(users[1], &[one.id]).await.unwrap(), []);
    tx.rollback().await.unwrap();
}

pub async fn characters_are_listed_newest_first_by_pages(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    // Out of order, two of them created in the same microsecond.
    let made: Vec<Character> = [(3, 30), (1, 10), (5, 50), (2, 30), (4, 30)]
        .map(|(number, at)| character(ada, number, moment(at)))
        .into();
    insert_all(store, &made, false).await;
    let (two, all) = (PageSize::parse(2).unwrap(), CharacterFilter::default());
    let mut pages = Vec::new();
    let mut after = None;
    loop {
        let page = store.list_characters(ada, &all, two, after).await.unwrap();
        pages.push(page.items.iter().map(|one| one.id).collect::<Vec<_>>());
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let ids = |numbers: &[u64]| numbers.iter().map(|n| character_id(*n)).collect::<Vec<_>>();
    assert_eq!(pages, [ids(&[5, 4]), ids(&[3, 2]), ids(&[1])]);
}

pub async fn characters_are_narrowed_by_every_filter(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let mut made: Vec<Character> = (1..=5)
        .map(|number| character(ada, number, moment(u32::try_from(number).unwrap())))
        .collect();
    let name = |text: &str| Some(text.parse().unwrap());
    made[0].fields.style = Style::Cyberpunk;
    made[0].fields.tags = Tags::parse(["robot"]).unwrap();
    made[1].fields.status = GenerationStatus::Failed;
    made[1].fields.tags = Tags::parse(["robot", "cat"]).unwrap();
    made[2].fields = CharacterFields { favourite: true, ..made[2].fields.clone() };
    made[2].fields.tags = Tags::parse(["cat", "hat"]).unwrap();
    made[2].fields.name = name("O'Neil-Smith of foo.bar");
    made[3].fields = CharacterFields { in_library: true, public: true, ..made[3].fields.clone() };
    made[3].fields.tags = Tags::default();
    made[3].fields.description = None;
    made[3].fields.name = name("李小龍 and Zoë");
    made[4].fields = CharacterFields { showcased: true, ..made[4].fields.clone() };
    made[4].deleted_at = Some(moment(9));
    made[4].mark = made[4].mark.next(moment(9));
    insert_all(store, &made, true).await;

    let none = CharacterFilter::default;
    let tags = |tags: &[&str]| Tags::parse(tags).unwrap();
    let text = |text: &str| CharacterFilter { text: Some(text.parse().unwrap()), ..none() };
    for (filter, numbers) in [
        (none(), &[4, 3, 2, 1][..]),
        (CharacterFilter { deleted: true, ..none() }, &[5, 4, 3, 2, 1]),
        (CharacterFilter { tags_all: tags(&["robot", "cat"]), ..none() }, &[2]),
        (CharacterFilter { tags_any: tags(&["hat", "robot"]), ..none() }, &[3, 2, 1]),
        (CharacterFilter { tags_all: tags(&["cat"]), tags_any: tags(&["hat"]), ..none() }, &[3]),
        (CharacterFilter { style: Some(Style::Cyberpunk), ..none() }, &[1]),
        (CharacterFilter { status: Some(GenerationStatus::Failed), ..none() }, &[2]),
        (CharacterFilter { favourite: Some(true), ..none() }, &[3]),
        (CharacterFilter { favourite: Some(false), ..none() }, &[4, 2, 1]),
        (CharacterFilter { in_library: Some(true), ..none() }, &[4]),
        (CharacterFilter { in_library: Some(false), ..none() }, &[3, 2, 1]),
        (CharacterFilter { public: Some(true), ..none() }, &[4]),
        (CharacterFilter { public: Some(false), ..none() }, &[3, 2, 1]),
        (CharacterFilter { showcased: Some(true), deleted: true, ..none() }, &[5]),
        (CharacterFilter { showcased: Some(false), ..none() }, &[4, 3, 2, 1]),
        (text("ROB"), &[3, 2, 1]),
        (text("red hai"), &[3, 2, 1]),
        (text("hai red"), &[]),
        (text("red shoes"), &[]),
        (text("o'neil smi"), &[3]),
        (text("bar"), &[3]),
        (text("well-known"), &[]),
        (text("李小"), &[4]),
        (text("Zo"), &[4]),
        (text("a' | ! & (b:*) \\"), &[3]),
    ] {
        let page = store.list_characters(ada, &filter, PageSize::DEFAULT, None).await.unwrap();
        let found: Vec<_> = page.items.iter().map(|one| one.id).collect();
        let expected: Vec<_> = numbers.iter().map(|n| character_id(*n)).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
}

pub async fn only_live_characters_are_shared(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2]).await;
    let mut tx = begin(store).await;
    let deleted = Character {
        mark: made[1].mark.next(moment(9)),
        deleted_at: Some(moment(9)),
        ..made[1].clone()
    };
    tx.update_character(&deleted).await.unwrap();
    let ids = [made[0].id, made[1].id, character_id(7)];
    assert_eq!(tx.share_characters(ada, &ids).await.unwrap(), [made[0].id]);
    tx.commit().await.unwrap();
}

pub async fn a_purged_character_takes_what_hangs_on_it(store: &impl CatalogStore) {
    let ada = with_users(store, &[1]).await[0];
    let made = with_characters(store, ada, &[1, 2]).await;
    let (of_one, of_two) = (theme(&made[0], 1, moment(1)), theme(&made[1], 2, moment(2)));
    let heroes = collection(ada, 1, moment(1));
    let picnic = scene(ada, 1, vec![made[0].id, made[1].id], moment(1));
    let mut tx = begin(store).await;
    for theme in [&of_one, &of_two] {
        tx.insert_theme(theme).await.unwrap();
    }
    tx.insert_variant(&variant(&of_one, 1, moment(1))).await.unwrap();
    tx.insert_variant(&variant(&of_two, 2, moment(2))).await.unwrap();
    tx.insert_collection(&heroes).await.unwrap();
    for (place, character) in (0..).zip(&made) {
        let entry = catalog::Entry { character: character.id, place, added_at: moment(3) };
        tx.insert_entry(ada, heroes.id, &entry).await.unwrap();
    }
    tx.insert_scene(&picnic).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin(store).await;
    tx.lock_character(ada, made[0].id).await.unwrap().unwrap();
    tx.purge_character(ada, made[0].id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.find_character(ada, made[0].id).await.unwrap(), None);
    assert_eq!(store.find_theme(ada, of_one.id).await.unwrap(), None);
    assert_eq!(store.find_variant(ada, variant(&of_one, 1, moment(1)).id).await.unwrap(), None);
    assert!(store.find_theme(ada, of_two.id).await.unwrap().is_some());
    let entries = store.list_entries(ada, heroes.id, PageSize::DEFAULT, None).await.unwrap().items;
    assert_eq!(entries.iter().map(|(entry, _)| entry.character).collect::<Vec<_>>(), [made[1].id]);
    let left = store.find_scene(ada, picnic.id).await.unwrap().unwrap();
    assert_eq!(left.fields.cast.as_slice(), [made[1].id]);
}
