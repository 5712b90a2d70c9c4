//! A server that speaks the wire formats of all vendors, with faults on request: for tests and
//! for work without keys.
//!
//! One listener, each vendor under a path of its own. It depends on no crate of the workspace, so
//! that it and the adapters cannot share a mistake. See `docs/mock-vendors.md`.
//!
//! ```ignore
//! let mock = MockVendors::start().await?;
//! mock.script("fal", Some("submit"), "ambiguous", 1)?;
//! let adapter = Fal::new(mock.url(Vendor::Fal), Vendor::Fal.key());
//! assert_eq!(mock.created(Vendor::Fal).len(), 1);
//! ```

mod admin;
mod call;
mod check;
mod elevenlabs;
mod fal;
mod front;
mod gemini;
mod listen;
mod media;
mod multipart;
mod openai;
mod plan;
mod recraft;
mod replicate;
mod reply;
mod request;
mod scenario;
mod tavily;
mod turn;
mod vendor;
mod webhook;
mod world;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use admin::RuleError;
pub use call::{Call, Rule};
pub use scenario::{Plain, Scenario, UnknownWord};
pub use vendor::{UnknownVendor, Vendor};

use world::World;

/// Why the mock does not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    #[error("no address can be listened on")]
    Listen(#[source] io::Error),
}

/// A mock that runs. Dropping it cuts its connections.
#[derive(Debug)]
pub struct MockVendors {
    address: SocketAddr,
    world: Arc<World>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl MockVendors {
    /// On a free port of loopback.
    pub async fn start() -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(Error::Listen)?;
        Self::on(listener)
    }

    /// On a listener of loopback.
    pub fn on(listener: TcpListener) -> Result<Self, Error> {
        let (address, world) = prepare(&listener)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = listen::serve(listener, Arc::clone(&world), async {
            // Dropping the handle says the same as stopping it.
            let _gone = stopped.await;
        });
        Ok(Self { address, world, stop: Some(stop), task: tokio::spawn(serving) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The base URL that clients of the vendor are given.
    pub fn url(&self, vendor: Vendor) -> String {
        format!("{}{}", self.world.url(vendor), vendor.base_path())
    }

    /// The next `times` calls of the vendor (of `operation`, if given) answer so: words without
    /// brackets, with spaces in between. The script goes before words in prompts.
    pub fn script(
        &self,
        vendor: Vendor,
        operation: Option<&str>,
        answer: &str,
        times: u32,
    ) -> Result<(), RuleError> {
        let (vendor, answer) = (vendor.name().to_owned(), answer.to_owned());
        let operation = operation.map(str::to_owned);
        admin::accept(&self.world, Rule { vendor, operation, answer, times })
    }

    /// Every request, in the order of arrival.
    pub fn calls(&self) -> Vec<Call> {
        self.world.calls()
    }

    /// What the calls of a vendor brought into being, told or not.
    pub fn created(&self, vendor: Vendor) -> Vec<String> {
        let calls = self.calls().into_iter().filter(|call| call.vendor == vendor.name());
        calls.filter_map(|call| call.created).collect()
    }

    /// Forgets calls, script, jobs and outputs.
    pub fn reset(&self) {
        self.world.reset();
    }

    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // Nobody listens any more if the task has ended, which is what is wanted.
            let _ended = stop.send(());
        }
        if let Err(error) = (&mut self.task).await {
            tracing::warn!(%error, "the mock of the vendors did not end well");
        }
    }
}

impl Drop for MockVendors {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves on a listener of loopback until `stop` is done.
pub async fn serve(
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send,
) -> Result<(), Error> {
    let (_, world) = prepare(&listener)?;
    listen::serve(listener, world, stop).await;
    Ok(())
}

fn prepare(listener: &TcpListener) -> Result<(SocketAddr, Arc<World>), Error> {
    let address = listener.local_addr().map_err(Error::Listen)?;
    if !address.ip().is_loopback() {
        return Err(Error::NotLoopback(address));
    }
    Ok((address, Arc::new(World::new(format!("http://{address}")))))
}
