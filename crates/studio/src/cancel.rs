//! A flag that stops work, and a count of what is done, shared by whoever works and whoever waits.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use crate::error::StudioError;

/// A handle on work that is under way.
#[derive(Debug, Clone, Default)]
pub struct Work(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancelled: AtomicBool,
    done: AtomicU32,
    total: AtomicU32,
}

impl Work {
    /// Asks the work to stop at its next step.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::Relaxed);
    }

    /// Fails if the work was asked to stop.
    pub fn check(&self) -> Result<(), StudioError> {
        if self.0.cancelled.load(Ordering::Relaxed) { Err(StudioError::Cancelled) } else { Ok(()) }
    }

    pub(crate) fn expect(&self, total: u32) {
        self.0.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn step(&self) {
        self.0.done.fetch_add(1, Ordering::Relaxed);
    }

    /// How much is done, in hundredths.
    pub fn percent(&self) -> u8 {
        let total = self.0.total.load(Ordering::Relaxed);
        let done = self.0.done.load(Ordering::Relaxed).min(total);
        u8::try_from(u64::from(done) * 100 / u64::from(total.max(1))).unwrap_or(100)
    }
}
