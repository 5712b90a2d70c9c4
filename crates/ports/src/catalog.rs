//! Where the catalogue is kept: a role for each kind of thing, in units of work and as committed.
//!
//! Everything belongs to a user, whose id comes first everywhere: what is another user's is not
//! there. Whoever writes has locked the thing that is written, or the one that it hangs on.

mod reads;

use async_trait::async_trait;
use catalog::{Character, Collection, Entry, Places, Scene, SceneImage, Theme, Variant};
use kernel::{AssetId, CharacterId, CollectionId, SceneId, ThemeId, UserId, VariantId};

pub use reads::{CharacterReads, CollectionReads, EntryPosition, SceneReads, ThemeReads};
#[cfg(feature = "mock")]
pub use reads::{MockCharacterReads, MockCollectionReads, MockSceneReads, MockThemeReads};

use crate::StoreError;

/// A character has one theme of a name, in any case of letters.
pub const THEMES_NAME_UNIQUE: &str = "themes_name_unique";
/// A collection has one entry of a character.
pub const COLLECTION_ENTRIES_PKEY: &str = "collection_entries_pkey";
/// A scene has an image once.
pub const SCENE_IMAGES_PKEY: &str = "scene_images_pkey";

/// Characters, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CharacterTx: Send {
    /// Locks the character, deleted or not, until the unit of work ends.
    async fn lock_character(
        &mut self,
        user: UserId,
        id: CharacterId,
    ) -> Result<Option<Character>, StoreError>;

    /// Answers which of the characters are there and not deleted, in no order, and keeps them from
    /// being purged until the unit of work ends.
    async fn share_characters(
        &mut self,
        user: UserId,
        ids: &[CharacterId],
    ) -> Result<Vec<CharacterId>, StoreError>;

    /// Stores a new character. `shown` is whether the owner's public characters are shown.
    async fn insert_character(
        &mut self,
        character: &Character,
        shown: bool,
    ) -> Result<(), StoreError>;

    /// Stores the fields, the mark and the deletion of a character that is locked.
    async fn update_character(&mut self, character: &Character) -> Result<(), StoreError>;

    /// Deletes a locked character with its themes, their variants, and its places in collections
    /// and scenes.
    async fn purge_character(&mut self, user: UserId, id: CharacterId) -> Result<(), StoreError>;

    /// Notes on every character of a locked user whether public ones are shown.
    async fn show_characters(&mut self, user: UserId, shown: bool) -> Result<(), StoreError>;
}

/// Themes and their variants, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait ThemeTx: Send {
    async fn lock_theme(&mut self, user: UserId, id: ThemeId) -> Result<Option<Theme>, StoreError>;

    async fn count_themes(
        &mut self,
        user: UserId,
        character: CharacterId,
    ) -> Result<u64, StoreError>;

    /// MUST fail with [`StoreError::Conflict`] where the character has a theme of the name
    /// ([`THEMES_NAME_UNIQUE`]). The unit of work can then only be rolled back.
    async fn insert_theme(&mut self, theme: &Theme) -> Result<(), StoreError>;

    /// MUST fail as [`ThemeTx::insert_theme`] does.
    async fn update_theme(&mut self, theme: &Theme) -> Result<(), StoreError>;

    /// Deletes a locked theme with its variants.
    async fn delete_theme(&mut self, user: UserId, id: ThemeId) -> Result<(), StoreError>;
}

/// Variants, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait VariantTx: Send {
    async fn lock_variant(
        &mut self,
        user: UserId,
        id: VariantId,
    ) -> Result<Option<Variant>, StoreError>;

    /// How many variants a locked theme has, and the greatest number among them, 0 if none.
    async fn count_variants(
        &mut self,
        user: UserId,
        theme: ThemeId,
    ) -> Result<(u64, i32), StoreError>;

    async fn insert_variant(&mut self, variant: &Variant) -> Result<(), StoreError>;

    async fn update_variant(&mut self, variant: &Variant) -> Result<(), StoreError>;

    async fn delete_variant(&mut self, user: UserId, id: VariantId) -> Result<(), StoreError>;
}

/// Collections and their entries, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CollectionTx: Send {
    async fn lock_collection(
        &mut self,
        user: UserId,
        id: CollectionId,
    ) -> Result<Option<Collection>, StoreError>;

    async fn insert_collection(&mut self, collection: &Collection) -> Result<(), StoreError>;

    async fn update_collection(&mut self, collection: &Collection) -> Result<(), StoreError>;

    async fn delete_collection(&mut self, user: UserId, id: CollectionId)
    -> Result<(), StoreError>;

    /// Where an entry goes in a locked collection: before that of a character, or at the end.
    /// `None` if the character has no entry.
    async fn find_places(
        &mut self,
        user: UserId,
        id: CollectionId,
        before: Option<CharacterId>,
    ) -> Result<Option<Places>, StoreError>;

    /// Numbers the entries of a locked collection anew in their order, `step` apart.
    async fn renumber_entries(
        &mut self,
        user: UserId,
        id: CollectionId,
        step: i64,
    ) -> Result<(), StoreError>;

    /// MUST fail with [`StoreError::Conflict`] where the collection has an entry of the character
    /// ([`COLLECTION_ENTRIES_PKEY`]).
    async fn insert_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        entry: &Entry,
    ) -> Result<(), StoreError>;

    /// Whether there was an entry to delete.
    async fn delete_entry(
        &mut self,
        user: UserId,
        id: CollectionId,
        character: CharacterId,
    ) -> Result<bool, StoreError>;
}

/// Scenes, in a unit of work.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SceneTx: Send {
    async fn lock_scene(&mut self, user: UserId, id: SceneId) -> Result<Option<Scene>, StoreError>;

    /// Stores a new scene with its cast, all of whom are there, and no images.
    async fn insert_scene(&mut self, scene: &Scene) -> Result<(), StoreError>;

    /// Stores the fields, with the cast if `recast`, and the mark. The images stay.
    async fn update_scene(&mut self, scene: &Scene, recast: bool) -> Result<(), StoreError>;

    async fn delete_scene(&mut self, user: UserId, id: SceneId) -> Result<(), StoreError>;

    /// MUST fail with [`StoreError::Conflict`] where the scene has the image
    /// ([`SCENE_IMAGES_PKEY`]).
    async fn insert_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        image: &SceneImage,
    ) -> Result<(), StoreError>;

    /// Whether there was an image to delete.
    async fn delete_scene_image(
        &mut self,
        user: UserId,
        id: SceneId,
        asset: AssetId,
    ) -> Result<bool, StoreError>;
}
