//! The bodies of outputs: what the library keeps of what each kind of job has made.

use ::assets::{Asset, Place, State};
use generation::{Aspect, Delivered, Job, Part, Request};
use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, Dimensions, ImageBody, Millis,
    ResearchBody, Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile,
    VideoSource, VoiceoverBody,
};

use super::super::derived::sheet_id;
use super::super::texts::{fit, fit_optional};
use super::super::write::Shelf;

/// What the library keeps: an output for each picture, one for everything else. A chat is kept by
/// its conversation, or by the job alone.
pub(super) fn bodies(job: &Job, shelf: &Shelf) -> Vec<Body> {
    let pieces = || job.steps.iter().flat_map(|step| &step.pieces);
    match &job.request {
        Request::Chat(_) => Vec::new(),
        Request::Image(_) | Request::ImageEdit(_) | Request::Variant(_) | Request::Scene(_) => {
            pieces().filter_map(|piece| image(job, piece, shelf)).map(Body::Image).collect()
        }
        Request::Video(video) => {
            let files: Vec<VideoFile> = pieces().filter_map(|piece| file(piece, shelf)).collect();
            let sources = video.frames.iter().take(100).map(|frame| VideoSource {
                asset: frame.asset,
                image: frame.output,
                duration: Millis::new(frame.millis),
            });
            vec![Body::Video(VideoBody {
                files: several(files),
                sources: several(sources.collect()),
                total: Count::new(1),
            })]
        }
        Request::Voiceover(voiceover) => {
            let spoken = pieces().find_map(|piece| shelf.get(&piece.asset()?));
            vec![Body::Voiceover(VoiceoverBody {
                asset: spoken.map(|asset| asset.id),
                duration: spoken.and_then(duration),
                voice: voiceover.voice.clone(),
                format: spoken.and_then(format),
            })]
        }
        Request::Character(character) => vec![Body::Character(CharacterBody {
            name: character.name.clone(),
            description: character.description.clone(),
            views: several(views(job, shelf)),
            sprite_sheet: Some(sheet_id(job)).filter(|id| shelf.contains_key(id)),
            final_image: job
                .steps
                .iter()
                .find(|step| step.part == Part::Final)
                .and_then(|step| step.asset())
                .filter(|id| shelf.contains_key(id)),
            character: character.character,
            batch_size: Count::new(1),
        })],
        Request::Concept(_)
        | Request::Research(_)
        | Request::Summary(_)
        | Request::Segmentation(_) => {
            pieces().find_map(|piece| text_body(job, piece)).into_iter().collect()
        }
    }
}

fn text_body(job: &Job, piece: &Delivered) -> Option<Body> {
    match (&job.request, piece) {
        (Request::Concept(request), Delivered::Concept(concept)) => {
            Some(Body::Concept(ConceptBody {
                web_info: request.web_info.clone(),
                title: fit(&concept.title, 200, false)?,
                concept: fit(&concept.concept, 100_000, true)?,
                tone: fit(&concept.tone, 4_000, true)?,
                goal: fit(&concept.goal, 4_000, true)?,
            }))
        }
        (Request::Research(_), Delivered::Research { answer, sources }) => {
            let sources = sources.iter().take(100).filter_map(|source| {
                Some(Source {
                    url: source.url.parse().ok()?,
                    title: fit_optional(source.title.as_deref(), 200, false),
                    excerpt: fit_optional(source.excerpt.as_deref(), 4_000, true),
                })
            });
            Some(Body::Research(ResearchBody {
                response: fit(answer, 100_000, true)?,
                sources: several(sources.collect()),
            }))
        }
        (Request::Summary(request), Delivered::Text(text)) => Some(Body::Summary(SummaryBody {
            original: request.original.clone(),
            summary: fit(text, 100_000, true)?,
        })),
        (Request::Segmentation(request), Delivered::Segments(segments)) => {
            let segments = segments.iter().take(200).filter_map(|segment| {
                Some(Segment {
                    label: fit(&segment.label, 200, false)?,
                    visual: fit(&segment.visual, 4_000, true)?,
                    narration: fit(&segment.narration, 4_000, true)?,
                    animation: fit(&segment.animation, 4_000, true)?,
                })
            });
            Some(Body::Segmentation(SegmentationBody {
                concept: request.concept.clone(),
                negative_prompt: request.negative_prompt.clone(),
                segments: several(segments.collect()),
            }))
        }
        // A provider that gives something else than it was asked for.
        _ => None,
    }
}

fn image(job: &Job, piece: &Delivered, shelf: &Shelf) -> Option<ImageBody> {
    let Delivered::Stored { asset, thumbnail } = piece else { return None };
    let found = Some(shelf.get(asset)?);
    let aspect = match &job.request {
        Request::Image(image) => Some(image.aspect),
        Request::ImageEdit(edit) => Some(edit.image.aspect),
        Request::Scene(scene) => Some(scene.image.aspect),
        Request::Chat(_)
        | Request::Concept(_)
        | Request::Research(_)
        | Request::Summary(_)
        | Request::Segmentation(_)
        | Request::Video(_)
        | Request::Voiceover(_)
        | Request::Character(_)
        | Request::Variant(_) => None,
    };
    Some(ImageBody {
        asset: Some(*asset),
        thumbnail: thumbnail.filter(|id| shelf.contains_key(id)),
        dimensions: found.and_then(dimensions),
        format: found.and_then(format),
        aspect_ratio: ratio(aspect, found).and_then(|aspect| aspect.to_string().parse().ok()),
        size_bytes: found.and_then(bytes),
    })
}

fn file(piece: &Delivered, shelf: &Shelf) -> Option<VideoFile> {
    let Delivered::Stored { asset, thumbnail } = piece else { return None };
    let found = Some(shelf.get(asset)?);
    Some(VideoFile {
        asset: *asset,
        thumbnail: thumbnail.filter(|id| shelf.contains_key(id)),
        duration: found.and_then(duration),
        dimensions: found.and_then(dimensions),
        format: found.and_then(format),
    })
}

fn views(job: &Job, shelf: &Shelf) -> Vec<CharacterView> {
    let view = |step: &generation::Step| match step.part {
        Part::View(view) => {
            let asset = step.asset().filter(|id| shelf.contains_key(id))?;
            Some(CharacterView { asset, label: view.as_str().parse().ok() })
        }
        Part::Whole | Part::Final => None,
    };
    job.steps.iter().filter_map(view).collect()
}

/// What is more than fits was cut before.
fn several<T, const MAX: usize>(parts: Vec<T>) -> Several<T, MAX> {
    Several::new(parts.into_iter().take(MAX).collect()).unwrap_or_default()
}

fn facts(asset: &Asset) -> Option<&::assets::Facts> {
    match &asset.place {
        Place::Ours { state: State::Stored { facts, .. }, .. } => Some(facts),
        Place::Ours { state: State::Pending { .. }, .. } | Place::Elsewhere { .. } => None,
    }
}

fn dimensions(asset: &Asset) -> Option<Dimensions> {
    let size = facts(asset)?.size?;
    Dimensions::new(size.width, size.height)
}

/// What was asked for, if that is what was made, else what was made.
fn ratio(asked: Option<Aspect>, asset: Option<&Asset>) -> Option<Aspect> {
    let Some(size) = asset.and_then(facts).and_then(|facts| facts.size) else { return asked };
    let size = generation::Size { width: size.width, height: size.height };
    asked.filter(|asked| asked.is_near(size)).or_else(|| Aspect::of(size))
}

fn duration(asset: &Asset) -> Option<Millis> {
    Millis::new(u32::try_from(facts(asset)?.duration_ms?).ok()?)
}

fn format(asset: &Asset) -> Option<library::Name> {
    match &asset.place {
        Place::Ours { content, .. } => content.media.extension().parse().ok(),
        Place::Elsewhere { .. } => None,
    }
}

fn bytes(asset: &Asset) -> Option<u64> {
    match &asset.place {
        Place::Ours { content, .. } => Some(content.bytes),
        Place::Elsewhere { .. } => None,
    }
}
