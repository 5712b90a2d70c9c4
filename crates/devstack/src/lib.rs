//! What `atelier dev` and the tests run on: a private Postgres and an in-process S3 endpoint.
//!
//! Nothing here serves production. Both listen on loopback only, keep what they store in a folder
//! the caller names, and leave no process behind, however the caller ends.
//!
//! - [`postgres::Binaries`] finds the server's programs on the machine, or fetches them once.
//! - [`postgres::Cluster`] owns one cluster for as long as its handle lives: `atelier dev`.
//! - [`shared::cluster`] hands all test processes of a build folder the same throwaway cluster.
//! - [`s3::S3Endpoint`] speaks S3 from inside the process and can fail on request.
//!
//! ```ignore
//! let data = PathBuf::from("data/postgres");
//! let binaries = Binaries::locate(&Search { major: postgres::major_of(&data), ..search })?;
//! let cluster = Arc::new(Cluster::start(ClusterConfig::new(data, binaries))?);
//! let url = cluster.database_url("postgres");
//! tokio::spawn({
//!     let cluster = Arc::clone(&cluster);
//!     async move { cluster.keep_running().await }
//! });
//! ```
//!
//! # Where things are
//! A cluster's folder holds `lock`, `port`, `postgres.log` and `cluster`, which is Postgres' own
//! data folder with the generated password in `atelier.password`. Delete the folder to start over.
//!
//! Postgres refuses to run as root. Root's server therefore runs as the user `postgres`, or
//! `nobody` where there is none. That user cannot enter, say, root's home: `cluster` then lives in
//! `/var/lib/atelier-<hash of the folder>`, and a file named `location` in the folder says so.

mod account;
pub mod postgres;
pub mod s3;
pub mod shared;
