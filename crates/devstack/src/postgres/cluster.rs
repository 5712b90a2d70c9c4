//! A cluster owned by one handle: it runs while the handle lives and stops with it.
//!
//! The calls block for as long as Postgres takes: async callers use `spawn_blocking`.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::sync::watch;

use super::guardian::{Guarded, Leash};
use super::process::{self, signal, wait_until};
use super::server::{self, Server, Start};
use super::{Binaries, Error};
use crate::account::Account;

/// A fast shutdown writes a checkpoint, so that the next start need not recover.
const STOP_PATIENCE: Duration = Duration::from_secs(10);

/// For the guardian to end after the server did.
const END_PATIENCE: Duration = Duration::from_secs(5);

/// A port that was given out is waited for, should something else hold it for a moment.
const PORT_PATIENCE: Duration = Duration::from_secs(5);

/// What [`Cluster::start`] needs to know.
#[derive(Debug, Clone)]
pub struct ClusterConfig {
    /// The cluster's own folder; made if it is missing.
    pub data: PathBuf,
    pub binaries: Binaries,
    /// Whether commits survive a power cut. Off is for tests.
    pub fsync: bool,
    /// A port that must be used. Without one, the last port is used again if it is free.
    pub port: Option<u16>,
    /// Where Postgres and `initdb` write; `postgres.log` in the data folder without one.
    pub log: Option<PathBuf>,
    /// Settings of `postgresql.conf`, stronger than those chosen here.
    pub settings: Vec<(String, String)>,
}

impl ClusterConfig {
    pub fn new(data: PathBuf, binaries: Binaries) -> Self {
        Self { data, binaries, fsync: true, port: None, log: None, settings: Vec::new() }
    }
}

/// A running cluster. Dropping it stops the server and waits for that, within bounds.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    password: String,
    port: u16,
    /// Only one call at a time starts or stops. `None` after a stop.
    running: Mutex<Option<Running>>,
    stopped: AtomicBool,
    is_up: watch::Sender<bool>,
    // Released by the system, too, if this process is killed.
    _lock: File,
}

#[derive(Debug)]
struct Running {
    pid: i32,
}

impl Cluster {
    /// Makes the cluster if need be, starts it, and returns once it takes connections. A server
    /// that a killed process left on this folder is ended first.
    ///
    /// # Errors
    /// [`Error::InUse`] when another living process holds the folder; nothing is touched then.
    pub fn start(config: ClusterConfig) -> Result<Self, Error> {
        let ClusterConfig { data, binaries, fsync, port, log, settings } = config;
        let account = Account::find().map_err(Error::io("read the users of", "/etc/passwd"))?;
        let account = account.ok_or(Error::NoAccount)?;
        let place = account.place(&data).map_err(Error::io("prepare", &data))?;
        let data = data.canonicalize().map_err(Error::io("find", &data))?;
        let lock = lock(&data)?;

        let log = log.unwrap_or_else(|| data.join("postgres.log"));
        let pgdata = place.join("cluster");
        let server = Server { binaries, account, pgdata, log, fsync, settings };
        let password = server.prepare()?;
        // It may hold the very port that is asked for.
        server.clear()?;

        let port_file = data.join("port");
        let start = match port {
            Some(port) if !server::is_free(port) => return Err(Error::PortTaken { port }),
            Some(port) => Start::Only(port, PORT_PATIENCE),
            None => Start::Prefer(remembered(&port_file)?),
        };
        let (run, port) = server.start(&Leash::Pipe, start)?;
        let is_up = watch::Sender::new(true);
        let pid = run.pid;
        attend(run, server.pgdata.clone(), is_up.clone());
        let running = Mutex::new(Some(Running { pid }));
        let stopped = AtomicBool::new(false);
        let cluster = Self { server, password, port, running, stopped, is_up, _lock: lock };
        fs::write(&port_file, port.to_string()).map_err(Error::io("write", port_file))?;
        Ok(cluster)
    }

    /// A URL for any client, with the password in it. Stays the same across restarts.
    pub fn database_url(&self, database: &str) -> String {
        server::url(&self.password, self.port, database)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where the server's Unix socket is. Clients of our own user need no password there. `None`
    /// where the path is too long for a socket.
    pub fn socket_folder(&self) -> Option<&Path> {
        self.server.socket_folder()
    }

    pub fn log(&self) -> &Path {
        &self.server.log
    }

    /// The process id of the postmaster, for tests that kill it.
    pub fn pid(&self) -> Option<i32> {
        self.lock().as_ref().map(|running| running.pid)
    }

    /// Resolves when the server is not running, whoever ended it.
    pub async fn ended(&self) {
        // It fails only when the sender is gone, which `self` holds.
        self.is_up.subscribe().wait_for(|is_up| !*is_up).await.ok();
    }

    /// Starts the server again whenever it ends, until [`Self::stop`] is called. Returns an error
    /// when it cannot be started any more.
    pub async fn keep_running(self: Arc<Self>) -> Result<(), Error> {
        loop {
            self.ended().await;
            if self.stopped.load(Ordering::SeqCst) {
                return Ok(());
            }
            tracing::warn!("Postgres ended by itself: starting it again");
            let cluster = Arc::clone(&self);
            let started = tokio::task::spawn_blocking(move || cluster.heal()).await;
            match started
                .map_err(|error| Error::io("start", "postgres")(io::Error::other(error)))?
            {
                Ok(()) => tracing::info!(port = self.port, "Postgres is back"),
                Err(Error::Stopped) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    /// Stops the server if it runs and starts it on the same port with the same password.
    pub fn restart(&self) -> Result<(), Error> {
        let mut running = self.lock();
        self.halt(&mut running)?;
        self.stopped.store(false, Ordering::SeqCst);
        self.launch(&mut running)
    }

    /// Ends all connections and stops the server in order: committed work is safe, and the next
    /// start is a warm one. If that takes too long, the server is ended as by a crash.
    pub fn stop(&self) -> Result<(), Error> {
        self.stopped.store(true, Ordering::SeqCst);
        self.halt(&mut self.lock())
    }

    fn heal(&self) -> Result<(), Error> {
        let mut running = self.lock();
        if self.stopped.load(Ordering::SeqCst) {
            return Err(Error::Stopped);
        }
        if *self.is_up.borrow() {
            return Ok(());
        }
        self.launch(&mut running)
    }

    fn launch(&self, running: &mut Option<Running>) -> Result<(), Error> {
        let start = Start::Only(self.port, PORT_PATIENCE);
        let (run, _) = self.server.start(&Leash::Pipe, start)?;
        *running = Some(Running { pid: run.pid });
        self.is_up.send_replace(true);
        attend(run, self.server.pgdata.clone(), self.is_up.clone());
        Ok(())
    }

    fn halt(&self, running: &mut Option<Running>) -> Result<(), Error> {
        let Some(Running { pid }) = *running else { return Ok(()) };
        let is_down = || !*self.is_up.borrow();
        let pgdata = &self.server.pgdata;
        if !is_down() && process::belongs_to(pid, pgdata) {
            signal(pid, Signal::SIGINT)?;
            if !wait_until(STOP_PATIENCE, is_down) {
                tracing::warn!(pid, "Postgres does not stop in order: ending it at once");
                process::end(pid, pgdata)?;
            }
        }
        if !wait_until(END_PATIENCE, is_down) {
            return Err(Error::WontStop { pid });
        }
        *running = None;
        Ok(())
    }

    // What is behind the lock is one pid, which no panic can leave half-written.
    fn lock(&self) -> MutexGuard<'_, Option<Running>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(error = &error as &dyn std::error::Error, "Postgres may still run");
        }
    }
}

/// Waits for the guardian's end in a thread, and sees to it that the server has ended too.
fn attend(mut run: Guarded, pgdata: PathBuf, is_up: watch::Sender<bool>) {
    thread::spawn(move || {
        let waited = run.child.wait();
        // A guardian that was killed leaves its reader: the closed pipe tells it to end the server.
        drop(run.pipe.take());
        let ended = process::end(run.pid, &pgdata);
        if let Err(error) = waited.map_err(Error::io("wait for", "/bin/sh")).and(ended) {
            tracing::error!(error = &error as &dyn std::error::Error, "Postgres may still run");
        }
        is_up.send_replace(false);
    });
}

fn lock(data: &Path) -> Result<File, Error> {
    let path = data.join("lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(Error::io("open", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::InUse { folder: data.into() }),
        Err(TryLockError::Error(error)) => Err(Error::io("lock", path)(error)),
    }
}

fn remembered(port_file: &Path) -> Result<Option<u16>, Error> {
    match fs::read_to_string(port_file) {
        Ok(text) => Ok(text.trim().parse().ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", port_file)(error)),
    }
}
