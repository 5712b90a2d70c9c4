//! Which processes belong to a cluster, and whether they live.
//!
//! A pid alone proves nothing: it may name a zombie, or a stranger that got the number since.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::Error;

/// How long a postmaster gets after each signal. Postgres itself kills its children 5 s after
/// SIGQUIT.
const QUIT_PATIENCE: Duration = Duration::from_secs(7);
const KILL_PATIENCE: Duration = Duration::from_secs(3);

const POLL: Duration = Duration::from_millis(2);

/// What Postgres writes into `postmaster.pid`: one fact a line.
#[derive(Debug)]
pub(crate) struct PidFile {
    pub(crate) pid: i32,
    pub(crate) ready: bool,
}

impl PidFile {
    /// `Ok(None)` when there is no file or no pid in it, as when its writer died midway.
    pub(crate) fn read(pgdata: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read(pgdata.join("postmaster.pid")) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut lines = text.lines();
        // A server in single-user mode writes its pid negated.
        let pid = lines.next().and_then(|line| line.trim().parse::<i32>().ok()).map(i32::abs);
        // The eighth line is the status.
        let ready = lines.nth(6).is_some_and(|line| line.trim() == "ready");
        Ok(pid.filter(|pid| *pid > 1).map(|pid| Self { pid, ready }))
    }
}

/// True when `pid` is alive and is a process with `argument` among its arguments, or is a Postgres
/// process that works in that folder.
pub(crate) fn belongs_to(pid: i32, argument: &Path) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return ps_belongs_to(pid, argument);
    }
    if is_dead(pid) {
        return false;
    }
    if works_in(pid, argument) {
        return true;
    }
    // The link above cannot be read across users in a container that lacks CAP_SYS_PTRACE.
    fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| {
        line.split(|byte| *byte == 0).any(|arg| arg == argument.as_os_str().as_encoded_bytes())
    })
}

fn is_dead(pid: i32) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return true };
    // `pid (name) state …`, where the name may hold spaces and brackets.
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    matches!(state, None | Some('Z' | 'X'))
}

fn works_in(pid: i32, folder: &Path) -> bool {
    fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)
        && fs::read_to_string(format!("/proc/{pid}/comm"))
            .is_ok_and(|name| name.starts_with("postgres"))
}

fn ps_belongs_to(pid: i32, argument: &Path) -> bool {
    let Ok(output) =
        Command::new("ps").args(["-ww", "-o", "stat=,command=", "-p", &pid.to_string()]).output()
    else {
        return false;
    };
    let line = String::from_utf8_lossy(&output.stdout);
    !line.trim_start().starts_with('Z') && line.contains(&*argument.to_string_lossy())
}

pub(super) fn signal(pid: i32, signal: Signal) -> Result<(), Error> {
    match kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(Errno::ESRCH) => Ok(()),
        Err(errno) => Err(Error::Io {
            action: "signal the process of",
            path: format!("/proc/{pid}").into(),
            source: errno.into(),
        }),
    }
}

/// Polls until `condition` holds; false when it did not within `bound`.
pub(crate) fn wait_until(bound: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + bound;
    loop {
        if condition() {
            return true;
        }
        if Instant::now() >= deadline {
            return false;
        }
        thread::sleep(POLL);
    }
}

/// Ends the postmaster `pid` of `pgdata` at once, as after a crash; does nothing to a stranger.
pub(crate) fn end(pid: i32, pgdata: &Path) -> Result<(), Error> {
    for (kind, patience) in [(Signal::SIGQUIT, QUIT_PATIENCE), (Signal::SIGKILL, KILL_PATIENCE)] {
        if !belongs_to(pid, pgdata) {
            return Ok(());
        }
        signal(pid, kind)?;
        if wait_until(patience, || !belongs_to(pid, pgdata)) {
            return Ok(());
        }
    }
    Err(Error::WontStop { pid })
}

/// Kills what a dead postmaster left: backends that were too busy to notice.
pub(crate) fn end_orphans(pgdata: &Path) -> Result<(), Error> {
    // Without /proc they cannot be told from others; they end with their current statement.
    let Ok(entries) = fs::read_dir("/proc") else { return Ok(()) };
    for entry in entries.flatten() {
        if let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok())
            && works_in(pid, pgdata)
            && !is_dead(pid)
        {
            tracing::warn!(pid, "ending a Postgres process that lost its postmaster");
            signal(pid, Signal::SIGKILL)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    fn me() -> i32 {
        i32::try_from(std::process::id()).unwrap()
    }

    #[test]
    fn a_process_belongs_to_what_its_command_line_names() {
        let folder = format!("/tmp/belongs-{}", me());
        let mut shell = Command::new("sh");
        let shell = shell.args(["-c", "read -r _", "sh", &folder]).stdin(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        let pid = i32::try_from(child.id()).unwrap();
        let named = wait_until(Duration::from_secs(5), || belongs_to(pid, Path::new(&folder)));
        let stranger = belongs_to(pid, Path::new("/tmp/belongs"));
        child.kill().unwrap();
        // Not yet waited for, so it is a zombie now.
        let gone = wait_until(Duration::from_secs(5), || !belongs_to(pid, Path::new(&folder)));
        child.wait().unwrap();
        assert!(named && gone && !stranger);
    }

    #[test]
    fn a_pid_file_is_read_whatever_is_in_it() {
        let folder = std::env::temp_dir().join(format!("pidfile-{}", me()));
        fs::create_dir_all(&folder).unwrap();
        let read = |text: &str| {
            fs::write(folder.join("postmaster.pid"), text).unwrap();
            PidFile::read(&folder).unwrap().map(|file| (file.pid, file.ready))
        };
        assert_eq!(read(""), None);
        assert_eq!(read("hello\n"), None);
        assert_eq!(read("1\n"), None);
        assert_eq!(read("-77\n"), Some((77, false)));
        assert_eq!(read("77\n/d\n1\n5432\n/s\n127.0.0.1\n 1 2\nstarting\n"), Some((77, false)));
        assert_eq!(read("77\n/d\n1\n5432\n/s\n127.0.0.1\n 1 2\nready   \n"), Some((77, true)));
        fs::remove_dir_all(&folder).unwrap();
        assert!(PidFile::read(&folder).unwrap().is_none());
    }
}
