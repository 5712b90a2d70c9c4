//! `atelier dev` as a process of its own: a place to run it in, its ready file, its end.
//!
//! Whatever a test does, the place checks in the end that no process is left behind.

use std::fs::{self, File};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use tempfile::TempDir;

use super::calls::Api;
use super::remains;

/// For a first start of a debug build on a machine that is busy with other tests.
pub(crate) const START_PATIENCE: Duration = Duration::from_secs(60);

/// For an end that has to wait for nobody: Postgres writes its checkpoint in it.
pub(crate) const END_PATIENCE: Duration = Duration::from_secs(30);

/// For the guardian of Postgres to notice that whom it serves was killed.
const REMAINS_PATIENCE: Duration = Duration::from_secs(20);

const POLL: Duration = Duration::from_millis(5);

/// How much of a log a failure shows.
const TAIL_BYTES: usize = 6_000;

/// A folder for the data and the ready files of the processes of one test.
pub(crate) struct Place {
    folder: TempDir,
    pub(crate) data: PathBuf,
    starts: AtomicU32,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::called("data")
    }

    /// With a data folder of this name.
    pub(crate) fn called(name: &str) -> Self {
        // Open, for Postgres runs as somebody else where the tests run as root.
        let open = fs::Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().prefix("atelier-").permissions(open).tempdir();
        let folder = folder.unwrap();
        let data = folder.path().canonicalize().unwrap().join(name);
        Self { folder, data, starts: AtomicU32::new(0) }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Starts `atelier dev` and waits until its ready file is there.
    pub(crate) async fn start(&self) -> Dev {
        self.start_with(&[]).await
    }

    /// The same with more flags.
    pub(crate) async fn start_with(&self, more: &[&str]) -> Dev {
        let mut starting = self.begin(more);
        let ready = poll(START_PATIENCE, async || {
            if let Some(status) = starting.child.try_wait().unwrap() {
                panic!("atelier dev ended with {status}:\n{}", starting.told());
            }
            starting.ready_file.exists()
        });
        assert!(ready.await, "not ready within {START_PATIENCE:?}:\n{}", starting.told());
        let facts = fs::read(&starting.ready_file).unwrap();
        let facts: Facts = serde_json::from_slice(&facts).unwrap();
        assert_eq!(facts.pid, starting.child.id(), "the ready file of another process");
        Dev { process: starting, facts }
    }

    /// Starts `atelier dev` with more flags, and waits for nothing.
    pub(crate) fn begin(&self, more: &[&str]) -> Process {
        let count = self.starts.load(Ordering::Relaxed);
        let ready_file = self.path().join(format!("ready-{count}.json"));
        let mut command = atelier();
        command.arg("dev").arg("--data").arg(&self.data).arg("--ready-file").arg(&ready_file);
        if !more.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        command.args(more);
        self.spawn(command, ready_file)
    }

    /// Starts another command of the binary, and waits for nothing.
    pub(crate) fn beside(&self, command: &[&str], settings: &[String]) -> Process {
        let mut program = atelier();
        program.args(command);
        for setting in settings {
            program.args(["--set", setting]);
        }
        self.spawn(program, self.path().join("no-ready-file"))
    }

    fn spawn(&self, mut command: Command, ready_file: PathBuf) -> Process {
        let count = self.starts.fetch_add(1, Ordering::Relaxed);
        let log = self.path().join(format!("log-{count}"));
        let out = File::create(&log).unwrap();
        command.current_dir(self.path()).stdin(Stdio::null());
        command.stdout(out.try_clone().unwrap()).stderr(out);
        Process { child: command.spawn().unwrap(), ready_file, log, ended: None }
    }

    /// The pid of the postmaster, from where Postgres itself notes it.
    pub(crate) fn postmaster(&self) -> Option<i32> {
        let file = self.data.join("postgres/cluster/postmaster.pid");
        let text = fs::read_to_string(file).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// Fails when a process that names the folder, or works in it, does not end soon.
    pub(crate) fn assert_nothing_remains(&self) {
        let until = Instant::now() + REMAINS_PATIENCE;
        loop {
            let remains = remains::of(&self.data);
            if remains.is_empty() {
                return;
            }
            assert!(Instant::now() < until, "left behind: {remains:#?}");
            std::thread::sleep(POLL);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The folder goes next, and what still runs in it must not write it anew.
            remains::end(&self.data, REMAINS_PATIENCE);
        } else {
            self.assert_nothing_remains();
        }
    }
}

/// The built binary, undisturbed by settings of whoever runs the tests.
pub(crate) fn atelier() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atelier"));
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"ATELIER_") {
            command.env_remove(name);
        }
    }
    command
}

/// What the ready file tells.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Facts {
    pub(crate) grpc: SocketAddr,
    pub(crate) admin: String,
    pub(crate) s3: String,
    pub(crate) database_url: String,
    pub(crate) api_key: String,
    pub(crate) pid: u32,
}

/// A process that was started. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    pub(crate) ready_file: PathBuf,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

impl Process {
    pub(crate) fn signal(&self, signal: Signal) {
        assert!(self.ended.is_none(), "it has ended, and its pid may be another's");
        kill(Pid::from_raw(self.child.id().try_into().unwrap()), signal).unwrap();
    }

    /// Waits for the end.
    pub(crate) async fn ended(&mut self, patience: Duration) -> ExitStatus {
        let over = poll(patience, async || {
            self.ended = self.child.try_wait().unwrap();
            self.ended.is_some()
        });
        assert!(over.await, "still there after {patience:?}:\n{}", self.told());
        self.ended.unwrap()
    }

    /// Ends it as a supervisor does, which must be a success.
    pub(crate) async fn stop(&mut self) {
        self.signal(Signal::SIGTERM);
        let status = self.ended(END_PATIENCE).await;
        assert!(status.success(), "{status}:\n{}", self.told());
    }

    /// Kills it as a lack of memory would, and waits until the system has taken it away.
    pub(crate) fn kill(&mut self) {
        if self.ended.is_none() {
            self.child.kill().unwrap();
            self.ended = Some(self.child.wait().unwrap());
        }
    }

    /// The end of what it wrote, on both outputs.
    pub(crate) fn told(&self) -> String {
        let text = String::from_utf8_lossy(&fs::read(&self.log).unwrap()).into_owned();
        text[text.floor_char_boundary(text.len().saturating_sub(TAIL_BYTES))..].to_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A process that said that it is ready.
pub(crate) struct Dev {
    pub(crate) process: Process,
    pub(crate) facts: Facts,
}

impl Dev {
    /// Its services, called with its key.
    pub(crate) fn api(&self) -> Api {
        Api::new(self.facts.grpc, Some(&self.facts.api_key))
    }

    /// Ends it as a supervisor does, which must be a success.
    pub(crate) async fn stop(mut self) {
        self.process.stop().await;
        assert!(!self.process.ready_file.exists(), "the ready file is still there");
    }

    /// Reads a page of the admin listener: its code and its text.
    pub(crate) async fn admin(&self, path: &str) -> (u16, String) {
        get(format!("{}{path}", self.facts.admin)).await
    }
}

/// GETs a page over HTTP: its code and its text; code 0 when nobody answers.
pub(crate) async fn get(url: String) -> (u16, String) {
    let ask = move || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(10)))
            .build()
            .into();
        match agent.get(&url).call() {
            Ok(mut answer) => {
                (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap())
            }
            Err(error) => (0, error.to_string()),
        }
    };
    tokio::task::spawn_blocking(ask).await.unwrap()
}

/// Asks until `holds`, or until `patience` is over: then false.
pub(crate) async fn poll(patience: Duration, mut holds: impl AsyncFnMut() -> bool) -> bool {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(POLL).await;
        }
    };
    tokio::time::timeout(patience, wait).await.is_ok()
}
