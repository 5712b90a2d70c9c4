//! The catalogue in memory. Reads are in `reads`, collections and scenes in `sets`.

mod pictures;
mod reads;
mod sets;

use std::collections::BTreeMap;

use async_trait::async_trait;
use catalog::{Character, Collection, Entry, Scene, Theme, Variant};
use kernel::{CharacterId, CollectionId, SceneId, ThemeId, UserId, VariantId};
use ports::{CharacterTx, StoreError, THEMES_NAME_UNIQUE, ThemeTx, VariantTx};

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
        self.state.library.forget_character(user, id);
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
