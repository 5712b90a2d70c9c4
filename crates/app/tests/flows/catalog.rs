//! The catalogue end to end on the store in memory.

use std::sync::Arc;

use app::catalog::{AddEntry, Named, NewTheme, NewVariant, Update};
use app::{Catalog, CatalogError, Users};
use catalog::{
    Cast, Character, CharacterFields, CharacterFilter, CollectionFields, Rejection, SceneFields,
    Statistics, VariantFields,
};
use kernel::{CharacterId, PageSize, Patch, ThemeId, UserId};
use ports::{Clock, Store};
use testkit::fixtures::{
    asset_id, character, character_id, collection, identity, insert_pictures, scene, theme, user,
    variant,
};
use testkit::{FakeClock, FakeIds, FakeStore};
use users::decide::{Create, Prefer, SetStatus};
use users::{AccountStatus, Preferences, Visibility};

mod statistics;

struct World {
    clock: Arc<FakeClock>,
    store: Arc<FakeStore>,
    users: Users,
    catalog: Catalog,
}

impl World {
    fn new() -> Self {
        let store = Arc::new(FakeStore::new());
        let (clock, ids) = (Arc::new(FakeClock::new()), Arc::new(FakeIds::new()));
        let users = Users::new(store.clone(), store.clone(), clock.clone(), ids.clone());
        let catalog = Catalog::new(store.clone(), store.clone(), clock.clone(), ids);
        Self { clock, store, users, catalog }
    }

    async fn user(&self, number: u64) -> UserId {
        let fields = user(number, self.clock.now()).fields;
        let create = Create { identity: identity(number), fields };
        let user = self.users.create(&create).await.expect("nothing is taken").user.id;
        let mut tx = self.store.begin().await.unwrap();
        let pictures = (0..100).chain(10_001..10_010).chain(20_001..20_010).map(asset_id);
        insert_pictures(&mut *tx, user, pictures, self.clock.now()).await;
        tx.commit().await.unwrap();
        user
    }

    async fn character(&self, owner: UserId) -> Character {
        self.catalog.create_character(owner, fields()).await.expect("the owner is active")
    }

    async fn set(&self, owner: UserId, status: AccountStatus) {
        let command = SetStatus { user: owner, status, reason: None, expected: None };
        self.users.set_status(&command).await.expect("the user is there");
    }

    async fn gallery(&self) -> Vec<CharacterId> {
        let all = CharacterFilter::default();
        let page = self.catalog.list_public_characters(&all, PageSize::DEFAULT, None).await;
        page.unwrap().items.into_iter().map(|one| one.character.id).collect()
    }
}

fn fields() -> CharacterFields {
    CharacterFields {
        image: None,
        thumbnail: None,
        reference: None,
        ..character(testkit::fixtures::user_id(1), 1, FakeClock::new().now()).fields
    }
}

fn named<I>(user: UserId, id: I) -> Named<I> {
    Named { user, id, expected: None }
}

async fn theme_of(world: &World, owner: &Character, number: u64) -> Result<ThemeId, CatalogError> {
    let fields = theme(owner, number, world.clock.now()).fields;
    let command = NewTheme { user: owner.user, character: owner.id, fields };
    world.catalog.create_theme(&command).await.map(|theme| theme.id)
}

fn sample_variant(owner: UserId, of: ThemeId) -> NewVariant {
    let mia = character(owner, 1, FakeClock::new().now());
    let fields = variant(&theme(&mia, 1, mia.mark.created_at), 1, mia.mark.created_at).fields;
    let fields = VariantFields { image: None, ..fields };
    NewVariant { user: owner, theme: of, fields }
}

#[tokio::test]
async fn the_gallery_follows_the_preferences_and_the_status_of_the_owner() {
    let world = World::new();
    let ada = world.user(1).await;
    let public = CharacterFields { public: true, ..fields() };
    let first = world.catalog.create_character(ada, public.clone()).await.unwrap();
    assert_eq!(world.gallery().await, []);

    let values = Preferences {
        visibility: Visibility::Public,
        gallery_showcase: true,
        ..Preferences::default()
    };
    let patch = Patch { values, names: vec!["visibility", "gallery_showcase"] };
    world.users.prefer(&Prefer { user: ada, patch, expected: None }).await.unwrap();
    assert_eq!(world.gallery().await, [first.id]);
    let second = world.catalog.create_character(ada, public.clone()).await.unwrap();
    assert_eq!(world.gallery().await, [second.id, first.id]);

    world.set(ada, AccountStatus::Suspended).await;
    assert_eq!(world.gallery().await, []);
    world.set(ada, AccountStatus::Active).await;
    world.catalog.delete_character(named(ada, first.id)).await.unwrap();
    assert_eq!(world.gallery().await, [second.id]);
    let values = CharacterFields { public: false, ..public };
    let patch = Patch { values, names: vec!["public"] };
    let hide = Update { user: ada, id: second.id, patch, expected: None };
    world.catalog.update_character(&hide).await.unwrap();
    assert_eq!(world.gallery().await, []);
}

#[tokio::test]
async fn a_barred_user_is_read_and_changes_nothing() {
    let world = World::new();
    let ada = world.user(1).await;
    let mia = world.character(ada).await;
    let winter = theme_of(&world, &mia, 1).await.unwrap();
    for status in [AccountStatus::Suspended, AccountStatus::Banned, AccountStatus::Deleted] {
        world.set(ada, status).await;
        assert_eq!(world.catalog.get_character(ada, mia.id).await.unwrap(), mia);
        let at = world.clock.now();
        let outcomes = [
            world.catalog.create_character(ada, fields()).await.map(drop),
            world.catalog.delete_character(named(ada, mia.id)).await.map(drop),
            theme_of(&world, &mia, 2).await.map(drop),
            world.catalog.create_variant(&sample_variant(ada, winter)).await.map(drop),
            world.catalog.create_collection(ada, collection(ada, 1, at).fields).await.map(drop),
            world.catalog.create_scene(ada, scene(ada, 1, vec![], at).fields).await.map(drop),
        ];
        for outcome in outcomes {
            assert!(matches!(outcome, Err(CatalogError::Barred(_))), "{status}: {outcome:?}");
        }
    }
}

#[tokio::test]
async fn what_is_another_users_is_not_there() {
    let world = World::new();
    let (ada, eve) = (world.user(1).await, world.user(2).await);
    let mia = world.character(ada).await;
    let at = world.clock.now();
    let heroes = world.catalog.create_collection(eve, collection(eve, 1, at).fields).await.unwrap();
    let add = AddEntry { user: eve, collection: heroes.id, character: mia.id, before: None };
    let cast = SceneFields {
        cast: Cast::parse(vec![mia.id]).unwrap(),
        ..scene(eve, 1, vec![], at).fields
    };
    let outcomes = [
        world.catalog.get_character(eve, mia.id).await.map(drop),
        world.catalog.delete_character(named(eve, mia.id)).await.map(drop),
        world.catalog.add_to_collection(add).await.map(drop),
        world.catalog.create_scene(eve, cast).await.map(drop),
        world.catalog.list_themes(eve, mia.id, PageSize::DEFAULT, None).await.map(drop),
    ];
    for outcome in outcomes {
        assert!(matches!(outcome, Err(CatalogError::CharacterNotFound { id }) if id == mia.id));
    }
    assert_eq!(world.catalog.get_character(ada, mia.id).await.unwrap(), mia);
    let batch = world.catalog.batch_get_characters(ada, &[character_id(9), mia.id]).await.unwrap();
    assert_eq!((batch.found, batch.missing), (vec![mia], vec![character_id(9)]));
}

#[tokio::test]
async fn a_collection_is_put_in_order_however_often_one_inserts_at_one_spot() {
    let world = World::new();
    let ada = world.user(1).await;
    let at = world.clock.now();
    let fields = CollectionFields { cover: None, ..collection(ada, 1, at).fields };
    let heroes = world.catalog.create_collection(ada, fields).await.unwrap().id;
    let last = world.character(ada).await.id;
    let add = |character, before| AddEntry { user: ada, collection: heroes, character, before };
    world.catalog.add_to_collection(add(last, None)).await.unwrap();
    let first = world.character(ada).await.id;
    world.catalog.add_to_collection(add(first, Some(last))).await.unwrap();
    let mut expected = vec![first];
    // Each goes right before the last, so that the room there halves until it is made anew.
    for _ in 0..70 {
        let id = world.character(ada).await.id;
        world.catalog.add_to_collection(add(id, Some(last))).await.unwrap();
        expected.push(id);
    }
    expected.push(last);
    let page = world.catalog.list_entries(ada, heroes, PageSize::MAX, None).await.unwrap();
    assert_eq!(page.items.iter().map(|(entry, _)| entry.character).collect::<Vec<_>>(), expected);

    let again = world.catalog.add_to_collection(add(last, None)).await;
    let there = Rejection::AlreadyThere(last);
    assert!(matches!(again, Err(CatalogError::Rejected(why)) if why == there));
    let nowhere = world.catalog.add_to_collection(add(last, Some(character_id(9)))).await;
    assert!(matches!(nowhere, Err(CatalogError::EntryNotFound)), "{nowhere:?}");
}

#[tokio::test]
async fn variants_are_numbered_within_their_theme() {
    let world = World::new();
    let ada = world.user(1).await;
    let mia = world.character(ada).await;
    let (winter, summer) =
        (theme_of(&world, &mia, 1).await.unwrap(), theme_of(&world, &mia, 2).await.unwrap());
    let mut numbers = Vec::new();
    for of in [winter, winter, summer, winter] {
        numbers.push(world.catalog.create_variant(&sample_variant(ada, of)).await.unwrap().number);
    }
    assert_eq!(numbers, [1, 2, 1, 3]);
    let taken = theme_of(&world, &mia, 1).await;
    assert!(matches!(taken, Err(CatalogError::ThemeNameTaken)), "{taken:?}");

    world.catalog.delete_character(named(ada, mia.id)).await.unwrap();
    let gone = world.catalog.create_variant(&sample_variant(ada, winter)).await;
    assert!(matches!(gone, Err(CatalogError::CharacterNotFound { id }) if id == mia.id));
}

#[tokio::test]
async fn a_scene_keeps_whom_it_has_and_takes_no_one_who_is_not_there() {
    let world = World::new();
    let ada = world.user(1).await;
    let (mia, leo) = (world.character(ada).await.id, world.character(ada).await.id);
    let at = world.clock.now();
    let fields = scene(ada, 1, vec![mia], at).fields;
    let picnic = world.catalog.create_scene(ada, fields.clone()).await.unwrap();
    world.catalog.delete_character(named(ada, mia)).await.unwrap();

    let recast = |cast: Vec<CharacterId>| {
        let values = SceneFields { cast: Cast::parse(cast).unwrap(), ..fields.clone() };
        let patch = Patch { values, names: vec!["cast"] };
        Update { user: ada, id: picnic.id, patch, expected: None }
    };
    // Who is deleted may stay, and cannot be added.
    let both = world.catalog.update_scene(&recast(vec![leo, mia])).await.unwrap();
    assert_eq!(both.fields.cast.as_slice(), [leo, mia]);
    world.catalog.update_scene(&recast(vec![leo])).await.unwrap();
    let back = world.catalog.update_scene(&recast(vec![leo, mia])).await;
    assert!(matches!(back, Err(CatalogError::CharacterNotFound { id }) if id == mia));

    let with = world.catalog.add_scene_image(ada, picnic.id, asset_id(1)).await.unwrap();
    assert_eq!(with.images.len(), 1);
    let twice = world.catalog.add_scene_image(ada, picnic.id, asset_id(1)).await;
    assert!(matches!(twice, Err(CatalogError::SceneImageTaken)), "{twice:?}");
    let without = world.catalog.remove_scene_image(ada, picnic.id, asset_id(1)).await.unwrap();
    assert_eq!(without.images, []);
    let gone = world.catalog.remove_scene_image(ada, picnic.id, asset_id(1)).await;
    assert!(matches!(gone, Err(CatalogError::SceneImageNotFound)), "{gone:?}");
    let nothing = Statistics { characters: 1, deleted: 1, scenes: 1, ..Statistics::default() };
    assert_eq!(world.catalog.statistics(ada).await.unwrap(), nothing);
}
