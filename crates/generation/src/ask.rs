//! What a provider is asked to make: one shape for each kind, the same for every vendor.

use crate::{Ability, Aspect, Picture, Size};

/// One thing to make. A job asks for one of these, or for several in an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    Chat(ChatAsk),
    Concept(ConceptAsk),
    Research(ResearchAsk),
    Summary(SummaryAsk),
    Segmentation(SegmentationAsk),
    Image(ImageAsk),
    Video(VideoAsk),
    Speech(SpeechAsk),
}

/// The next turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatAsk {
    /// How the model is to behave.
    pub instructions: Option<String>,
    /// Oldest first; the last is the user's.
    pub turns: Vec<Turn>,
}

/// What one side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    pub role: Role,
    pub text: String,
}

/// A side of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    User,
    Model,
}

/// An idea of a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConceptAsk {
    pub prompt: String,
    /// What research found that the idea is to be built on.
    pub web_info: Option<String>,
}

/// An answer from the web, with its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResearchAsk {
    pub prompt: String,
}

/// A text made shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryAsk {
    pub original: String,
    pub instruction: String,
}

/// A video planned in segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentationAsk {
    pub prompt: String,
    pub concept: String,
    pub negative_prompt: Option<String>,
    pub art_style: Option<String>,
    /// How many; the model decides if it is not said.
    pub segments: Option<u32>,
}

/// Pictures: from words alone, or from pictures that they are to be derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageAsk {
    pub prompt: String,
    pub negative_prompt: Option<String>,
    pub art_style: Option<String>,
    pub aspect: Aspect,
    /// In pixels, if that is asked for; it has the ratio `aspect` or nearly so.
    pub size: Option<Size>,
    /// How many.
    pub count: u32,
    /// What it is to be made from, the main one first. Makes the ask an edit.
    pub references: Vec<Picture>,
    /// How far from the reference it may go, in hundredths: 0 is hardly at all.
    pub strength: Option<u8>,
    /// From which side a character is drawn, on a plain ground.
    pub view: Option<View>,
    pub seed: Option<u32>,
}

kernel::named_enums! {
    /// The six sides that a character is drawn from.
    View {
        #[default]
        Front = "front",
        FrontLeft = "front_left",
        Left = "left",
        Back = "back",
        Right = "right",
        FrontRight = "front_right",
    }

    /// How sound is stored.
    AudioFormat {
        #[default]
        Wav = "wav",
        Flac = "flac",
        Mp3 = "mp3",
        Opus = "opus",
    }
}

/// A video of pictures in their order, or of words alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoAsk {
    /// What moves, and how.
    pub prompt: String,
    pub negative_prompt: Option<String>,
    pub art_style: Option<String>,
    pub frames: Vec<VideoFrame>,
    /// How long the whole is: the sum of the frames, where there are any.
    pub millis: u32,
    pub aspect: Aspect,
    /// The shorter side in pixels, such as 720.
    pub resolution: u32,
    pub seed: Option<u32>,
}

/// A picture of a video and how long it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VideoFrame {
    pub picture: Picture,
    pub millis: u32,
}

/// A text spoken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeechAsk {
    pub text: String,
    /// As the provider calls it; its own default if none is named.
    pub voice: Option<String>,
    /// Such as `en` or `pt-BR`.
    pub language: Option<String>,
    /// In hundredths of the usual speed.
    pub speed: u16,
    /// What is wanted. A provider that cannot gives another, and says which.
    pub format: AudioFormat,
}

impl Ask {
    /// What a model must be able to do for it.
    pub fn ability(&self) -> Ability {
        match self {
            Self::Chat(_) | Self::Concept(_) | Self::Summary(_) | Self::Segmentation(_) => {
                Ability::Text
            }
            Self::Research(_) => Ability::Research,
            Self::Image(image) if image.references.is_empty() => Ability::Image,
            Self::Image(_) => Ability::Edit,
            Self::Video(_) => Ability::Video,
            Self::Speech(_) => Ability::Speech,
        }
    }

    /// How many pieces a complete answer has.
    pub fn count(&self) -> u32 {
        match self {
            Self::Image(image) => image.count,
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Segmentation(_)
            | Self::Video(_)
            | Self::Speech(_) => 1,
        }
    }
}

impl ImageAsk {
    /// One picture of words alone, square: what most asks begin from.
    pub fn of(prompt: impl Into<String>) -> Self {
        Self {
            prompt: prompt.into(),
            negative_prompt: None,
            art_style: None,
            aspect: Aspect::SQUARE,
            size: None,
            count: 1,
            references: Vec::new(),
            strength: None,
            view: None,
            seed: None,
        }
    }

    /// All that is asked for in one text, for providers whose requests have the prompt alone.
    pub fn words(&self) -> String {
        let mut words = self.prompt.clone();
        if let Some(view) = self.view {
            words.push_str("\nFull body, one character alone on a plain white background, ");
            words.push_str(view.words());
            words.push('.');
        }
        if let Some(style) = &self.art_style {
            words.push_str(&format!("\nStyle: {style}."));
        }
        if let Some(negative) = &self.negative_prompt {
            words.push_str(&format!("\nAvoid: {negative}."));
        }
        words
    }
}

impl View {
    /// The side in words that models understand.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Front => "seen from the front",
            Self::FrontLeft => "in three-quarter view, turned to the left",
            Self::Left => "in profile, facing left",
            Self::Back => "seen from behind",
            Self::Right => "in profile, facing right",
            Self::FrontRight => "in three-quarter view, turned to the right",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_with_references_is_an_edit() {
        let image = ImageAsk::of("a cat");
        let picture = Picture { bytes: vec![1], media_type: "image/png".to_owned() };
        let edit = ImageAsk { references: vec![picture], ..image.clone() };
        assert_eq!(Ask::Image(image).ability(), Ability::Image);
        assert_eq!(Ask::Image(edit).ability(), Ability::Edit);
    }

    #[test]
    fn words_say_all_that_is_asked() {
        let ask = ImageAsk {
            negative_prompt: Some("text".to_owned()),
            art_style: Some("anime".to_owned()),
            view: Some(View::Back),
            ..ImageAsk::of("a knight")
        };
        let words = ask.words();
        for part in ["a knight", "from behind", "Style: anime.", "Avoid: text."] {
            assert!(words.contains(part), "{words}");
        }
        assert_eq!(ImageAsk::of("a knight").words(), "a knight");
    }
}
