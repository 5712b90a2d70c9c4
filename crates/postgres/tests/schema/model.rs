//! `docs/data-model.md` says what the migrations make: every table, column, key, rule and index,
//! and how tables refer to each other. It is written from a live schema by `just data-model`.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use tokio_postgres::Client;

use crate::contract::fixture::fixture;

const HEAD: &str = "\
# The data model

Every table, as the migrations make it. This file is made by `just data-model`; a test compares it
with the live schema.

What belongs to a user has `user_id` first in its primary key, in its foreign keys and in its
indexes, and goes with the user. Every format rule of the domain crates stands here a second time as
a CHECK, or of busy tables in the function that their one CHECK calls: one that fires is a bug. Bytes
are in the media store, and rows refer to them by asset.
";

const TABLES: &str = "\
    SELECT r.oid, r.relname::text, obj_description(r.oid, 'pg_class') FROM pg_class r \
    WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition \
    AND r.relnamespace = 'public'::regnamespace \
    AND r.relname <> '__diesel_schema_migrations' ORDER BY r.relname COLLATE \"C\"";

const COLUMNS: &str = "\
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull, \
    a.attgenerated <> '', pg_get_expr(d.adbin, d.adrelid), col_description(a.attrelid, a.attnum) \
    FROM pg_attribute a LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum) \
    WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum";

/// Of a CHECK that several are put into, those: see `rules_into_one`.
const RULES: &str = "\
    SELECT name::text, rule FROM pg_constraint c, LATERAL ( \
        SELECT conname AS name, pg_get_constraintdef(c.oid) AS rule \
        WHERE obj_description(c.oid, 'pg_constraint') IS NULL \
        UNION ALL SELECT key, 'CHECK (' || replace(value, 'public.', '') || ')' \
        FROM jsonb_each_text(obj_description(c.oid, 'pg_constraint')::jsonb) \
    ) AS one WHERE conrelid = $1 AND contype IN ('p', 'u', 'f', 'c') \
    ORDER BY array_position('{p,u,f,c}', contype), name::text COLLATE \"C\"";

const INDEXES: &str = "\
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i \
    WHERE i.indrelid = $1 \
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1";

const REFERENCES: &str = "\
    SELECT c.confrelid::regclass::text, c.conrelid::regclass::text, c.confdeltype::text, \
    bool_or(NOT a.attnotnull) FROM pg_constraint c \
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) \
    WHERE c.contype = 'f' AND c.conparentid = 0 AND c.connamespace = 'public'::regnamespace \
    GROUP BY c.oid, 1, 2, 3 ORDER BY 1, 2, c.conname";

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/data-model.md"))
}

/// The document of the schema that the database has.
async fn model(client: &Client) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("\n```mermaid\nerDiagram\n");
    for row in client.query(REFERENCES, &[]).await.unwrap() {
        let (parent, child): (&str, &str) = (row.get(0), row.get(1));
        let how = match row.get(2) {
            "c" => "goes with",
            "n" => "outlives",
            _ => "keeps",
        };
        let parents = if row.get(3) { "|o" } else { "||" };
        writeln!(text, "    {parent} {parents}--o{{ {child} : \"{how}\"").unwrap();
    }
    text.push_str("```\n");
    for row in client.query(TABLES, &[]).await.unwrap() {
        table(client, &mut text, row.get(0), row.get(1), row.get(2)).await;
    }
    text
}

async fn table(client: &Client, text: &mut String, oid: u32, name: &str, comment: Option<&str>) {
    write!(text, "\n## {name}\n\n{}\n\n", comment.unwrap_or("-")).unwrap();
    text.push_str("| column | type | default | what for |\n| --- | --- | --- | --- |\n");
    for row in client.query(COLUMNS, &[&oid]).await.unwrap() {
        let (column, kind): (&str, &str) = (row.get(0), row.get(1));
        let null = if row.get(2) { "" } else { ", may be null" };
        let default: Option<&str> = row.get(4);
        let default = match (default, row.get(3)) {
            (Some(value), true) => format!("always `{value}`"),
            (Some(value), false) => format!("`{value}`"),
            (None, _) => String::new(),
        };
        let comment: Option<&str> = row.get(5);
        writeln!(
            text,
            "| `{column}` | {kind}{null} | {default} | {} |",
            comment.unwrap_or_default()
        )
        .unwrap();
    }
    text.push('\n');
    for row in client.query(RULES, &[&oid]).await.unwrap() {
        let (rule, definition): (&str, &str) = (row.get(0), row.get(1));
        writeln!(text, "- `{rule}`: `{definition}`").unwrap();
    }
    for row in client.query(INDEXES, &[&oid]).await.unwrap() {
        let (index, definition): (&str, &str) = (row.get(0), row.get(1));
        let on = definition.split_once(" USING ").map_or(definition, |(_, on)| on);
        let unique = if definition.contains("UNIQUE") { "unique index" } else { "index" };
        writeln!(text, "- `{index}`: {unique} `{on}`").unwrap();
    }
}

#[tokio::test]
async fn the_document_of_the_tables_is_that_of_the_live_schema() {
    let store = fixture().await;
    let live = model(&store.database.client().await).await;
    let written = fs::read_to_string(path()).unwrap_or_default();
    let lines = written.lines().zip(live.lines());
    let differs = lines.enumerate().find(|(_, (written, live))| written != live);
    assert_eq!(differs, None, "run `just data-model`");
    assert_eq!(written.lines().count(), live.lines().count(), "run `just data-model`");
}

#[tokio::test]
#[ignore = "it writes the document: `just data-model`"]
async fn the_document_of_the_tables_is_written() {
    let store = fixture().await;
    let live = model(&store.database.client().await).await;
    fs::write(path(), live).unwrap();
}

/// A foreign key that no index serves makes each deletion of the parent read the whole child.
#[tokio::test]
async fn every_reference_has_an_index_that_begins_with_it() {
    let store = fixture().await;
    // A unique key of some of the columns finds the one row already.
    let unserved = store
        .database
        .client()
        .await
        .query(
            "SELECT c.conname::text FROM pg_constraint c \
             WHERE c.contype = 'f' AND c.conparentid = 0 \
             AND c.connamespace = 'public'::regnamespace AND NOT EXISTS ( \
                 SELECT FROM pg_index i WHERE i.indrelid = c.conrelid \
                 AND ((i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey \
                     OR (i.indisunique AND c.conkey @> i.indkey::int2[])) \
             )",
            &[],
        )
        .await
        .unwrap();
    let unserved: Vec<String> = unserved.iter().map(|row| row.get(0)).collect();
    assert!(unserved.is_empty(), "{unserved:?}");
}
