//! What every store promises of things that refer to others of another area: to assets, and outputs
//! to characters.

use assets::Asset;
use catalog::{Character, SceneImage};
use kernel::{AssetId, OutputKind, Span, Timestamp, UserId};
use library::{Body, Output};
use ports::{
    AssetReads, CharacterReads, CollectionReads, MadeFor, OutputReads, SceneReads, Store,
    ThemeReads,
};

use crate::fixtures::{
    asset_id, bodies, character, collection, insert_models, insert_pictures, output, project,
    project_id, scene, theme, user, user_id, variant,
};

/// Makes a test of each case: `references_contract!(fixture)`, as `contract_tests!` has it.
#[macro_export]
macro_rules! references_contract {
    ($fixture:ident) => {
        $crate::contract_tests! {
            $fixture,
            references,
            [
                a_removed_asset_is_referred_to_no_more,
                what_was_made_for_a_thing_is_found,
                what_nothing_refers_to_is_removed_and_what_is_used_stays,
                an_output_outlives_the_character_it_was_made_for,
            ]
        }
    };
}

/// All that this contract is about.
pub trait ReferencingStore:
    Store + AssetReads + CharacterReads + CollectionReads + OutputReads + SceneReads + ThemeReads
{
}

impl<T> ReferencingStore for T where
    T: Store
        + AssetReads
        + CharacterReads
        + CollectionReads
        + OutputReads
        + SceneReads
        + ThemeReads
{
}

fn moment(seconds: u32) -> Timestamp {
    let base = Timestamp::from_micros(1_767_225_600_123_456).expect("is in range");
    base.saturating_add(Span::from_secs(seconds))
}

fn ada() -> UserId {
    user_id(1)
}

/// Of the bodies with everything set, the one of a kind.
fn made(number: u64, kind: OutputKind) -> Output {
    let body = bodies().into_iter().find(|body| body.kind() == kind).expect("there is one");
    output(number, ada(), Some(project_id(1)), body, moment(1))
}

const SHOWN: [OutputKind; 4] =
    [OutputKind::Image, OutputKind::Video, OutputKind::Voiceover, OutputKind::Character];

/// Character 1 with theme 1 and variant 1, collection 1, scene 1 with the asset 7 for an image, and
/// outputs 1 to 4 of [`SHOWN`] in project 1.
async fn filled(store: &impl Store) -> Character {
    let mia = character(ada(), 1, moment(0));
    let winter = theme(&mia, 1, moment(0));
    let smile = variant(&winter, 1, moment(0));
    let heroes = collection(ada(), 1, moment(0));
    let picnic = scene(ada(), 1, vec![mia.id], moment(0));
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, moment(0))).await.unwrap();
    tx.insert_project(&project(1, ada(), moment(0))).await.unwrap();
    insert_models(&mut *tx, ada(), moment(0)).await;
    let more = smile.fields.made().chain(heroes.fields.cover).chain([asset_id(7)]);
    insert_pictures(&mut *tx, ada(), more, moment(0)).await;
    tx.insert_theme(&winter).await.unwrap();
    tx.insert_variant(&smile).await.unwrap();
    tx.insert_collection(&heroes).await.unwrap();
    tx.insert_scene(&picnic).await.unwrap();
    let image = SceneImage { asset: asset_id(7), added_at: moment(1) };
    tx.insert_scene_image(ada(), picnic.id, &image).await.unwrap();
    for (number, kind) in (1..).zip(SHOWN) {
        tx.insert_output(&made(number, kind)).await.unwrap();
    }
    tx.commit().await.unwrap();
    mia
}

async fn assets(store: &impl AssetReads, ids: &[AssetId]) -> Vec<AssetId> {
    let mut found: Vec<AssetId> =
        store.find_assets(ada(), ids).await.unwrap().iter().map(|asset: &Asset| asset.id).collect();
    found.sort_unstable();
    found
}

fn sorted(ids: impl IntoIterator<Item = AssetId>) -> Vec<AssetId> {
    let mut ids: Vec<AssetId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids
}

pub async fn a_removed_asset_is_referred_to_no_more(store: &impl ReferencingStore) {
    let mia = filled(store).await;
    let winter = theme(&mia, 1, moment(0));
    let smile = variant(&winter, 1, moment(0));
    let heroes = collection(ada(), 1, moment(0));
    let outputs: Vec<Output> = (1..).zip(SHOWN).map(|(number, kind)| made(number, kind)).collect();
    let all = outputs.iter().flat_map(|output| output.fields.body.assets());
    let all = all.chain(mia.fields.assets()).chain(smile.fields.made());
    let all: Vec<AssetId> = all.chain(heroes.fields.cover).chain([asset_id(7)]).collect();
    let mut tx = store.begin().await.unwrap();
    for id in &all {
        assert!(tx.lock_asset(ada(), *id).await.unwrap().is_some());
        tx.delete_asset(ada(), *id).await.unwrap();
    }
    tx.commit().await.unwrap();

    assert_eq!(assets(store, &all).await, []);
    let left = store.find_character(ada(), mia.id).await.unwrap().unwrap();
    assert_eq!(left.fields.assets().collect::<Vec<_>>(), []);
    assert_eq!((left.fields.prompt, left.mark), (mia.fields.prompt, mia.mark));
    let left = store.find_variant(ada(), smile.id).await.unwrap().unwrap();
    assert_eq!(left.fields.made().collect::<Vec<_>>(), []);
    let left = store.find_collection(ada(), heroes.id).await.unwrap().unwrap();
    assert_eq!(left.fields.cover, None);
    let left = store.find_scene(ada(), scene(ada(), 1, vec![], moment(0)).id).await.unwrap();
    assert_eq!(left.unwrap().images, []);
    let ids: Vec<_> = outputs.iter().map(|output| output.id).collect();
    let left = store.find_outputs(ada(), &ids).await.unwrap();
    assert_eq!(left.len(), outputs.len());
    for output in left {
        assert_eq!(output.fields.body.assets(), [], "{:?}", output.fields.body);
    }
}

pub async fn what_was_made_for_a_thing_is_found(store: &impl ReferencingStore) {
    let mia = filled(store).await;
    let winter = theme(&mia, 1, moment(0));
    let smile = variant(&winter, 1, moment(0));
    let of_smile: Vec<AssetId> = smile.fields.made().collect();
    let of_mia = sorted(mia.fields.made().chain(smile.fields.made()));
    let video = made(2, OutputKind::Video);
    let of_project =
        (1..).zip(SHOWN).flat_map(|(number, kind)| made(number, kind).fields.body.made());
    let picnic = scene(ada(), 1, vec![], moment(0)).id;
    let mut tx = store.begin().await.unwrap();
    for (what, expected) in [
        (MadeFor::Character(mia.id), of_mia),
        (MadeFor::Theme(winter.id), of_smile.clone()),
        (MadeFor::Variant(smile.id), of_smile),
        (MadeFor::Scene(picnic), vec![asset_id(7)]),
        (MadeFor::Output(video.id), sorted(video.fields.body.made())),
        (MadeFor::Project(project_id(1)), sorted(of_project)),
        (MadeFor::Project(project_id(2)), vec![]),
    ] {
        let found = tx.find_made(ada(), what).await.unwrap();
        assert_eq!(sorted(found), expected, "{what:?}");
        assert_eq!(tx.find_made(user_id(2), what).await.unwrap(), []);
    }
    tx.rollback().await.unwrap();
}

pub async fn what_nothing_refers_to_is_removed_and_what_is_used_stays(
    store: &impl ReferencingStore,
) {
    let mia = filled(store).await;
    let (Some(picture), Some(small)) = (mia.fields.image, mia.fields.thumbnail) else {
        panic!("the fixture has both")
    };
    let image = made(1, OutputKind::Image);
    let file = image.fields.body.made();
    // The character shows what the first output made, and its own thumbnail nobody else.
    let mut shows = mia.clone();
    shows.fields.image = file.first().copied();
    let mut tx = store.begin().await.unwrap();
    tx.lock_character(ada(), mia.id).await.unwrap();
    tx.update_character(&shows).await.unwrap();
    tx.lock_output(ada(), image.id).await.unwrap();
    tx.purge_output(ada(), image.id).await.unwrap();
    tx.delete_unused(ada(), &[file[0], file[1], picture, small]).await.unwrap();
    tx.commit().await.unwrap();
    let asked = [file[0], file[1], picture, small];
    assert_eq!(assets(store, &asked).await, sorted([file[0], small]));
}

pub async fn an_output_outlives_the_character_it_was_made_for(store: &impl ReferencingStore) {
    let mia = filled(store).await;
    let sheet = made(4, OutputKind::Character);
    let mut tx = store.begin().await.unwrap();
    tx.lock_character(ada(), mia.id).await.unwrap();
    tx.purge_character(ada(), mia.id).await.unwrap();
    tx.commit().await.unwrap();
    let left = store.find_outputs(ada(), &[sheet.id]).await.unwrap().remove(0);
    let Body::Character(body) = left.fields.body else { panic!("{left:?}") };
    assert_eq!((body.character, body.name.is_some()), (None, true));
}
