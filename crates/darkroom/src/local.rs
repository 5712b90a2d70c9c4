//! The darkroom in this process: no more at once than there are processors, and none for ever.

use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use async_trait::async_trait;
use ports::{Darkroom, DarkroomError, Developed, Print};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::flaw::undecodable;

/// How long one file may take, once it is its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience(pub Duration);

/// Looks at files on threads of its own. Clones share them.
#[derive(Debug, Clone)]
pub struct LocalDarkroom {
    places: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Patience {
    /// A minute: ten times what the largest file takes that the limits let pass.
    fn default() -> Self {
        Self(Duration::from_secs(60))
    }
}

impl LocalDarkroom {
    pub fn new(Patience(patience): Patience) -> Self {
        let places = available_parallelism().map_or(1, NonZero::get);
        Self { places: Arc::new(Semaphore::new(places)), patience }
    }

    /// Does something as soon as there is a place. What takes too long keeps its place until it is
    /// done, so that there are never more at it than there are places.
    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, DarkroomError> + Send + 'static,
    ) -> Result<T, DarkroomError> {
        let broken = || undecodable("ends whoever decodes it");
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|closed| broken()(closed.into()))?;
        let working = spawn_blocking(move || {
            let _place = place;
            work()
        });
        match timeout(self.patience, working).await {
            Ok(Ok(done)) => done,
            Ok(Err(panicked)) => Err(broken()(panicked.into())),
            Err(_elapsed) => Err(DarkroomError::TooSlow { seconds: self.patience.as_secs() }),
        }
    }
}

#[async_trait]
impl Darkroom for LocalDarkroom {
    async fn develop(&self, bytes: Vec<u8>) -> Result<Developed, DarkroomError> {
        self.work(move || crate::develop(bytes)).await
    }

    async fn sheet(&self, views: Vec<Vec<u8>>) -> Result<Print, DarkroomError> {
        self.work(move || crate::sheet(views)).await
    }
}
