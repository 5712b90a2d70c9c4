//! The catalogue: characters, their themes and variants, collections of them, scenes with them.
//!
//! Values that cannot be wrong, and pure decisions on them. Whether a character that something
//! refers to is there is for the store, which alone sees all of them.

mod character;
mod collection;
pub mod decide;
mod enums;
mod filter;
mod mark;
mod rejection;
mod scene;
mod statistics;
mod text;
mod theme;

pub use character::{Character, CharacterFields, Gallery};
pub use collection::{Collection, CollectionFields, ENTRIES_MAX, Entry, PLACE_STEP, Places};
pub use enums::{GenerationStatus, Style};
pub use filter::{CharacterFilter, TextQuery, TextQueryError};
pub use mark::{Edit, Mark};
pub use rejection::Rejection;
pub use scene::{CAST_MAX, Cast, CastError, SCENE_IMAGES_MAX, Scene, SceneFields, SceneImage};
pub use statistics::Statistics;
pub use text::{Description, Metadata, Name, Passage, Prompt, Short, Tags, Traits};
pub use theme::{Shelf, THEMES_MAX, Theme, ThemeFields, VARIANTS_MAX, Variant, VariantFields};
