//! Kinds of what generation makes: named by several domains, owned by `library`.

/// What an output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutputKind {
    Concept,
    Research,
    Summary,
    Segmentation,
    Image,
    Video,
    Voiceover,
    Character,
}

impl OutputKind {
    pub const ALL: [Self; 8] = [
        Self::Concept,
        Self::Research,
        Self::Summary,
        Self::Segmentation,
        Self::Image,
        Self::Video,
        Self::Voiceover,
        Self::Character,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Concept => "concept",
            Self::Research => "research",
            Self::Summary => "summary",
            Self::Segmentation => "segmentation",
            Self::Image => "image",
            Self::Video => "video",
            Self::Voiceover => "voiceover",
            Self::Character => "character",
        }
    }
}
