//! Bodies of outputs and their parts, as records of their tables: each struct has the columns of
//! one table, and goes in and out of the database as JSON, which Postgres takes for the record.

use kernel::{AssetId, CharacterId, OutputId};
use library::{
    Body, CharacterBody, CharacterView, ConceptBody, Count, Dimensions, ImageBody, Millis,
    ResearchBody, Segment, SegmentationBody, Several, Source, SummaryBody, VideoBody, VideoFile,
    VideoSource, VoiceoverBody,
};
use ports::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::types::{corrupt, optional, parsed};

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

/// Puts a body together from the record that its table has for the output, a JSON object in which
/// `parts` and `more` are the arrays of its parts.
pub(crate) fn body(kind: kernel::OutputKind, stored: Value) -> Result<Body, StoreError> {
    use kernel::OutputKind as Kind;
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

fn own(record: impl Serialize) -> Result<Value, StoreError> {
    serde_json::to_value(record).map_err(unwritable)
}

fn all<T, R: Serialize, const MAX: usize>(
    parts: &Several<T, MAX>,
    record: impl Fn(&T) -> R,
) -> Result<Vec<Value>, StoreError> {
    parts.as_slice().iter().map(|part| own(record(part))).collect()
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
