//! Lists can use their indexes: with the statistics of tables that have grown, no list of what users
//! own reads a whole table. `bench catalog` looks at the
//! same with a million rows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use catalog::{CharacterFilter, Style, Tags};
use kernel::{EventPosition, OutputKind, PageSize, Timestamp};
use ports::{
    ActivityFilter, ActivityReads, AssetFilter, AssetReads, CharacterReads, CollectionReads,
    ConversationFilter, ConversationReads, EventFilter, EventReads, FeatureFilter, FeatureReads,
    OutputFilter, OutputReads, ProjectFilter, ProjectReads, SceneReads, ThemeReads,
};
use testkit::TestDatabase;
use testkit::fixtures::{character_id, collection_id, project_id, theme_id, user_id};
use tokio_postgres::Client;

/// For connections to end, which tell of their scans then.
const PATIENCE: Duration = Duration::from_secs(20);

async fn whole_reads(client: &Client) -> BTreeMap<String, i64> {
    // Of a partition without rows there is nothing to read.
    let query = "SELECT s.relname::text, seq_scan FROM pg_stat_user_tables s \
         JOIN pg_class c ON c.oid = s.relid WHERE c.reltuples > 0";
    let rows = client.query(query, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn alone(client: &Client) {
    let others = "SELECT count(*) FROM pg_stat_activity \
         WHERE datname = current_database() AND backend_type = 'client backend' \
         AND pid <> pg_backend_pid()";
    let until = Instant::now() + PATIENCE;
    while client.query_one(others, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        assert!(Instant::now() < until, "connections of a closed store do not end");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn no_list_reads_a_whole_table() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    client.batch_execute(include_str!("plans.sql")).await.unwrap();
    // Its own scans are told only when it ends.
    drop(client);
    let client = database.client().await;
    alone(&client).await;

    let (size, user, project) = (PageSize::DEFAULT, user_id(1), project_id(1));
    let (character, theme) = (character_id(1), theme_id(1));
    let none = CharacterFilter::default;
    let styled = CharacterFilter { style: Some(Style::Anime), ..none() };
    let tagged = CharacterFilter { tags_all: Tags::parse(["t1"]).unwrap(), ..none() };
    let worded = CharacterFilter { text: Some("mia".parse().unwrap()), ..none() };
    let favourite = CharacterFilter { favourite: Some(true), ..none() };
    let images = OutputFilter { kinds: vec![OutputKind::Image], ..OutputFilter::default() };
    let of_project = OutputFilter { project: Some(project), ..OutputFilter::default() };
    let talks = ConversationFilter { project: Some(project), ..ConversationFilter::default() };
    let of_user = EventFilter { user: Some(user), ..EventFilter::default() };
    let begin = EventPosition::default();
    let mut wrong = Vec::new();
    macro_rules! check {
        ($($method:ident($($argument:expr),*);)*) => {$(
            let before = whole_reads(&client).await;
            let store = postgres::Postgres::connect(&database.config()).await.unwrap();
            store.$method($($argument),*).await.unwrap();
            drop(store);
            alone(&client).await;
            let read = whole_reads(&client).await.into_iter();
            let read = read.filter(|(table, reads)| before.get(table) != Some(reads));
            for (table, _) in read {
                let call = concat!(stringify!($method), stringify!(($($argument),*)));
                wrong.push(format!("{call} reads all of {table}"));
            }
        )*};
    }
    check! {
        list_characters(user, &none(), size, None);
        list_characters(user, &styled, size, None);
        list_characters(user, &tagged, size, None);
        list_characters(user, &worded, size, None);
        list_characters(user, &favourite, size, None);
        list_public_characters(&none(), size, None);
        list_public_characters(&styled, size, None);
        list_public_characters(&tagged, size, None);
        list_public_characters(&worded, size, None);
        count_catalog(user);
        list_themes(user, character, size, None);
        list_shelves(user, character, 5, size, None);
        list_variants(user, theme, size, None);
        list_collections(user, size, None);
        list_entries(user, collection_id(1), size, None);
        list_scenes(user, None, size, None);
        list_scenes(user, Some(character), size, None);
        list_assets(user, &AssetFilter::default(), size, None);
        list_projects(user, &ProjectFilter::default(), size, None);
        list_public_projects(size, None);
        list_share_links(user, project, size, None);
        list_contents(user, project, size, None);
        count_contents(user, project);
        list_conversations(user, &ConversationFilter::default(), size, None);
        list_conversations(user, &talks, size, None);
        list_features(user, &FeatureFilter::default(), size, None);
        list_outputs(user, &OutputFilter::default(), size, None);
        list_outputs(user, &images, size, None);
        list_outputs(user, &of_project, size, None);
        list_activity(user, &ActivityFilter::default(), size, None);
        list_events_after(&EventFilter::default(), Timestamp::MIN, begin, 50);
        list_events_after(&of_user, Timestamp::MIN, begin, 50);
    }
    assert_eq!(wrong, Vec::<String>::new());
}
