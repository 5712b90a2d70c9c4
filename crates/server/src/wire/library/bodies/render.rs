//! The messages of bodies.

use kernel::AssetId;
use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, Dimensions, ImageBody, Millis,
    ResearchBody, Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile,
    VideoSource, VoiceoverBody,
};
use proto::atelier::library::v1 as pb;
use proto::atelier::library::v1::output_body::Kind;

/// The message of a body.
pub fn render_body(body: Body) -> pb::OutputBody {
    let kind = match body {
        Body::Concept(ConceptBody { web_info, title, concept, tone, goal }) => {
            Kind::Concept(pb::ConceptBody {
                web_info: text(web_info),
                title: title.to_string(),
                concept: concept.to_string(),
                tone: tone.to_string(),
                goal: goal.to_string(),
            })
        }
        Body::Research(ResearchBody { response, sources }) => Kind::Research(pb::ResearchBody {
            response: response.to_string(),
            sources: all(sources, |Source { url, title, excerpt }| pb::ResearchSource {
                url: url.to_string(),
                title: text(title),
                excerpt: text(excerpt),
            }),
        }),
        Body::Summary(SummaryBody { original, summary }) => Kind::Summary(pb::SummaryBody {
            original: original.to_string(),
            summary: summary.to_string(),
        }),
        Body::Segmentation(SegmentationBody { concept, negative_prompt, segments }) => {
            Kind::Segmentation(pb::SegmentationBody {
                concept: concept.to_string(),
                negative_prompt: text(negative_prompt),
                segments: all(segments, |Segment { label, visual, narration, animation }| {
                    pb::Segment {
                        label: label.to_string(),
                        visual: visual.to_string(),
                        narration: narration.to_string(),
                        animation: animation.to_string(),
                    }
                }),
            })
        }
        Body::Image(image) => Kind::Image(render_image(image)),
        Body::Video(VideoBody { files, sources, total }) => Kind::Video(pb::VideoBody {
            files: all(files, render_file),
            sources: all(sources, |VideoSource { asset, image, duration }| pb::VideoSource {
                asset_id: asset.to_string(),
                image_output_id: image.map(|id| id.to_string()).unwrap_or_default(),
                duration_ms: number(duration.map(Millis::get)),
            }),
            total: number(total.map(Count::get)),
        }),
        Body::Voiceover(VoiceoverBody { asset, duration, voice, format }) => {
            Kind::Voiceover(pb::VoiceoverBody {
                asset_id: id(asset),
                duration_ms: number(duration.map(Millis::get)),
                voice: text(voice),
                format: text(format),
            })
        }
        Body::Character(character) => Kind::Character(render_character(character)),
    };
    pb::OutputBody { kind: Some(kind) }
}

fn render_image(image: ImageBody) -> pb::ImageBody {
    let ImageBody { asset, thumbnail, dimensions, format, aspect_ratio, size_bytes } = image;
    let (width, height) = sides(dimensions);
    pb::ImageBody {
        asset_id: id(asset),
        thumbnail_asset_id: id(thumbnail),
        width,
        height,
        format: text(format),
        aspect_ratio: text(aspect_ratio),
        // It came as one.
        size_bytes: size_bytes.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
    }
}

fn render_file(file: VideoFile) -> pb::VideoFile {
    let VideoFile { asset, thumbnail, duration, dimensions, format } = file;
    let (width, height) = sides(dimensions);
    pb::VideoFile {
        asset_id: asset.to_string(),
        thumbnail_asset_id: id(thumbnail),
        duration_ms: number(duration.map(Millis::get)),
        width,
        height,
        format: text(format),
    }
}

fn render_character(character: CharacterBody) -> pb::CharacterBody {
    let CharacterBody {
        name,
        description,
        views,
        sprite_sheet,
        final_image,
        character,
        batch_size,
    } = character;
    pb::CharacterBody {
        name: text(name),
        description: text(description),
        views: all(views, |CharacterView { asset, label }| pb::CharacterView {
            asset_id: asset.to_string(),
            label: text(label),
        }),
        sprite_sheet_asset_id: id(sprite_sheet),
        final_asset_id: id(final_image),
        character_id: character.map(|id| id.to_string()).unwrap_or_default(),
        batch_size: number(batch_size.map(Count::get)),
    }
}

fn all<T, M, const MAX: usize>(parts: Several<T, MAX>, render: impl Fn(T) -> M) -> Vec<M> {
    parts.into_vec().into_iter().map(render).collect()
}

fn text(value: Option<impl ToString>) -> Option<String> {
    value.map(|value| value.to_string())
}

fn id(asset: Option<AssetId>) -> String {
    asset.map(|id| id.to_string()).unwrap_or_default()
}

// Measures stay far below where the signs differ.
fn number(measure: Option<u32>) -> i32 {
    i32::try_from(measure.unwrap_or(0)).unwrap_or(i32::MAX)
}

fn sides(dimensions: Option<Dimensions>) -> (i32, i32) {
    dimensions.map_or((0, 0), |Dimensions { width, height }| (width.into(), height.into()))
}
