//! Telling all processes that there is news, once the unit of work that brings it is committed.
//!
//! Not inside of it: transactions that notify commit one by one, each with a write to the disk of
//! its own. What is not told because the process ends in between is found by whoever looks again.

use std::ops::BitOrAssign;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::sql_types::{Array, Text};
use diesel_async::RunQueryDsl;
use ports::StoreError;
use tokio::time::sleep;

use crate::error::store_error;
use crate::pool::{Pool, lent};
use crate::sql::sql;

/// The channel of `News::jobs`.
pub(crate) const JOBS: &str = "atelier_jobs";

/// The channel of `News::events`.
pub(crate) const EVENTS: &str = "atelier_events";

/// The shortest pause between two rings of a process. Each wakes every listener there is: without
/// one they would do little else under load. The first after a pause is told at once.
const PAUSE: Duration = Duration::from_millis(10);

const RING: &str = "SELECT pg_notify(channel, '') FROM unnest($1) AS channel";

/// What there is news of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct News {
    /// `job_lanes` were woken.
    pub(crate) jobs: bool,
    /// `events` have something new of jobs, which people wait for.
    pub(crate) events: bool,
}

pub(crate) struct Ringer {
    pool: Pool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    untold: News,
    ringing: bool,
}

impl Ringer {
    pub(crate) fn new(pool: Pool) -> Self {
        Self { pool, state: Mutex::default() }
    }

    /// Tells soon, and together, what there is news of by then.
    pub(crate) fn ring(self: Arc<Self>, news: News) {
        if news == News::default() {
            return;
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.untold |= news;
        if !std::mem::replace(&mut state.ringing, true) {
            drop(state);
            tokio::spawn(self.tell());
        }
    }

    async fn tell(self: Arc<Self>) {
        while let Some(news) = self.untold() {
            if let Err(error) = self.notify(news).await {
                tracing::debug!(%error, "news could not be told");
            }
            sleep(PAUSE).await;
        }
    }

    /// `None` once there is nothing to tell: then nobody rings any more.
    fn untold(&self) -> Option<News> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let news = std::mem::take(&mut state.untold);
        state.ringing = news != News::default();
        state.ringing.then_some(news)
    }

    async fn notify(&self, news: News) -> Result<(), StoreError> {
        let channels = [(news.jobs, JOBS), (news.events, EVENTS)];
        let channels: Vec<&str> =
            channels.into_iter().filter(|(any, _)| *any).map(|(_, channel)| channel).collect();
        let mut conn = lent(&self.pool).await?;
        let query = sql(RING).bind::<Array<Text>, _>(channels);
        RunQueryDsl::execute(query, &mut conn).await.map_err(store_error)?;
        Ok(())
    }
}

impl BitOrAssign for News {
    fn bitor_assign(&mut self, other: Self) {
        self.jobs |= other.jobs;
        self.events |= other.events;
    }
}
