//! A shop of the mock's on parts that can be broken: Postgres behind a line that is cut at commits,
//! and an S3 endpoint that fails when it is told to.

use std::sync::Arc;

use devstack::s3::{S3Config, S3Endpoint};
use generation::{Job, Rules};
use kernel::Span;
use media_s3::S3MediaStore;
use mock_vendors::MockVendors;
use ports::{Clock, JobReads};
use postgres::Postgres;
use server::clock::SystemClock;
use testkit::{Cable, FakeClock, TestDatabase};

use super::mocked::{Shop, Vendors};
use crate::scenarios::{FLOWS, Flow};

/// By which a vendor's list tells submissions apart. It never rings.
const HOOK: &str = "https://shop.example/hook";

pub(super) struct Line {
    pub(super) flow: &'static Flow,
    pub(super) shop: Shop<Postgres>,
    pub(super) cable: Cable,
    pub(super) endpoint: S3Endpoint,
    pub(super) mock: MockVendors,
    /// Reads by a line that is never cut.
    pub(super) straight: Postgres,
    _folder: tempfile::TempDir,
    // Last: it is looked at when nobody uses it any more.
    _database: TestDatabase,
}

impl Line {
    pub(super) async fn new(flow: &str) -> Self {
        let flow = FLOWS.iter().find(|one| one.name == flow).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = S3Config::new(folder.path().join("s3"), vec!["media".to_owned()]);
        let (access_key, secret_key) = (config.access_key.clone(), config.secret_key.clone());
        let endpoint = S3Endpoint::start(config).await.unwrap();
        let media = S3MediaStore::new(media_s3::Config {
            endpoint: Some(endpoint.url()),
            public_endpoint: None,
            region: "us-east-1".to_owned(),
            bucket: "media".to_owned(),
            access_key,
            secret_key,
            path_style: true,
        });
        let database = TestDatabase::new().await;
        let cable = Cable::to(&database).await;
        let store = Postgres::connect(&cable.config()).await.unwrap();
        let mock = MockVendors::start().await.unwrap();
        let rules = Rules {
            // Both are waited for by the clock of the machine.
            patience_with_answers: Span::from_micros(300_000).unwrap(),
            back_off_min: Span::from_micros(1_000).unwrap(),
            ..Rules::default()
        };
        let (media, clock) = (Arc::new(media), FakeClock::new());
        clock.set(SystemClock.now());
        let vendors = Vendors { mock: &mock, flows: &[(flow, 1, 1)], webhook: Some(HOOK) };
        Self {
            flow,
            shop: Shop::with(store, media, clock, vendors, rules).await,
            cable,
            endpoint,
            mock,
            straight: database.postgres().await,
            _folder: folder,
            _database: database,
        }
    }

    pub(super) async fn read(&self, job: &Job) -> Job {
        self.straight.find_jobs(job.user, &[job.id]).await.unwrap().remove(0)
    }
}
