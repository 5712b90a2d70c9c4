//! Holds a Postgres until stdin closes: `hold own FOLDER` or `hold shared FOLDER IDLE_SECONDS`.
//!
//! Prints the URL on the first line and, of its own cluster, the postmaster's pid on the second.
//! The tests run it to see what becomes of Postgres when its holder is killed.

use std::error::Error;
use std::io::Read;
use std::path::PathBuf;
use std::time::Duration;

use devstack::postgres::{Binaries, Cluster, ClusterConfig};
use devstack::shared::{SharedConfig, cluster_with};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let binaries = Binaries::find()?;
    match arguments.as_slice() {
        ["own", folder] => {
            let cluster = Cluster::start(ClusterConfig::new(PathBuf::from(folder), binaries))?;
            println!("{}", cluster.database_url("postgres"));
            println!("{}", cluster.pid().unwrap_or_default());
            wait()
        }
        ["shared", folder, idle] => {
            let idle = Duration::from_secs(idle.parse()?);
            let config = SharedConfig { folder: PathBuf::from(folder), binaries, idle };
            let cluster = cluster_with(&config)?;
            println!("{}", cluster.database_url("postgres"));
            wait()
        }
        _ => Err("usage: hold own FOLDER | hold shared FOLDER IDLE_SECONDS".into()),
    }
}

fn wait() -> Result<(), Box<dyn Error>> {
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
