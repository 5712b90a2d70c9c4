//! What every store of the catalogue promises. Each kind of thing has its file.

mod characters;
mod gallery;
mod sets;
mod themes;

use catalog::Character;
use kernel::{Span, Timestamp, UserId};
use ports::{
    CharacterReads, CollectionReads, SceneReads, Store, StoreError, ThemeReads, Tx, UserReads,
};

pub use characters::{
    a_character_of_another_user_is_not_there, a_character_reads_back_with_every_field,
    a_purged_character_takes_what_hangs_on_it, characters_are_listed_newest_first_by_pages,
    characters_are_narrowed_by_every_filter, only_live_characters_are_shared,
};
pub use gallery::{statistics_count_what_is_there, the_gallery_shows_what_its_owners_let_be_shown};
pub use sets::{
    a_collection_keeps_its_order_and_each_character_once,
    a_collection_that_is_numbered_anew_keeps_its_order, a_scene_keeps_its_cast_and_its_images,
    scenes_are_listed_and_found_by_character,
};
pub use themes::{
    a_theme_has_a_name_of_its_own_in_any_case_of_letters, a_theme_takes_its_variants_along,
    shelves_count_all_and_show_the_newest, variants_are_numbered_and_listed,
};

use crate::fixtures::{asset_id, character, insert_pictures, user, user_id};

/// Makes a test of each case: `catalog_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! catalog_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            catalog,
            [
                a_character_reads_back_with_every_field,
                a_character_of_another_user_is_not_there,
                characters_are_listed_newest_first_by_pages,
                characters_are_narrowed_by_every_filter,
                only_live_characters_are_shared,
                a_purged_character_takes_what_hangs_on_it,
                the_gallery_shows_what_its_owners_let_be_shown,
                statistics_count_what_is_there,
                a_theme_has_a_name_of_its_own_in_any_case_of_letters,
                a_theme_takes_its_variants_along,
                variants_are_numbered_and_listed,
                shelves_count_all_and_show_the_newest,
                a_collection_keeps_its_order_and_each_character_once,
                a_collection_that_is_numbered_anew_keeps_its_order,
                a_scene_keeps_its_cast_and_its_images,
                scenes_are_listed_and_found_by_character,
            ]
        }
    };
}

/// All that the catalogue's contract is about.
pub trait CatalogStore:
    Store + CharacterReads + CollectionReads + SceneReads + ThemeReads + UserReads
{
}

impl<T: Store + CharacterReads + CollectionReads + SceneReads + ThemeReads + UserReads> CatalogStore
    for T
{
}

/// A moment in 2026 with microseconds, which must survive.
fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

async fn begin(store: &impl Store) -> Box<dyn Tx> {
    store.begin().await.unwrap()
}

/// Inserts users of these numbers.
async fn with_users(store: &impl Store, numbers: &[u64]) -> Vec<UserId> {
    let mut tx = begin(store).await;
    for number in numbers {
        tx.insert_user(&user(*number, moment(0))).await.unwrap();
        // All that the fixtures of small numbers refer to.
        let pictures = (0..100).chain(10_001..10_010).chain(20_001..20_010).map(asset_id);
        insert_pictures(&mut *tx, user_id(*number), pictures, moment(0)).await;
    }
    tx.commit().await.unwrap();
    numbers.iter().map(|number| user_id(*number)).collect()
}

/// Inserts a character of the user for each number, created at as many seconds, not shown.
async fn with_characters(store: &impl Store, user: UserId, numbers: &[u64]) -> Vec<Character> {
    let made: Vec<Character> = numbers
        .iter()
        .map(|number| character(user, *number, moment(u32::try_from(*number).unwrap())))
        .collect();
    insert_all(store, &made, false).await;
    made
}

async fn insert_all(store: &impl Store, characters: &[Character], shown: bool) {
    let mut tx = begin(store).await;
    for character in characters {
        tx.insert_character(character, shown).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Commits, and expects a refusal by the constraint before that.
fn refused_by(outcome: Result<(), StoreError>, name: &str) {
    match outcome {
        Err(StoreError::Conflict { constraint }) => assert_eq!(constraint, name),
        Ok(()) | Err(_) => panic!("{outcome:?}"),
    }
}
