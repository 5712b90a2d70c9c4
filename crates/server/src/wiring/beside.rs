//! What runs beside the calls.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use app::billing;
use app::jobs::{Worker, WorkerLimits, install_models};
use media_s3::S3MediaStore;
use ports::{Ids, MediaStore as _};
use postgres::Postgres;
use tokio::sync::watch;

use super::App;
use crate::config::Config;
use crate::status::Chain;

/// What must work before calls are welcome.
pub(super) const DATABASE: &str = "database";
pub(super) const MEDIA: &str = "media";

/// How often that is looked at.
// 1 s: a balancer learns of a lost database well before its own checks add up to a verdict.
const CHECK_EVERY: Duration = Duration::from_secs(1);

/// How long a look may take. Something that hangs works as little as something that refuses.
const CHECK_PATIENCE: Duration = Duration::from_secs(3);

/// How often lapsed holds and expired lots are posted. Nothing waits for it.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// How often bytes are deleted that nothing refers to any more: "within moments".
const CLEAR_EVERY: Duration = Duration::from_secs(5);

/// How often old entries of activity logs are deleted: they are kept by the day.
const PRUNE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often the partitions of the coming months are looked after: three are there ahead.
const MAKE_MONTHS_EVERY: Duration = Duration::from_secs(6 * 60 * 60);

/// How often old events are forgotten: they are kept by the day.
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);

/// How often it is looked whether models end: they do so by the day.
const WARN_EVERY: Duration = Duration::from_secs(60 * 60);

impl App {
    /// Makes the defaults of the product's profile and of the models into rows, as soon as the
    /// database is there.
    pub(super) fn install(&self, config: &Config, store: Postgres, ids: Arc<dyn Ids>) {
        let (profile, stands_in) = (config.billing.profile, config.studio.stands_in);
        let clock = self.clock.clone();
        self.spawn(async move {
            let defaults = async || {
                billing::install(profile, &store, &*clock, &*ids).await?;
                install_models(&store, stands_in, clock.now()).await
            };
            while let Err(error) = defaults().await {
                tracing::warn!(error = %Chain(&error), "the defaults could not be made");
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
        if let Some(kept) = config.activity_kept {
            let activity = self.activity.clone();
            self.spawn(async move { activity.keep_pruned(kept, PRUNE_EVERY).await });
        }
    }

    /// Works on jobs until the server shuts down.
    pub(super) fn work(&self, slots: usize) {
        let limits = WorkerLimits { slots, ..WorkerLimits::default() };
        let worker = Arc::new(Worker::new(self.jobs.clone(), limits));
        let (stop, stopped) = watch::channel(false);
        let drain = self.drain.clone();
        self.workers.spawn(worker.run(stopped));
        self.workers.spawn(async move {
            drain.begun().await;
            // Whoever listened may have gone already.
            let _ = stop.send(true);
        });
    }

    pub(super) fn run_beside(&self, postgres: Postgres) {
        let (months, clock) = (postgres.clone(), self.clock.clone());
        self.spawn(async move {
            loop {
                if let Err(error) = months.make_months(clock.now()).await {
                    tracing::warn!(error = %Chain(&error), "the next months could not be made");
                }
                tokio::time::sleep(MAKE_MONTHS_EVERY).await;
            }
        });
        let readiness = self.readiness.clone();
        self.spawn(async move {
            loop {
                readiness.set(DATABASE, within_patience(postgres.check()).await);
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
        let ledger = self.ledger.clone();
        self.spawn(async move { ledger.keep_tidy(TIDY_EVERY).await });
        let assets = self.assets.clone();
        self.spawn(async move { assets.keep_clear(CLEAR_EVERY).await });
        let jobs = self.jobs.clone();
        self.spawn(async move { jobs.keep_forgetting(FORGET_EVERY).await });
        let models = self.models.clone();
        self.spawn(async move { models.keep_warning(WARN_EVERY).await });
    }

    pub(super) fn watch_media(&self, media: S3MediaStore) {
        let readiness = self.readiness.clone();
        self.spawn(async move {
            loop {
                readiness.set(MEDIA, within_patience(media.check()).await);
                tokio::time::sleep(CHECK_EVERY).await;
            }
        });
    }
}

async fn within_patience<E: Error>(
    check: impl Future<Output = Result<(), E>>,
) -> Result<(), String> {
    match tokio::time::timeout(CHECK_PATIENCE, check).await {
        Ok(works) => works.map_err(|error| Chain(&error).to_string()),
        Err(_elapsed) => Err(format!("does not answer within {CHECK_PATIENCE:?}")),
    }
}
