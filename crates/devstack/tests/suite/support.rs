//! Folders that go away, processes that are held, statements that are run.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use devstack::postgres::{Binaries, Cluster, ClusterConfig, major_of};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio_postgres::SimpleQueryMessage;

/// Everything awaited here takes milliseconds; a busy machine is slower.
pub(super) const BOUND: Duration = Duration::from_secs(15);

pub(super) struct Scratch(PathBuf);

impl Scratch {
    pub(super) fn new(name: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let next = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("ds-{}-{next} {name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder.canonicalize().unwrap())
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The pids of all living processes that name this folder on their command line.
    pub(super) fn processes(&self) -> Vec<i32> {
        let own = i32::try_from(std::process::id()).unwrap();
        fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(|pid| *pid != own)
            .filter(|pid| {
                let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
                String::from_utf8_lossy(&line).contains(self.0.to_str().unwrap())
            })
            .collect()
    }

    pub(super) fn assert_no_process_within(&self, bound: Duration) {
        let gone = eventually(bound, || self.processes().is_empty());
        assert!(gone, "still running: {:?}", self.processes());
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        eventually(BOUND, || fs::remove_dir_all(&self.0).is_ok());
    }
}

pub(super) fn eventually(bound: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + bound;
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    condition()
}

pub(super) fn config(data: PathBuf) -> ClusterConfig {
    let binaries = Binaries::find().unwrap();
    ClusterConfig { fsync: false, ..ClusterConfig::new(data, binaries) }
}

/// A folder of this name with a stopped cluster in it: a copy, which is quicker than `initdb`.
pub(super) fn seeded(scratch: &Scratch, name: &str) -> PathBuf {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let lock = fs::File::create(folder.join("devstack-template.lock")).unwrap();
        lock.lock().unwrap();
        let major = Binaries::find().unwrap().major();
        let template = folder.join(format!("devstack-template-{major}"));
        if major_of(&template).is_none() {
            Cluster::start(config(template.clone())).unwrap().stop().unwrap();
        }
        template
    });
    let data = scratch.join(name);
    assert!(Command::new("cp").arg("-a").args([template, &data]).status().unwrap().success());
    // Each test takes a port of its own.
    fs::remove_file(data.join("port")).unwrap();
    data
}

pub(super) fn start(data: PathBuf) -> Cluster {
    Cluster::start(config(data)).unwrap()
}

pub(super) fn kill_hard(pid: i32) {
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
}

/// Runs statements over TCP with the password, and returns the first value of the last one.
pub(super) fn query(url: &str, statements: &str) -> Result<String, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        let connection = tokio::spawn(connection);
        let rows = client.simple_query(statements).await;
        drop(client);
        connection.await.unwrap().ok();
        let value = rows?.iter().rev().find_map(|message| {
            let SimpleQueryMessage::Row(row) = message else { return None };
            row.get(0).map(str::to_owned)
        });
        Ok(value.unwrap_or_default())
    })
}

/// A process of its own that holds a Postgres.
pub(super) struct Holder {
    pub(super) child: Child,
    stdin: Option<ChildStdin>,
    pub(super) url: String,
    pub(super) postmaster: i32,
}

impl Holder {
    pub(super) fn own(data: &Path, user: Option<u32>) -> Self {
        let mut command = Command::new(program());
        command.arg("own").arg(data);
        if let Some(user) = user {
            command.uid(user).gid(user).current_dir("/");
        }
        Self::spawn(&mut command, true)
    }

    pub(super) fn shared(folder: &Path, idle_seconds: u32) -> Self {
        let mut command = Command::new(program());
        command.arg("shared").arg(folder).arg(idle_seconds.to_string());
        Self::spawn(&mut command, false)
    }

    fn spawn(command: &mut Command, tells_pid: bool) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.next().expect("hold ended before it was ready").unwrap();
        let postmaster =
            if tells_pid { lines.next().unwrap().unwrap().parse().unwrap() } else { 0 };
        Self { child, stdin, url, postmaster }
    }

    pub(super) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(super) fn end(mut self) {
        self.stdin.take();
        assert!(self.child.wait().unwrap().success());
    }
}

pub(super) fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own.parent().unwrap().parent().unwrap().join("examples/hold");
    assert!(program.exists(), "run `cargo test -p devstack`, which builds the examples too");
    program
}
