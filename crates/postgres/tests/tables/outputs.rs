//! The tables of projects and outputs: the second wall of rules that no single text shows.

use kernel::Timestamp;
use ports::Store;
use testkit::fixtures::{bodies, insert_models, output, project, project_id, user, user_id};
use tokio_postgres::Client;

use crate::contract::fixture::{OwnStore, fixture};

/// A user, a project, and an output of each body in it.
async fn filled() -> OwnStore {
    let store = fixture().await;
    let mut tx = store.begin().await.unwrap();
    tx.insert_user(&user(1, Timestamp::MIN)).await.unwrap();
    tx.insert_project(&project(1, user_id(1), Timestamp::MIN)).await.unwrap();
    insert_models(&mut *tx, user_id(1), Timestamp::MIN).await;
    for (number, body) in (1..).zip(bodies()) {
        let made = output(number, user_id(1), Some(project_id(1)), body, Timestamp::MIN);
        tx.insert_output(&made).await.unwrap();
    }
    tx.commit().await.unwrap();
    store
}

async fn constraint(client: &Client, statement: &str) -> Option<String> {
    let error = client.batch_execute(statement).await.err()?;
    let refusal = error.as_db_error().expect("the database refused");
    Some(refusal.constraint().unwrap_or_else(|| panic!("{refusal}")).to_owned())
}

#[tokio::test]
async fn what_the_rules_refuse_the_tables_refuse_too() {
    let store = filled().await;
    let client = store.database.client().await;
    for (statement, rule) in [
        ("UPDATE outputs SET selected = true", "outputs_selected_fits"),
        ("UPDATE outputs SET selected = kind = 'segmentation'", "outputs_selected_once"),
        (
            "UPDATE outputs SET selected = true, project_id = NULL WHERE kind = 'segmentation'",
            "outputs_selected_fits",
        ),
        ("UPDATE outputs SET project_id = gen_random_uuid()", "outputs_project_fkey"),
        (
            "UPDATE outputs SET completed_at = started_at - interval '1s'",
            "outputs_completed_after_start",
        ),
        ("UPDATE outputs SET deleted_at = updated_at + interval '1s'", "outputs_times_ordered"),
        ("UPDATE outputs SET parameters = '[]'", "outputs_parameters_valid"),
        ("UPDATE outputs SET revision = 0", "outputs_revision_positive"),
        ("UPDATE output_images SET height = NULL", "output_images_dimensions_whole"),
        ("UPDATE output_images SET kind = 'video'", "output_images_kind_fixed"),
        ("UPDATE output_video_files SET duration_ms = 0", "output_video_files_duration_valid"),
        (
            "UPDATE output_character_views SET number = 7 WHERE number = 6",
            "output_character_views_number_valid",
        ),
        (
            "INSERT INTO output_voiceovers (user_id, output_id) \
             SELECT user_id, id FROM outputs WHERE kind = 'image'",
            "output_voiceovers_output_fkey",
        ),
        ("UPDATE projects SET deleted_at = created_at - interval '1s'", "projects_times_ordered"),
    ] {
        assert_eq!(constraint(&client, statement).await.as_deref(), Some(rule), "{statement}");
    }
}

#[tokio::test]
async fn a_user_who_goes_leaves_no_row() {
    let store = filled().await;
    let client = store.database.client().await;
    client.batch_execute("DELETE FROM users").await.unwrap();
    let tables = client
        .query(
            "SELECT table_name::text FROM information_schema.columns c \
             JOIN pg_class r ON r.oid = format('%I.%I', c.table_schema, c.table_name)::regclass \
             WHERE c.table_schema = 'public' AND column_name = 'user_id' AND NOT r.relispartition",
            &[],
        )
        .await
        .unwrap();
    assert!(tables.len() > 20, "{}", tables.len());
    for table in tables.iter().map(|row| row.get::<_, String>(0)) {
        let count = format!("SELECT count(*)::int FROM {table}");
        let left: i32 = client.query_one(&count, &[]).await.unwrap().get(0);
        assert_eq!(left, 0, "{table}");
    }
}
