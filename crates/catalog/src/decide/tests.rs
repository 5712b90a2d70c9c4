use kernel::{CharacterId, UserId};
use uuid::Uuid;

use super::*;
use crate::{GenerationStatus, Style, Tags, Traits};

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn character() -> Character {
    Character {
        user: UserId::from_uuid(Uuid::from_u128(1)),
        id: CharacterId::from_uuid(Uuid::from_u128(2)),
        fields: CharacterFields {
            name: Some("Mia".parse().unwrap()),
            description: None,
            prompt: "a robot".parse().unwrap(),
            style: Style::Anime,
            status: GenerationStatus::Pending,
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
            public: false,
            favourite: false,
            in_library: false,
            showcased: false,
        },
        mark: Mark::first(at(10)),
        deleted_at: None,
    }
}

fn patch(names: &[&'static str]) -> Patch<CharacterFields> {
    let values = CharacterFields { name: None, favourite: true, ..character().fields };
    Patch { values, names: names.to_vec() }
}

#[test]
fn a_change_takes_the_named_fields_only() {
    let edit = update_character(character(), &patch(&["favourite"]), None, at(20)).unwrap();
    let Edit::Changed(changed) = edit else { panic!("{edit:?}") };
    let fields = CharacterFields { favourite: true, ..character().fields };
    assert_eq!(changed.fields, fields);
    assert_eq!((changed.mark.etag, changed.mark.updated_at), (Etag::FIRST.next(), at(20)));

    let edit = update_character(character(), &patch(&["style"]), None, at(20)).unwrap();
    assert_eq!(edit, Edit::Unchanged(character()));
    let stale = Some(Etag::FIRST.next());
    let refused = update_character(character(), &patch(&["name"]), stale, at(20));
    assert!(matches!(refused, Err(Rejection::EtagMismatch { .. })));
}

#[test]
fn every_name_of_a_field_is_taken() {
    let other = CharacterFields {
        name: None,
        prompt: "else".parse().unwrap(),
        style: Style::Vintage,
        tags: Tags::parse(["x"]).unwrap(),
        public: true,
        ..character().fields
    };
    let all = Patch { values: other.clone(), names: CharacterFields::NAMES.to_vec() };
    assert_eq!(all.apply(&character().fields), other);
    assert_eq!(CharacterFields::NAMES.len(), 21);
}

#[test]
fn a_character_is_deleted_restored_and_purged_in_that_order() {
    let refused = Err(Rejection::CharacterNotDeleted);
    assert_eq!(restore(character(), None, at(20)), refused);
    assert_eq!(purge(&character(), None), Err(Rejection::CharacterNotDeleted));

    // A clock that was set back does not take the revision's time back.
    let deleted = delete(character(), Some(Etag::FIRST), at(5)).unwrap();
    assert_eq!(deleted.deleted_at, Some(at(10)));
    assert_eq!(delete(deleted.clone(), None, at(20)), Err(Rejection::CharacterDeleted));
    let refused = update_character(deleted.clone(), &patch(&["name"]), None, at(20));
    assert_eq!(refused, Err(Rejection::CharacterDeleted));
    assert_eq!(purge(&deleted, None), Ok(()));

    let restored = restore(deleted, None, at(30)).unwrap();
    assert_eq!((restored.deleted_at, restored.mark.etag.revision()), (None, 3));
}

#[test]
fn a_place_lies_between_its_neighbours_or_there_is_none() {
    let place = |after, before| place(Places { count: 0, after, before });
    assert_eq!(place(None, None), Some(0));
    assert_eq!(place(Some(7), None), Some(7 + PLACE_STEP));
    assert_eq!(place(None, Some(7)), Some(7 - PLACE_STEP));
    assert_eq!(place(Some(-5), Some(6)), Some(0));
    assert_eq!(place(Some(4), Some(6)), Some(5));
    assert_eq!(place(Some(5), Some(6)), None);
    assert_eq!(place(Some(i64::MAX), None), None);
}

#[test]
fn there_is_room_up_to_the_limit() {
    assert_eq!(room(9, 10), Ok(()));
    assert_eq!(room(10, 10), Err(Rejection::Full { max: 10 }));
}
