//! Bodies from the records of their tables. Loading checks, as everywhere.

use kernel::{AssetId, CharacterId, OutputId, OutputKind as Kind};
use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, Dimensions, ImageBody, Millis,
    ResearchBody, Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile,
    VideoSource, VoiceoverBody,
};
use ports::StoreError;
use serde::Deserialize;
use serde_json::Value;

use super::{
    CharacterRecord, CharacterViewRecord, ConceptRecord, ImageRecord, ResearchRecord,
    SegmentRecord, SegmentationRecord, SourceRecord, SummaryRecord, VideoFileRecord, VideoRecord,
    VideoSourceRecord, VoiceoverRecord,
};
use crate::types::{corrupt, optional, parsed};

/// Puts a body together from the record that its table has for the output, a JSON object in which
/// `parts` and `more` are the arrays of its parts.
pub(crate) fn body(kind: Kind, stored: Value) -> Result<Body, StoreError> {
    let mut stored = stored;
    let parts = stored["parts"].take();
    let more = stored["more"].take();
    let body = match kind {
        Kind::Concept => {
            let ConceptRecord { web_info, title, concept, tone, goal } = read(stored)?;
            Body::Concept(ConceptBody {
                web_info: optional("what research said", web_info)?,
                title: parsed("a title", &title)?,
                concept: parsed("a concept", &concept)?,
                tone: parsed("a tone", &tone)?,
                goal: parsed("a goal", &goal)?,
            })
        }
        Kind::Research => {
            let ResearchRecord { response } = read(stored)?;
            let sources = several(parts, |SourceRecord { url, title, excerpt }| {
                Ok(Source {
                    url: parsed("an address", &url)?,
                    title: optional("a title", title)?,
                    excerpt: optional("an excerpt", excerpt)?,
                })
            });
            Body::Research(ResearchBody {
                response: parsed("a response", &response)?,
                sources: sources?,
            })
        }
        Kind::Summary => {
            let SummaryRecord { original, summary } = read(stored)?;
            Body::Summary(SummaryBody {
                original: parsed("an original", &original)?,
                summary: parsed("a summary", &summary)?,
            })
        }
        Kind::Segmentation => {
            let SegmentationRecord { concept, negative_prompt } = read(stored)?;
            let segment = |SegmentRecord { label, visual, narration, animation }| {
                Ok(Segment {
                    label: parsed("a segment's label", &label)?,
                    visual: parsed("what is seen", &visual)?,
                    narration: parsed("a narration", &narration)?,
                    animation: parsed("an animation", &animation)?,
                })
            };
            Body::Segmentation(SegmentationBody {
                concept: parsed("a concept", &concept)?,
                negative_prompt: optional("a negative prompt", negative_prompt)?,
                segments: several(parts, segment)?,
            })
        }
        Kind::Image => Body::Image(image_body(read(stored)?)?),
        Kind::Video => {
            let VideoRecord { total } = read(stored)?;
            Body::Video(VideoBody {
                files: several(parts, video_file)?,
                sources: several(more, video_source)?,
                total: measured(total, Count::new)?,
            })
        }
        Kind::Voiceover => {
            let VoiceoverRecord { audio_asset_id, duration_ms, voice, format } = read(stored)?;
            Body::Voiceover(VoiceoverBody {
                asset: audio_asset_id.map(AssetId::from_uuid),
                duration: measured(duration_ms, Millis::new)?,
                voice: optional("a voice", voice)?,
                format: optional("a format", format)?,
            })
        }
        Kind::Character => Body::Character(character_body(read(stored)?, parts)?),
    };
    Ok(body)
}

fn image_body(record: ImageRecord) -> Result<ImageBody, StoreError> {
    let ImageRecord {
        image_asset_id,
        thumbnail_asset_id,
        width,
        height,
        format,
        aspect_ratio,
        size_bytes,
    } = record;
    Ok(ImageBody {
        asset: image_asset_id.map(AssetId::from_uuid),
        thumbnail: thumbnail_asset_id.map(AssetId::from_uuid),
        dimensions: dimensions(width, height)?,
        format: optional("a format", format)?,
        aspect_ratio: optional("an aspect ratio", aspect_ratio)?,
        size_bytes,
    })
}

fn video_file(record: VideoFileRecord) -> Result<VideoFile, StoreError> {
    let VideoFileRecord { video_asset_id, thumbnail_asset_id, duration_ms, width, height, format } =
        record;
    Ok(VideoFile {
        asset: AssetId::from_uuid(video_asset_id),
        thumbnail: thumbnail_asset_id.map(AssetId::from_uuid),
        duration: measured(duration_ms, Millis::new)?,
        dimensions: dimensions(width, height)?,
        format: optional("a format", format)?,
    })
}

fn video_source(record: VideoSourceRecord) -> Result<VideoSource, StoreError> {
    let VideoSourceRecord { image_asset_id, image_output_id, duration_ms } = record;
    Ok(VideoSource {
        asset: AssetId::from_uuid(image_asset_id),
        image: image_output_id.map(OutputId::from_uuid),
        duration: measured(duration_ms, Millis::new)?,
    })
}

fn character_body(record: CharacterRecord, views: Value) -> Result<CharacterBody, StoreError> {
    let CharacterRecord {
        name,
        description,
        sprite_sheet_asset_id,
        final_asset_id,
        character_id,
        batch_size,
    } = record;
    let view = |CharacterViewRecord { image_asset_id, label }| {
        let label = optional("a view's label", label)?;
        Ok(CharacterView { asset: AssetId::from_uuid(image_asset_id), label })
    };
    Ok(CharacterBody {
        name: optional("a character's name", name)?,
        description: optional("a character's description", description)?,
        views: several(views, view)?,
        sprite_sheet: sprite_sheet_asset_id.map(AssetId::from_uuid),
        final_image: final_asset_id.map(AssetId::from_uuid),
        character: character_id.map(CharacterId::from_uuid),
        batch_size: measured(batch_size, Count::new)?,
    })
}

fn read<R: for<'de> Deserialize<'de>>(stored: Value) -> Result<R, StoreError> {
    serde_json::from_value(stored).map_err(unreadable)
}

fn several<R: for<'de> Deserialize<'de>, T, const MAX: usize>(
    stored: Value,
    part: impl Fn(R) -> Result<T, StoreError>,
) -> Result<Several<T, MAX>, StoreError> {
    let records: Option<Vec<R>> = read(stored)?;
    let parts = records.unwrap_or_default().into_iter().map(part).collect::<Result<_, _>>()?;
    Several::new(parts).map_err(|_many| corrupt("an output of too many parts"))
}

fn measured<T>(
    stored: Option<u32>,
    measure: impl Fn(u32) -> Option<T>,
) -> Result<Option<T>, StoreError> {
    let measured = stored.map(|stored| measure(stored).ok_or_else(|| corrupt("a measure")));
    measured.transpose()
}

fn dimensions(width: Option<u32>, height: Option<u32>) -> Result<Option<Dimensions>, StoreError> {
    let both = width.zip(height);
    let both = both.map(|(w, h)| Dimensions::new(w, h).ok_or_else(|| corrupt("dimensions")));
    both.transpose()
}

fn unreadable(cause: serde_json::Error) -> StoreError {
    StoreError::Corrupt { what: "an output's body".to_owned(), cause: Some(Box::new(cause)) }
}
