//! Themes of a character, and the variants in them.

use kernel::{AssetId, CharacterId, Position, ThemeId, UserId, VariantId};

use crate::{Description, Mark, Metadata, Name, Prompt};

/// How many themes a character may have: what one gallery shows.
pub const THEMES_MAX: usize = 100;

/// How many variants a theme may have.
pub const VARIANTS_MAX: usize = 10_000;

/// A theme of one character: "Winter outfits".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    pub user: UserId,
    pub id: ThemeId,
    pub character: CharacterId,
    pub fields: ThemeFields,
    pub mark: Mark,
}

kernel::fields! {
    /// The fields of a theme that callers set.
    ThemeFields {
        /// One of its name for each character, in any case of letters.
        name: Name,
        description: Option<Description>,
    }
}

/// A variant of the character, made by an edit instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub user: UserId,
    pub id: VariantId,
    pub character: CharacterId,
    pub theme: ThemeId,
    /// Counts from 1 within the theme; the number of a deleted variant is not given again while a
    /// later one exists.
    pub number: i32,
    pub fields: VariantFields,
    pub mark: Mark,
}

kernel::fields! {
    /// The fields of a variant that callers set.
    VariantFields {
        /// The edit instruction: "make them smile".
        prompt: Prompt,
        image: Option<AssetId>,
        thumbnail: Option<AssetId>,
        metadata: Option<Metadata>,
    }
}

impl VariantFields {
    /// The assets that were made for the variant: all that it refers to.
    pub fn made(&self) -> impl Iterator<Item = AssetId> {
        self.image.into_iter().chain(self.thumbnail)
    }
}

/// A theme in a gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelf {
    pub theme: Theme,
    pub variants: u64,
    /// Newest first.
    pub newest: Vec<Variant>,
}

impl Theme {
    pub fn position(&self) -> Position<ThemeId> {
        Position { created_at: self.mark.created_at, id: self.id }
    }
}

impl Variant {
    pub fn position(&self) -> Position<VariantId> {
        Position { created_at: self.mark.created_at, id: self.id }
    }
}
