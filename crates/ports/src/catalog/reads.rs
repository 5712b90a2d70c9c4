//! The catalogue, as committed. Lists go by creation, newest first, unless they say otherwise; what
//! is there all along is listed exactly once, whatever comes and goes meanwhile.

use async_trait::async_trait;
use catalog::{
    Character, CharacterFilter, Collection, Entry, Gallery, Scene, Shelf, Statistics, Theme,
    Variant,
};
use kernel::{
    CharacterId, CollectionId, Page, PageSize, Position, SceneId, ThemeId, UserId, VariantId,
};

use crate::StoreError;

/// Where an entry stands in its collection: its place, which others do not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryPosition(pub i64);

#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CharacterReads: Send + Sync {
    /// Finds the character, deleted or not.
    async fn find_character(
        &self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError>;

    /// Finds those of the characters that are there, deleted or not, in no order.
    async fn find_characters(
        &self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<Character>, StoreError>;

    async fn list_characters(
        &self,
        user: UserId,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Character, Position<CharacterId>>, StoreError>;

    /// Lists the public characters of all users whose preferences and status let them be shown. Of
    /// the filter, `public` and `deleted` mean nothing here.
    async fn list_public_characters(
        &self,
        filter: &CharacterFilter,
        size: PageSize,
        after: Option<Position<CharacterId>>,
    ) -> Result<Page<Gallery, Position<CharacterId>>, StoreError>;

    /// Counts what the user has, all at one moment. `None` if there is no such user.
    async fn count_catalog(&self, user: UserId) -> Result<Option<Statistics>, StoreError>;
}

#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ThemeReads: Send + Sync {
    async fn find_theme(&self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError>;

    async fn list_themes(
        &self,
        user: UserId,
        character: CharacterId,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Theme, Position<ThemeId>>, StoreError>;

    /// Lists the character's themes, each with how many variants it has and up to `newest` of
    /// them. A page is of one moment.
    async fn list_shelves(
        &self,
        user: UserId,
        character: CharacterId,
        newest: u16,
        size: PageSize,
        after: Option<Position<ThemeId>>,
    ) -> Result<Page<Shelf, Position<ThemeId>>, StoreError>;

    async fn find_variant(
        &self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError>;

    async fn list_variants(
        &self,
        user: UserId,
        theme: ThemeId,
        size: PageSize,
        after: Option<Position<VariantId>>,
    ) -> Result<Page<Variant, Position<VariantId>>, StoreError>;
}

#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CollectionReads: Send + Sync {
    async fn find_collection(
        &self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError>;

    async fn list_collections(
        &self,
        user: UserId,
        size: PageSize,
        after: Option<Position<CollectionId>>,
    ) -> Result<Page<Collection, Position<CollectionId>>, StoreError>;

    /// The entries in the order of the collection, those of deleted characters left out.
    async fn list_entries(
        &self,
        user: UserId,
        id: CollectionId,
        size: PageSize,
        after: Option<EntryPosition>,
    ) -> Result<Page<(Entry, Character), EntryPosition>, StoreError>;
}

#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SceneReads: Send + Sync {
    async fn find_scene(&self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError>;

    /// Lists scenes, those with the character only if one is given.
    async fn list_scenes(
        &self,
        user: UserId,
        character: Option<CharacterId>,
        size: PageSize,
        after: Option<Position<SceneId>>,
    ) -> Result<Page<Scene, Position<SceneId>>, StoreError>;
}
