//! Migrations, up and down, and the window of schemas that a build works with.

use ports::StoreError;
use postgres::Config;
use postgres::migrate::{self, MigrateError};
use testkit::TestDatabase;
use tokio_postgres::Client;

/// Everything that migrations make, in words. Partitions come and go with the months.
const SHAPE: &str = "\
    SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable \
        || coalesce(' ' || column_default, '') \
    FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT 'rule ' || conrelid::regclass || ' ' || conname || ' ' \
        || pg_get_constraintdef(oid) \
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace \
    UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT 'trigger ' || tgrelid::regclass || ' ' || pg_get_triggerdef(oid) \
    FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT 'function ' || oid::regprocedure || ' ' || md5(prosrc) \
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
    UNION ALL SELECT 'type ' || typname FROM pg_type t \
    WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') \
    ORDER BY 1";

async fn shape(client: &Client) -> Vec<String> {
    let rows = client.query(SHAPE, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

async fn steps(config: &Config) -> (usize, usize) {
    let steps = migrate::status(config).await.unwrap();
    (steps.iter().filter(|step| step.applied).count(), steps.len())
}

async fn set(database: &TestDatabase, setting: &str) {
    let client = database.client().await;
    let name = client.query_one("SELECT quote_ident(current_database())", &[]).await.unwrap();
    let name: &str = name.get(0);
    client.batch_execute(&format!("ALTER DATABASE {name} SET {setting}")).await.unwrap();
}

fn refused(outcome: Result<(), StoreError>) -> String {
    match outcome {
        Err(StoreError::Unavailable(cause)) => cause.to_string(),
        Ok(()) | Err(_) => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn every_step_goes_down_and_up_again_to_the_same_shape() {
    let database = TestDatabase::new().await;
    database.leave_broken();
    let (config, client) = (database.config(), database.client().await);
    let (applied, all) = steps(&config).await;
    assert_eq!(applied, all);
    let full = shape(&client).await;

    let mut shapes = vec![full.clone()];
    for left in (0..all).rev() {
        migrate::down(&config).await.unwrap();
        assert_eq!(steps(&config).await, (left, all));
        let after = shape(&client).await;
        assert_ne!(Some(&after), shapes.last(), "step {left} takes nothing down");
        shapes.push(after);
    }
    let bottom = shapes.last().unwrap();
    let left: Vec<_> = bottom.iter().filter(|line| !line.contains("__diesel_schema")).collect();
    assert!(left.is_empty(), "what no step takes down: {left:#?}");
    assert!(matches!(migrate::down(&config).await, Err(MigrateError::NothingToRevert)));

    assert_eq!(migrate::up(&config).await.unwrap().len(), all);
    assert_eq!(shape(&client).await, full);
    assert!(migrate::up(&config).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_step_back_and_forth_ends_where_it_began() {
    let database = TestDatabase::new().await;
    database.leave_broken();
    let (config, client) = (database.config(), database.client().await);
    let (_, all) = steps(&config).await;
    for depth in 1..=all {
        let before = shape(&client).await;
        for _ in 0..depth {
            migrate::down(&config).await.unwrap();
        }
        migrate::up(&config).await.unwrap();
        assert_eq!(shape(&client).await, before, "{depth} steps");
    }
}

#[tokio::test]
async fn several_processes_that_migrate_at_once_apply_each_step_once() {
    let database = TestDatabase::new().await;
    database.leave_broken();
    let config = database.config();
    let (_, all) = steps(&config).await;
    for _ in 0..all {
        migrate::down(&config).await.unwrap();
    }
    let ups = futures_util::future::join_all((0..4).map(|_| migrate::up(&config))).await;
    let applied: usize = ups.into_iter().map(|up| up.unwrap().len()).sum();
    assert_eq!(applied, all);
}

#[tokio::test]
async fn only_a_database_for_development_is_reset() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client
        .batch_execute(
            "INSERT INTO users (id, revision, created_at, updated_at) \
             VALUES (gen_random_uuid(), 1, now(), now())",
        )
        .await
        .unwrap();
    let users = "SELECT count(*)::int FROM users";
    for setting in [None, Some("atelier.dev = 'off'"), Some("atelier.dev = ''")] {
        if let Some(setting) = setting {
            set(&database, setting).await;
        }
        let outcome = migrate::reset(&database.config()).await;
        assert!(matches!(outcome, Err(MigrateError::NotForDevelopment)), "{outcome:?}");
        assert_eq!(client.query_one(users, &[]).await.unwrap().get::<_, i32>(0), 1);
    }
    set(&database, "atelier.dev = 'on'").await;
    let applied = migrate::reset(&database.config()).await.unwrap();
    assert_eq!(applied.len(), steps(&database.config()).await.1);
    assert_eq!(client.query_one(users, &[]).await.unwrap().get::<_, i32>(0), 0);
}

#[tokio::test]
async fn a_database_that_is_made_for_development_may_be_reset() {
    let database = TestDatabase::new().await;
    let name: &'static str = format!("dev_{}", std::process::id()).leak();
    for _ in 0..2 {
        migrate::create_dev_database(&database.config(), name).await.unwrap();
    }
    let tail = database.url().rsplit_once('/').unwrap().1.to_owned();
    let config = Config::new(database.url().replace(&format!("/{tail}"), &format!("/{name}")));
    let outcome = migrate::reset(&config).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    database.client().await.batch_execute(&drop).await.unwrap();
    assert_eq!(outcome.unwrap().len(), steps(&database.config()).await.1);
}

#[tokio::test]
async fn a_schema_that_is_too_old_is_refused_with_what_to_do() {
    let database = TestDatabase::new().await;
    let store = database.postgres().await;
    store.check().await.unwrap();
    database.leave_broken();
    // This build does without the last step.
    migrate::down(&database.config()).await.unwrap();
    store.check().await.unwrap();
    let needed = migrate::down(&database.config()).await.unwrap();
    let text = refused(store.check().await);
    assert!(text.contains("atelier migrate up") && text.contains(&needed), "{text}");
    migrate::up(&database.config()).await.unwrap();
    store.check().await.unwrap();
}

#[tokio::test]
async fn a_schema_that_was_contracted_past_this_build_is_refused() {
    let database = TestDatabase::new().await;
    let store = database.postgres().await;
    let client = database.client().await;
    // A newer step alone only expands: builds before it go on.
    client
        .batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('20990101000000')")
        .await
        .unwrap();
    store.check().await.unwrap();
    client.batch_execute("UPDATE schema_window SET build_min = '20990101000000'").await.unwrap();
    let text = refused(store.check().await);
    assert!(text.contains("20990101000000") && text.contains("newer build"), "{text}");
}

#[tokio::test]
async fn an_empty_database_is_refused() {
    let database = TestDatabase::new().await;
    database.leave_broken();
    let store = database.postgres().await;
    let (_, all) = steps(&database.config()).await;
    for _ in 0..all {
        migrate::down(&database.config()).await.unwrap();
    }
    let why = refused(store.check().await);
    assert!(why.contains("run `atelier migrate up`"), "{why}");
    database.client().await.batch_execute("DROP TABLE __diesel_schema_migrations").await.unwrap();
    let why = refused(store.check().await);
    assert!(why.contains("run `atelier migrate up`"), "{why}");
}
