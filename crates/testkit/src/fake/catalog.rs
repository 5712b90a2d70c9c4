//! The catalogue in memory. Reads are in `reads`.

mod reads;

use std::collections::BTreeMap;

use async_trait::async_trait;
use catalog::{Character, Collection, Entry, Places, Scene, SceneImage, Theme, Variant};
use kernel::{AssetId, CharacterId, CollectionId, SceneId, ThemeId, UserId, VariantId};
use ports::{
    COLLECTION_ENTRIES_PKEY, CharacterTx, CollectionTx, SCENE_IMAGES_PKEY, SceneTx, StoreError,
    THEMES_NAME_UNIQUE, ThemeTx, VariantTx,
};

use crate::fake::store::FakeTx;

/// The tables of the catalogue.
#[derive(Debug, Clone, Default)]
pub(crate) struct Catalog {
    characters: BTreeMap<(UserId, CharacterId), Shown>,
    themes: BTreeMap<(UserId, ThemeId), Theme>,
    variants: BTreeMap<(UserId, VariantId), Variant>,
    collections: BTreeMap<(UserId, CollectionId), Collection>,
    entries: BTreeMap<(UserId, CollectionId, CharacterId), Entry>,
    scenes: BTreeMap<(UserId, SceneId), Scene>,
}

/// A character, and whether its owner shows public ones.
#[derive(Debug, Clone)]
struct Shown {
    character: Character,
    owner_shows: bool,
}

impl Catalog {
    /// What goes with a user.
    pub(crate) fn forget(&mut self, user: UserId) {
        self.characters.retain(|(owner, _), _| *owner != user);
        self.themes.retain(|(owner, _), _| *owner != user);
        self.variants.retain(|(owner, _), _| *owner != user);
        self.collections.retain(|(owner, _), _| *owner != user);
        self.entries.retain(|(owner, _, _), _| *owner != user);
        self.scenes.retain(|(owner, _), _| *owner != user);
    }

    fn check_theme(&self, theme: &Theme) -> Result<(), StoreError> {
        let taken = self.themes.values().any(|other| {
            (other.user, other.character) == (theme.user, theme.character)
                && other.id != theme.id
                && other.fields.name.key() == theme.fields.name.key()
        });
        if taken { Err(StoreError::Conflict { constraint: THEMES_NAME_UNIQUE }) } else { Ok(()) }
    }

    /// The entries of a collection in their order.
    fn entries_of(&self, user: UserId, id: CollectionId) -> Vec<Entry> {
        let of_it = self.entries.iter().filter(|((owner, at, _), _)| (*owner, *at) == (user, id));
        let mut entries: Vec<Entry> = of_it.map(|(_, entry)| *entry).collect();
        entries.sort_by_key(|entry| entry.place);
        entries
    }
}

#[async_trait]
impl CharacterTx for FakeTx {
    async fn lock_character(
        &mut self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError> {
        Ok(self.state.catalog.characters.get(&(user, id)).map(|shown| shown.character.clone()))
    }

    async fn share_characters(
        &mut self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<CharacterId>, StoreError> {
        let characters = &self.state.catalog.characters;
        let live = |id: &CharacterId| {
            characters.get(&(user, *id)).is_some_and(|shown| !shown.character.is_deleted())
        };
        Ok(ids.iter().copied().filter(live).collect())
    }

    async fn insert_character(
        &mut self,
        character: &Character,
        shown: bool,
    ) -> Result<(), StoreError> {
        let row = Shown { character: character.clone(), owner_shows: shown };
        let taken = self.state.catalog.characters.insert((character.user, character.id), row);
        assert!(taken.is_none(), "a character's id was used twice: {taken:?}");
        Ok(())
    }

    async fn update_character(&mut self, character: &Character) -> Result<(), StoreError> {
        let key = (character.user, character.id);
        let row = self.state.catalog.characters.get_mut(&key).expect("it is locked");
        row.character = character.clone();
        Ok(())
    }

    async fn purge_character(&mut self, user: UserId, id: CharacterId) -> Result<(), StoreError> {
        let catalog = &mut self.state.catalog;
        catalog.characters.remove(&(user, id));
        catalog.themes.retain(|_, theme| (theme.user, theme.character) != (user, id));
        catalog.variants.retain(|_, variant| (variant.user, variant.character) != (user, id));
        catalog.entries.retain(|(owner, _, character), _| (*owner, *character) != (user, id));
        for scene in catalog.scenes.values_mut().filter(|scene| scene.user == user) {
            let cast = scene.fields.cast.as_slice().iter().copied();
            let left = cast.filter(|character| *character != id).collect();
            scene.fields.cast = catalog::Cast::parse(left).expect("it is no longer than before");
        }
        Ok(())
    }

    async fn show_characters(&mut self, user: UserId, shown: bool) -> Result<(), StoreError> {
        for ((owner, _), row) in &mut self.state.catalog.characters {
            if *owner == user {
                row.owner_shows = shown;
            }
        }
        Ok(())
    }
}

#[async_trait]
impl ThemeTx for FakeTx {
    async fn lock_theme(&mut self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError> {
        Ok(self.state.catalog.themes.get(&(user, id)).cloned())
    }

    async fn count_themes(
        &mut self,
        user: UserId,
        character: CharacterId,
    ) -> Result<u64, StoreError> {
        let themes = self.state.catalog.themes.values();
        let of_it = themes.filter(|theme| (theme.user, theme.character) == (user, character));
        Ok(of_it.count() as u64)
    }

    async fn insert_theme(&mut self, theme: &Theme) -> Result<(), StoreError> {
        self.update_theme(theme).await
    }

    async fn update_theme(&mut self, theme: &Theme) -> Result<(), StoreError> {
        self.state.catalog.check_theme(theme)?;
        self.state.catalog.themes.insert((theme.user, theme.id), theme.clone());
        Ok(())
    }

    async fn delete_theme(&mut self, user: UserId, id: ThemeId) -> Result<(), StoreError> {
        self.state.catalog.themes.remove(&(user, id));
        let variants = &mut self.state.catalog.variants;
        variants.retain(|_, variant| (variant.user, variant.theme) != (user, id));
        Ok(())
    }
}

#[async_trait]
impl VariantTx for FakeTx {
    async fn lock_variant(
        &mut self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError> {
        Ok(self.state.catalog.variants.get(&(user, id)).cloned())
    }

    async fn count_variants(
        &mut self,
        user: UserId,
        theme: ThemeId,
    ) -> Result<(u64, i32), StoreError> {
        let variants = self.state.catalog.variants.values();
        let of_it = variants.filter(|variant| (variant.user, variant.theme) == (user, theme));
        let numbers: Vec<i32> = of_it.map(|variant| variant.number).collect();
        Ok((numbers.len() as u64, numbers.into_iter().max().unwrap_or_default()))
    }

    async fn insert_variant(&mut self, variant: &Variant) -> Result<(), StoreError> {
        self.update_variant(variant).await
    }

    async fn update_variant(&mut self, variant: &Variant) -> Result<(), StoreError> {
        self.state.catalog.variants.insert((variant.user, variant.id), variant.clone());
        Ok(())
    }

    async fn delete_variant(&mut self, user: UserId, id: VariantId) -> Result<(), StoreError> {
        self.state.catalog.variants.remove(&(user, id));
        Ok(())
    }
}

#[async_trait]
impl CollectionTx for FakeTx {
    async fn lock_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError> {
        Ok(self.state.catalog.collections.get(&(user, id)).cloned())
    }

    async fn insert_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        self.update_collection(collection).await
    }

    async fn update_collection(&mut self, collection: &Collection) -> Result<(), StoreError> {
        let key = (collection.user, collection.id);
        self.state.catalog.collections.insert(key, collection.clone());
        Ok(())
    }

    async fn delete_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<(), StoreError> {
        self.state.catalog.collections.remove(&(user, id));
        self.state.catalog.entries.retain(|(owner, at, _), _| (*owner, *at) != (user, id));
        Ok(())
    }

    async fn find_places(
        &mut self,
        user: UserId,
        id: CollectionId,
        before: Option<CharacterId>,
    ) -> Result<Option<Places>, StoreError> {
        let entries = self.state.catalog.entries_of(user, id);
        let at = match before {
            Some(character) => entries.iter().position(|entry| entry.character == character),
            None => Some(entries.len()),
        };
        let count = entries.len() as u64;
        Ok(at.map(|at| Places {
            count,
            after: at.checked_sub(1).map(|last| entries[last].place),
            before: entries.get(at).map(|entry| entry.place),
        }))
    }

    async fn renumber_entries(
        &mut self,
        user: UserId,
        id: CollectionId,
        step: i64,
    ) -> Result<(), StoreError> {
        for (number, entry) in (1..).zip(self.state.catalog.entries_of(user, id)) {
            let key = (user, id, entry.character);
            self.state.catalog.entries.insert(key, Entry { place: number * step, ..entry });
        }
        Ok(())
    }

    async fn insert_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        entry: &Entry,
    ) -> Result<(), StoreError> {
        let taken = self.state.catalog.entries.insert((user, id, entry.character), *entry);
        let conflict = StoreError::Conflict { constraint: COLLECTION_ENTRIES_PKEY };
        if taken.is_some() { Err(conflict) } else { Ok(()) }
    }

    async fn delete_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        character: CharacterId,
    ) -> Result<bool, StoreError> {
        Ok(self.state.catalog.entries.remove(&(user, id, character)).is_some())
    }
}

#[async_trait]
impl SceneTx for FakeTx {
    async fn lock_scene(&mut self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError> {
        Ok(self.state.catalog.scenes.get(&(user, id)).cloned())
    }

    async fn insert_scene(&mut self, scene: &Scene) -> Result<(), StoreError> {
        self.state.catalog.scenes.insert((scene.user, scene.id), scene.clone());
        Ok(())
    }

    async fn update_scene(&mut self, scene: &Scene, _recast: bool) -> Result<(), StoreError> {
        let row = self.state.catalog.scenes.get_mut(&(scene.user, scene.id)).expect("is locked");
        let images = std::mem::take(&mut row.images);
        *row = Scene { images, ..scene.clone() };
        Ok(())
    }

    async fn delete_scene(&mut self, user: UserId, id: SceneId) -> Result<(), StoreError> {
        self.state.catalog.scenes.remove(&(user, id));
        Ok(())
    }

    async fn insert_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        image: &SceneImage,
    ) -> Result<(), StoreError> {
        let scene = self.state.catalog.scenes.get_mut(&(user, id)).expect("it is locked");
        if scene.images.iter().any(|has| has.asset == image.asset) {
            return Err(StoreError::Conflict { constraint: SCENE_IMAGES_PKEY });
        }
        scene.images.push(*image);
        scene.images.sort_by_key(|image| (image.added_at, image.asset));
        Ok(())
    }

    async fn delete_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        asset: AssetId,
    ) -> Result<bool, StoreError> {
        let scene = self.state.catalog.scenes.get_mut(&(user, id)).expect("it is locked");
        let before = scene.images.len();
        scene.images.retain(|image| image.asset != asset);
        Ok(scene.images.len() < before)
    }
}
