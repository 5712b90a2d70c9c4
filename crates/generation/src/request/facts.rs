//! What follows from a request: its kind, its words, what a model must be able to do, its steps.

use crate::{Ability, JobKind, LongText, Measures, Name, Part, Request};

impl Request {
    pub const fn kind(&self) -> JobKind {
        match self {
            Self::Chat(_) => JobKind::Chat,
            Self::Concept(_) => JobKind::Concept,
            Self::Research(_) => JobKind::Research,
            Self::Summary(_) => JobKind::Summary,
            Self::Segmentation(_) => JobKind::Segmentation,
            Self::Image(_) => JobKind::Image,
            Self::ImageEdit(_) => JobKind::ImageEdit,
            Self::Video(_) => JobKind::Video,
            Self::Voiceover(_) => JobKind::Voiceover,
            Self::Character(_) => JobKind::Character,
            Self::Variant(_) => JobKind::Variant,
            Self::Scene(_) => JobKind::Scene,
        }
    }

    /// What is said of it where it is listed: the prompt, or what comes nearest.
    pub fn prompt(&self) -> &LongText {
        match self {
            Self::Chat(chat) => &chat.message,
            Self::Concept(concept) => &concept.prompt,
            Self::Research(research) => &research.prompt,
            Self::Summary(summary) => &summary.instruction,
            Self::Segmentation(segmentation) => &segmentation.prompt,
            Self::Image(image) => &image.prompt,
            Self::ImageEdit(edit) => &edit.image.prompt,
            Self::Video(video) => &video.prompt,
            Self::Voiceover(voiceover) => &voiceover.text,
            Self::Character(character) => &character.prompt,
            Self::Variant(variant) => &variant.prompt,
            Self::Scene(scene) => &scene.image.prompt,
        }
    }

    pub fn art_style(&self) -> Option<&Name> {
        match self {
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Voiceover(_) => None,
            Self::Segmentation(segmentation) => segmentation.art_style.as_ref(),
            Self::Image(image) => image.art_style.as_ref(),
            Self::ImageEdit(edit) => edit.image.art_style.as_ref(),
            Self::Video(video) => video.art_style.as_ref(),
            Self::Character(character) => character.art_style.as_ref(),
            Self::Variant(variant) => variant.art_style.as_ref(),
            Self::Scene(scene) => scene.image.art_style.as_ref(),
        }
    }

    /// Whether the price of an edit is charged.
    pub const fn is_edit(&self) -> bool {
        match self {
            Self::ImageEdit(_) | Self::Variant(_) => true,
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Segmentation(_)
            | Self::Image(_)
            | Self::Video(_)
            | Self::Voiceover(_)
            | Self::Character(_)
            | Self::Scene(_) => false,
        }
    }

    /// What the model must be able to do.
    pub fn abilities(&self) -> &'static [Ability] {
        match self {
            Self::Chat(_) | Self::Concept(_) | Self::Summary(_) | Self::Segmentation(_) => {
                &[Ability::Text]
            }
            Self::Research(_) => &[Ability::Research],
            Self::Image(_) => &[Ability::Image],
            Self::ImageEdit(_) | Self::Variant(_) => &[Ability::Edit],
            Self::Video(_) => &[Ability::Video],
            Self::Voiceover(_) => &[Ability::Speech],
            // The first view is of words alone, unless there is something to look like.
            Self::Character(character) if character.reference.is_some() => &[Ability::Edit],
            Self::Character(_) => &[Ability::Image, Ability::Edit],
            Self::Scene(scene) if scene.sources.is_empty() => &[Ability::Image],
            Self::Scene(_) => &[Ability::Edit],
        }
    }

    /// The steps in their order, and how many pieces each is to deliver.
    pub fn steps(&self) -> Vec<(Part, u32)> {
        match self {
            Self::Image(image) => vec![(Part::Whole, image.count)],
            Self::ImageEdit(edit) => vec![(Part::Whole, edit.image.count)],
            Self::Scene(scene) => vec![(Part::Whole, scene.image.count)],
            Self::Character(_) => Part::ALL
                .into_iter()
                .filter(|part| *part != Part::Whole)
                .map(|part| (part, 1))
                .collect(),
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Segmentation(_)
            | Self::Video(_)
            | Self::Voiceover(_)
            | Self::Variant(_) => vec![(Part::Whole, 1)],
        }
    }

    pub fn measures(&self) -> Measures {
        let images = self.steps().iter().map(|(_, asked)| asked).sum();
        let millis = match self {
            Self::Video(video) => video.millis,
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Summary(_)
            | Self::Segmentation(_)
            | Self::Image(_)
            | Self::ImageEdit(_)
            | Self::Voiceover(_)
            | Self::Character(_)
            | Self::Variant(_)
            | Self::Scene(_) => 0,
        };
        let text = match self {
            Self::Summary(summary) => &summary.original,
            Self::Chat(_)
            | Self::Concept(_)
            | Self::Research(_)
            | Self::Segmentation(_)
            | Self::Image(_)
            | Self::ImageEdit(_)
            | Self::Video(_)
            | Self::Voiceover(_)
            | Self::Character(_)
            | Self::Variant(_)
            | Self::Scene(_) => self.prompt(),
        };
        let characters = u32::try_from(text.as_str().chars().count()).unwrap_or(u32::MAX);
        Measures { images, millis, characters }
    }
}
