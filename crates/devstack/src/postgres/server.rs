//! One cluster's server: how it is configured, started until it answers, and cleared of remains.
//!
//! Who keeps it alive, and for how long, is the business of `cluster` and `shared`.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::guardian::{Guarded, Leash, guard};
use super::initdb::{self, random};
use super::log::{Log, complaint};
use super::process::{self, PidFile, wait_until};
use super::{Binaries, Error, SUPERUSER, probe};
use crate::account::{self, Account};

/// Recovery after a crash is the slow case; a warm start takes 30 ms.
const READY_PATIENCE: Duration = Duration::from_secs(60);

/// How long to go on while remains of the last run are still ending.
const RETRY_PATIENCE: Duration = Duration::from_secs(10);

/// What a server says when remains of an earlier one are still ending: its backends hold the shared
/// memory, or it wrote its pid file after we looked.
const REMAINS: [&str; 2] = ["is still in use", "already exists"];

/// Below the range from which systems pick ports for outgoing connections: while the server is
/// down, such a connection could take its port, or a client could connect to itself.
const PORTS: std::ops::Range<u16> = 20_000..32_000;

/// The shortest limit of the systems we run on for the path of a Unix socket.
const SOCKET_PATH_MAX: usize = 103;

/// What a server is started with.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    pub(crate) binaries: Binaries,
    pub(crate) account: Account,
    /// Postgres' own data folder, as an absolute path without links.
    pub(crate) pgdata: PathBuf,
    pub(crate) log: PathBuf,
    pub(crate) fsync: bool,
    pub(crate) settings: Vec<(String, String)>,
}

/// Which port a server gets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start {
    /// This one, or another if it is taken.
    Prefer(Option<u16>),
    /// This one, waiting so long for it.
    Only(u16, Duration),
}

/// The major version that made the cluster in a caller's folder, if there is one.
pub fn major_of(data: &Path) -> Option<u32> {
    version(&account::placed(data).join("cluster"))?.trim().split('.').next()?.parse().ok()
}

fn version(pgdata: &Path) -> Option<String> {
    fs::read_to_string(pgdata.join("PG_VERSION")).ok()
}

impl Server {
    /// Makes the cluster unless it exists, and returns the superuser's password.
    pub(crate) fn prepare(&self) -> Result<String, Error> {
        match version(&self.pgdata) {
            None => {
                let Self { binaries, account, pgdata, log, fsync, .. } = self;
                initdb::create(binaries, *account, pgdata, log, *fsync)?;
            }
            Some(theirs) if theirs.trim() == self.binaries.major().to_string() => {}
            Some(theirs) => {
                return Err(Error::OtherVersion {
                    folder: self.pgdata.clone(),
                    theirs: theirs.trim().to_owned(),
                    ours: self.binaries.major(),
                });
            }
        }
        initdb::password(&self.pgdata)
    }

    /// Ends whatever still runs on this cluster and removes what it left. The caller holds the
    /// lock, so nobody can be using it by right.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        let pid_file = self.pgdata.join("postmaster.pid");
        if let Some(found) = PidFile::read(&self.pgdata).map_err(Error::io("read", &pid_file))?
            && process::belongs_to(found.pid, &self.pgdata)
        {
            tracing::warn!(pid = found.pid, "ending a Postgres left by a killed process");
            process::end(found.pid, &self.pgdata)?;
        }
        process::end_orphans(&self.pgdata)?;
        // Postgres itself refuses to start when the pid in one of these lives as somebody else.
        for entry in fs::read_dir(&self.pgdata).map_err(Error::io("list", &self.pgdata))? {
            let entry = entry.map_err(Error::io("list", &self.pgdata))?;
            let name = entry.file_name();
            if name == "postmaster.pid" || name.to_string_lossy().starts_with(".s.PGSQL.") {
                match fs::remove_file(entry.path()) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(Error::io("remove", entry.path())(error));
                    }
                    Ok(()) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Starts the server and returns once it answers.
    pub(crate) fn start(&self, leash: &Leash, start: Start) -> Result<(Guarded, u16), Error> {
        let began = Instant::now();
        loop {
            self.clear()?;
            let port = match start {
                Start::Prefer(Some(port)) if is_free(port) => port,
                Start::Prefer(_) => free_port()?,
                Start::Only(port, _) => port,
            };
            let (mut run, log) = self.spawn(leash, port)?;
            let Err(failure) = self.await_ready(&mut run, port, &log) else {
                return Ok((run, port));
            };
            let excerpt = log.excerpt().map_err(Error::io("read", log.path()))?;
            let waited = began.elapsed();
            if excerpt.contains("Address already in use") {
                if let Start::Only(port, patience) = start
                    && waited >= patience
                {
                    return Err(Error::PortTaken { port });
                }
            } else if !REMAINS.iter().any(|said| excerpt.contains(said)) {
                return Err(failure);
            }
            if waited >= RETRY_PATIENCE {
                return Err(failure);
            }
            // Not a poll: each round starts a server, which may well write to the log.
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn spawn(&self, leash: &Leash, port: u16) -> Result<(Guarded, Log), Error> {
        let (log, file) = Log::open(&self.log).map_err(Error::io("open", &self.log))?;
        let postgres = self.binaries.program("postgres");
        let run = guard(self.account, leash, &postgres, &self.arguments(port), file)
            .map_err(Error::io("run", &postgres))?;
        Ok((run, log))
    }

    fn await_ready(&self, run: &mut Guarded, port: u16, log: &Log) -> Result<(), Error> {
        let mut ended = None;
        let settled = wait_until(READY_PATIENCE, || {
            ended = run.child.try_wait().transpose();
            ended.is_some() || self.is_ready(run.pid, port)
        });
        match ended {
            None if settled => Ok(()),
            None => {
                process::end(run.pid, &self.pgdata)?;
                run.child.wait().map_err(Error::io("wait for", "/bin/sh"))?;
                Err(Error::NotReady { seconds: READY_PATIENCE.as_secs(), log: log.path().into() })
            }
            Some(Ok(_)) => {
                let excerpt = log.excerpt().map_err(Error::io("read", log.path()))?;
                Err(Error::Refused { reason: complaint(&excerpt), log: log.path().into() })
            }
            Some(Err(error)) => Err(Error::io("wait for", "/bin/sh")(error)),
        }
    }

    /// True when the process `pid` serves this cluster on `port` and takes connections. The file
    /// is asked first, for a server that is still starting logs every connection it refuses.
    pub(crate) fn is_ready(&self, pid: i32, port: u16) -> bool {
        let file = PidFile::read(&self.pgdata).ok().flatten();
        file.is_some_and(|file| file.ready && file.pid == pid) && probe::accepts(port)
    }

    /// The folder of the server's Unix socket; `None` where its path would be too long.
    pub(crate) fn socket_folder(&self) -> Option<&Path> {
        let longest = self.pgdata.join(".s.PGSQL.65535");
        (longest.as_os_str().len() <= SOCKET_PATH_MAX).then_some(&self.pgdata)
    }

    fn arguments(&self, port: u16) -> Vec<OsString> {
        let mut sockets = OsString::from("unix_socket_directories=");
        if let Some(folder) = self.socket_folder() {
            // The setting is a list: quotes keep commas and spaces in the path.
            sockets.push("\"");
            sockets.push(folder);
            sockets.push("\"");
        }
        let mut arguments: Vec<OsString> = vec!["-D".into(), self.pgdata.clone().into()];
        arguments.extend(["-c".into(), sockets]);
        let port = port.to_string();
        let fixed = [
            ("listen_addresses", "127.0.0.1"),
            ("port", port.as_str()),
            ("unix_socket_permissions", "0700"),
            ("max_connections", "200"),
            ("shared_buffers", "128MB"),
            ("logging_collector", "off"),
            ("log_destination", "stderr"),
            // Failures are read back from the log, in English.
            ("lc_messages", "C"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
        ];
        let unsafe_but_fast: &[(&str, &str)] = if self.fsync {
            &[]
        } else {
            &[
                ("fsync", "off"),
                ("synchronous_commit", "off"),
                ("full_page_writes", "off"),
                ("wal_level", "minimal"),
                ("max_wal_senders", "0"),
            ]
        };
        let settings = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in
            fixed.into_iter().chain(unsafe_but_fast.iter().copied()).chain(settings)
        {
            arguments.extend(["-c".into(), format!("{name}={value}").into()]);
        }
        arguments
    }
}

/// A URL that any client of Postgres takes.
pub(crate) fn url(password: &str, port: u16, database: &str) -> String {
    format!("postgres://{SUPERUSER}:{password}@127.0.0.1:{port}/{}", encode(database))
}

/// Percent-encodes all but unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

pub(crate) fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

fn free_port() -> Result<u16, Error> {
    let first = random(2).map_err(Error::io("read", "/dev/urandom"))?;
    let first = u16::from_be_bytes([first[0], first[1]]) % (PORTS.end - PORTS.start);
    let mut ports = (PORTS.start + first..PORTS.end).chain(PORTS.start..PORTS.start + first);
    ports.find(|port| is_free(*port)).ok_or(Error::PortTaken { port: PORTS.start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_databases_are_encoded_in_urls() {
        assert_eq!(url("p", 5, "a b/ü"), "postgres://atelier:p@127.0.0.1:5/a%20b%2F%C3%BC");
    }

    #[test]
    fn a_free_port_is_outside_the_ephemeral_range_and_can_be_bound() {
        let port = free_port().unwrap();
        assert!(PORTS.contains(&port));
        let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
        assert!(!is_free(port));
    }
}
