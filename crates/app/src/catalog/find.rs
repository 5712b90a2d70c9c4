//! Finding, listing and counting. Reads only: no unit of work.
//!
//! Lists of a user who is not there, or of a thing that is not, are refused and not empty.

use catalog::{
    Character, CharacterFilter, Collection, Entry, Gallery, Scene, Shelf, Statistics, Theme,
    Variant,
};
use kernel::{
    CharacterId, CollectionId, Page, PageSize, Position, SceneId, ThemeId, UserId, VariantId,
};
use ports::EntryPosition;
use tracing::instrument;

use super::{Catalog, CatalogError};

/// What came of asking for several things by their ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch<T, I> {
    /// In the order in which they were asked for.
    pub found: Vec<T>,
    pub missing: Vec<I>,
}

/// A page of things that go by creation.
type PageOf<T, I> = Result<Page<T, Position<I>>, CatalogError>;

impl Catalog {
    /// Finds the character, deleted or not.
    #[instrument(skip_all, fields(user.id = %user, character.id = %id))]
    pub async fn get_character(
        &self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Character, CatalogError> {
        let found = self.reads.find_character(user, id).await?;
        found.ok_or(CatalogError::CharacterNotFound { id })
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn batch_get_characters(
        &self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Batch<Character, CharacterId>, CatalogError> {
        let there = self.reads.find_characters(user, ids).await?;
        let mut batch = Batch { found: Vec::new(), missing: Vec::new() };
        for id in ids {
            match there.iter().find(|character| character.id == *id) {
                Some(character) => batch.found.push(character.clone()),
                None => batch.missing.push(*id),
            }
        }
        Ok(batch)
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list_characters(
        &self,
        user: UserId,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> PageOf<Character, CharacterId> {
        let page = self.reads.list_characters(user, filter, size, after).await?;
        self.unless_nobody(user, page).await
    }

    /// Lists the public characters of everybody who lets them be shown.
    #[instrument(skip_all)]
    pub async fn list_public_characters(
        &self,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> PageOf<Gallery, CharacterId> {
        Ok(self.reads.list_public_characters(filter, size, after).await?)
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn statistics(&self, user: UserId) -> Result<Statistics, CatalogError> {
        self.reads.count_catalog(user).await?.ok_or(CatalogError::UserNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user, theme.id = %id))]
    pub async fn get_theme(&self, user: UserId, id: ThemeId) -> Result<Theme, CatalogError> {
        self.reads.find_theme(user, id).await?.ok_or(CatalogError::ThemeNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user, character.id = %character))]
    pub async fn list_themes(
        &self,
        user: UserId,
        character: CharacterId,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> PageOf<Theme, ThemeId> {
        self.get_character(user, character).await?;
        Ok(self.reads.list_themes(user, character, size, after).await?)
    }

    /// The character's themes with their counts and newest variants.
    #[instrument(skip_all, fields(user.id = %user, character.id = %character))]
    pub async fn list_gallery(
        &self,
        user: UserId,
        character: CharacterId,
        newest: u16,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> PageOf<Shelf, ThemeId> {
        self.get_character(user, character).await?;
        Ok(self.reads.list_shelves(user, character, newest, size, after).await?)
    }

    #[instrument(skip_all, fields(user.id = %user, variant.id = %id))]
    pub async fn get_variant(&self, user: UserId, id: VariantId) -> Result<Variant, CatalogError> {
        self.reads.find_variant(user, id).await?.ok_or(CatalogError::VariantNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user, theme.id = %theme))]
    pub async fn list_variants(
        &self,
        user: UserId,
        theme: ThemeId,
        size: PageSize,
        after: Option<Position<VariantId>>,
    ) -> PageOf<Variant, VariantId> {
        self.get_theme(user, theme).await?;
        Ok(self.reads.list_variants(user, theme, size, after).await?)
    }

    #[instrument(skip_all, fields(user.id = %user, collection.id = %id))]
    pub async fn get_collection(
        &self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Collection, CatalogError> {
        self.reads.find_collection(user, id).await?.ok_or(CatalogError::CollectionNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list_collections(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<CollectionId>>,
    ) -> PageOf<Collection, CollectionId> {
        let page = self.reads.list_collections(user, size, after).await?;
        self.unless_nobody(user, page).await
    }

    /// The characters of the collection in its order, without those that are deleted.
    #[instrument(skip_all, fields(user.id = %user, collection.id = %id))]
    pub async fn list_entries(
        &self,
        user: UserId,
        id: CollectionId,
        size: PageSize,
        after: Option<EntryPosition>,
    ) -> Result<Page<(Entry, Character), EntryPosition>, CatalogError> {
        self.get_collection(user, id).await?;
        Ok(self.reads.list_entries(user, id, size, after).await?)
    }

    #[instrument(skip_all, fields(user.id = %user, scene.id = %id))]
    pub async fn get_scene(&self, user: UserId, id: SceneId) -> Result<Scene, CatalogError> {
        self.reads.find_scene(user, id).await?.ok_or(CatalogError::SceneNotFound)
    }

    #[instrument(skip_all, fields(user.id = %user))]
    pub async fn list_scenes(
        &self,
        user: UserId,
        character: Option<CharacterId>,
        size: PageSize,
        after: Option<Position<SceneId>>,
    ) -> PageOf<Scene, SceneId> {
        if let Some(character) = character {
            self.get_character(user, character).await?;
        }
        let page = self.reads.list_scenes(user, character, size, after).await?;
        self.unless_nobody(user, page).await
    }

    // Only an empty page leaves open whether there is such a user.
    async fn unless_nobody<T, C>(
        &self,
        user: UserId,
        page: Page<T, C>,
    ) -> Result<Page<T, C>, CatalogError> {
        if page.items.is_empty() && self.reads.find_user(user).await?.is_none() {
            return Err(CatalogError::UserNotFound);
        }
        Ok(page)
    }
}
