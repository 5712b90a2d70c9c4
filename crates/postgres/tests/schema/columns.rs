//! The schema that the statements are checked against is the one that the migrations make.

use std::collections::BTreeMap;

use tokio_postgres::Client;

use crate::contract::fixture::fixture;

const SCHEMA: &str = include_str!("../../src/schema.rs");

/// Tables that no statement names through diesel.
const NOT_IN_SCHEMA: &[&str] = &[
    "allowances",
    "doomed_objects",
    "events",
    "job_lanes",
    "job_steps",
    "jobs",
    "ledger_tombstones",
    "model_routes",
    "models",
    "operation_types",
    "output_character_views",
    "output_characters",
    "output_concepts",
    "output_images",
    "output_research_sources",
    "output_researches",
    "output_segmentations",
    "output_segments",
    "output_summaries",
    "output_video_files",
    "output_video_sources",
    "output_videos",
    "output_voiceovers",
    "pending_subscription_events",
    "plan_external_ids",
    "plans",
    "price_versions",
    "provider_gauges",
    "quota_settings",
    "quota_takes",
    "quota_windows",
    "schema_window",
    "subscription_event_keys",
    "subscription_events",
    "usage_days",
];

/// A table's columns in order, and its key.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    key: Vec<String>,
    columns: Vec<(String, String)>,
}

/// What `schema.rs` says: `name (key) { column -> Type, … }` in each `table!`.
fn written() -> BTreeMap<String, Table> {
    let mut tables = BTreeMap::new();
    for block in SCHEMA.split("diesel::table! {").skip(1) {
        let lines = block.lines().map(str::trim).filter(|line| !line.starts_with("///"));
        let mut lines = lines.filter(|line| !line.is_empty());
        let head = lines.next().expect("a table has a head");
        let (name, key) = head.split_once(" (").expect("a table has a key");
        let key = key.split_once(')').expect("a key ends").0;
        let columns = lines.map_while(|line| line.strip_suffix(',')?.split_once(" -> "));
        let table = Table {
            key: key.split(", ").map(str::to_owned).collect(),
            columns: columns.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect(),
        };
        tables.insert(name.to_owned(), table);
    }
    tables
}

/// How diesel's CLI writes a column's type.
fn type_name(udt: &str, nullable: bool) -> String {
    let of_diesel = |udt: &str| {
        let name = match udt {
            "bool" => "Bool",
            "bytea" => "Bytea",
            "date" => "Date",
            "int2" => "Int2",
            "int4" => "Int4",
            "int8" => "Int8",
            "interval" => "Interval",
            "jsonb" => "Jsonb",
            "numeric" => "Numeric",
            "text" => "Text",
            "timestamptz" => "Timestamptz",
            "uuid" => "Uuid",
            // No statement through diesel has it: it is read and written as a number.
            "xid8" => "Xid8",
            other => panic!("a column of type {other}: say here what diesel calls it"),
        };
        name.to_owned()
    };
    let name = match udt.strip_prefix('_') {
        // The elements of an array may always be null.
        Some(element) => format!("Array<Nullable<{}>>", of_diesel(element)),
        None => of_diesel(udt),
    };
    if nullable { format!("Nullable<{name}>") } else { name }
}

/// What the database has. Partitions are their table's.
async fn live(client: &Client) -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    let columns = client
        .query(
            "SELECT c.table_name::text, c.column_name::text, c.udt_name::text, \
             c.is_nullable = 'YES' \
             FROM information_schema.columns c \
             JOIN pg_class r ON r.oid = format('%I.%I', c.table_schema, c.table_name)::regclass \
             WHERE c.table_schema = 'public' AND NOT r.relispartition AND r.relkind <> 'v' \
             AND c.table_name <> '__diesel_schema_migrations' \
             ORDER BY c.table_name, c.ordinal_position",
            &[],
        )
        .await
        .unwrap();
    for row in columns {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        // Only searched in, never read: diesel has no type for it.
        if row.get::<_, &str>(2) == "tsvector" {
            continue;
        }
        let kind = type_name(row.get(2), row.get(3));
        tables.entry(table).or_default().columns.push((column, kind));
    }
    let keys = client
        .query(
            "SELECT i.indrelid::regclass::text, a.attname::text \
             FROM pg_index i JOIN pg_class r ON r.oid = i.indrelid \
             CROSS JOIN unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, place) \
             JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum \
             WHERE i.indisprimary AND NOT r.relispartition \
             AND r.relnamespace = 'public'::regnamespace \
             AND r.relname <> '__diesel_schema_migrations' ORDER BY 1, k.place",
            &[],
        )
        .await
        .unwrap();
    for row in keys {
        let table: String = row.get(0);
        tables.entry(table).or_default().key.push(row.get(1));
    }
    tables
}

#[tokio::test]
async fn the_written_schema_is_that_of_the_database() {
    let store = fixture().await;
    let client = store.database.client().await;
    let mut live = live(&client).await;
    let written = written();
    for (name, table) in &written {
        assert_eq!(live.remove(name).as_ref(), Some(table), "{name}");
    }
    let left: Vec<&str> = live.keys().map(String::as_str).collect();
    assert_eq!(left, NOT_IN_SCHEMA, "tables that schema.rs does not have");
    assert!(written.len() >= 8, "schema.rs was read");
}

#[tokio::test]
async fn every_user_owned_table_has_the_user_first_in_its_key() {
    let store = fixture().await;
    let client = store.database.client().await;
    for (name, table) in live(&client).await {
        let owned = table.columns.iter().any(|(column, _)| column == "user_id");
        // Finding the user is what identities are for.
        if owned && name != "user_identities" {
            assert_eq!(table.key.first().map(String::as_str), Some("user_id"), "{name}");
        }
    }
}

#[tokio::test]
async fn every_table_and_column_says_what_it_is_for_and_every_rule_has_a_name() {
    let store = fixture().await;
    let client = store.database.client().await;
    let unsaid = client
        .query(
            "SELECT r.oid::regclass::text FROM pg_class r \
             WHERE r.relkind IN ('r', 'p') AND NOT r.relispartition \
             AND r.relnamespace = 'public'::regnamespace \
             AND r.relname <> '__diesel_schema_migrations' \
             AND obj_description(r.oid, 'pg_class') IS NULL",
            &[],
        )
        .await
        .unwrap();
    let unsaid: Vec<String> = unsaid.iter().map(|row| row.get(0)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");

    let unsaid = client
        .query(
            "SELECT r.oid::regclass || '.' || a.attname FROM pg_class r \
             JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
             WHERE r.relkind IN ('r', 'p', 'v') AND NOT r.relispartition \
             AND r.relnamespace = 'public'::regnamespace \
             AND r.relname <> '__diesel_schema_migrations' \
             AND col_description(r.oid, a.attnum) IS NULL",
            &[],
        )
        .await
        .unwrap();
    let unsaid: Vec<String> = unsaid.iter().map(|row| row.get(0)).collect();
    assert!(unsaid.is_empty(), "{unsaid:?}");

    // What Postgres names by itself ends like this.
    let unnamed = client
        .query(
            "SELECT conname::text FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace AND conparentid = 0 \
             AND (conname ~ '_check[0-9]*$' OR conname ~ '_key[0-9]*$')",
            &[],
        )
        .await
        .unwrap();
    let unnamed: Vec<String> = unnamed.iter().map(|row| row.get(0)).collect();
    assert!(unnamed.is_empty(), "{unnamed:?}");
}
