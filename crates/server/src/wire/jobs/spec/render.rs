//! What a job was asked to make, as it was asked.

use generation::{
    AudioFormat, CharacterRequest, ChatRequest, ConceptRequest, EditRequest, FrameRequest,
    ImageRequest, LongText, Name, Request, ResearchRequest, SceneRequest, SegmentationRequest,
    Size, SummaryRequest, VariantRequest, VideoRequest, VoiceoverRequest,
};
use proto::atelier::generation::v1 as pb;
use proto::atelier::generation::v1::job_spec::Kind;

pub(in crate::wire::jobs) fn render_spec(request: Request) -> pb::JobSpec {
    let kind = match request {
        Request::Chat(ChatRequest { instructions, message }) => Kind::Chat(pb::ChatSpec {
            instructions: text(instructions),
            message: message.to_string(),
        }),
        Request::Concept(ConceptRequest { prompt, web_info }) => {
            Kind::Concept(pb::ConceptSpec { prompt: prompt.to_string(), web_info: text(web_info) })
        }
        Request::Research(ResearchRequest { prompt }) => {
            Kind::Research(pb::ResearchSpec { prompt: prompt.to_string() })
        }
        Request::Summary(SummaryRequest { original, instruction }) => {
            Kind::Summary(pb::SummarySpec {
                original: original.to_string(),
                instruction: instruction.to_string(),
            })
        }
        Request::Segmentation(plan) => Kind::Segmentation(segmentation(plan)),
        Request::Image(it) => Kind::Image(image(it)),
        Request::ImageEdit(EditRequest { image: it, sources, strength }) => {
            Kind::ImageEdit(pb::ImageEditSpec {
                image: Some(image(it)),
                source_asset_ids: ids(&sources),
                strength: strength.map(i32::from),
            })
        }
        Request::Video(it) => Kind::Video(video(it)),
        Request::Voiceover(it) => Kind::Voiceover(voiceover(it)),
        Request::Character(it) => Kind::Character(character(it)),
        Request::Variant(VariantRequest { theme, source, prompt, art_style, seed }) => {
            Kind::Variant(pb::VariantSpec {
                theme_id: theme.to_string(),
                source_asset_id: source.to_string(),
                prompt: prompt.to_string(),
                art_style: name(art_style),
                seed,
            })
        }
        Request::Scene(SceneRequest { scene, sources, image: it }) => Kind::Scene(pb::SceneSpec {
            scene_id: scene.to_string(),
            source_asset_ids: ids(&sources),
            image: Some(image(it)),
        }),
    };
    pb::JobSpec { kind: Some(kind) }
}

fn segmentation(plan: SegmentationRequest) -> pb::SegmentationSpec {
    let SegmentationRequest { prompt, concept, negative_prompt, art_style, segments } = plan;
    pb::SegmentationSpec {
        prompt: prompt.to_string(),
        concept: concept.to_string(),
        negative_prompt: text(negative_prompt),
        art_style: name(art_style),
        segments: segments.map(number),
    }
}

fn image(image: ImageRequest) -> pb::ImageSpec {
    let ImageRequest { prompt, negative_prompt, art_style, aspect, size, count, seed } = image;
    pb::ImageSpec {
        prompt: prompt.to_string(),
        negative_prompt: text(negative_prompt),
        art_style: name(art_style),
        aspect_ratio: aspect.to_string(),
        size: size.map(|Size { width, height }| pb::PixelSize {
            width: number(width),
            height: number(height),
        }),
        count: number(count),
        seed,
    }
}

fn video(video: VideoRequest) -> pb::VideoSpec {
    let VideoRequest {
        prompt,
        negative_prompt,
        art_style,
        frames,
        millis,
        aspect,
        resolution,
        seed,
    } = video;
    let frames =
        frames.into_iter().map(|FrameRequest { asset, output, millis }| pb::VideoSpecFrame {
            asset_id: asset.to_string(),
            image_output_id: output.map(|id| id.to_string()).unwrap_or_default(),
            duration_ms: number(millis),
        });
    pb::VideoSpec {
        prompt: prompt.to_string(),
        negative_prompt: text(negative_prompt),
        art_style: name(art_style),
        frames: frames.collect(),
        duration_ms: number(millis),
        aspect_ratio: aspect.to_string(),
        resolution: number(resolution),
        seed,
    }
}

fn voiceover(voiceover: VoiceoverRequest) -> pb::VoiceoverSpec {
    let VoiceoverRequest { text, voice, language, speed, format } = voiceover;
    let format = match format {
        AudioFormat::Wav => pb::AudioFormat::Wav,
        AudioFormat::Flac => pb::AudioFormat::Flac,
        AudioFormat::Mp3 => pb::AudioFormat::Mp3,
        AudioFormat::Opus => pb::AudioFormat::Opus,
    };
    pb::VoiceoverSpec {
        text: text.to_string(),
        voice: name(voice),
        language: name(language),
        speed: i32::from(speed),
        format: format.into(),
    }
}

fn character(character: CharacterRequest) -> pb::CharacterSpec {
    let CharacterRequest {
        character,
        name: called,
        description,
        prompt,
        art_style,
        reference,
        seed,
    } = character;
    pb::CharacterSpec {
        character_id: character.map(|id| id.to_string()).unwrap_or_default(),
        name: name(called),
        description: text(description),
        prompt: prompt.to_string(),
        art_style: name(art_style),
        reference_asset_id: reference.map(|id| id.to_string()).unwrap_or_default(),
        seed,
    }
}

fn text(text: Option<LongText>) -> Option<String> {
    text.map(|text| text.to_string())
}

fn name(name: Option<Name>) -> Option<String> {
    name.map(|name| name.to_string())
}

fn ids(ids: &[kernel::AssetId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

// Every one of them was read from such a number.
fn number(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
