//! No byte stays that nothing refers to, whatever dies in the middle, and the sweep tells what
//! does not match.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use app::Assets;
use app::assets::{AssetParts, Sweeping};
use async_trait::async_trait;
use devstack::s3::{S3Config, S3Endpoint};
use kernel::{Span, UserId};
use media_s3::{Config, S3MediaStore};
use ports::{Clock, FetchError, Fetched, Fetcher, MediaKey, MediaStore, Store, finish};
use postgres::Postgres;
use server::clock::SystemClock;
use tempfile::TempDir;
use testkit::fixtures::{stored_asset, user, user_id};
use testkit::{FakeClock, FakeIds, TestDatabase};

const BUCKET: &str = "media";

struct NoWeb;

#[async_trait]
impl Fetcher for NoWeb {
    async fn fetch(&self, _url: &str, _limit: u64) -> Result<Fetched, FetchError> {
        panic!("nothing is fetched here")
    }
}

struct Stand {
    store: Postgres,
    media: S3MediaStore,
    clock: Arc<FakeClock>,
    _endpoint: S3Endpoint,
    folder: TempDir,
    database: TestDatabase,
}

impl Stand {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = S3Config::new(folder.path().join("s3"), vec![BUCKET.to_owned()]);
        let (access_key, secret_key) = (config.access_key.clone(), config.secret_key.clone());
        let endpoint = S3Endpoint::start(config).await.unwrap();
        let media = S3MediaStore::new(Config {
            endpoint: Some(endpoint.url()),
            public_endpoint: None,
            region: "us-east-1".to_owned(),
            bucket: BUCKET.to_owned(),
            access_key,
            secret_key,
            path_style: true,
        });
        let database = TestDatabase::new().await;
        let store = database.postgres().await;
        let clock = Arc::new(FakeClock::new());
        Self { store, media, clock, _endpoint: endpoint, folder, database }
    }

    /// The use cases, as one process has them.
    fn process(&self, clock: Arc<dyn Clock>) -> Assets {
        Assets::new(AssetParts {
            store: Arc::new(self.store.clone()),
            media: Some(Arc::new(self.media.clone())),
            fetcher: Arc::new(NoWeb),
            clock,
            ids: Arc::new(FakeIds::new()),
        })
    }

    async fn user(&self, number: u64) -> UserId {
        let mut tx = self.store.begin().await.unwrap();
        let outcome = tx.insert_user(&user(number, self.clock.now())).await;
        finish(tx, outcome).await.unwrap();
        user_id(number)
    }

    /// Puts bytes where the store keeps them, which is much quicker than by requests.
    fn lay(&self, key: &str) -> PathBuf {
        let path = self.folder.path().join("s3").join(BUCKET).join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, b"bytes").unwrap();
        path
    }

    /// Assets of the user, from one number to another, with their bytes.
    async fn assets(&self, owner: u64, numbers: std::ops::Range<u64>) -> Vec<String> {
        let mut keys = Vec::new();
        let mut tx = self.store.begin().await.unwrap();
        for number in numbers {
            let asset = stored_asset(owner, number, self.clock.now());
            tx.insert_asset(&asset).await.unwrap();
            let assets::Place::Ours { key, .. } = asset.place else { panic!() };
            self.lay(&key);
            keys.push(key);
        }
        tx.commit().await.unwrap();
        keys
    }

    async fn objects(&self) -> Vec<MediaKey> {
        let mut keys = Vec::new();
        let mut after = None;
        loop {
            let page = self.media.list("a/", after, 1_000).await.unwrap();
            keys.extend(page.objects.into_iter().map(|object| object.key));
            after = page.next;
            if after.is_none() {
                return keys;
            }
        }
    }

    async fn count(&self, table: &str) -> i64 {
        let client = self.database.client().await;
        let count = format!("SELECT count(*) FROM {table}");
        client.query_one(&count, &[]).await.unwrap().get(0)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_user_of_ten_thousand_files_leaves_no_row_and_no_byte() {
    let stand = Stand::new().await;
    let (owner, other) = (stand.user(1).await, stand.user(2).await);
    stand.assets(1, 0..10_000).await;
    let kept = stand.assets(2, 20_000..20_003).await;

    let mut tx = stand.store.begin().await.unwrap();
    assert!(tx.lock_user(owner).await.unwrap().is_some());
    tx.delete_user(owner).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(stand.count("assets").await, 3);
    assert_eq!(stand.count("doomed_objects").await, 10_000);

    // A process that dies in the middle, and another that finds what it left.
    let first = stand.process(stand.clock.clone());
    let dying = tokio::spawn(async move { first.clear_doomed().await });
    let begun = tokio::time::timeout(Duration::from_secs(60), async {
        while stand.count("doomed_objects").await == 10_000 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    begun.await.expect("the first process has begun");
    dying.abort();
    assert!(dying.await.is_err_and(|error| error.is_cancelled()), "it was done before it died");
    let left = stand.count("doomed_objects").await;
    assert!((1..10_000).contains(&left), "{left} left");

    stand.clock.advance(Span::from_secs(10 * 60));
    let second = stand.process(stand.clock.clone());
    let cleared = second.clear_doomed().await.unwrap();
    assert_eq!(i64::try_from(cleared).unwrap(), left);
    assert_eq!(stand.count("doomed_objects").await, 0);
    let mut kept: Vec<MediaKey> = kept.iter().map(|key| key.parse().unwrap()).collect();
    kept.sort();
    assert_eq!(stand.objects().await, kept, "of {other} alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_finds_bytes_without_an_asset_and_assets_without_bytes() {
    let stand = Stand::new().await;
    stand.user(1).await;
    let keys = stand.assets(1, 0..5).await;
    let missing = stand.folder.path().join("s3").join(BUCKET).join(&keys[2]);
    fs::remove_file(missing).unwrap();
    let (old, young) = ("a/old.png", "a/young.png");
    let path = stand.lay(old);
    let clock = Arc::new(SystemClock);
    let two_days_ago =
        fs::metadata(&path).unwrap().modified().unwrap() - Duration::from_secs(2 * 24 * 60 * 60);
    File::options().write(true).open(&path).unwrap().set_modified(two_days_ago).unwrap();
    stand.lay(young);
    // Things of others in the same bucket are not looked at.
    stand.lay("elsewhere/a.png");

    let assets = stand.process(clock);
    let day = Span::from_secs(24 * 60 * 60);
    let dry = assets.sweep(Sweeping { grace: day, remove: false }).await.unwrap();
    assert_eq!((dry.objects, dry.orphans, dry.orphan_bytes, dry.young), (6, 1, 5, 1));
    assert_eq!((dry.removed, dry.assets, dry.missing), (0, 5, 1));
    assert_eq!(dry.orphan_keys, [old.parse().unwrap()]);
    assert_eq!(dry.missing_keys[0].2.as_str(), keys[2]);
    assert!(!dry.is_clean());
    assert_eq!(stand.objects().await.len(), 6);

    let wet = assets.sweep(Sweeping { grace: day, remove: true }).await.unwrap();
    assert_eq!((wet.orphans, wet.removed), (1, 1));
    let left = stand.objects().await;
    assert!(!left.contains(&old.parse().unwrap()) && left.contains(&young.parse().unwrap()));
    assert!(stand.media.head(&"elsewhere/a.png".parse().unwrap()).await.unwrap().is_some());
}
