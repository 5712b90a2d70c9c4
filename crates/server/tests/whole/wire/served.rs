//! The server as `atelier serve` puts it together, on a database of its own.

use std::time::Duration;

use access::Scopes;
use access::decide::Issue;
use devstack::s3::{S3Config, S3Endpoint};
use server::config::{self, Flag, Sources};
use server::layers::CallOptions;
use server::serve::{DrainOptions, Ended, Running, ServeOptions, serve};
use server::wiring::App;
use tempfile::TempDir;
use testkit::TestDatabase;

use crate::whole::calls::Api;

const BUCKET: &str = "media";

pub(crate) struct Served {
    /// With a key of all scopes.
    pub(crate) api: Api,
    app: App,
    running: Running,
    /// The secret of that key.
    pub(crate) key: String,
    pub(crate) s3: S3Endpoint,
    _objects: TempDir,
    // Last: it is looked at when nobody uses it any more.
    pub(crate) database: TestDatabase,
}

impl Served {
    /// With nobody who works on jobs, so that nothing changes but by calls.
    pub(crate) async fn start() -> Self {
        Self::working(0).await
    }

    /// With room for so many jobs at once.
    pub(crate) async fn working(slots: usize) -> Self {
        let database = TestDatabase::new().await;
        let objects = tempfile::tempdir().unwrap();
        let config = S3Config::new(objects.path().join("s3"), vec![BUCKET.to_owned()]);
        let (access_key, secret_key) = (config.access_key.clone(), config.secret_key.clone());
        let s3 = S3Endpoint::start(config).await.unwrap();
        let flag = |key: &str, value: String| Flag {
            name: "the test".to_owned(),
            key: key.to_owned(),
            value,
        };
        let flags = vec![
            flag("server.listen", "127.0.0.1:0".to_owned()),
            flag("database.url", database.url()),
            flag("auth.pepper", "ab".repeat(32)),
            flag("s3.endpoint", s3.url()),
            flag("s3.bucket", BUCKET.to_owned()),
            flag("s3.access_key", access_key),
            flag("s3.secret_key", secret_key),
            flag("s3.path_style", "true".to_owned()),
            flag("imports.reachable", s3.address().to_string()),
            flag("jobs.slots", slots.to_string()),
        ];
        let config = config::load(&Sources { flags, ..Sources::default() }).config().unwrap();
        let app = App::build(&config).await.unwrap();
        let options = ServeOptions {
            listen: config.server.listen,
            drain: DrainOptions { lame_duck: Duration::ZERO, finish: Duration::from_secs(10) },
            ..ServeOptions::default()
        };
        let parts = app.parts(&CallOptions::default(), None).unwrap();
        let running = serve(options, parts).await.unwrap();
        let issue = Issue { name: "test".parse().unwrap(), scopes: Scopes::all(), lifetime: None };
        let issued = app.api_keys.issue(Scopes::all(), &issue).await.unwrap();
        let key = issued.secret.reveal();
        let api = Api::new(running.local_addr(), Some(&key));
        Self { api, app, running, key, s3, _objects: objects, database }
    }

    /// Ends the server, and with the drop of the database looks at what is left in it.
    pub(crate) async fn end(self) {
        let Self { api, app, running, key: _, s3, _objects, database } = self;
        drop(api);
        running.shutdown();
        assert_eq!(running.join().await, Ended::Drained);
        app.end().await;
        s3.stop().await;
        drop(database);
    }
}
