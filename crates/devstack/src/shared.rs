//! One throwaway server for all test processes of a build folder, which ends when nobody uses it.
//!
//! The first process starts it, later ones find it through a file, under a lock. Each user renews
//! a file named `beat`; a server whose `beat` rests for a period is ended by its guardian, which
//! also deletes the data. A server that does not answer is replaced, never repaired.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::account::Account;
use crate::postgres::{
    Binaries, Error, Leash, PidFile, SUPERUSER, Server, Start, belongs_to, encode, end, random,
    url, wait_until,
};

/// How long a server stays for the next test run by default.
const IDLE: Duration = Duration::from_secs(60);

/// Folders of single runs begin so. The number changes with what is in them.
const RUN: &str = "run-1-";

/// The file that names the run, the port and the password, one a line.
const CURRENT: &str = "current";

/// A guardian shows `closing` for a second and then ends the server.
const CLOSING_PATIENCE: Duration = Duration::from_secs(10);

/// A test may have killed a backend, after which the server recovers.
const RECOVERY_PATIENCE: Duration = Duration::from_secs(10);

/// What [`cluster_with`] needs to know.
#[derive(Debug, Clone)]
pub struct SharedConfig {
    /// The server's own folder, such as one in cargo's target folder.
    pub folder: PathBuf,
    pub binaries: Binaries,
    /// The server ends after between one and two of these without a user; whole seconds.
    pub idle: Duration,
}

/// The use of a shared server. It stays up at least as long as this value lives.
#[derive(Debug)]
pub struct SharedCluster {
    run: Run,
    folder: PathBuf,
    beat: Option<(Sender<()>, JoinHandle<()>)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Run {
    name: String,
    port: u16,
    password: String,
}

/// The shared server of `folder`, started if need be, on the Postgres of this machine.
pub fn cluster(folder: &Path) -> Result<SharedCluster, Error> {
    let binaries = Binaries::find()?;
    cluster_with(&SharedConfig { folder: folder.into(), binaries, idle: IDLE })
}

/// The shared server of a folder, started if need be. Safe to call from many processes at once.
pub fn cluster_with(config: &SharedConfig) -> Result<SharedCluster, Error> {
    let account = Account::find().map_err(Error::io("read the users of", "/etc/passwd"))?;
    let account = account.ok_or(Error::NoAccount)?;
    let base = account.place(&config.folder).map_err(Error::io("prepare", &config.folder))?;
    let lock_path = base.join("lock");
    let lock = File::create(&lock_path).map_err(Error::io("open", &lock_path))?;
    lock.lock().map_err(Error::io("lock", &lock_path))?;

    let run = match join(&base, config, account)? {
        Some(run) => run,
        None => {
            wipe(&base)?;
            begin(&base, config, account)?
        }
    };
    let folder = base.join(&run.name);
    let beat = Some(keep_beating(folder.join("beat"), config.idle));
    Ok(SharedCluster { run, folder, beat })
}

impl SharedCluster {
    /// A URL for any client, with the password in it.
    pub fn database_url(&self, database: &str) -> String {
        url(&self.run.password, self.run.port, database)
    }

    /// A URL that goes through the Unix socket, without a password and therefore faster, where the
    /// folder's path is short enough for a socket.
    pub fn socket_url(&self, database: &str) -> Option<String> {
        let pgdata = self.folder.join("cluster");
        let folder = encode(pgdata.to_str()?);
        let (port, database) = (self.run.port, encode(database));
        let socket = pgdata.join(format!(".s.PGSQL.{port}"));
        socket.exists().then(|| format!("postgres://{SUPERUSER}@{folder}:{port}/{database}"))
    }
}

impl Drop for SharedCluster {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.beat.take() {
            drop(stop);
            // It only fails if the thread panicked, which then has been reported.
            thread.join().ok();
        }
    }
}

fn server(base: &Path, run: &str, config: &SharedConfig, account: Account) -> Server {
    let folder = base.join(run);
    Server {
        binaries: config.binaries.clone(),
        account,
        pgdata: folder.join("cluster"),
        log: folder.join("postgres.log"),
        fsync: false,
        // Test processes come in crowds, each with a pool.
        settings: vec![("max_connections".into(), "500".into())],
    }
}

fn join(base: &Path, config: &SharedConfig, account: Account) -> Result<Option<Run>, Error> {
    let Some(run) = read_current(base)? else { return Ok(None) };
    let folder = base.join(&run.name);
    if beat(&folder.join("beat")).is_err() {
        // The folder is gone, so its server is ending.
        return Ok(None);
    }
    let closing = folder.join("closing");
    if !wait_until(CLOSING_PATIENCE, || !closing.exists()) {
        return Ok(None);
    }
    let server = server(base, &run.name, config, account);
    let pid = PidFile::read(&server.pgdata).map_err(Error::io("read", &server.pgdata))?;
    let Some(PidFile { pid, .. }) = pid else { return Ok(None) };
    let lives = || belongs_to(pid, &server.pgdata) && guardian_lives(&folder);
    let mut ready = false;
    wait_until(RECOVERY_PATIENCE, || {
        ready = lives() && server.is_ready(pid, run.port);
        ready || !lives()
    });
    Ok(ready.then_some(run))
}

fn begin(base: &Path, config: &SharedConfig, account: Account) -> Result<Run, Error> {
    let name = random(8).map(hex::encode).map_err(Error::io("read", "/dev/urandom"))?;
    let name = format!("{RUN}{name}");
    let folder = base.join(&name);
    fs::create_dir(&folder).map_err(Error::io("create", &folder))?;
    // The guardian keeps its files in here, and removes them.
    account.own(&folder).map_err(Error::io("hand over", &folder))?;
    beat(&folder.join("beat")).map_err(Error::io("write", folder.join("beat")))?;

    let server = server(base, &name, config, account);
    let password = server.prepare()?;
    let leash = Leash::Use { run: folder.clone(), period: config.idle };
    let (mut guarded, port) = server.start(&leash, Start::Prefer(None))?;
    let guardian = folder.join("guardian");
    fs::write(&guardian, guarded.child.id().to_string()).map_err(Error::io("write", guardian))?;
    // Reaps it, should it end before this process does.
    thread::spawn(move || guarded.child.wait());

    let run = Run { name, port, password };
    let new = base.join(format!("{CURRENT}.new"));
    let text = format!("{}\n{}\n{}\n", run.name, run.port, run.password);
    write_private(&new, &text)
        .and_then(|()| fs::rename(&new, base.join(CURRENT)))
        .map_err(Error::io("write", new))?;
    Ok(run)
}

/// Ends and deletes all earlier runs: hundreds of copies of a database take gigabytes.
fn wipe(base: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(base).map_err(Error::io("list", base))? {
        let entry = entry.map_err(Error::io("list", base))?;
        if !entry.file_name().to_string_lossy().starts_with(RUN) {
            continue;
        }
        let folder = entry.path();
        let pgdata = folder.join("cluster");
        if let Some(found) = PidFile::read(&pgdata).map_err(Error::io("read", &pgdata))? {
            end(found.pid, &pgdata)?;
        }
        // Its guardian may be deleting the same files, or the server writing its last.
        let mut removed = Ok(());
        wait_until(CLOSING_PATIENCE, || {
            removed = match fs::remove_dir_all(&folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
                other => other,
            };
            removed.is_ok()
        });
        removed.map_err(Error::io("remove", folder))?;
    }
    Ok(())
}

fn read_current(base: &Path) -> Result<Option<Run>, Error> {
    let path = base.join(CURRENT);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

fn parse(text: &str) -> Option<Run> {
    let mut lines = text.lines();
    let name = lines.next().filter(|name| name.starts_with(RUN) && !name.contains('/'))?;
    let port = lines.next()?.parse().ok()?;
    let password = lines.next()?.to_owned();
    Some(Run { name: name.to_owned(), port, password })
}

fn guardian_lives(folder: &Path) -> bool {
    fs::read_to_string(folder.join("guardian"))
        .is_ok_and(|pid| pid.parse().is_ok_and(|pid| belongs_to(pid, folder)))
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file =
        File::options().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Renews the file's time, by writing to it.
fn beat(path: &Path) -> io::Result<()> {
    fs::write(path, "x")
}

fn keep_beating(path: PathBuf, idle: Duration) -> (Sender<()>, JoinHandle<()>) {
    let (stop, stopped) = channel();
    // Often enough that a period with a living user never passes without a beat.
    let interval = (idle / 6).min(Duration::from_secs(5));
    let thread = thread::spawn(move || {
        while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
            if let Err(error) = beat(&path) {
                tracing::warn!(%error, path = %path.display(), "the shared server is gone");
                return;
            }
        }
    });
    (stop, thread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_file_with_anything_odd_in_it_is_no_state() {
        let run = Run { name: "run-1-ab".into(), port: 25000, password: "p".into() };
        assert_eq!(parse("run-1-ab\n25000\np\n"), Some(run));
        for text in ["", "run-1-ab", "run-1-ab\nport\np\n", "run-1-/../x\n1\np\n", "x\n1\np\n"] {
            assert_eq!(parse(text), None, "{text:?}");
        }
    }
}
