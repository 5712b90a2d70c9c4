//! From a request to what a provider is asked, step by step.

use kernel::AssetId;

use crate::{
    Ask, ChatAsk, ConceptAsk, ImageAsk, ImageRequest, Part, Picture, Request, ResearchAsk,
    SegmentationAsk, SpeechAsk, SummaryAsk, Turn, VideoAsk, VideoFrame, View,
};

/// What stands in for the character in the steps after the first: its first view.
const FROM_THE_FIRST: &str = "The same character as in the picture, unchanged in everything.";

/// The assets whose bytes a step needs, in the order in which [`ask`] takes them. `first` is what
/// the first step has made.
pub fn sources(request: &Request, part: Part, first: Option<AssetId>) -> Vec<AssetId> {
    match request {
        Request::ImageEdit(edit) => edit.sources.clone(),
        Request::Video(video) => video.frames.iter().map(|frame| frame.asset).collect(),
        Request::Variant(variant) => vec![variant.source],
        Request::Scene(scene) => scene.sources.clone(),
        Request::Character(character) => match part {
            Part::View(View::Front) | Part::Whole => character.reference.into_iter().collect(),
            Part::View(_) | Part::Final => first.into_iter().collect(),
        },
        Request::Chat(_)
        | Request::Concept(_)
        | Request::Research(_)
        | Request::Summary(_)
        | Request::Segmentation(_)
        | Request::Image(_)
        | Request::Voiceover(_) => Vec::new(),
    }
}

/// What a provider is asked in a step. `before` is what was said in the conversation until now.
pub fn ask(request: &Request, part: Part, pictures: Vec<Picture>, before: Vec<Turn>) -> Ask {
    let text = |text: &crate::LongText| text.to_string();
    match request {
        Request::Chat(chat) => {
            let mut turns = before;
            turns.push(Turn { role: crate::Role::User, text: text(&chat.message) });
            Ask::Chat(ChatAsk { instructions: chat.instructions.as_ref().map(text), turns })
        }
        Request::Concept(concept) => Ask::Concept(ConceptAsk {
            prompt: text(&concept.prompt),
            web_info: concept.web_info.as_ref().map(text),
        }),
        Request::Research(research) => {
            Ask::Research(ResearchAsk { prompt: text(&research.prompt) })
        }
        Request::Summary(summary) => Ask::Summary(SummaryAsk {
            original: text(&summary.original),
            instruction: text(&summary.instruction),
        }),
        Request::Segmentation(plan) => Ask::Segmentation(SegmentationAsk {
            prompt: text(&plan.prompt),
            concept: text(&plan.concept),
            negative_prompt: plan.negative_prompt.as_ref().map(text),
            art_style: plan.art_style.as_ref().map(ToString::to_string),
            segments: plan.segments,
        }),
        Request::Image(asked) => Ask::Image(image(asked, pictures)),
        Request::ImageEdit(edit) => {
            Ask::Image(ImageAsk { strength: edit.strength, ..image(&edit.image, pictures) })
        }
        Request::Scene(scene) => Ask::Image(image(&scene.image, pictures)),
        Request::Variant(variant) => Ask::Image(ImageAsk {
            art_style: variant.art_style.as_ref().map(ToString::to_string),
            references: pictures,
            seed: variant.seed,
            ..ImageAsk::of(text(&variant.prompt))
        }),
        Request::Video(video) => Ask::Video(VideoAsk {
            prompt: text(&video.prompt),
            negative_prompt: video.negative_prompt.as_ref().map(text),
            art_style: video.art_style.as_ref().map(ToString::to_string),
            frames: (pictures.into_iter().zip(&video.frames))
                .map(|(picture, frame)| VideoFrame { picture, millis: frame.millis })
                .collect(),
            millis: video.millis,
            aspect: video.aspect,
            resolution: video.resolution,
            seed: video.seed,
        }),
        Request::Voiceover(voiceover) => Ask::Speech(SpeechAsk {
            text: text(&voiceover.text),
            voice: voiceover.voice.as_ref().map(ToString::to_string),
            language: voiceover.language.as_ref().map(ToString::to_string),
            speed: voiceover.speed,
            format: voiceover.format,
        }),
        Request::Character(character) => {
            let (view, lead) = match part {
                Part::View(View::Front) | Part::Whole => (Some(View::Front), None),
                Part::View(view) => (Some(view), Some(FROM_THE_FIRST)),
                Part::Final => (None, Some(FROM_THE_FIRST)),
            };
            let prompt = match lead {
                Some(lead) => format!("{lead}\n{}", character.prompt),
                None => text(&character.prompt),
            };
            Ask::Image(ImageAsk {
                art_style: character.art_style.as_ref().map(ToString::to_string),
                references: pictures,
                view,
                seed: character.seed,
                ..ImageAsk::of(prompt)
            })
        }
    }
}

fn image(asked: &ImageRequest, references: Vec<Picture>) -> ImageAsk {
    let ImageRequest { prompt, negative_prompt, art_style, aspect, size, count, seed } = asked;
    ImageAsk {
        negative_prompt: negative_prompt.as_ref().map(ToString::to_string),
        art_style: art_style.as_ref().map(ToString::to_string),
        aspect: *aspect,
        size: *size,
        count: *count,
        references,
        seed: *seed,
        ..ImageAsk::of(prompt.to_string())
    }
}
