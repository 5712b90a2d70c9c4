//! Bodies of outputs and their parts, as records of their tables: each struct has the columns of
//! one table, and goes in and out of the database as JSON, which Postgres takes for the record.
//! Taking apart is here, putting together in `read`.

mod read;

use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, ImageBody, Millis, ResearchBody,
    Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile, VideoSource,
    VoiceoverBody,
};
use ports::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

macro_rules! records {
    ($($(#[$doc:meta])* $name:ident { $($column:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, Deserialize)]
        struct $name { $($column: $type),* }
    )*};
}

records! {
    ConceptRecord {
        web_info: Option<String>,
        title: String,
        concept: String,
        tone: String,
        goal: String,
    }
    SourceRecord { url: String, title: Option<String>, excerpt: Option<String> }
    ResearchRecord { response: String }
    SummaryRecord { original: String, summary: String }
    SegmentRecord { label: String, visual: String, narration: String, animation: String }
    SegmentationRecord { concept: String, negative_prompt: Option<String> }
    ImageRecord {
        image_asset_id: Option<Uuid>,
        thumbnail_asset_id: Option<Uuid>,
        width: Option<u32>,
        height: Option<u32>,
        format: Option<String>,
        aspect_ratio: Option<String>,
        size_bytes: Option<u64>,
    }
    VideoFileRecord {
        video_asset_id: Uuid,
        thumbnail_asset_id: Option<Uuid>,
        duration_ms: Option<u32>,
        width: Option<u32>,
        height: Option<u32>,
        format: Option<String>,
    }
    VideoSourceRecord {
        image_asset_id: Uuid,
        image_output_id: Option<Uuid>,
        duration_ms: Option<u32>,
    }
    VideoRecord { total: Option<u32> }
    VoiceoverRecord {
        audio_asset_id: Option<Uuid>,
        duration_ms: Option<u32>,
        voice: Option<String>,
        format: Option<String>,
    }
    CharacterViewRecord { image_asset_id: Uuid, label: Option<String> }
    CharacterRecord {
        name: Option<String>,
        description: Option<String>,
        sprite_sheet_asset_id: Option<Uuid>,
        final_asset_id: Option<Uuid>,
        character_id: Option<Uuid>,
        batch_size: Option<u32>,
    }
}

pub(crate) use read::body;

/// A body apart: its own record, and those of its parts in their order.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) own: Value,
    /// Sources, segments, files or views.
    pub(crate) parts: Vec<Value>,
    /// The pictures of a video.
    pub(crate) more: Vec<Value>,
}

/// Takes a body apart.
pub(crate) fn records(body: &Body) -> Result<Records, StoreError> {
    let text = |value: &dyn ToString| value.to_string();
    let records = match body {
        Body::Concept(ConceptBody { web_info, title, concept, tone, goal }) => Records {
            own: own(ConceptRecord {
                web_info: web_info.as_ref().map(ToString::to_string),
                title: text(title),
                concept: text(concept),
                tone: text(tone),
                goal: text(goal),
            })?,
            ..Records::default()
        },
        Body::Research(ResearchBody { response, sources }) => Records {
            own: own(ResearchRecord { response: text(response) })?,
            parts: all(sources, |Source { url, title, excerpt }| SourceRecord {
                url: text(url),
                title: title.as_ref().map(ToString::to_string),
                excerpt: excerpt.as_ref().map(ToString::to_string),
            })?,
            ..Records::default()
        },
        Body::Summary(SummaryBody { original, summary }) => Records {
            own: own(SummaryRecord { original: text(original), summary: text(summary) })?,
            ..Records::default()
        },
        Body::Segmentation(SegmentationBody { concept, negative_prompt, segments }) => Records {
            own: own(SegmentationRecord {
                concept: text(concept),
                negative_prompt: negative_prompt.as_ref().map(ToString::to_string),
            })?,
            parts: all(segments, |Segment { label, visual, narration, animation }| {
                SegmentRecord {
                    label: text(label),
                    visual: text(visual),
                    narration: text(narration),
                    animation: text(animation),
                }
            })?,
            ..Records::default()
        },
        Body::Image(image) => Records { own: own(image_record(image))?, ..Records::default() },
        Body::Video(VideoBody { files, sources, total }) => Records {
            own: own(VideoRecord { total: total.map(Count::get) })?,
            parts: all(files, video_file_record)?,
            more: all(sources, |VideoSource { asset, image, duration }| VideoSourceRecord {
                image_asset_id: *asset.as_uuid(),
                image_output_id: image.map(|id| *id.as_uuid()),
                duration_ms: duration.map(Millis::get),
            })?,
        },
        Body::Voiceover(VoiceoverBody { asset, duration, voice, format }) => Records {
            own: own(VoiceoverRecord {
                audio_asset_id: asset.map(|id| *id.as_uuid()),
                duration_ms: duration.map(Millis::get),
                voice: voice.as_ref().map(ToString::to_string),
                format: format.as_ref().map(ToString::to_string),
            })?,
            ..Records::default()
        },
        Body::Character(character) => Records {
            own: own(character_record(character))?,
            parts: all(&character.views, |CharacterView { asset, label }| CharacterViewRecord {
                image_asset_id: *asset.as_uuid(),
                label: label.as_ref().map(ToString::to_string),
            })?,
            ..Records::default()
        },
    };
    Ok(records)
}

fn image_record(image: &ImageBody) -> ImageRecord {
    let ImageBody { asset, thumbnail, dimensions, format, aspect_ratio, size_bytes } = image;
    ImageRecord {
        image_asset_id: asset.map(|id| *id.as_uuid()),
        thumbnail_asset_id: thumbnail.map(|id| *id.as_uuid()),
        width: dimensions.map(|d| d.width.into()),
        height: dimensions.map(|d| d.height.into()),
        format: format.as_ref().map(ToString::to_string),
        aspect_ratio: aspect_ratio.as_ref().map(ToString::to_string),
        size_bytes: *size_bytes,
    }
}

fn video_file_record(file: &VideoFile) -> VideoFileRecord {
    let VideoFile { asset, thumbnail, duration, dimensions, format } = file;
    VideoFileRecord {
        video_asset_id: *asset.as_uuid(),
        thumbnail_asset_id: thumbnail.map(|id| *id.as_uuid()),
        duration_ms: duration.map(Millis::get),
        width: dimensions.map(|d| d.width.into()),
        height: dimensions.map(|d| d.height.into()),
        format: format.as_ref().map(ToString::to_string),
    }
}

fn character_record(character: &CharacterBody) -> CharacterRecord {
    let CharacterBody {
        name,
        description,
        views: _,
        sprite_sheet,
        final_image,
        character,
        batch_size,
    } = character;
    CharacterRecord {
        name: name.as_ref().map(ToString::to_string),
        description: description.as_ref().map(ToString::to_string),
        sprite_sheet_asset_id: sprite_sheet.map(|id| *id.as_uuid()),
        final_asset_id: final_image.map(|id| *id.as_uuid()),
        character_id: character.map(|id| *id.as_uuid()),
        batch_size: batch_size.map(Count::get),
    }
}

fn own(record: impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(record).map_err(unwritable)
}

fn all<T, R: Serialize, const MAX: usize>(
    parts: &Several<T, MAX>,
    record: impl Fn(&T) -> R,
) -> Result<Vec<Value>, StoreError> {
    parts.as_slice().iter().map(|part| own(record(part))).collect()
}

fn unwritable(cause: serde_json::Error) -> StoreError {
    StoreError::Corrupt { what: "a record of an output".to_owned(), cause: Some(Box::new(cause)) }
}

/// The record as a row of its table: with the output's key, and a number where it is a part.
pub(crate) fn row(record: Value, user: &Uuid, output: &Uuid, number: Option<usize>) -> Value {
    let mut row = record;
    row["user_id"] = json!(user);
    row["output_id"] = json!(output);
    if let Some(number) = number {
        row["number"] = json!(number);
    }
    row
}
