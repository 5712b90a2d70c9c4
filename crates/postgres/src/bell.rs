//! One connection that listens for news of jobs, opened when somebody waits for them.
//!
//! It only shortens waits: whoever waits looks again after a while, heard or not.

use std::pin::pin;
use std::time::Duration;

use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use futures_util::{FutureExt, StreamExt};
use ports::StoreError;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::store_error;
use crate::pool::Setup;

/// The channel that `job_lanes` are woken on.
const LISTEN: &str = "LISTEN atelier_jobs";

pub(crate) struct Bell {
    setup: Setup,
    url: String,
    listening: Mutex<Option<AsyncPgConnection>>,
}

impl Bell {
    pub(crate) fn new(setup: Setup, url: String) -> Self {
        Self { setup, url, listening: Mutex::new(None) }
    }

    /// Ends at the first news after the call before this one, or after `at_most`.
    pub(crate) async fn wait(&self, at_most: Duration) -> Result<(), StoreError> {
        let end = Instant::now() + at_most;
        let Ok(mut listening) = timeout_at(end, self.listening.lock()).await else { return Ok(()) };
        if listening.is_none() {
            match timeout_at(end, self.open()).await {
                Ok(Ok(conn)) => *listening = Some(conn),
                Ok(Err(error)) => {
                    // Without a connection there is still the clock.
                    sleep_until(end).await;
                    return Err(error);
                }
                Err(_elapsed) => return Ok(()),
            }
        }
        let Some(conn) = listening.as_mut() else { return Ok(()) };
        let news = {
            let mut stream = pin!(conn.notifications_stream());
            let first = timeout_at(end, stream.next()).await;
            // What came while nobody waited is all heard at once: one look finds all of it.
            while let Some(Some(Ok(_))) = stream.next().now_or_never() {}
            first
        };
        match news {
            Ok(Some(Ok(_))) | Err(_) => Ok(()),
            Ok(Some(Err(error))) => {
                *listening = None;
                sleep_until(end).await;
                Err(store_error(error))
            }
            Ok(None) => {
                *listening = None;
                sleep_until(end).await;
                Ok(())
            }
        }
    }

    async fn open(&self) -> Result<AsyncPgConnection, StoreError> {
        let conn = (self.setup)(&self.url).await;
        let mut conn = conn.map_err(|cause| StoreError::Unavailable(Box::new(cause)))?;
        conn.batch_execute(LISTEN).await.map_err(store_error)?;
        Ok(conn)
    }
}
