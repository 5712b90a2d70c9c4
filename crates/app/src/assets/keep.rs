//! Deleting the bytes of what is gone. Whoever dies in the middle leaves nothing undone: keys stay
//! until their bytes are gone, and are taken up again.

use std::time::Duration;

use kernel::Span;

use super::{AssetError, Assets};

/// How many objects are deleted by one request: what S3 takes.
const ROUND_MAX: usize = 1_000;

/// For how long a round has its keys to itself: far above what one request takes.
const ROUND_SPAN: Span = Span::from_secs(5 * 60);

/// How long after its end an upload is forgotten: one that was begun in time may end late.
const ABANDON_AFTER: Span = Span::from_secs(60 * 60);

impl Assets {
    /// Deletes the bytes of what is gone, as far as nobody else is about to. Answers how many
    /// objects that were.
    pub async fn clear_doomed(&self) -> Result<usize, AssetError> {
        let media = self.media()?;
        let mut cleared = 0;
        loop {
            let now = self.clock.now();
            let until = now.saturating_add(ROUND_SPAN);
            let keys = self.keeping.claim_doomed(now, until, ROUND_MAX).await?;
            if keys.is_empty() {
                return Ok(cleared);
            }
            media.delete_all(&keys).await?;
            self.keeping.forget_doomed(&keys).await?;
            cleared += keys.len();
        }
    }

    /// Forgets uploads that nobody finalized. Answers how many.
    pub async fn drop_abandoned(&self) -> Result<usize, AssetError> {
        let before = self.clock.now().saturating_sub(ABANDON_AFTER);
        let mut dropped = 0;
        loop {
            let round = self.keeping.drop_abandoned(before, ROUND_MAX).await?;
            dropped += round;
            if round < ROUND_MAX {
                return Ok(dropped);
            }
        }
    }

    /// Does both again and again, for ever.
    pub async fn keep_clear(&self, every: Duration) {
        if self.media.is_none() {
            return;
        }
        loop {
            if let Err(error) = self.drop_abandoned().await {
                log(&error, "abandoned uploads could not be forgotten");
            }
            match self.clear_doomed().await {
                Ok(0) => {}
                Ok(objects) => tracing::info!(objects, "bytes of what is gone were deleted"),
                Err(error) => log(&error, "bytes of what is gone could not be deleted"),
            }
            tokio::time::sleep(every).await;
        }
    }
}

fn log(error: &AssetError, what: &str) {
    let error: &dyn std::error::Error = error;
    tracing::warn!(error, "{what}");
}
