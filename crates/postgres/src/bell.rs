//! A connection that listens for news of one kind, opened when somebody waits for them.
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

pub(crate) struct Bell {
    /// One of those that `ring` rings.
    channel: &'static str,
    setup: Setup,
    url: String,
    listening: Mutex<Option<AsyncPgConnection>>,
}

impl Bell {
    pub(crate) fn new(channel: &'static str, setup: Setup, url: String) -> Self {
        Self { channel, setup, url, listening: Mutex::new(None) }
    }

    /// Ends at the first news after the call before this one, with `true`, or after `at_most`.
    pub(crate) async fn wait(&self, at_most: Duration) -> Result<bool, StoreError> {
        let end = Instant::now() + at_most;
        let Ok(mut listening) = timeout_at(end, self.listening.lock()).await else {
            return Ok(false);
        };
        if listening.is_none() {
            match timeout_at(end, self.open()).await {
                Ok(Ok(conn)) => *listening = Some(conn),
                Ok(Err(error)) => {
                    // Without a connection there is still the clock.
                    sleep_until(end).await;
                    return Err(error);
                }
                Err(_elapsed) => return Ok(false),
            }
        }
        let Some(conn) = listening.as_mut() else { return Ok(false) };
        let news = {
            let mut stream = pin!(conn.notifications_stream());
            let first = timeout_at(end, stream.next()).await;
            // What came while nobody waited is all heard at once: one look finds all of it.
            while let Some(Some(Ok(_))) = stream.next().now_or_never() {}
            first
        };
        match news {
            Ok(Some(Ok(_))) => Ok(true),
            Err(_elapsed) => Ok(false),
            Ok(Some(Err(error))) => {
                *listening = None;
                sleep_until(end).await;
                Err(store_error(error))
            }
            Ok(None) => {
                *listening = None;
                sleep_until(end).await;
                Ok(false)
            }
        }
    }

    async fn open(&self) -> Result<AsyncPgConnection, StoreError> {
        let conn = (self.setup)(&self.url).await;
        let mut conn = conn.map_err(|cause| StoreError::Unavailable(Box::new(cause)))?;
        conn.batch_execute(&format!("LISTEN {}", self.channel)).await.map_err(store_error)?;
        Ok(conn)
    }
}
