//! An S3 endpoint inside this process, on loopback, with its objects as plain files in a folder.
//!
//! For development and tests. Buckets, objects, ranges, listing, conditions, copies, multipart
//! uploads and presigned URLs work; tagging, versions, lifecycle rules and policies do not exist.
//! Metadata sits in dot-files of the root. Nothing is synced to disk: a power cut may lose objects.

mod faults;
mod serve;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use s3s::auth::SimpleAuth;
use s3s::path::check_bucket_name;
use s3s::service::S3ServiceBuilder;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use faults::{Fault, Faults, On};

/// Requests in flight get this long at a stop.
const DRAIN: Duration = Duration::from_secs(5);

/// What [`S3Endpoint::start`] needs to know.
#[derive(Clone)]
pub struct S3Config {
    /// Where objects are kept; made if it is missing.
    pub root: PathBuf,
    /// A loopback address. Port 0 takes any free one.
    pub listen: SocketAddr,
    pub access_key: String,
    pub secret_key: String,
    /// Made if they are missing.
    pub buckets: Vec<String>,
}

impl S3Config {
    /// On a free port, with keys for which secrecy does not matter.
    pub fn new(root: PathBuf, buckets: Vec<String>) -> Self {
        Self {
            root,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            access_key: "atelier".to_owned(),
            secret_key: "atelier-secret".to_owned(),
            buckets,
        }
    }
}

/// Why there is no endpoint.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{address} is not a loopback address")]
    NotLoopback { address: SocketAddr },

    #[error("{name:?} is not a bucket name: 3 to 63 lower-case letters, digits, dots and hyphens")]
    BucketName { name: String },

    #[error("could not prepare {}", .path.display())]
    Folder { path: PathBuf, source: io::Error },

    #[error("could not open the store in {}: {reason}", .path.display())]
    Store { path: PathBuf, reason: String },

    #[error("could not listen on {address}")]
    Listen { address: SocketAddr, source: io::Error },
}

/// A running endpoint. Dropping it cuts its connections; [`Self::stop`] lets them finish.
#[derive(Debug)]
pub struct S3Endpoint {
    address: SocketAddr,
    faults: Arc<Faults>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl S3Endpoint {
    pub async fn start(config: S3Config) -> Result<Self, Error> {
        let S3Config { root, listen, access_key, secret_key, buckets } = config;
        if !listen.ip().is_loopback() {
            return Err(Error::NotLoopback { address: listen });
        }
        fs::create_dir_all(&root).map_err(|source| Error::Folder { path: root.clone(), source })?;
        for name in buckets {
            if !check_bucket_name(&name) {
                return Err(Error::BucketName { name });
            }
            let path = root.join(name);
            fs::create_dir_all(&path).map_err(|source| Error::Folder { path, source })?;
        }
        let store = s3s_fs::FileSystem::new(&root)
            .map_err(|error| Error::Store { path: root, reason: format!("{error:?}") })?;
        let mut service = S3ServiceBuilder::new(store);
        service.set_auth(SimpleAuth::from_single(access_key, secret_key));

        let failed = |source| Error::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let faults = Arc::new(Faults::default());
        let service = faults::Faulty::new(service.build(), Arc::clone(&faults));
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(serve::serve(listener, service, stopped, DRAIN));
        Ok(Self { address, faults, stop, task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint's URL. Clients must use path-style addressing; any region will do.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What shall go wrong next.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Takes no more requests and returns when those in flight are done, or after a bound.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Err(error) = (&mut self.task).await {
            tracing::error!(%error, "the S3 endpoint did not end in order");
        }
    }
}

impl Drop for S3Endpoint {
    fn drop(&mut self) {
        self.task.abort();
    }
}
