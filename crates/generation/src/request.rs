//! What a user asks for: one shape for each kind, with assets where a provider gets pictures. What
//! follows from it is in `facts`.

mod facts;

use kernel::{AssetId, CharacterId, Line, OutputId, Prose, SceneId, ThemeId};

use crate::{Aspect, AudioFormat, Size, View};

/// Prompts, answers, whole articles. As the library has it.
pub type LongText = Prose<100_000>;

/// A style, a voice, a language. As the library has it.
pub type Name = Line<200>;

/// What a job is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    Chat(ChatRequest),
    Concept(ConceptRequest),
    Research(ResearchRequest),
    Summary(SummaryRequest),
    Segmentation(SegmentationRequest),
    Image(ImageRequest),
    ImageEdit(EditRequest),
    Video(VideoRequest),
    Voiceover(VoiceoverRequest),
    Character(CharacterRequest),
    Variant(VariantRequest),
    Scene(SceneRequest),
}

/// What is said next. What was said before comes with the job's conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatRequest {
    pub instructions: Option<LongText>,
    pub message: LongText,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptRequest {
    pub prompt: LongText,
    pub web_info: Option<LongText>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResearchRequest {
    pub prompt: LongText,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRequest {
    pub original: LongText,
    pub instruction: LongText,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentationRequest {
    pub prompt: LongText,
    pub concept: LongText,
    pub negative_prompt: Option<LongText>,
    pub art_style: Option<Name>,
    pub segments: Option<u32>,
}

/// How pictures are to look, whatever they are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageRequest {
    pub prompt: LongText,
    pub negative_prompt: Option<LongText>,
    pub art_style: Option<Name>,
    pub aspect: Aspect,
    pub size: Option<Size>,
    pub count: u32,
    pub seed: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditRequest {
    pub image: ImageRequest,
    /// At least one; the main one first.
    pub sources: Vec<AssetId>,
    pub strength: Option<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoRequest {
    pub prompt: LongText,
    pub negative_prompt: Option<LongText>,
    pub art_style: Option<Name>,
    pub frames: Vec<FrameRequest>,
    /// How long the whole is: the sum of the frames, where there are any.
    pub millis: u32,
    pub aspect: Aspect,
    pub resolution: u32,
    pub seed: Option<u32>,
}

/// A picture of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRequest {
    pub asset: AssetId,
    /// The output that the picture is of, if it is of one here.
    pub output: Option<OutputId>,
    pub millis: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoiceoverRequest {
    pub text: LongText,
    pub voice: Option<Name>,
    pub language: Option<Name>,
    /// In hundredths of the usual speed.
    pub speed: u16,
    pub format: AudioFormat,
}

/// Six views, a sprite sheet of them, and a final image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharacterRequest {
    /// The character of the catalogue that it is for, if for one.
    pub character: Option<CharacterId>,
    pub name: Option<Name>,
    pub description: Option<LongText>,
    pub prompt: LongText,
    pub art_style: Option<Name>,
    /// A picture that it is to look like.
    pub reference: Option<AssetId>,
    pub seed: Option<u32>,
}

/// A character's picture edited, for a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VariantRequest {
    pub theme: ThemeId,
    /// The character's picture.
    pub source: AssetId,
    pub prompt: LongText,
    pub art_style: Option<Name>,
    pub seed: Option<u32>,
}

/// Pictures of a scene with the pictures of its characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SceneRequest {
    pub scene: SceneId,
    /// The pictures of its characters, as far as they have any.
    pub sources: Vec<AssetId>,
    pub image: ImageRequest,
}

/// What one step of a job makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// All there is.
    Whole,
    /// A character from one side.
    View(View),
    /// The character at last.
    Final,
}

/// How much is asked for, in every unit that a price may count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    pub images: u32,
    pub millis: u32,
    pub characters: u32,
}

impl Part {
    pub const ALL: [Self; 8] = [
        Self::Whole,
        Self::View(View::Front),
        Self::View(View::FrontLeft),
        Self::View(View::Left),
        Self::View(View::Back),
        Self::View(View::Right),
        Self::View(View::FrontRight),
        Self::Final,
    ];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::View(view) => view.as_str(),
            Self::Final => "final",
        }
    }
}
