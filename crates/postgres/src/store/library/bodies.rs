//! The bodies of outputs, as JSON records of the tables of their kinds: Postgres makes rows of them
//! and back, so that there is one way for all kinds.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::{Array, Jsonb, Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use kernel::{OutputKind, UserId};
use library::{Body, Output};
use ports::StoreError;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::error::store_error;
use crate::rows::library::OutputRow;
use crate::rows::library::bodies::{self, Records};
use crate::sql::{rows, sql};

/// The statements of one kind.
struct Statements {
    load: &'static str,
    insert: &'static str,
    insert_parts: Option<&'static str>,
    insert_more: Option<&'static str>,
}

/// The parts of a row of `c`, in order, as an array.
macro_rules! parts {
    ($table:literal) => {
        concat!(
            "(SELECT jsonb_agg(to_jsonb(p) ORDER BY p.number) FROM ",
            $table,
            " p WHERE p.user_id = c.user_id AND p.output_id = c.output_id)"
        )
    };
    () => {
        "NULL::jsonb"
    };
}

macro_rules! statements {
    ($own:literal $(, $parts:literal $(, $more:literal)?)?) => {
        Statements {
            load: concat!(
                "SELECT c.output_id, to_jsonb(c) || jsonb_build_object('parts', ",
                parts!($($parts)?),
                ", 'more', ",
                parts!($($($more)?)?),
                ") FROM ", $own, " c WHERE c.user_id = $1 AND c.output_id = ANY($2)"
            ),
            insert: concat!(
                "INSERT INTO ", $own, " SELECT * FROM jsonb_populate_record(NULL::", $own, ", $1)"
            ),
            insert_parts: statements!(@set $($parts)?),
            insert_more: statements!(@set $($($more)?)?),
        }
    };
    (@set $table:literal) => {
        Some(concat!(
            "INSERT INTO ", $table,
            " SELECT * FROM jsonb_populate_recordset(NULL::", $table, ", $1)"
        ))
    };
    (@set) => { None };
}

const fn statements(kind: OutputKind) -> Statements {
    match kind {
        OutputKind::Concept => statements!("output_concepts"),
        OutputKind::Research => statements!("output_researches", "output_research_sources"),
        OutputKind::Summary => statements!("output_summaries"),
        OutputKind::Segmentation => statements!("output_segmentations", "output_segments"),
        OutputKind::Image => statements!("output_images"),
        OutputKind::Video => {
            statements!("output_videos", "output_video_files", "output_video_sources")
        }
        OutputKind::Voiceover => statements!("output_voiceovers"),
        OutputKind::Character => statements!("output_characters", "output_character_views"),
    }
}

/// Stores the body of an output whose row is there.
pub(super) async fn insert(
    conn: &mut AsyncPgConnection,
    output: &Output,
) -> Result<(), StoreError> {
    let kind = output.fields.body.kind();
    let (user, id) = (output.user.as_uuid(), output.id.as_uuid());
    let Records { own, parts, more } = bodies::records(&output.fields.body)?;
    let Statements { insert, insert_parts, insert_more, .. } = statements(kind);
    let mut own = bodies::row(own, user, id, None);
    own["kind"] = json!(kind.as_str());
    store(conn, insert, own).await?;
    for (statement, parts) in [(insert_parts, parts), (insert_more, more)] {
        let numbered = (1..).zip(parts);
        let rows: Vec<Value> =
            numbered.map(|(number, part)| bodies::row(part, user, id, Some(number))).collect();
        if let Some(statement) = statement
            && !rows.is_empty()
        {
            store(conn, statement, Value::Array(rows)).await?;
        }
    }
    Ok(())
}

async fn store(
    conn: &mut AsyncPgConnection,
    statement: &'static str,
    rows: Value,
) -> Result<(), StoreError> {
    let insert = sql(statement).bind::<Jsonb, _>(rows);
    insert.execute(conn).await.map(drop).map_err(store_error)
}

/// The bodies of these rows by the outputs' ids: one statement for each kind among them.
pub(super) async fn load(
    conn: &mut AsyncPgConnection,
    user: UserId,
    outputs: &[OutputRow],
) -> Result<BTreeMap<Uuid, Body>, StoreError> {
    let mut of_kinds: BTreeMap<OutputKind, BTreeSet<Uuid>> = BTreeMap::new();
    for output in outputs {
        of_kinds.entry(output.kind()?).or_default().insert(output.id);
    }
    let mut found = BTreeMap::new();
    for (kind, ids) in of_kinds {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let query = rows::<(SqlUuid, Jsonb)>(statements(kind).load)
            .bind::<SqlUuid, _>(*user.as_uuid())
            .bind::<Array<SqlUuid>, _>(ids);
        let stored: Vec<(Uuid, Value)> = query.load(conn).await.map_err(store_error)?;
        for (id, record) in stored {
            found.insert(id, bodies::body(kind, record)?);
        }
    }
    Ok(found)
}
