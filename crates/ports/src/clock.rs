//! Time and randomness, which decisions take as values and tests make up.

use kernel::Timestamp;
use uuid::Uuid;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present moment. May step back a little when the machine's clock is set.
    fn now(&self) -> Timestamp;
}

/// Makes ids.
pub trait Ids: Send + Sync {
    /// A fresh UUIDv7 of the present moment.
    fn uuid(&self) -> Uuid;

    /// Unpredictable bytes, good enough for secrets.
    fn secret(&self) -> [u8; 32];

    /// A number that tells apart what happens in the same microsecond.
    fn nonce(&self) -> u64;
}
