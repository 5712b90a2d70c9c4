//! Steps of jobs: as JSON records of their table on the way in, as rows on the way out.

use diesel::data_types::PgTimestamp;
use diesel::prelude::QueryableByName;
use diesel::sql_types::{Bool, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use generation::{
    Concept, Delivered, Job, Operation, Part, RemoteFile, Segment, Source, Step, StepState,
    Submission, Trouble,
};
use kernel::{AssetId, Json};
use ports::StoreError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::text;

use crate::types::{corrupt, moment, named, optional, parsed, to_json};

#[derive(QueryableByName)]
pub(crate) struct StepRow {
    #[diesel(sql_type = SqlUuid)]
    pub(crate) job_id: Uuid,
    #[diesel(sql_type = Text)]
    part: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Text)]
    submission: String,
    #[diesel(sql_type = Integer)]
    route: i32,
    #[diesel(sql_type = Integer)]
    attempts: i32,
    #[diesel(sql_type = Integer)]
    submissions: i32,
    #[diesel(sql_type = Integer)]
    misses: i32,
    #[diesel(sql_type = Nullable<Text>)]
    marker: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    operation: Option<Value>,
    #[diesel(sql_type = Integer)]
    asked: i32,
    #[diesel(sql_type = Jsonb)]
    pieces: Value,
    #[diesel(sql_type = Nullable<Text>)]
    trouble_class: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    trouble: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    submitted_at: Option<PgTimestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    quarantined_until: Option<PgTimestamp>,
    #[diesel(sql_type = Bool)]
    carried: bool,
}

/// A piece in storage.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum PieceRow {
    Text(String),
    Concept(#[serde(with = "ConceptRow")] Concept),
    Research { answer: String, sources: Vec<SourceRow> },
    Segments(Vec<SegmentRow>),
    Remote(String),
    Asset { id: Uuid, thumbnail: Option<Uuid> },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Concept")]
struct ConceptRow {
    title: String,
    concept: String,
    tone: String,
    goal: String,
}

#[derive(Serialize, Deserialize)]
struct SourceRow {
    url: String,
    title: Option<String>,
    excerpt: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct SegmentRow {
    label: String,
    visual: String,
    narration: String,
    animation: String,
}

/// The steps of a job as records of their table.
pub(crate) fn records(job: &Job) -> Result<Value, StoreError> {
    let records = (1..).zip(&job.steps).map(|(number, step): (i32, _)| record(job, number, step));
    records.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

fn record(job: &Job, number: i32, step: &Step) -> Result<Value, StoreError> {
    let Step {
        part,
        state,
        submission,
        route,
        attempts,
        submissions,
        misses,
        marker,
        operation,
        asked,
        pieces,
        trouble,
        submitted_at,
        quarantined_until,
        carried,
    } = step;
    let operation =
        operation.as_ref().map(|operation| to_json(operation.0.as_str())).transpose()?;
    let pieces: Vec<PieceRow> = pieces.iter().map(PieceRow::from).collect();
    let pieces = serde_json::to_value(pieces).map_err(|_| corrupt("pieces that are no JSON"))?;
    Ok(json!({
        "user_id": job.user.as_uuid(),
        "job_id": job.id.as_uuid(),
        "number": number,
        "part": part.as_str(),
        "state": state.as_str(),
        "submission": submission.as_str(),
        "route": route,
        "attempts": attempts,
        "submissions": submissions,
        "misses": misses,
        "marker": marker.as_ref().map(|marker| marker.as_str()),
        "operation": operation,
        "asked": asked,
        "pieces": pieces,
        "trouble_class": trouble.as_ref().map(|trouble| trouble.class.as_str()),
        "trouble": trouble.as_ref().map(|trouble| trouble.message.as_str()),
        "submitted_at": text(*submitted_at),
        "quarantined_until": text(*quarantined_until),
        "carried": carried,
    }))
}

impl TryFrom<StepRow> for Step {
    type Error = StoreError;

    fn try_from(row: StepRow) -> Result<Self, StoreError> {
        let operation = row.operation.map(|stored| {
            let json = Json::from_normal(stored.to_string());
            json.map(Operation).ok_or_else(|| corrupt("a stored operation"))
        });
        let trouble = row.trouble_class.zip(row.trouble).map(|(class, message)| {
            Ok(Trouble {
                class: parsed("a class of failure", &class)?,
                message: parsed("a failure", &message)?,
            })
        });
        let pieces: Vec<PieceRow> =
            serde_json::from_value(row.pieces).map_err(|_| corrupt("stored pieces"))?;
        Ok(Self {
            part: named(&Part::ALL, Part::as_str, &row.part)?,
            state: named(StepState::ALL, StepState::as_str, &row.state)?,
            submission: named(Submission::ALL, Submission::as_str, &row.submission)?,
            route: small(row.route)?,
            attempts: small(row.attempts)?,
            submissions: small(row.submissions)?,
            misses: small(row.misses)?,
            marker: optional("a marker", row.marker)?,
            operation: operation.transpose()?,
            asked: small(row.asked)?,
            pieces: pieces.into_iter().map(Delivered::from).collect(),
            trouble: trouble.transpose()?,
            submitted_at: moment(row.submitted_at)?,
            quarantined_until: moment(row.quarantined_until)?,
            carried: row.carried,
        })
    }
}

pub(crate) fn small(stored: i32) -> Result<u16, StoreError> {
    u16::try_from(stored).map_err(|_| corrupt("a small number"))
}

impl From<&Delivered> for PieceRow {
    fn from(piece: &Delivered) -> Self {
        match piece {
            Delivered::Text(text) => Self::Text(text.clone()),
            Delivered::Concept(concept) => Self::Concept(concept.clone()),
            Delivered::Research { answer, sources } => Self::Research {
                answer: answer.clone(),
                sources: sources.iter().cloned().map(SourceRow::from).collect(),
            },
            Delivered::Segments(segments) => {
                Self::Segments(segments.iter().cloned().map(SegmentRow::from).collect())
            }
            Delivered::Remote(file) => Self::Remote(file.url.clone()),
            Delivered::Stored { asset, thumbnail } => {
                Self::Asset { id: *asset.as_uuid(), thumbnail: thumbnail.map(|id| *id.as_uuid()) }
            }
        }
    }
}

impl From<PieceRow> for Delivered {
    fn from(row: PieceRow) -> Self {
        match row {
            PieceRow::Text(text) => Self::Text(text),
            PieceRow::Concept(concept) => Self::Concept(concept),
            PieceRow::Research { answer, sources } => {
                Self::Research { answer, sources: sources.into_iter().map(Source::from).collect() }
            }
            PieceRow::Segments(segments) => {
                Self::Segments(segments.into_iter().map(Segment::from).collect())
            }
            PieceRow::Remote(url) => Self::Remote(RemoteFile { url }),
            PieceRow::Asset { id, thumbnail } => Self::Stored {
                asset: AssetId::from_uuid(id),
                thumbnail: thumbnail.map(AssetId::from_uuid),
            },
        }
    }
}

macro_rules! same_fields {
    ($($row:ident = $value:ident { $($field:ident),* })*) => {$(
        impl From<$value> for $row {
            fn from(value: $value) -> Self {
                let $value { $($field),* } = value;
                Self { $($field),* }
            }
        }

        impl From<$row> for $value {
            fn from(row: $row) -> Self {
                let $row { $($field),* } = row;
                Self { $($field),* }
            }
        }
    )*};
}

same_fields! {
    SourceRow = Source { url, title, excerpt }
    SegmentRow = Segment { label, visual, narration, animation }
}
