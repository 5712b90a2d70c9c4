//! Time and ids that tests own.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use kernel::{Span, Timestamp};
use ports::{Clock, Ids};
use uuid::Uuid;

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

/// Ids that count: the same in every run.
#[derive(Debug, Default)]
pub struct FakeIds(AtomicU64);

impl FakeClock {
    /// Stands at 2026-01-01 00:00:00 UTC.
    pub fn new() -> Self {
        Self(AtomicI64::new(1_767_225_600_000_000))
    }

    pub fn advance(&self, span: Span) {
        self.0.fetch_add(span.as_micros(), Ordering::SeqCst);
    }

    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst)).expect("tests stay within history")
    }
}

impl FakeIds {
    pub fn new() -> Self {
        Self::default()
    }

    fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst) + 1
    }
}

impl Ids for FakeIds {
    fn uuid(&self) -> Uuid {
        // Version 7 with the counter where the time belongs, so that ids sort as they were made.
        let count = self.next();
        Uuid::from_u128((u128::from(count) << 80) | (0x7 << 76) | (0x8 << 60) | u128::from(count))
    }

    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&self.next().to_be_bytes());
        secret
    }

    fn nonce(&self) -> u64 {
        self.next()
    }
}
