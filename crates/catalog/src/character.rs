//! A character and the fields of one that callers set.

use kernel::{AssetId, CharacterId, Position, Timestamp, UserId};

use crate::{
    Description, GenerationStatus, Mark, Metadata, Name, Passage, Prompt, Short, Style, Tags,
    Traits,
};

/// A character of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Character {
    pub user: UserId,
    pub id: CharacterId,
    pub fields: CharacterFields,
    pub mark: Mark,
    /// Since when the character is deleted; it can be restored until it is purged.
    pub deleted_at: Option<Timestamp>,
}

kernel::fields! {
    /// The fields that callers set.
    CharacterFields {
        name: Option<Name>,
        /// What the user wrote.
        description: Option<Description>,
        /// What the model is told, made of the description as a rule.
        prompt: Prompt,
        style: Style,
        status: GenerationStatus,
        image: Option<AssetId>,
        thumbnail: Option<AssetId>,
        /// A picture that the character was to look like.
        reference: Option<AssetId>,
        tags: Tags,
        metadata: Option<Metadata>,
        age: Option<Short>,
        gender: Option<Short>,
        occupation: Option<Short>,
        personality: Traits,
        /// Height, build, hair, eyes and the like.
        physical_traits: Option<Metadata>,
        clothing: Option<Passage>,
        /// The backstory.
        background: Option<Passage>,
        /// May be shown to others, if the owner's preferences allow it too.
        public: bool,
        favourite: bool,
        in_library: bool,
        /// Featured by the owner among the public ones.
        showcased: bool,
    }
}

/// A public character as others see it: nothing of the owner but the display name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gallery {
    pub character: Character,
    pub owner_name: Option<String>,
}

impl CharacterFields {
    /// The assets that were made for the character.
    pub fn made(&self) -> impl Iterator<Item = AssetId> {
        self.image.into_iter().chain(self.thumbnail)
    }

    /// All assets that it refers to.
    pub fn assets(&self) -> impl Iterator<Item = AssetId> {
        self.made().chain(self.reference)
    }
}

impl Character {
    /// Where the character stands in lists.
    pub fn position(&self) -> Position<CharacterId> {
        Position { created_at: self.mark.created_at, id: self.id }
    }

    pub fn is_deleted(&self) -> bool {
        self.deleted_at.is_some()
    }
}
