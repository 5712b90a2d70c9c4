//! The texts of the catalogue and how long they may be. Each bound has its twin in a CHECK.

use kernel::{Json, Labels, Line, Prose};

/// What something is called.
pub type Name = Line<200>;
/// An attribute in a few words: an age, a gender, an occupation.
pub type Short = Line<200>;
/// What someone says about a thing in their own words.
pub type Description = Prose<4_000>;
/// What a model is told. Models take a few thousand words at most.
pub type Prompt = Prose<10_000>;
/// Longer attributes: clothing, a backstory.
pub type Passage = Prose<10_000>;
/// Labels to find a thing by.
pub type Tags = Labels<64, 32>;
/// Traits of a personality, each a word or a few.
pub type Traits = Labels<64, 32>;
/// What the product keeps with a thing: 16 KiB, for labels and not for documents.
pub type Metadata = Json<{ 16 * 1024 }>;
