//! The bodies of outputs: what is different from kind to kind.

use kernel::{AssetId, CharacterId, OutputId, OutputKind};

use crate::{
    CharacterView, Count, Dimensions, LongText, Millis, Name, Segment, Several, ShortText, Source,
    VideoFile, VideoSource,
};

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    Concept(ConceptBody),
    Research(ResearchBody),
    Summary(SummaryBody),
    Segmentation(SegmentationBody),
    Image(ImageBody),
    Video(VideoBody),
    Voiceover(VoiceoverBody),
    Character(CharacterBody),
}

/// An idea of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptBody {
    /// What research said that the idea is built on.
    pub web_info: Option<LongText>,
    pub title: Name,
    pub concept: LongText,
    pub tone: ShortText,
    pub goal: ShortText,
}

/// An answer from the web.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResearchBody {
    pub response: LongText,
    pub sources: Several<Source, 100>,
}

/// A text made shorter. The prompt is what was asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryBody {
    pub original: LongText,
    pub summary: LongText,
}

/// A video planned in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentationBody {
    pub concept: LongText,
    pub negative_prompt: Option<LongText>,
    pub segments: Several<Segment, 200>,
}

/// A picture. Nothing of it is there where making it failed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageBody {
    pub asset: Option<AssetId>,
    pub thumbnail: Option<AssetId>,
    pub dimensions: Option<Dimensions>,
    /// Such as `png`.
    pub format: Option<Name>,
    /// As it was asked for, such as `16:9`.
    pub aspect_ratio: Option<Name>,
    pub size_bytes: Option<u64>,
}

/// A video, in one file or several, and the pictures it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VideoBody {
    pub files: Several<VideoFile, 100>,
    pub sources: Several<VideoSource, 100>,
    /// How many files were asked for.
    pub total: Option<Count>,
}

/// A text spoken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VoiceoverBody {
    pub asset: Option<AssetId>,
    pub duration: Option<Millis>,
    /// Which voice spoke.
    pub voice: Option<Name>,
    pub format: Option<Name>,
}

/// A character drawn: from up to six sides, as a sprite sheet, and at last.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CharacterBody {
    pub name: Option<Name>,
    pub description: Option<LongText>,
    pub views: Several<CharacterView, 6>,
    pub sprite_sheet: Option<AssetId>,
    pub final_image: Option<AssetId>,
    /// The character of the catalogue that it was made for. It may be gone by now.
    pub character: Option<CharacterId>,
    /// How many pictures were asked for at once.
    pub batch_size: Option<Count>,
}

impl Body {
    /// The outputs that it names as the pictures it was made of, each once.
    pub fn images(&self) -> Vec<OutputId> {
        let mut images = match self {
            Self::Video(video) => video.sources.as_slice().iter().filter_map(|s| s.image).collect(),
            Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Segmentation(_)
            | Self::Image(_)
            | Self::Voiceover(_)
            | Self::Character(_) => Vec::new(),
        };
        images.sort_unstable();
        images.dedup();
        images
    }

    /// The assets that were made for it.
    pub fn made(&self) -> Vec<AssetId> {
        match self {
            Self::Image(image) => image.asset.into_iter().chain(image.thumbnail).collect(),
            Self::Video(video) => {
                let files = video.files.as_slice().iter();
                files.flat_map(|file| [Some(file.asset), file.thumbnail]).flatten().collect()
            }
            Self::Voiceover(voiceover) => voiceover.asset.into_iter().collect(),
            Self::Character(character) => {
                let views = character.views.as_slice().iter().map(|view| view.asset);
                views.chain(character.sprite_sheet).chain(character.final_image).collect()
            }
            Self::Concept(_) | Self::Research(_) | Self::Summary(_) | Self::Segmentation(_) => {
                Vec::new()
            }
        }
    }

    /// All assets that it refers to: those that were made for it, and those it was made of.
    pub fn assets(&self) -> Vec<AssetId> {
        let mut assets = self.made();
        if let Self::Video(video) = self {
            assets.extend(video.sources.as_slice().iter().map(|source| source.asset));
        }
        assets
    }

    pub fn kind(&self) -> OutputKind {
        match self {
            Self::Concept(_) => OutputKind::Concept,
            Self::Research(_) => OutputKind::Research,
            Self::Summary(_) => OutputKind::Summary,
            Self::Segmentation(_) => OutputKind::Segmentation,
            Self::Image(_) => OutputKind::Image,
            Self::Video(_) => OutputKind::Video,
            Self::Voiceover(_) => OutputKind::Voiceover,
            Self::Character(_) => OutputKind::Character,
        }
    }
}
