//! Lists and searches of the catalogue at a million characters over 10,000 users.
//!
//! Ignored by default: loading takes minutes. It prints the time of each page, and no page may read
//! the whole table.

use std::hint::black_box;
use std::time::{Duration, Instant};

use catalog::{CharacterFilter, GenerationStatus, Style, Tags};
use kernel::{CharacterId, PageSize, Position, UserId};
use ports::CharacterReads;
use postgres::Postgres;
use testkit::TestDatabase;
use tokio_postgres::Client;
use uuid::Uuid;

/// How often each page is asked for.
const ROUNDS: u32 = 200;

/// What 99 of 100 pages may take at most.
const P99_MAX: Duration = Duration::from_millis(20);

/// How long the server may take to tell of the last scans.
const TOLD_WITHIN: Duration = Duration::from_secs(15);

fn user(number: u32) -> UserId {
    let base = 0x0190_0000_0000_7000_8000_0000_0000_0000_u128;
    UserId::from_uuid(Uuid::from_u128(base | u128::from(number)))
}

async fn load(client: &Client) {
    let users = "INSERT INTO users (id, revision, created_at, updated_at, display_name) \
                 SELECT ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, \
                 now(), now(), 'User ' || n FROM generate_series(0, 9999) n";
    client.batch_execute(users).await.unwrap();
    // Built in the end, as one would for a bulk load.
    let indexes = "SELECT indexname::text, indexdef FROM pg_indexes \
                   WHERE tablename = 'characters' AND indexname <> 'characters_pkey'";
    let indexes = client.query(indexes, &[]).await.unwrap();
    for index in &indexes {
        client.batch_execute(&format!("DROP INDEX {}", index.get::<_, &str>(0))).await.unwrap();
    }
    client.batch_execute(include_str!("load.sql")).await.unwrap();
    client.batch_execute("SET maintenance_work_mem = '512MB'").await.unwrap();
    for index in &indexes {
        client.batch_execute(index.get(1)).await.unwrap();
    }
    client.batch_execute("VACUUM ANALYZE characters; ANALYZE users").await.unwrap();
}

async fn whole_reads(client: &Client) -> i64 {
    let query = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'characters'";
    client.query_one(query, &[]).await.unwrap().get(0)
}

struct Bench<'a> {
    store: &'a Postgres,
    slow: Vec<String>,
}

impl Bench<'_> {
    fn report(&mut self, name: &str, mut times: Vec<Duration>) {
        times.sort_unstable();
        let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
        println!("{name:44} p50 {p50:>10.2?}   p99 {p99:>10.2?}");
        if p99 > P99_MAX {
            self.slow.push(format!("{name}: {p99:?}"));
        }
    }

    /// Pages of users: of many with few characters, then of the one with many.
    async fn own(&mut self, name: &str, filter: CharacterFilter) {
        for (kind, many) in [("of many users", true), ("of the one with 100,000", false)] {
            let mut times = Vec::new();
            for round in 0..ROUNDS {
                let owner = if many { user(1 + round * 49) } else { user(0) };
                let began = Instant::now();
                let page =
                    self.store.list_characters(owner, &filter, PageSize::DEFAULT, None).await;
                let page = black_box(page.unwrap());
                times.push(began.elapsed());
                let Some(next) = page.next else { continue };
                let began = Instant::now();
                let page =
                    self.store.list_characters(owner, &filter, PageSize::DEFAULT, Some(next)).await;
                black_box(page.unwrap());
                times.push(began.elapsed());
            }
            self.report(&format!("{name}, {kind}"), times);
        }
    }

    /// Pages of the public gallery, each after the one before.
    async fn public(&mut self, name: &str, filter: CharacterFilter) {
        let mut times = Vec::new();
        let mut after: Option<Position<CharacterId>> = None;
        for _ in 0..ROUNDS {
            let began = Instant::now();
            let page = self.store.list_public_characters(&filter, PageSize::DEFAULT, after).await;
            after = black_box(page.unwrap()).next;
            times.push(began.elapsed());
        }
        self.report(&format!("gallery: {name}"), times);
    }
}

#[tokio::test]
#[ignore = "loads a million characters, which takes minutes"]
async fn pages_of_a_million_characters_use_an_index_and_take_milliseconds() {
    let database = TestDatabase::new().await;
    let client = database.client().await;
    let began = Instant::now();
    load(&client).await;
    println!("loaded in {:.0?}", began.elapsed());
    let store = database.postgres().await;
    let before = whole_reads(&client).await;
    let mut bench = Bench { store: &store, slow: Vec::new() };

    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let began = Instant::now();
        client.query_one("SELECT 1", &[]).await.unwrap();
        times.push(began.elapsed());
    }
    bench.report("SELECT 1", times);

    let none = CharacterFilter::default;
    let tags = |tags: &[&str]| Tags::parse(tags).unwrap();
    let text = |text: &str| CharacterFilter { text: Some(text.parse().unwrap()), ..none() };
    let filters = [
        ("all", none()),
        ("with deleted ones", CharacterFilter { deleted: true, ..none() }),
        ("style", CharacterFilter { style: Some(Style::Anime), ..none() }),
        ("status", CharacterFilter { status: Some(GenerationStatus::Failed), ..none() }),
        ("favourites", CharacterFilter { favourite: Some(true), ..none() }),
        ("library", CharacterFilter { in_library: Some(true), ..none() }),
        ("public", CharacterFilter { public: Some(true), ..none() }),
        ("showcased", CharacterFilter { showcased: Some(true), ..none() }),
        ("common tag", CharacterFilter { tags_all: tags(&["t0"]), ..none() }),
        ("rare tag", CharacterFilter { tags_all: tags(&["v777"]), ..none() }),
        ("all of two tags", CharacterFilter { tags_all: tags(&["t0", "u5"]), ..none() }),
        ("any of two tags", CharacterFilter { tags_any: tags(&["u500", "v777"]), ..none() }),
        ("common word", text("k0000")),
        ("rare word", text("k1777")),
        ("beginning of a word", text("k17")),
        ("two words", text("hair k1777")),
        (
            "tag, style and word",
            CharacterFilter { tags_any: tags(&["t1"]), style: Some(Style::Vintage), ..text("k00") },
        ),
    ];
    for (name, filter) in filters.clone() {
        bench.own(name, filter).await;
    }
    for (name, filter) in filters {
        let own_business = filter.favourite.or(filter.in_library).or(filter.public).is_some();
        if !own_business && !filter.deleted {
            bench.public(name, filter).await;
        }
    }

    let mut times = Vec::new();
    for round in 0..ROUNDS {
        let began = Instant::now();
        black_box(store.count_catalog(user(1 + round * 49)).await.unwrap());
        times.push(began.elapsed());
    }
    bench.report("statistics, of many users", times);
    let slow = bench.slow;
    let began = Instant::now();
    black_box(store.count_catalog(user(0)).await.unwrap());
    // Counting a hundred thousand takes its time, and is no page.
    println!("statistics of the one with 100,000: {:?}", began.elapsed());

    // Scans are counted at the latest when their connection ends.
    drop(store);
    let deadline = Instant::now() + TOLD_WITHIN;
    let scans =
        "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'characters_newest'";
    while client.query_one(scans, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(Instant::now() < deadline, "the server told of no scan");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(whole_reads(&client).await, before, "a page read the whole table");
    assert!(slow.is_empty(), "slower than {P99_MAX:?}: {slow:#?}");
}
