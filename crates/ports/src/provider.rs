//! Providers: those who make what is asked for.

use async_trait::async_trait;
use generation::{
    Call, Cancelled, Failure, Operation, Polled, Probe, Recovered, RemoteFile, Started,
};
use kernel::Timestamp;

/// One account with one vendor.
///
/// No method tries again by itself: who decides about that is the caller, who knows what it costs.
/// Every method ends in bounded time. Failures never carry a key.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait Provider: Send + Sync {
    /// Asks for one thing, by one request that is sent at most once; for several pieces by one
    /// request each where the vendor makes one at a time.
    ///
    /// MUST fail with `Transient` only where nothing was sent, and with `Ambiguous` where something
    /// may have been made: an answer that was lost or cannot be read, an error of the server.
    async fn start(&self, call: &Call) -> Result<Started, Failure>;

    /// How far an operation is. A failure is the operation's own, but for `Transient` and
    /// `RateLimited`, which say only that it could not be asked about.
    async fn poll(&self, operation: &Operation) -> Result<Polled, Failure>;

    /// Asks the provider to stop.
    async fn cancel(&self, operation: &Operation) -> Result<Cancelled, Failure>;

    /// Looks for a submission whose answer was lost, made at `since` or later. `lost` is what was
    /// asked for, without the pictures and the turns that it was asked with.
    ///
    /// Fails with `Transient` where it is too early to tell.
    async fn recover(&self, lost: &Call, since: Timestamp) -> Result<Recovered, Failure>;

    /// Fetches a file of at most `limit` bytes that the provider keeps, sending its key to the
    /// provider's own hosts alone. Fails with `Transient` if another try may help, with
    /// `OutputLost` if none can.
    async fn fetch(&self, file: &RemoteFile, limit: u64) -> Result<Vec<u8>, Failure>;

    /// Asks for nothing, by questions that cost nothing.
    ///
    /// MUST fail with `AuthFailed` where our key is refused, and with `Transient` where there is no
    /// answer, or none that says anything.
    async fn probe(&self) -> Result<Probe, Failure>;
}
