//! Which processes still have to do with a folder: what Linux tells in /proc.
//!
//! On systems without /proc nothing is found, so that there the checks built on this say nothing.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// Every process that works in the folder, or names it in its arguments, with its arguments.
/// Zombies have neither, and are nobody's burden.
pub(crate) fn of(folder: &Path) -> Vec<(i32, String)> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: i32| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).ok()?;
        let arguments = || line.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let works_in =
            fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(folder));
        let names = arguments().any(|argument| Path::new(&*argument).starts_with(folder));
        (works_in || names).then(|| (pid, arguments().collect::<Vec<_>>().join(" ")))
    })
    .collect()
}

/// Ends them, after waiting for them to end by themselves: for tests that have failed already.
pub(crate) fn end(folder: &Path, patience: Duration) {
    let until = Instant::now() + patience;
    while !of(folder).is_empty() && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(20));
    }
    for (pid, line) in of(folder) {
        eprintln!("left behind and ended now: {pid} {line}");
        if let Err(error) = kill(Pid::from_raw(pid), Signal::SIGKILL) {
            eprintln!("{pid} could not be ended: {error}");
        }
    }
}
