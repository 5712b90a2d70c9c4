//! Ending: how the parts of the server learn that it shuts down, and by what signal it begins.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells that the server is shutting down, to whoever does something long. Cheap to clone.
///
/// Server streams need not watch it: they are ended with `SHUTTING_DOWN` by their stage. It is for
/// work that wants to end tidily, such as a worker that returns its leases.
#[derive(Debug, Clone, Default)]
pub struct Drain(CancellationToken);

impl Drain {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn is_begun(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until the server shuts down.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }

    pub(crate) fn begin(&self) {
        self.0.cancel();
    }
}

/// The signals that end the server: SIGTERM and SIGINT.
#[derive(Debug)]
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Takes over both signals: from now on they no longer end the process by themselves.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for the next signal and names it.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
