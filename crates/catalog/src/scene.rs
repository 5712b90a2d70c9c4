//! Scenes: several characters in one picture, and the pictures that were made of it.

use kernel::{AssetId, CharacterId, Position, SceneId, Timestamp, UserId};

use crate::{Description, Mark, Name, Prompt, Style};

/// How many characters a scene may have: models keep apart a few at most.
pub const CAST_MAX: usize = 16;

/// How many images a scene may have: they come with the scene.
pub const SCENE_IMAGES_MAX: usize = 100;

/// A scene of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    pub user: UserId,
    pub id: SceneId,
    pub fields: SceneFields,
    /// Oldest first.
    pub images: Vec<SceneImage>,
    pub mark: Mark,
}

kernel::fields! {
    /// The fields of a scene that callers set.
    SceneFields {
        name: Option<Name>,
        description: Option<Description>,
        prompt: Option<Prompt>,
        style: Style,
        cast: Cast,
    }
}

/// The characters of a scene in their order, each once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cast(Vec<CharacterId>);

/// Why characters are no cast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CastError {
    #[error("must be at most {CAST_MAX} characters")]
    TooMany,
    #[error("must name each character once")]
    Twice,
}

/// An image that was made of a scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SceneImage {
    pub asset: AssetId,
    pub added_at: Timestamp,
}

impl Scene {
    pub fn position(&self) -> Position<SceneId> {
        Position { created_at: self.mark.created_at, id: self.id }
    }
}

impl Cast {
    pub fn parse(characters: Vec<CharacterId>) -> Result<Self, CastError> {
        if characters.len() > CAST_MAX {
            return Err(CastError::TooMany);
        }
        let twice = characters.iter().enumerate().any(|(at, id)| characters[..at].contains(id));
        if twice { Err(CastError::Twice) } else { Ok(Self(characters)) }
    }

    pub fn as_slice(&self) -> &[CharacterId] {
        &self.0
    }
}
