//! What a job has made until now, by its kind.

use generation::{Concept, Delivered, Job, JobKind, Segment, Source, StepState};
use proto::atelier::generation::v1 as pb;
use proto::atelier::generation::v1::job_result::Kind;

use super::steps::render_part;

/// What is ours. `None` where nothing is.
pub(super) fn render(job: &Job) -> Option<pb::JobResult> {
    let stored = job.steps.iter().filter(|step| step.state == StepState::Stored);
    let mut pieces = stored.clone().flat_map(|step| &step.pieces);
    let kind = match job.kind() {
        JobKind::Chat
        | JobKind::Concept
        | JobKind::Research
        | JobKind::Summary
        | JobKind::Segmentation => pieces.find_map(text),
        JobKind::Image
        | JobKind::ImageEdit
        | JobKind::Video
        | JobKind::Voiceover
        | JobKind::Variant
        | JobKind::Scene => {
            let files: Vec<_> = pieces.filter_map(file).collect();
            (!files.is_empty()).then_some(Kind::Files(pb::FilesResult { files }))
        }
        JobKind::Character => {
            let parts: Vec<_> = stored
                .filter_map(|step| {
                    let file = step.pieces.iter().find_map(file)?;
                    let part = render_part(step.part).into();
                    Some(pb::CharacterPart { part, file: Some(file) })
                })
                .collect();
            (!parts.is_empty()).then_some(Kind::Character(pb::CharacterResult { parts }))
        }
    };
    kind.map(|kind| pb::JobResult { kind: Some(kind) })
}

fn text(piece: &Delivered) -> Option<Kind> {
    match piece {
        Delivered::Text(text) => Some(Kind::Text(pb::TextResult { text: text.clone() })),
        Delivered::Concept(Concept { title, concept, tone, goal }) => {
            Some(Kind::Concept(pb::ConceptResult {
                title: title.clone(),
                concept: concept.clone(),
                tone: tone.clone(),
                goal: goal.clone(),
            }))
        }
        Delivered::Research { answer, sources } => Some(Kind::Research(pb::ResearchResult {
            answer: answer.clone(),
            sources: sources.iter().map(source).collect(),
        })),
        Delivered::Segments(segments) => Some(Kind::Segmentation(pb::SegmentationResult {
            segments: segments.iter().map(segment).collect(),
        })),
        Delivered::Remote(_) | Delivered::Stored { .. } => None,
    }
}

fn file(piece: &Delivered) -> Option<pb::ResultFile> {
    match piece {
        Delivered::Stored { asset, thumbnail } => Some(pb::ResultFile {
            asset_id: asset.to_string(),
            thumbnail_asset_id: thumbnail.map(|id| id.to_string()).unwrap_or_default(),
        }),
        Delivered::Text(_)
        | Delivered::Concept(_)
        | Delivered::Research { .. }
        | Delivered::Segments(_)
        | Delivered::Remote(_) => None,
    }
}

fn source(source: &Source) -> pb::ResultSource {
    let Source { url, title, excerpt } = source;
    pb::ResultSource { url: url.clone(), title: title.clone(), excerpt: excerpt.clone() }
}

fn segment(segment: &Segment) -> pb::ResultSegment {
    let Segment { label, visual, narration, animation } = segment;
    pb::ResultSegment {
        label: label.clone(),
        visual: visual.clone(),
        narration: narration.clone(),
        animation: animation.clone(),
    }
}
