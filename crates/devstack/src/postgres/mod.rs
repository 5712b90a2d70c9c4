//! A private Postgres: finding its programs, making a cluster, running it, ending it.
//!
//! Statements are not run here: callers connect with [`Cluster::database_url`].

mod binaries;
mod cluster;
mod fetch;
mod guardian;
mod initdb;
mod log;
mod probe;
mod process;
mod server;

use std::io;
use std::path::PathBuf;

pub use binaries::{Binaries, Search};
pub use cluster::{Cluster, ClusterConfig};
pub use fetch::{Fetch, MAVEN_CENTRAL};
pub(crate) use guardian::Leash;
pub(crate) use initdb::random;
pub(crate) use process::{PidFile, belongs_to, end, wait_until};
pub use server::major_of;
pub(crate) use server::{Server, Start, encode, url};

/// The role that owns everything in a cluster.
pub const SUPERUSER: &str = "atelier";

/// Why there is no Postgres. Each message is one sentence that a user can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("found no PostgreSQL {oldest} or newer: install it, or name its bin folder")]
    NotFound { oldest: u32 },

    #[error("{} holds no PostgreSQL {oldest} or newer (postgres and initdb)", .folder.display())]
    NotBinaries { folder: PathBuf, oldest: u32 },

    #[error(
        "there is no PostgreSQL to download for {platform}: install PostgreSQL {oldest} or newer"
    )]
    NoDownload { platform: String, oldest: u32 },

    #[error("could not download {url}: install PostgreSQL, or try again")]
    Download { url: String, source: Box<dyn std::error::Error + Send + Sync> },

    #[error("{url} is not the archive expected: its SHA-256 is {actual}")]
    Checksum { url: String, actual: String },

    #[error("could not unpack {url}")]
    Unpack { url: String, source: io::Error },

    #[error("the PostgreSQL downloaded to {} does not run on this machine: install PostgreSQL", .folder.display())]
    Unusable { folder: PathBuf },

    #[error("root cannot run PostgreSQL and there is no user postgres or nobody to run it as")]
    NoAccount,

    #[error("{} is in use by another process", .folder.display())]
    InUse { folder: PathBuf },

    #[error("{} was made by PostgreSQL {theirs}, but PostgreSQL {ours} is to run it", .folder.display())]
    OtherVersion { folder: PathBuf, theirs: String, ours: u32 },

    #[error("port {port} of 127.0.0.1 is taken")]
    PortTaken { port: u16 },

    #[error("initdb failed: {reason} (see {})", .log.display())]
    Initdb { reason: String, log: PathBuf },

    #[error("PostgreSQL did not start: {reason} (see {})", .log.display())]
    Refused { reason: String, log: PathBuf },

    #[error("PostgreSQL was not ready within {seconds} s (see {})", .log.display())]
    NotReady { seconds: u64, log: PathBuf },

    #[error("PostgreSQL does not stop: process {pid} outlives even a kill")]
    WontStop { pid: i32 },

    #[error("the cluster has been stopped")]
    Stopped,

    #[error("could not {action} {}", .path.display())]
    Io { action: &'static str, path: PathBuf, source: io::Error },
}

impl Error {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
