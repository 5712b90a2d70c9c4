//! What bodies are put together from: texts, measures, and the parts that come in an order.

use kernel::{AssetId, Line, OutputId, Prose};

/// A name, a title, a style, a format.
pub type Name = Line<200>;

/// A sentence or a few: a tone, a goal, an excerpt.
pub type ShortText = Prose<4_000>;

/// Prompts, answers, whole articles. Twice the longest answer that models give.
pub type LongText = Prose<100_000>;

/// A length of time in milliseconds: more than nothing, at most a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Millis(u32);

/// How large a picture is, in pixels: 1 to 65,535 each way, as far as formats go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    pub width: u16,
    pub height: u16,
}

/// A small number of things: 1 to 1,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(u16);

/// At most `MAX` parts in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Several<T, const MAX: usize>(Vec<T>);

/// There are too many parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be at most {max}")]
pub struct SeveralError {
    max: usize,
}

/// Where an answer of web research comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub url: Line<2048>,
    pub title: Option<Name>,
    pub excerpt: Option<ShortText>,
}

/// One segment of a video that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// The planner's own name of the segment.
    pub label: Name,
    pub visual: ShortText,
    pub narration: ShortText,
    pub animation: ShortText,
}

/// One file of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFile {
    pub asset: AssetId,
    pub thumbnail: Option<AssetId>,
    pub duration: Option<Millis>,
    pub dimensions: Option<Dimensions>,
    pub format: Option<Name>,
}

/// One of the pictures that a video was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoSource {
    pub asset: AssetId,
    /// The output that the picture is of, if it is of one here.
    pub image: Option<OutputId>,
    /// How long it is shown.
    pub duration: Option<Millis>,
}

/// One picture of a character, from one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharacterView {
    pub asset: AssetId,
    /// Which side, such as `front`.
    pub label: Option<Name>,
}

impl Millis {
    const MAX: u32 = 24 * 60 * 60 * 1_000;

    /// `None` for nothing and for more than a day.
    pub fn new(millis: u32) -> Option<Self> {
        (1..=Self::MAX).contains(&millis).then_some(Self(millis))
    }

    pub fn get(self) -> u32 {
        self.0
    }
}

impl Dimensions {
    /// `None` unless both fit.
    pub fn new(width: u32, height: u32) -> Option<Self> {
        let side = |side: u32| u16::try_from(side).ok().filter(|side| *side > 0);
        Some(Self { width: side(width)?, height: side(height)? })
    }
}

impl Count {
    /// `None` outside 1 to 1,000.
    pub fn new(count: u32) -> Option<Self> {
        u16::try_from(count).ok().filter(|count| (1..=1_000).contains(count)).map(Self)
    }

    pub fn get(self) -> u32 {
        self.0.into()
    }
}

impl<T, const MAX: usize> Several<T, MAX> {
    pub fn new(parts: Vec<T>) -> Result<Self, SeveralError> {
        if parts.len() > MAX { Err(SeveralError { max: MAX }) } else { Ok(Self(parts)) }
    }

    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T, const MAX: usize> Default for Several<T, MAX> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_are_more_than_nothing_and_bounded() {
        assert_eq!((Millis::new(0), Millis::new(Millis::MAX + 1)), (None, None));
        assert_eq!(Millis::new(Millis::MAX).map(Millis::get), Some(86_400_000));
        assert_eq!(Dimensions::new(65_535, 1), Some(Dimensions { width: 65_535, height: 1 }));
        assert_eq!((Dimensions::new(65_536, 1), Dimensions::new(1, 0)), (None, None));
        assert_eq!((Count::new(0), Count::new(1_001)), (None, None));
        assert_eq!(Count::new(1_000).map(Count::get), Some(1_000));
    }

    #[test]
    fn parts_are_not_too_many() {
        assert!(Several::<_, 2>::new(vec![1, 2]).is_ok());
        assert_eq!(Several::<_, 2>::new(vec![1, 2, 3]), Err(SeveralError { max: 2 }));
    }
}
